"""What is expected of each source, what has come, and who did not send."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from domain.signals import Signals
from domain.table import Source
from intake.sources import FRESHNESS_WORDS, Freshness, SourceRow, Unheard, sources

AS_OF = date(2026, 6, 30)
NIGHT = datetime.combine(AS_OF, time())
FIRST = date(2026, 1, 1)


def said(source: Source, last: date, first: date = FIRST) -> dict[str, object]:
    return {"source": source.value, "covered_from": first, "covered_to": last}


def carrier(code: str, **given: object) -> dict[str, object]:
    return {"credit_code": code, "is_carrier": True, **given}


def row(signals: Signals, source: Source) -> SourceRow:
    return next(each for each in sources(signals) if each.source is source)


def test_a_source_is_fresh_stale_or_silent(make_signals: Callable[..., Signals]) -> None:
    late = AS_OF - timedelta(days=8)
    coverage = [said(Source.TAX, late), said(Source.CUSTOMS, late)]
    signals = make_signals(AS_OF, coverage=coverage)
    states = {each.source: each.freshness for each in sources(signals)}
    assert states[Source.TAX] is Freshness.FRESH
    assert states[Source.CUSTOMS] is Freshness.STALE
    assert states[Source.PAYMENT] is Freshness.SILENT
    assert set(states) == set(Source)
    assert set(FRESHNESS_WORDS) == set(Freshness)
    tax = row(signals, Source.TAX)
    assert (tax.complete_from, tax.complete_to, tax.latest_days) == (FIRST, late, 60)


def test_days_left_out_are_named(make_signals: Callable[..., Signals]) -> None:
    coverage = [
        said(Source.CUSTOMS, date(2026, 3, 31)),
        said(Source.CUSTOMS, AS_OF, date(2026, 5, 1)),
    ]
    customs = row(make_signals(AS_OF, coverage=coverage), Source.CUSTOMS)
    assert customs.freshness is Freshness.STALE
    assert customs.gaps == ((date(2026, 4, 1), date(2026, 4, 30)),)


def test_those_who_should_have_sent_are_named(make_signals: Callable[..., Signals]) -> None:
    roll = [
        carrier("C1"),
        carrier("C2"),
        carrier("C3", name="三", division="320302", registered_on=date(2026, 5, 31)),
        carrier("C4", dissolved_on=date(2026, 1, 31)),
        carrier("C5", registered_on=date(2026, 6, 1)),
        {"credit_code": "M1", "is_merchant": True},
    ]
    sent = [
        {"carrier_code": "C1", "reported_at": NIGHT - timedelta(days=29)},
        {"carrier_code": "C2", "reported_at": NIGHT - timedelta(days=30)},
        {"carrier_code": "C9", "reported_at": NIGHT},
    ]
    signals = make_signals(AS_OF, enterprises=roll, waybills=sent)
    logistics = row(signals, Source.LOGISTICS)
    assert (logistics.expected, logistics.heard) == (3, 1)
    assert logistics.unheard == (Unheard("C2", "x", "x"), Unheard("C3", "三", "320302"))
    customs = row(signals, Source.CUSTOMS)
    assert (customs.expected, customs.heard, customs.unheard) == (None, None, ())


def test_what_came_lately_is_counted_by_when_it_became_known(
    make_signals: Callable[..., Signals],
) -> None:
    filings = [
        {"enterprise_code": "M1", "month": at.date(), "known_at": at}
        for at in (NIGHT, NIGHT - timedelta(days=29), NIGHT - timedelta(days=30))
    ]
    coverage = [said(Source.PLATFORM, AS_OF) | {"known_at": NIGHT}]
    signals = make_signals(AS_OF, tax_filings=filings, coverage=coverage)
    tax = row(signals, Source.TAX)
    assert tax.rows_lately == 2
    assert tax.last_known_at == NIGHT
    assert row(signals, Source.PLATFORM).last_known_at is None
