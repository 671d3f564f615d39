"""Goods of the zone and what each merchant offers: shared bar codes make prices comparable."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pilot_zone.columns import Column, choose, joined, serial
from pilot_zone.plan import Flags, Floats, Ints, ZonePlan

# chapter, HS code, name, unit, legal unit, median price in CNY, kg per unit
_KINDS: tuple[tuple[int, str, str, str, str, float, float], ...] = (
    (33, "3304990039", "面霜", "142", "035", 220, 0.25),
    (33, "3305100090", "洗发露", "142", "035", 68, 0.7),
    (33, "3303000010", "香水", "142", "035", 390, 0.3),
    (19, "1901101010", "婴幼儿配方奶粉", "122", "035", 235, 1.1),
    (21, "2106909090", "膳食补充剂", "142", "035", 150, 0.3),
    (22, "2204210000", "葡萄酒", "142", "035", 180, 1.4),
    (96, "9619001100", "婴儿纸尿裤", "125", "035", 95, 2.2),
    (34, "3401300000", "洁面乳", "142", "035", 78, 0.2),
    (18, "1806310000", "巧克力", "140", "035", 60, 0.4),
    (85, "8509809000", "小家电", "007", "007", 460, 2.1),
    (64, "6403990010", "皮鞋", "011", "011", 620, 1.2),
    (42, "4202210090", "手提包", "011", "011", 1350, 0.9),
    (61, "6109100010", "针织T恤", "011", "011", 75, 0.2),
    (62, "6204420000", "连衣裙", "011", "011", 130, 0.4),
    (94, "9405210010", "台灯", "007", "007", 110, 1.3),
    (95, "9503008900", "玩具", "007", "007", 85, 0.6),
    (85, "8518300000", "耳机", "007", "007", 140, 0.15),
    (85, "8517130000", "手机", "007", "007", 1900, 0.4),
    (39, "3926909090", "塑料收纳", "011", "035", 40, 0.8),
    (73, "7323930000", "不锈钢餐具", "011", "035", 90, 1.0),
    (87, "8711600010", "电动滑板车", "007", "007", 1400, 14.0),
    (63, "6302210090", "床品套件", "011", "011", 160, 1.9),
    (90, "9004100000", "太阳镜", "007", "007", 120, 0.1),
    (71, "7117190000", "饰品", "011", "035", 55, 0.05),
)
_IMPORT_KINDS = 12
_BRANDS = (
    "星澜",
    "沐野",
    "安棠",
    "北岸",
    "优禾",
    "赤木",
    "云鲸",
    "拾光",
    "铭川",
    "小岸",
    "悦白",
    "蓝屿",
)
_ORIGINS = ("116", "133", "305", "601", "304", "303", "502")
CATALOGUE = 32
"""Most items one merchant offers."""


@dataclass(frozen=True, slots=True)
class Goods:
    """All items; index = item.

    Attributes:
        kind: Which kind of goods.
        price: Usual retail price, CNY.
        weight: Net weight of one unit, kg.
        coded: Whether the item has a bar code.
        names: Platform names.
        item_numbers: Item numbers, also the account-book item.
        bar_codes: Bar codes, 无 where it has none.
        origin: Index of the country of origin.
        offered: Merchant x CATALOGUE item indexes.
        offers: How many of them the merchant offers.
    """

    kind: Ints
    price: Floats
    weight: Floats
    coded: Flags
    names: Column
    item_numbers: Column
    bar_codes: Column
    origin: Ints
    offered: Ints
    offers: Ints

    def hs_codes(self, items: Ints) -> Column:
        """HS codes, 10 digits."""
        return choose([kind[1] for kind in _KINDS], self.kind[items])

    def customs_names(self, items: Ints) -> Column:
        """Names for customs."""
        return choose([kind[2] for kind in _KINDS], self.kind[items])

    def units(self, items: Ints) -> Column:
        """Customs unit codes."""
        return choose([kind[3] for kind in _KINDS], self.kind[items])

    def legal_units(self, items: Ints) -> Column:
        """Legal unit codes."""
        return choose([kind[4] for kind in _KINDS], self.kind[items])

    def by_weight(self, items: Ints) -> Flags:
        """Whether the legal unit is the kilogram."""
        return np.array([kind[4] == "035" for kind in _KINDS])[self.kind[items]]

    def origins(self, items: Ints) -> Column:
        """Countries of origin, customs numeric codes."""
        return choose(_ORIGINS, self.origin[items])


def stock(plan: ZonePlan, imports: Flags) -> Goods:
    """Draw the items, and a catalogue of one to three kinds for each merchant.

    Args:
        plan: The zone.
        imports: Whether each merchant imports; exporters offer other kinds.
    """
    rng = plan.rng("goods")
    count = int(np.clip(plan.enterprises, 600, 6000))
    kind = rng.integers(0, len(_KINDS), count)
    brand = rng.integers(0, len(_BRANDS), count)
    number = np.arange(count)
    coded = rng.random(count) < 0.9
    median = np.array([row[5] for row in _KINDS], float)[kind]
    weight = np.array([row[6] for row in _KINDS])[kind]
    offered, offers = _catalogues(rng, kind, imports)
    return Goods(
        kind=kind,
        price=np.clip(median * np.exp(rng.normal(0, 0.45, count)), 12, 4200).round(1),
        weight=np.round(weight * np.exp(rng.normal(0, 0.3, count)), 3),
        coded=coded,
        names=joined(
            choose(_BRANDS, brand), choose([row[2] for row in _KINDS], kind), serial("", number, 4)
        ),
        item_numbers=serial("SKU", number, 6),
        bar_codes=choose(["无"], np.zeros(count, np.int64))
        if not coded.any()
        else _bar_codes(number, coded),
        origin=rng.integers(0, len(_ORIGINS), count),
        offered=offered,
        offers=offers,
    )


def _bar_codes(number: Ints, coded: Flags) -> Column:
    codes = serial("69990000", number, 5).to_numpy(zero_copy_only=False)
    return pa.array(np.where(coded, codes, "无"), pa.string())


def _catalogues(rng: np.random.Generator, kind: Ints, imports: Flags) -> tuple[Ints, Ints]:
    """Catalogues: the first kind is the merchant's main line."""
    merchants = imports.size
    order = np.argsort(kind, kind="stable")
    first = np.searchsorted(kind[order], np.arange(len(_KINDS)))
    size = np.bincount(kind, minlength=len(_KINDS))
    low = np.where(imports, 0, _IMPORT_KINDS)
    high = np.where(imports, _IMPORT_KINDS, len(_KINDS))
    kinds = rng.integers(low[:, None], high[:, None], (merchants, 3))
    which = rng.choice(3, (merchants, CATALOGUE), p=(0.7, 0.2, 0.1))
    chosen = np.take_along_axis(kinds, which, axis=1)
    within = (rng.random((merchants, CATALOGUE)) * size[chosen]).astype(np.int64)
    offers = np.clip(rng.lognormal(2.2, 0.8, merchants), 2, CATALOGUE).astype(np.int64)
    return order[first[chosen] + within], offers
