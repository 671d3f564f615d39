from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation.numbers import change, long_date, measured, money, number, percent, signed
from presentation.words import Lang


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (-3, "−3"),
        (0.12345, "0.123"),
        (3.14159, "3.14"),
        (1234.5678, "1,235"),
    ],
)
def test_a_number_has_separators_and_few_decimals(value: float, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize(
    ("cny", "lang", "written"),
    [
        (382_000, "zh", "38.20 万元"),
        (123_456_789, "zh", "1.23 亿元"),
        (999, "zh", "999 元"),
        (-20_000, "zh", "−2.00 万元"),
        (382_000, "en", "CNY 382,000"),
        (18_400_000, "en", "CNY 18.40 m"),
    ],
)
def test_money_is_written_as_each_language_counts(cny: float, lang: Lang, written: str) -> None:
    assert money(cny, lang) == written


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (None, "count", "缺失", "missing"),
        (0.0, "count", "0", "0"),
        (0.0834, "ratio", "8.3 %", "8.3 %"),
        (12.5, "ratio", "12.50 倍", "12.50 times"),
        (3.0, "rank", "第 3 级", "rank 3"),
        (2636.0, "days", "2,636 天", "2,636 days"),
        (3.5, "furlong", "3.50 furlong", "3.50 furlong"),
    ],
)
def test_a_value_carries_its_unit_and_missing_is_not_zero(
    value: float | None, unit: str, zh: str, en: str
) -> None:
    assert (measured(value, unit, "zh"), measured(value, unit, "en")) == (zh, en)


def test_signs_are_written_out() -> None:
    assert [signed(0.914), signed(-0.05), signed(0.0)] == ["+0.91", "−0.05", "±0.00"]
    assert [change(3), change(-1200), change(0)] == ["+3", "−1,200", "±0"]
    assert percent(-0.031) == "−3.1 %"


def test_a_day_is_written_as_each_language_does() -> None:
    assert long_date(date(2026, 6, 3), "zh") == "2026年6月3日"
    assert long_date(date(2026, 6, 3), "en") == "3 June 2026"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_any_number_can_be_written(value: float) -> None:
    written = [number(value), percent(value), signed(value), money(value, "zh"), money(value, "en")]
    assert all(written)
    assert not any("e" in each.lower().replace("yen", "") for each in written)
