"""Nights are counted by the calendar."""

from datetime import date

from domain.nights import month_ends


def test_month_ends_are_the_last_days_of_months_that_end_in_time() -> None:
    ends = [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28)]
    assert month_ends(date(2025, 12, 31), date(2026, 2, 28)) == ends
    assert month_ends(date(2025, 12, 1), date(2026, 3, 30)) == ends
    assert month_ends(date(2026, 3, 1), date(2026, 3, 30)) == []
