"""The roll: heavy-tailed merchants and a few dozen service firms, before anything happens."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from domain.identity import credit_code_check_character
from pilot_zone.columns import Column
from pilot_zone.currency import MARKETS
from pilot_zone.plan import Flags, Floats, Ints, ZonePlan, day_number

MODES = ("9610", "1210", "9710", "9810")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WORDS = (
    "海通",
    "瑞丰",
    "启航",
    "万象",
    "嘉禾",
    "远景",
    "天元",
    "博采",
    "四方",
    "汇智",
    "锦程",
    "卓越",
)
_TRADES = ("贸易", "供应链", "跨境电商", "国际贸易", "电子商务", "进出口")
_DIVISIONS = ("990301", "990302", "990303", "990601", "990602")

SERVICES = {"platform": 12, "agent": 16, "carrier": 12, "payment_firm": 8, "warehouse": 12}
"""Kinds of service firms and how many of 60 are of the kind."""
_ENDINGS = {
    "platform": "电商平台",
    "agent": "报关",
    "carrier": "物流",
    "payment_firm": "支付",
    "warehouse": "保税仓储",
}


@dataclass(frozen=True, slots=True)
class Roll:
    """Every enterprise by index: merchants first, then service firms.

    Attributes:
        merchants: Number of merchants.
        codes: Unified social credit codes.
        customs_codes: Customs registration codes.
        names: Registered names.
        registered: Day number of registration.
        dissolved: Day number of deregistration; a large number while alive.
        division: Index of the division.
        capital: Paid-in capital, CNY.
        quality: Lasting care for duties, standard normal at the start.
        size: Expected share of orders, before seasons.
        imports: Whether the merchant imports (mostly).
        both: Whether it also trades the other way.
        mode: Index of its main supervision mode.
        market: Index of its foreign market.
        platform, agent, carrier, payment_firm, warehouse: Usual partner's index on the roll.
        price: Factor of its prices.
    """

    merchants: int
    codes: Column
    customs_codes: Column
    names: Column
    registered: Ints
    dissolved: Ints
    division: Ints
    capital: Floats
    quality: Floats
    size: Floats
    imports: Flags
    both: Flags
    mode: Ints
    market: Ints
    platform: Ints
    agent: Ints
    carrier: Ints
    payment_firm: Ints
    warehouse: Ints
    price: Floats

    @property
    def count(self) -> int:
        """Number of enterprises."""
        return len(self.codes)

    @property
    def division_codes(self) -> list[str]:
        """Division of domicile of each enterprise."""
        return [_DIVISIONS[i] for i in self.division]

    @property
    def services(self) -> dict[str, Ints]:
        """Indexes of the service firms of each kind."""
        return services(self.merchants, self.count)

    def alive(self, day: int) -> Flags:
        """Which enterprises exist on a day."""
        return (self.registered <= day) & (day < self.dissolved)


def services(merchants: int, count: int) -> dict[str, Ints]:
    """Split the service firms into kinds by fixed shares, at least one of each."""
    total = sum(SERVICES.values())
    bounds = np.cumsum([0, *SERVICES.values()]) * (count - merchants) // total + merchants
    return {
        kind: np.arange(bounds[i], bounds[i + 1], dtype=np.int64) for i, kind in enumerate(SERVICES)
    }


def enrol(plan: ZonePlan) -> Roll:
    """Draw the roll."""
    rng = plan.rng("enterprises")
    count = plan.enterprises
    merchants = count - int(np.clip(count // 20, 12, 60))
    codes = credit_codes(np.arange(count))
    imports = rng.random(merchants) < 0.54
    registered, dissolved = _lives(rng, plan, count, merchants)
    quality = rng.normal(0, 1, count)
    size = np.exp(rng.normal(0, 1.35, merchants) + 0.12 * quality[:merchants])
    partners = {
        kind: indexes[_skewed(rng, indexes.size, merchants)]
        for kind, indexes in services(merchants, count).items()
    }
    return Roll(
        merchants=merchants,
        codes=pa.array(codes),
        customs_codes=pa.array(_customs_codes(count)),
        names=pa.array(_names(rng, count, merchants)),
        registered=registered,
        dissolved=dissolved,
        division=rng.integers(0, len(_DIVISIONS), count),
        capital=np.rint(np.exp(rng.normal(13.5, 1.1, count) + 0.3 * quality) / 1e4) * 1e4 + 1e4,
        quality=quality,
        size=size,
        imports=imports,
        both=rng.random(merchants) < 0.08,
        mode=_modes(rng, imports),
        market=rng.choice(len(MARKETS), merchants, p=(0.4, 0.1, 0.12, 0.08, 0.1, 0.1, 0.05, 0.05)),
        price=np.exp(rng.normal(0, 0.09, merchants)),
        **partners,
    )


def _modes(rng: np.random.Generator, imports: Flags) -> Ints:
    inward = rng.choice(4, imports.size, p=(0.42, 0.58, 0, 0))
    outward = rng.choice(4, imports.size, p=(0.66, 0.08, 0.14, 0.12))
    return np.where(imports, inward, outward)


def _skewed(rng: np.random.Generator, choices: int, count: int) -> Ints:
    """Partners: the first ones serve most."""
    return (choices * rng.random(count) ** 1.8).astype(np.int64)


def _lives(
    rng: np.random.Generator, plan: ZonePlan, count: int, merchants: int
) -> tuple[Ints, Ints]:
    start, end = plan.first_day, plan.last_day
    opening = day_number(plan.ends_on.replace(year=2012, month=1, day=1))
    old = opening + ((start - opening) * rng.random(count) ** 0.6).astype(np.int64)
    new = start + (rng.random(count) * (end - start - 90)).astype(np.int64)
    registered = np.where(rng.random(count) < 0.68, old, new)
    registered[merchants:] = old[merchants:]
    closes = (rng.random(count) < 0.06) & (np.arange(count) < merchants)
    lasts = rng.integers(240, 1200, count)
    dissolved = np.maximum(registered, start) + lasts
    return registered, np.where(closes & (dissolved < end - 30), dissolved, 10**6)


def credit_codes(numbers: Ints) -> list[str]:
    """Unified social credit codes of the unassigned division 999999, check characters right."""
    return [_credit_code(int(number)) for number in numbers]


def _credit_code(number: int) -> str:
    organisation = f"{number * 7919 % 100_000_000:08d}"
    total = sum(int(c) * w for c, w in zip(organisation, _WEIGHTS, strict=True))
    check = 11 - total % 11
    letter = {10: "X", 11: "0"}.get(check, str(check))
    stem = f"91999999{organisation}{letter}"
    return stem + credit_code_check_character(stem)


def _customs_codes(count: int) -> list[str]:
    def serial(i: int) -> str:
        return "".join(_ALPHABET[i // 31**place % 31] for place in (3, 2, 1, 0))

    return [f"9999{5 if i % 3 else 9}6{serial(i * 367)}" for i in range(count)]


def _names(rng: np.random.Generator, count: int, merchants: int) -> list[str]:
    word = rng.integers(0, len(_WORDS), (count, 2))
    trade = rng.integers(0, len(_TRADES), count)
    kinds = services(merchants, count)
    endings = {i: _ENDINGS[kind] for kind, indexes in kinds.items() for i in indexes.tolist()}
    brands = [f"临海{_WORDS[one]}{_WORDS[two]}" for one, two in word.tolist()]
    return [f"{brands[i]}{i:04d}{endings.get(i, _TRADES[trade[i]])}有限公司" for i in range(count)]
