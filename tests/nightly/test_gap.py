"""A scan over a source with a gap says so: in its certificate, its grades and on its pages."""

from datetime import date
from pathlib import Path

import pytest

from features.catalogue import CREDIT_FEATURES, FEATURE, FEATURES
from nightly.scan import Scanner, ScanOutcome
from presentation.zone import source_rows
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.ledger import Ledger
from tests.conftest import ALL_COVERED, lake_table
from tests.nightly.test_scan import MARCH, NOON, at, firms, models, split_orders

BEFORE, AFTER = date(2025, 11, 30), date(2025, 12, 2)


def scanned(folder: Path, gap: str) -> tuple[Ledger, ScanOutcome]:
    """A night on which one source left out the first of December."""
    home = Home(folder)
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    first = date(2020, 1, 1)
    spans = {source: [(first, MARCH)] for source in ALL_COVERED}
    spans[gap] = [(first, BEFORE), (AFTER, MARCH)]
    coverage = [
        {"source": source, "covered_from": start, "covered_to": end, "known_at": at(MARCH)}
        for source, its in spans.items()
        for start, end in its
    ]
    with lake.batch("first") as batch:
        batch.append("enterprises", lake_table("enterprises", firms()))
        batch.append("orders", lake_table("orders", split_orders(3)))
        batch.append("coverage", lake_table("coverage", coverage))
    outcome = Scanner(home, lake.engine, models).scan(MARCH, NOON, lambda *_: None)
    return Ledger(home), outcome


@pytest.mark.parametrize(("gap", "needed"), [("tax", True), ("logistics", False)])
def test_a_gap_is_certified_and_holds_back_the_grades_that_need_the_source(
    tmp_path: Path, gap: str, needed: bool
) -> None:
    ledger, outcome = scanned(tmp_path, gap)
    certificate = ledger.certificate(MARCH)
    assert outcome.stale == {gap: BEFORE}
    assert certificate.stale == (gap,)
    assert certificate.covered == dict.fromkeys(ALL_COVERED, MARCH) | {gap: BEFORE}

    values = ledger.frame("features", MARCH)
    for feature in FEATURES:
        if gap in feature.sources:
            assert values[feature.name].isna().all()
    assert (values["order_count"] >= 0).all()

    assert needed is any(gap in FEATURE[name].sources for name in CREDIT_FEATURES)
    rated = [head for head in ledger.heads(MARCH) if head.tier != "unrated"]
    assert rated
    assert {head.provisional for head in rated} == {needed}
    assert certificate.provisional == (len(rated) if needed else 0)

    rows = {row.source: row for row in source_rows(MARCH, certificate.covered, certificate.stale)}
    assert (rows[gap].covered_to, rows[gap].state) == (BEFORE, "late")
    assert {row.state for source, row in rows.items() if source != gap} == {"fresh"}
