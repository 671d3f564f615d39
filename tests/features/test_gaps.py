"""A gap in a source makes what needs it missing, never zero, and changes nothing else."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from domain.coverage import Span, complete_to
from domain.signals import Signals
from domain.table import Source
from domain.tables import TABLES
from features.build import FeatureFrame, build_features
from features.catalogue import FEATURES
from tests.features.conftest import AS_OF, Zone

HELD_ON = {"enterprises", "exchange_rates"}
"""The roll is no signal, and the last known rate holds on."""
ZERO_OR_MISSING = "annual_fx_to_exemption"
"""Without a receipt it is zero beside declarations, and missing without them."""
WHOLE: list[Span] = [(date(2020, 1, 1), AS_OF)]
Made = Callable[..., Signals]


def gap_of(days: int) -> list[Span]:
    """Spans that leave out one day, so many days before as_of."""
    left_out, day = AS_OF - timedelta(days=days), timedelta(days=1)
    return [(date(2020, 1, 1), left_out - day), (left_out + day, AS_OF)]


def built(make_signals: Made, zone: Zone, **spans: list[Span]) -> FeatureFrame:
    """Features of a zone whose sources say that these spans are complete, or all days."""
    said = {str(source): spans.get(source, WHOLE) for source in Source}
    ends = {source: complete_to(its, AS_OF) for source, its in said.items()}
    covered = {source: end for source, end in ends.items() if end is not None}
    return build_features(make_signals(AS_OF, covered, **zone))


@pytest.fixture(scope="module")
def zone(random_zone: Callable[..., Zone]) -> Zone:
    return random_zone(1)


@pytest.fixture(scope="module")
def whole(make_signals: Made, zone: Zone) -> pd.DataFrame:
    return built(make_signals, zone).values


@pytest.mark.parametrize("source", [Source.CUSTOMS, Source.LOGISTICS, Source.PAYMENT, Source.TAX])
def test_a_gap_makes_exactly_what_needs_the_source_missing(
    make_signals: Made, zone: Zone, whole: pd.DataFrame, source: Source
) -> None:
    other = {n: r for n, r in zone.items() if TABLES[n].source is not source or n in HELD_ON}
    frame = built(make_signals, other, **{source: gap_of(200)})
    assert frame.stale == (source,)
    needing = [feature.name for feature in FEATURES if source in feature.sources]
    assert needing
    assert whole[needing].notna().any().all()
    assert frame.values[needing].isna().all(axis=None)
    rest = [name for name in whole if name not in {*needing, ZERO_OR_MISSING}]
    assert_frame_equal(frame.values[rest], whole[rest])
    assert np.isnan(frame.peers.median[needing].to_numpy()).all()


def test_a_gap_of_more_than_a_year_ago_holds_nothing_back(
    make_signals: Made, zone: Zone, whole: pd.DataFrame
) -> None:
    frame = built(make_signals, zone, tax=gap_of(366))
    assert frame.stale == ()
    assert_frame_equal(frame.values, whole)
