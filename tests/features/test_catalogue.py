"""The catalogue is whole, readable, and keeps credit apart from suspicion."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date

import ibis
import pytest

import features.catalogue
from domain.signals import Signals
from domain.table import Role, Source
from features.catalogue import (
    CREDIT_FEATURES,
    FEATURE,
    FEATURES,
    SUSPICION_FEATURES,
    catalogue_digest,
)
from features.feature import Feature, Use, View

CREDIT_TABLES = {
    "enterprises",
    "registry_events",
    "complaints",
    "findings",
    "authority_grades",
    "tax_filings",
    "capacity",
    "orders",
    "declarations",
    "declaration_lines",
    "customs_returns",
    "cancellations",
    "returns",
    "exchange_rates",
    "order_lines",
}
"""What the grade may rest on; the rest speaks of suspicion alone."""
SHARED_WITH_SUSPICION = {"order_lines", "exchange_rates", "cancellations", "returns"}


def test_names_are_unique_and_every_feature_is_described() -> None:
    assert len(FEATURE) == len(FEATURES) == 94
    for feature in FEATURES:
        assert feature.meaning.endswith((".", ")."))
        assert feature.label.zh
        assert feature.label.en
        assert feature.sources
        assert feature.departments


def test_use_splits_the_catalogue() -> None:
    assert set(CREDIT_FEATURES) | set(SUSPICION_FEATURES) == set(FEATURE)
    assert not set(CREDIT_FEATURES) & set(SUSPICION_FEATURES)
    assert len(CREDIT_FEATURES) == 26


@pytest.mark.parametrize("name", CREDIT_FEATURES)
def test_credit_rests_on_no_source_of_suspicion(name: str) -> None:
    credit = {Source.CUSTOMS, Source.TAX, Source.MARKET_SUPERVISION}
    assert set(FEATURE[name].sources) <= credit


def test_credit_reads_no_table_of_suspicion(make_signals: Callable[..., Signals]) -> None:
    signals = make_signals(date(2025, 6, 30))
    read: set[str] = set()
    for name in CREDIT_FEATURES:
        read |= _tables_read(FEATURE[name], signals)
    assert read <= CREDIT_TABLES
    assert CREDIT_TABLES - read <= SHARED_WITH_SUSPICION


class _Watched:
    """Signals that remember which tables were asked for."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(self._signals, name)

    def once(self, view: View) -> ibis.Table:
        """The view without keeping it, so that what it reads is seen again."""
        return view(self)  # type: ignore[arg-type]


def _tables_read(feature: Feature, signals: Signals) -> set[str]:
    watched = _Watched(signals)
    feature.view(watched)  # type: ignore[arg-type]
    return watched.read - {"as_of", "covered"}


def test_every_table_of_signals_that_is_read_exists() -> None:
    assert {field.name for field in fields(Signals)} >= CREDIT_TABLES


def test_a_direction_is_claimed_where_it_may_be() -> None:
    assert {feature.risk for feature in FEATURES} == {"up", "down", "none"}
    assert {feature.role for feature in FEATURES} == {Role.MERCHANT, Role.ENTERPRISE}


def test_the_digest_changes_with_a_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    before = catalogue_digest()
    assert before == catalogue_digest()
    monkeypatch.setattr(features.catalogue, "FEATURES", FEATURES[:-1])
    assert catalogue_digest() != before


def test_a_feature_without_meaning_is_refused() -> None:
    def nameless(rows: object) -> object:
        return rows

    feature = Feature(
        nameless,
        FEATURES[0].view,
        FEATURES[0].label,
        "ratio",
        Role.MERCHANT,
        (Source.TAX,),
        (),
        Use.CREDIT,
        "up",
        FEATURES[0].evidence,
    )
    with pytest.raises(TypeError, match="nameless has no docstring"):
        assert feature.meaning
