"""How numbers, money, shares and days are written in each language."""

from collections.abc import Callable
from datetime import date
from typing import Final

from domain.results import Evidence
from presentation.words import PHRASES, Lang, named, say

_MINUS: Final = "\u2212"
_WAN: Final = 10_000
_YI: Final = 100_000_000
_MILLION: Final = 1_000_000
_MOST_PERCENT: Final = 10


def number(value: float) -> str:
    """A number with thousands separators, the fewer decimals the larger it is."""
    if value == int(value):
        return f"{int(value):,}".replace("-", _MINUS)
    decimals = next((n for n, least in enumerate((1000, 100, 1)) if abs(value) >= least), 3)
    return f"{value:,.{decimals}f}".replace("-", _MINUS)


def percent(share: float) -> str:
    """A share of one as percent."""
    return f"{share * 100:.1f} %".replace("-", _MINUS)


def signed(value: float) -> str:
    """A contribution with its sign, two decimals."""
    sign = "+" if value > 0 else _MINUS if value < 0 else "±"
    return f"{sign}{abs(value):.2f}"


def change(difference: int) -> str:
    """A difference of counts with its sign."""
    return "±0" if difference == 0 else f"{difference:+,}".replace("-", _MINUS)


def money(cny: float, lang: Lang) -> str:
    """An amount in CNY; large ones in 万 and 亿, or in millions."""
    if lang == "zh":
        if abs(cny) >= _YI:
            return f"{cny / _YI:,.2f} 亿元".replace("-", _MINUS)
        if abs(cny) >= _WAN:
            return f"{cny / _WAN:,.2f} 万元".replace("-", _MINUS)
        return f"{cny:,.0f} 元".replace("-", _MINUS)
    if abs(cny) >= _MILLION:
        return f"CNY {cny / _MILLION:,.2f} m".replace("-", _MINUS)
    return f"CNY {cny:,.0f}".replace("-", _MINUS)


def ratio(value: float, lang: Lang) -> str:
    """A ratio as percent, or as a multiple when percent would no longer read well."""
    if abs(value) < _MOST_PERCENT:
        return percent(value)
    return f"{number(value)} {say(PHRASES['unit']['times'], lang)}"


_WRITERS: Final[dict[str, Callable[[float, Lang], str]]] = {
    "count": lambda value, _: number(value),
    "CNY": money,
    "ratio": ratio,
}


def measured(value: float | None, unit: str, lang: Lang) -> str:
    """A feature's value with its unit; missing is said, never shown as zero."""
    if value is None:
        return say(PHRASES["brand"]["missing"], lang)
    writer = _WRITERS.get(unit)
    if writer is not None:
        return writer(value, lang)
    written = say(named(unit, "unit"), lang)
    return written.format(number(value)) if "{}" in written else f"{number(value)} {written}"


def value_of(evidence: Evidence, lang: Lang) -> str:
    """The enterprise's own number."""
    return measured(evidence.value, evidence.unit, lang)


def long_date(day: date, lang: Lang) -> str:
    """A day in running text."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"
