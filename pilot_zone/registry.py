"""What authorities register: the roll and its changes, people, events, complaints, findings."""

import numpy as np
import pyarrow as pa

from pilot_zone.columns import amount, cents, choose, day, joined, moment, only, serial
from pilot_zone.conduct import Life
from pilot_zone.delivery import Columns, Delivery, within
from pilot_zone.enterprises import SERVICES
from pilot_zone.plan import DAY, Flags, Floats, Ints
from pilot_zone.world import World

_KINDS = ("legal_representative", "shareholder", "finance_officer", "customs_officer")
_REFERENCES = {
    "penalty": "行政处罚法",
    "abnormal_list": "企业信息公示暂行条例",
    "serious_list": "市场监管总局令第44号",
    "repair": "国家发展改革委令第36号",
}
_SHOWN_DAYS = {"minor": 90, "general": 365, "serious": 1095}


def write_registry(world: World, life: Life, delivery: Delivery) -> None:
    """Write all registry tables but the grades."""
    _write_enterprises(world, life, delivery)
    _write_relations(world, delivery)
    _write_events(world, life, delivery)
    _write_complaints(world, life, delivery)
    _write_findings(world, life, delivery)


def since_start(world: World, known: Ints) -> Ints:
    """What was known before the history begins becomes known as it begins."""
    return np.maximum(known, world.plan.first_day * DAY + 60)


def _write_enterprises(world: World, life: Life, delivery: Delivery) -> None:
    """First rows of all, then one more version for every change, in order of time."""
    rng = world.plan.rng("write enterprises")
    roll, who = world.roll, world.identities
    rows = np.arange(roll.count)
    known = roll.registered * DAY + within(rng, rows.size, 1, 10)
    columns = _entries(world, who.representative, np.zeros(rows.size, bool), rows)
    delivery.write("enterprises", columns, since_start(world, known))
    changes = _changes(world, life)
    if not changes:
        return
    firm, at, person, gone = (np.array(column) for column in zip(*changes, strict=True))
    known = at * DAY + within(rng, firm.size, 1, 15)
    columns = _entries(world, person, gone.astype(bool), firm)
    delivery.write("enterprises", columns, since_start(world, known), "2")


def _changes(world: World, life: Life) -> list[tuple[int, int, int, bool]]:
    """Enterprise, day, representative from then on, whether dissolved."""
    roll, events = world.roll, life.events
    moves = [
        (day_number, firm, (firm * 7919 + day_number * 31) % world.people.count)
        for firm, kind, day_number in zip(events.firm, events.kind, events.decided, strict=True)
        if kind == "representative_changed"
        and world.plan.first_day < day_number < roll.dissolved[firm]
    ]
    ends = [
        (int(roll.dissolved[firm]), int(firm), -1)
        for firm in np.flatnonzero(roll.dissolved <= world.plan.last_day)
    ]
    current = world.identities.representative.copy()
    out = []
    for at, firm, person in sorted(moves + ends):
        current[firm] = current[firm] if person < 0 else person
        out.append((firm, at, int(current[firm]), person < 0))
    return out


def _entries(world: World, person: Ints, gone: Flags, rows: Ints) -> Columns:
    roll, who, people = world.roll, world.identities, world.people
    office, email = who.office[rows], who.email[rows]
    representative = person[rows] if person.size == roll.count else person
    room = joined(
        "汉东省临海市跨境电商园",
        serial("", office // 30 + 1, 4),
        "号楼",
        serial("", office % 30 + 101, 3),
        "室",
    )
    usual = {
        "credit_code": choose(roll.codes, rows),
        "customs_code": choose(roll.customs_codes, rows),
        "name": choose(roll.names, rows),
        "registered_on": day(roll.registered[rows]),
        "dissolved_on": only(gone, day(np.minimum(roll.dissolved[rows], 40_000))),
        "paid_in_capital": amount(cents(roll.capital[rows])),
        "industry": choose(
            ("5193", "5292", "6432", "5810"), rows % 2 + (rows >= roll.merchants) * 2
        ),
        "division": pa.array(np.array(roll.division_codes)[rows]),
        "office_address": room,
        "office_phone": people.phone_numbers(who.phone[rows]),
        "email_account": joined("office", serial("", email, 6), "@example.invalid"),
        "legal_representative_id_number": people.id_numbers(representative),
        "cluster_registered": pa.array(who.incubator[rows]),
        "is_merchant": pa.array(rows < roll.merchants),
    }
    held = {f"is_{kind}": pa.array(np.isin(rows, roll.services[kind])) for kind in SERVICES}
    return usual | held


def _write_relations(world: World, delivery: Delivery) -> None:
    rng = world.plan.rng("write relations")
    roll, who = world.roll, world.identities
    rows = np.arange(roll.count)
    other = (rows * 7907 + 101) % world.people.count
    partner = np.where(rng.random(rows.size) < 0.5, who.representative ^ 1, other)
    share = rng.choice((51, 60, 70, 90, 100), rows.size)
    people = (who.representative, partner, who.finance, (other + 3) % world.people.count)
    for place, (kind, person) in enumerate(zip(_KINDS, people, strict=True)):
        holds = np.full(rows.size, kind == "shareholder")
        known = roll.registered * DAY + within(rng, rows.size, 1, 20)
        columns = {
            "enterprise_code": choose(roll.codes, rows),
            "relation_no": serial(f"R{place}", rows, 6),
            "kind": pa.repeat(kind, rows.size),
            "person_id_number": world.people.id_numbers(person),
            "share": only(holds, amount(cents(share.astype(float)))),
            "valid_from": day(roll.registered),
        }
        delivery.write("relations", columns, since_start(world, known))
    _write_parents(world, rng, delivery)


def _write_parents(world: World, rng: np.random.Generator, delivery: Delivery) -> None:
    """A few enterprises are daughters of others on the roll."""
    roll = world.roll
    rows = np.flatnonzero(rng.random(roll.merchants) < 0.03)
    parents = rng.integers(0, roll.merchants, rows.size)
    rows, parents = rows[rows != parents], parents[rows != parents]
    since = np.maximum(roll.registered[rows], roll.registered[parents]) + 30
    columns = {
        "enterprise_code": choose(roll.codes, rows),
        "relation_no": serial("R9", rows, 6),
        "kind": pa.repeat("parent", rows.size),
        "related_code": choose(roll.codes, parents),
        "share": amount(cents(rng.integers(51, 101, rows.size).astype(float))),
        "valid_from": day(since),
    }
    known = since * DAY + within(rng, rows.size, 1, 30)
    delivery.write("relations", columns, since_start(world, known))


def _write_events(world: World, life: Life, delivery: Delivery) -> None:
    rng = world.plan.rng("write events")
    events, roll = life.events, world.roll
    firm, decided = np.array(events.firm), np.array(events.decided)
    repairs, value = np.array(events.repairs), np.array(events.amount)
    numbers = serial("EV", np.arange(firm.size), 8)
    shown = np.array([_SHOWN_DAYS.get(severity, 0) for severity in events.severity])
    has_end = np.array(events.kind) == "penalty"
    columns = {
        "event_no": numbers,
        "enterprise_code": choose(roll.codes, firm),
        "kind": pa.array(events.kind),
        "authority": pa.array(events.authority),
        "severity": pa.array([s or None for s in _severities(events.kind, events.severity)]),
        "penalty_amount": only(value > 0, amount(cents(value))),
        "decided_on": day(decided),
        "ends_on": only(has_end, day(decided + shown)),
        "repairs_no": choose(numbers, repairs),
        "reference": pa.array([_REFERENCES.get(kind) for kind in events.kind], pa.string()),
    }
    known = since_start(world, decided * DAY + within(rng, firm.size, 2, 30))
    known[repairs >= 0] = np.maximum(known[repairs >= 0], known[repairs[repairs >= 0]] + DAY)
    delivery.write("registry_events", columns, known)


def _severities(kinds: list[str], severities: list[str]) -> list[str]:
    plain = {"representative_changed", "sampling_passed", "repair"}
    return ["" if k in plain else s for k, s in zip(kinds, severities, strict=True)]


def _write_complaints(world: World, life: Life, delivery: Delivery) -> None:
    rng = world.plan.rng("write complaints")
    starts, first = world.plan.month_starts(), 0
    for kind, counts in life.complaints.items():
        firm, month = np.nonzero(counts)
        repeat = counts[firm, month]
        firm, month = np.repeat(firm, repeat), np.repeat(month, repeat)
        number = first + np.arange(firm.size)
        first += firm.size
        span = (starts[month + 1] - starts[month]) * DAY
        raised = starts[month] * DAY + (rng.random(firm.size) * span).astype(np.int64)
        columns = {
            "complaint_no": serial("CP", number, 8),
            "merchant_code": choose(world.roll.codes, firm),
            "kind": pa.repeat(kind, firm.size),
            "raised_at": moment(raised),
        }
        known = raised + within(rng, firm.size, 0, 4)
        delivery.write("complaints", columns, known)
        upheld = rng.random(firm.size) < (0.75 if kind == "identity_used" else 0.45)
        decided = columns | {"upheld": pa.array(upheld)}
        delivery.write("complaints", decided, known + within(rng, firm.size, 12, 70), "2")


def _write_findings(world: World, life: Life, delivery: Delivery) -> None:
    rng, first = world.plan.rng("write findings"), 0
    starts = world.plan.period_starts()
    for found in life.findings:
        count = found.firm.size
        number = first + np.arange(count)
        first += count
        size = np.log(world.roll.size[found.firm] + 1) + 1
        value: Floats = np.exp(rng.normal(11, 1, count)) * size
        columns = {
            "finding_no": serial("FD", number, 8),
            "enterprise_code": choose(world.roll.codes, found.firm),
            "found_by": pa.array(found.found_by, pa.string()),
            "adverse": pa.array(found.adverse),
            "act": pa.array([act or None for act in found.act], pa.string()),
            "amount": only(found.adverse, amount(cents(value))),
            "inspected_on": day(found.inspected),
            "acts_from": only(found.adverse, day(np.maximum(found.acts_from, int(starts[0])))),
            "acts_to": only(found.adverse, day(found.acts_to)),
        }
        known = found.known * DAY + rng.integers(8, 18, count) * 3600
        delivery.write("findings", columns, known)
