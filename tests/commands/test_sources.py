"""What each source is expected to send and what has come, from the command line."""

from datetime import date, timedelta
from io import StringIO

import pytest
from rich.console import Console

from commands.sources import sources_table
from domain.table import Source
from features.build import stale_sources
from intake.sources import Freshness
from intake.sources import sources as rows_of
from tests.commands.conftest import Run
from tests.intake.made import CARRIER, NOW, NOW_DAY, Zone

DAY = NOW_DAY.isoformat()
FIRST = date(2026, 1, 1)


def cover(zone: Zone, *silent: Source, last: date = NOW_DAY) -> None:
    """All sources but some say that they are complete to a day."""
    rows = [
        {"source": str(source), "covered_from": FIRST, "covered_to": last}
        for source in Source
        if source not in silent
    ]
    zone.receive(zone.extract("coverage", rows), now=NOW)


def test_fresh_sources_end_well_today_by_the_clock(run: Run, zone: Zone) -> None:
    cover(zone)
    said = run("sources")
    assert (said.code, said.err) == (0, "")
    assert f"Sources as known on {DAY}" in said.out
    assert said.out.count("fresh") == len(Source)
    assert said.out.count("及时") == len(Source)
    assert said.out == run("sources", "--as-of", DAY).out


def test_a_late_source_and_a_silent_one_end_with_three(run: Run, zone: Zone) -> None:
    cover(zone, Source.TAX, last=NOW_DAY - timedelta(days=8))
    said = run("sources")
    assert said.code == 3
    assert said.sentence == (
        "Stale or silent sources: customs (covered to 2026-05-24), tax (silent). "
        "Grades that need them are provisional; `sandan sources` says what is lacking."
    )
    assert "未报送" in said.out
    assert run("sources", "--as-of", "2026-05-31").code == 3


def test_days_left_out_are_named_in_both_languages(run: Run, zone: Zone) -> None:
    cover(zone, Source.CUSTOMS)
    spans = [(FIRST, date(2026, 3, 31)), (date(2026, 5, 1), NOW_DAY)]
    rows = [{"source": "customs", "covered_from": a, "covered_to": b} for a, b in spans]
    zone.receive(zone.extract("coverage", rows), now=NOW)
    said = run("sources")
    assert said.code == 3
    assert "customs (covered to 2026-03-31)" in said.sentence
    assert "Customs left out 2026-04-01 to 2026-04-30." in said.out
    assert "海关缺 2026-04-01 至 2026-04-30, 请补报。" in said.out


def test_those_who_did_not_send_are_listed_when_asked_for(run: Run, zone: Zone) -> None:
    cover(zone)
    assert CARRIER not in run("sources").out
    listed = run("sources", "--unheard", "logistics").out
    assert f"{CARRIER}  320300  {CARRIER}" in listed
    nobody = run("sources", "--unheard", "customs").out
    assert "Nobody in particular is expected to send to customs." in nobody


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--unheard", "x"), "There is no source named 'x'; there are: customs, logistics"),
        (("--as-of", "2026-06-02"), "The night of 2026-06-02 lies ahead: today is 2026-06-01."),
        (("--as-of", "2025-12-31"), "Nothing was known on 2025-12-31"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    said = run("sources", *words)
    assert (said.code, said.out) == (1, "")
    assert said.sentence.startswith(sentence)


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal(zone: Zone, width: int) -> None:
    cover(zone, Source.TAX)
    console = Console(width=width, record=True, file=StringIO())
    console.print(sources_table(rows_of(zone.lake.read_signals(NOW_DAY)), NOW_DAY))
    text = console.export_text()
    assert "…" not in text
    assert "market_supervision" in text


@pytest.mark.parametrize("days", [0, 7, 8, 61, 101])
def test_what_is_stale_here_is_what_features_hold_missing(zone: Zone, days: int) -> None:
    cover(zone, Source.PLATFORM, last=NOW_DAY - timedelta(days=days))
    signals = zone.lake.read_signals(NOW_DAY)
    late = {row.source for row in rows_of(signals) if row.freshness is not Freshness.FRESH}
    assert late == set(stale_sources(signals.covered, NOW_DAY))
    assert Source.PLATFORM in late
