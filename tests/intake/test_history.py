"""Random histories of a few documents, against a plain reckoning over everything ever sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.intake.conftest import ROLL
from tests.intake.made import FIRM, Zone, message, order, order_entity

FIRST_DAY = date.fromisoformat("2026-02-01")
DAYS = 4


@dataclass(frozen=True)
class Sending:
    """One sending: on which day which document gets which content; None deletes it."""

    day: int
    document: str
    content: int | None


SENDINGS = st.lists(
    st.builds(
        Sending,
        st.integers(0, DAYS - 1),
        st.sampled_from("ABCDEFGH"),
        st.one_of(st.none(), st.integers(0, 2)),
    ),
    min_size=20,
    max_size=60,
).map(lambda sent: sorted(sent, key=lambda one: one.day))
few = settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.generate,),  # a smaller example is not worth minutes of shrinking
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def known_on(sent: Sequence[Sending], day: int) -> dict[str, int]:
    """The oracle: the last content of each document sent by the end of the day."""
    known: dict[str, int] = {}
    for one in sent:
        if one.day > day:
            break
        if one.content is None:
            known.pop(one.document, None)
        else:
            known[one.document] = one.content
    return known


def moment(day: int, number: int = 0) -> datetime:
    return datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(days=day, minutes=number)


def answers(zone: Zone, run: int, day: int) -> dict[str, int]:
    """What the lake says was known; documents of this run only."""
    rows = zone.alive("orders", moment(day).date()).values()
    mine = [row for row in rows if row["order_no"].startswith(f"{run}-")]
    return {row["order_no"].partition("-")[2]: int(row["freight"]) for row in mine}


def row(run: int, number: int, one: Sending) -> dict[str, object]:
    """A row of an extract; the report time tells sendings apart."""
    given = {"freight": one.content or 0, "reported_at": moment(0, number)}
    operation = "3" if one.content is None else "2"
    return order(f"{run}-{one.document}", operation=operation, **given)


class Runs:
    """Numbers the examples, so that each has documents of its own in one zone."""

    number = 0

    @classmethod
    def next(cls) -> int:
        cls.number += 1
        return cls.number


@few
@given(SENDINGS)
def test_one_history_file_answers_every_day(zone: Zone, sent: list[Sending]) -> None:
    run = Runs.next()
    rows = [
        {**row(run, number, one), "known_at": moment(one.day, number)}
        for number, one in enumerate(sent)
    ]
    receipt = zone.receive(zone.extract("orders", rows), history=True)
    assert set(receipt.reasons) <= {"unknown_document"}
    for day in range(DAYS):
        assert answers(zone, run, day) == known_on(sent, day)


@few
@given(SENDINGS)
def test_a_door_that_receives_each_day_answers_every_day(
    empty_zone: Zone, sent: list[Sending]
) -> None:
    run, zone = Runs.next(), empty_zone
    start = DAYS * run
    _open(zone, start)
    for day in sorted({one.day for one in sent}):
        rows = [row(run, n, one) for n, one in enumerate(sent) if one.day == day]
        zone.receive(zone.extract("orders", rows), now=moment(start + day))
        zone.receive(zone.extract("orders", rows, part="-again"), now=moment(start + day))
    for day in range(DAYS):
        assert answers(zone, run, start + day) == known_on(sent, day)


@few
@given(SENDINGS)
def test_lines_of_messages_follow_their_document(zone: Zone, sent: list[Sending]) -> None:
    run = Runs.next()
    entities = [
        order_entity(
            f"{run}-{one.document}",
            range(1, (one.content or 0) + 1),
            appType="3" if one.content is None else "2",
            appTime=f"{moment(one.day, number):%Y%m%d%H%M%S}",
        )
        for number, one in enumerate(sent)
    ]
    zone.receive(zone.message(message(*entities)), history=True)
    for day in range(DAYS):
        expected = {
            f"{FIRM}|{FIRM}|{run}-{document}|{line}"
            for document, lines in known_on(sent, day).items()
            for line in range(1, lines + 1)
        }
        alive = zone.alive("order_lines", moment(day).date())
        assert {key for key in alive if f"|{run}-" in key} == expected


def _open(zone: Zone, start: int) -> None:
    """Put the firm on the roll before the first day of this example."""
    if not zone.rows("enterprises"):
        zone.receive(zone.extract("enterprises", ROLL), now=moment(start - 1))
