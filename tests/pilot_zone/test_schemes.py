"""Every scheme and look-alike leaves the traces it is said to leave, in the documents."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pilot_zone.books import Books
from pilot_zone.delivery import Delivery
from pilot_zone.demand import schedule
from pilot_zone.habits import Habits
from pilot_zone.history import History
from pilot_zone.identities import have_in_common
from pilot_zone.lookalikes import LOOKALIKES
from pilot_zone.money import write_bank_flows
from pilot_zone.parcels import pack
from pilot_zone.patterns import Members, Pattern, Trace, plant
from pilot_zone.plan import ZonePlan
from pilot_zone.schemes import SCHEMES
from pilot_zone.tally import Tally, tally_flows, tally_registers, tally_trade
from pilot_zone.tax import write_tax
from pilot_zone.trade import draw_trade
from pilot_zone.world import World

# which plain number each trace moves, and which way
SEEN = {
    "ring_buyer": ("repeat_buyer", 1),
    "collection": ("shared_address", 1),
    "shared_phone": ("repeat_phone", 1),
    "payer_other": ("payer_other", 1),
    "new_account": ("new_account", 1),
    "same_basket": ("same_basket", 1),
    "virtual_phone": ("virtual_phone", 1),
    "night": ("night", 1),
    "same_second": ("same_second", 1),
    "split": ("split", 1),
    "near_limit": ("near_limit", 1),
    "low_price": ("low_price", 1),
    "high_price": ("high_price", 1),
    "link_gap": ("link_gap", 1),
    "gift": ("gift", 1),
    "coupon": ("coupon", 1),
    "manual": ("manual", 1),
    "amended": ("amended", 1),
    "paid_gap": ("paid_gap", 1),
    "unseen_owner": ("unseen_owner", 1),
    "unsigned": ("unsigned", 1),
    "undeparted": ("undeparted", 1),
    "reused_waybill": ("reused", 1),
    "weight_gap": ("weight_gap", 1),
    "early_sign": ("early_sign", 1),
    "same_weight": ("same_weight", 1),
    "no_waybill": ("no_waybill", 1),
    "consignee_other": ("consignee_other", 1),
    "reimport": ("import_share", 1),
    "receipts_log": ("receipts_to_exports", -1),
    "idle_receipt": ("receipts_to_exports", 1),
    "pass_through": ("passing", 1),
    "third_country": ("third_country", 1),
    "round_amount": ("round_amount", 1),
    "cycle": ("friends", 1),
    "young_supplier": ("young_supplier", 1),
    "abnormal_supplier": ("bad_supplier", 1),
    "top_supplier": ("top_supplier", 1),
    "rebate_stretch": ("rebate_to_assets", 1),
    "thin_assets": ("assets", -1),
    "idle_staff": ("staff", -1),
    "subsidy": ("subsidy_to_exports", 1),
    "volume": ("value", 1),
    "receipt_lag": ("receipts_to_exports", -1),
}
ONLY_SETTING = {"victims", "scattered", "disclosed_owner", "station"}
PATTERNS = (*SCHEMES, *LOOKALIKES)


def _shown_by(world: World, folder: Path, history: History, members: Members) -> dict[str, float]:
    """All plain numbers of all months together, for the enterprise of the first member."""
    plan, tally, books = world.plan, Tally(world), Books(world)
    counts = schedule(plan, world.roll, world.habits)
    for month in range(plan.months):
        trade = draw_trade(world, counts, month, month * 100_000 + 1)
        parcels = pack(world, trade, month)
        books.enter(trade, parcels, month)
        tally_trade(tally, world, trade, parcels, month)
    delivery = Delivery(folder, plan.last_day)
    flows = write_bank_flows(world, books, members, delivery)
    tax = write_tax(world, books, history.life, delivery)
    delivery.close()
    tally_flows(tally, world, books, flows)
    tally_registers(tally, world, books, history.life, tax)
    values = tally.windows(np.array([plan.months]), plan.months)
    return {name: float(value[members.firm[0], 0]) for name, value in values.items()}


def _one_firm(history: History, pattern: Pattern, strength: float) -> Members:
    """The pattern on the biggest fitting enterprise, during the whole history."""
    roll, plan = history.world.roll, history.world.plan
    fits = roll.alive(plan.first_day)[: roll.merchants] & ~roll.both
    if pattern.side != "any":
        fits &= roll.imports == (pattern.side == "import")
    fits &= roll.mode == 0
    firm = np.array([np.flatnonzero(fits)[np.argmax(roll.size[fits])]])
    zero, whole = np.zeros(1, np.int64), np.array([plan.periods])
    return Members((pattern,), zero, zero, firm, zero, whole, np.array([strength]))


@pytest.mark.parametrize("trace", sorted(SEEN))
def test_a_trace_shows_in_the_documents(trace: str, honest: History, tmp_path: Path) -> None:
    pattern = next(p for p in PATTERNS if any(t.habit == trace for t in p.traces))
    level = max(t.level for p in PATTERNS for t in p.traces if t.habit == trace)
    if trace == "receipts_log":
        level = min(t.level for p in PATTERNS for t in p.traces if t.habit == trace)
    pattern = replace(pattern, traces=(Trace(trace, level, always=True),))
    number, sign = SEEN[trace]
    plain = _shown_by(honest.world, tmp_path / "plain", honest, _one_firm(honest, pattern, 1))
    members = _one_firm(honest, pattern, 1)
    habits = Habits(honest.world.plan, honest.world.roll)
    plant(honest.world.plan, members, habits, "test")
    world = replace(honest.world, habits=habits)
    shown = _shown_by(world, tmp_path / "shown", honest, members)
    assert sign * shown[number] > sign * plain[number]


def test_every_trace_of_every_pattern_is_tried_here() -> None:
    used = {trace.habit for pattern in PATTERNS for trace in pattern.traces}
    assert used - ONLY_SETTING == set(SEEN)


def test_every_scheme_has_lookalikes_that_lift_a_trace_of_it() -> None:
    for pattern in SCHEMES:
        alike = [p for p in LOOKALIKES if p.typology == pattern.typology]
        assert alike, pattern.typology
    firms = {kind: _firms(kind) for kind in {p.typology for p in SCHEMES}}
    for kind, planted in firms.items():
        honest_share = sum(p.share for p in LOOKALIKES if p.typology == kind)
        assert 0.5 < honest_share / planted < 2, kind


def _firms(kind: str) -> float:
    return sum(p.share for p in SCHEMES if p.typology == kind)


def test_enough_merchants_take_part_for_every_model_to_find_cases_to_learn_from() -> None:
    assert 0.18 <= sum(pattern.share for pattern in SCHEMES) <= 0.20


def test_firms_of_a_case_have_things_in_common(honest: History) -> None:
    pattern = next(p for p in SCHEMES if p.typology == "T11")
    pattern = replace(pattern, shares=tuple((thing, 1.0) for thing, _ in pattern.shares))
    firms = np.array([3, 7, 11])
    zero = np.zeros(3, np.int64)
    members = Members((pattern,), zero, zero, firms, zero, zero + 2, np.ones(3))
    who = honest.world.identities
    before = who.representative[7]
    drawn = replace(who, **{name: getattr(who, name).copy() for name in who.__dataclass_fields__})
    have_in_common(honest.world.plan, members, drawn, "test")
    assert drawn.representative[7] == drawn.representative[3] == drawn.representative[11]
    assert drawn.office[11] == drawn.office[3]
    assert who.representative[7] == before


def test_a_scheme_lifts_nothing_before_it_starts_nor_after_it_ends(honest: History) -> None:
    plan, roll = honest.world.plan, honest.world.roll
    pattern = Pattern("T1", "x", 1, (1, 1), "any", (1, 2), (Trace("night", 0.3, always=True),))
    one = np.array([4])
    members = Members((pattern,), one * 0, one * 0, one, one * 0 + 3, one * 0 + 6, np.ones(1))
    habits = Habits(plan, roll)
    plant(plan, members, habits, "test")
    level = habits.table("night")[4]
    usual = habits.usual("night")[4]
    assert (level[[0, 1, 2, 6, 7]] == usual).all()
    assert (level[3:6] > usual + 0.1).all()


def test_without_strength_nothing_is_planted(honest: History) -> None:
    assert honest.schemes.count == 0
    assert honest.lookalikes.count > 0
    assert isinstance(honest.world.plan, ZonePlan)
