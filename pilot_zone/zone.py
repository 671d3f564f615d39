"""The one way from a plan to a delivery folder and the truth beside it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from domain.progress import Progress
from pilot_zone.books import Books
from pilot_zone.carriage import write_passage, write_waybills
from pilot_zone.customs import write_declarations, write_returns, write_reversals
from pilot_zone.delivery import Batch, Delivery
from pilot_zone.demand import schedule
from pilot_zone.documents import (
    Accounts,
    write_orders,
    write_payments,
    write_platform_payments,
)
from pilot_zone.giveaway import ANY, giveaway
from pilot_zone.grades import write_grades
from pilot_zone.history import History, come_to_be
from pilot_zone.messages import Post
from pilot_zone.money import write_bank_flows
from pilot_zone.parcels import Parcels, pack
from pilot_zone.plan import ZonePlan
from pilot_zone.registry import write_registry
from pilot_zone.surroundings import write_surroundings
from pilot_zone.tally import Tally, tally_flows, tally_registers, tally_trade
from pilot_zone.tax import write_tax
from pilot_zone.trade import Trade, draw_trade
from pilot_zone.truth import write_truth
from pilot_zone.world import World


class ZoneSummary(BaseModel):
    """What was made.

    Attributes:
        merchants: Merchants on the roll.
        orders: Orders drawn, those of returning goods included.
        rows: Extract rows by table.
        messages: Entities in customs messages, by message code.
        cases: Scheme cases by typology.
        scheme_firms: Enterprises that ever took part in a scheme.
        lookalike_firms: Honest enterprises that look alike, by typology.
        single_feature_auc: Typology (and "any") -> number -> AUC against the truth, largest first.
    """

    model_config = ConfigDict(frozen=True)

    merchants: int
    orders: int
    rows: dict[str, int]
    messages: dict[str, int]
    cases: dict[str, int]
    scheme_firms: int
    lookalike_firms: dict[str, int]
    single_feature_auc: dict[str, dict[str, float]]

    @property
    def largest_auc(self) -> float:
        """Largest single-feature AUC against all schemes together; NaN where none is planted."""
        return max(self.single_feature_auc[ANY].values(), default=float("nan"))

    def lines(self) -> Iterator[str]:
        """What was made, for a person; the whole lies in `truth/summary.json`."""
        yield f"{self.merchants:,} merchants, {self.orders:,} orders (synthetic)"
        yield f"{self.scheme_firms} enterprises in {sum(self.cases.values())} planted cases"
        yield f"{sum(self.lookalike_firms.values())} innocent look-alikes"
        yield "Largest AUC of any single number against the truth (1 would give it away):"
        for typology, numbers in self.single_feature_auc.items():
            name, value = next(iter(numbers.items()), ("nothing to tell", float("nan")))
            yield f"  {typology}: {value:.2f} ({name})"


def simulate(plan: ZonePlan, out: Path, progress: Progress) -> ZoneSummary:
    """Write `out/delivery` and `out/truth`; both appear whole or not at all.

    Args:
        plan: The zone; the same plan gives the same bytes.
        out: Folder to make; an earlier delivery and truth in it are replaced.
        progress: Told what is being done and the share done so far, 0 to 1.
    """
    out.mkdir(parents=True, exist_ok=True)
    made = out / ".being-made"
    shutil.rmtree(made, ignore_errors=True)
    progress("enterprises, people, goods, conduct", 0.0)
    history = come_to_be(plan)
    delivery = Delivery(made / "delivery" / "extracts", plan.last_day)
    post = Post(made / "delivery" / "messages", plan, history.world.roll)
    books, tally = Books(history.world), Tally(history.world)
    accounts, orders = Accounts(), 0
    for month, trade, parcels in _months(history.world):
        progress(f"trade of month {month + 1} of {plan.months}", 0.05 + 0.8 * month / plan.months)
        orders += trade.orders.count
        books.enter(trade, parcels, month)
        tally_trade(tally, history.world, trade, parcels, month)
        batches = [
            *_batches(history.world, trade, parcels, month),
            *accounts.write(history.world, trade, month),
        ]
        sent = post.choose(trade, month)
        post.send(batches, sent, month)
        for batch in batches:
            delivery.deliver(batch, post.leaves(batch, sent))
    progress("registry, money, tax", 0.9)
    _write_rest(history, books, tally, delivery)
    delivery.close()
    summary = ZoneSummary(
        merchants=history.world.roll.merchants,
        orders=orders,
        rows=delivery.counts,
        messages=post.entities,
        single_feature_auc=giveaway(plan, tally, history.schemes),
        **write_truth(history, made / "truth"),
    )
    (made / "truth" / "summary.json").write_text(summary.model_dump_json(indent=1), "utf-8")
    _publish(made, out)
    progress("done", 1.0)
    return summary


def _months(world: World) -> Iterator[tuple[int, Trade, Parcels]]:
    counts = schedule(world.plan, world.roll, world.habits)
    number = 1
    for month in range(world.plan.months):
        trade = draw_trade(world, counts, month, number)
        number += trade.orders.count
        yield month, trade, pack(world, trade, month)


def _batches(world: World, trade: Trade, parcels: Parcels, month: int) -> Iterator[Batch]:
    yield from write_orders(world, trade, month)
    yield from write_payments(world, trade, month)
    yield from write_platform_payments(world, trade, month)
    yield from write_waybills(world, trade, parcels, month)
    yield from write_declarations(world, trade, parcels, month)
    yield from write_returns(world, trade, parcels, month)
    yield from write_reversals(world, trade, parcels, month)
    yield from write_passage(world, trade, parcels, month)


def _write_rest(history: History, books: Books, tally: Tally, delivery: Delivery) -> None:
    world, life = history.world, history.life
    write_registry(world, life, delivery)
    write_grades(world, life, delivery)
    flows = write_bank_flows(world, books, history.schemes, delivery)
    tax = write_tax(world, books, life, delivery)
    tally_flows(tally, world, books, flows)
    tally_registers(tally, world, books, life, tax)
    write_surroundings(world, books, delivery)


def _publish(made: Path, out: Path) -> None:
    for name in ("delivery", "truth"):
        shutil.rmtree(out / name, ignore_errors=True)
        (made / name).rename(out / name)
    made.rmdir()
