"""Confirmed records of other authorities: their grades on our axis, and the caps they set."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessment.policy import EventCap, Policy, Recognition
from domain.results import AuthorityGrade, Cap, Document
from domain.signals import Signals

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Records:
    """What other authorities have confirmed, by enterprise code.

    Attributes:
        caps: Records that hold the tier down, worst first.
        grades: Grades in force, each on its own scale, by scheme. Where they disagree all are
            shown; nothing is averaged.
    """

    caps: Mapping[str, tuple[Cap, ...]]
    grades: Mapping[str, tuple[AuthorityGrade, ...]]


def read_records(signals: Signals, policy: Policy) -> Records:
    """The confirmed records known on the night, as `policy` reads them."""
    events = signals.registry_events.to_pyarrow().to_pylist()
    grades = signals.authority_grades.to_pyarrow().to_pylist()
    return recognise(events, grades, policy, signals.as_of)


def recognise(events: Iterable[Row], grades: Iterable[Row], policy: Policy, as_of: date) -> Records:
    """Records from known rows of `registry_events` and `authority_grades`.

    A record ceases to count when its end has passed, or when a repair of it is known: one that
    names its number, of the same enterprise, since authorities number alike.
    """
    events = list(events)
    repairs = [row for row in events if row["kind"] == "repair" and row["repairs_no"] is not None]
    repaired = {(row["enterprise_code"], row["repairs_no"]) for row in repairs}
    standing = (
        row for row in grades if (row["enterprise_code"], row["document_no"]) not in repaired
    )
    caps: dict[str, list[Cap]] = defaultdict(list)
    given: dict[str, list[AuthorityGrade]] = defaultdict(list)
    for row in _latest(standing, as_of):
        meaning = _meaning(row, policy)
        given[row["enterprise_code"]].append(_grade(row, meaning))
        if meaning and meaning.caps:
            caps[row["enterprise_code"]].append(_cap(meaning, row, "authority_grades", "valid_to"))
    rules = {cap.kind: cap for cap in policy.event_caps}
    for row in events:
        number = (row["enterprise_code"], row["event_no"])
        if _holds(row, rules, as_of) and number not in repaired:
            cap = _cap(rules[row["kind"]], row, "registry_events", "ends_on")
            caps[row["enterprise_code"]].append(cap)
    return Records(
        {code: _worst_first(held, policy) for code, held in caps.items()},
        {code: tuple(sorted(held, key=lambda g: g.scheme)) for code, held in given.items()},
    )


def _latest(grades: Iterable[Row], as_of: date) -> list[Row]:
    last: dict[tuple[str, str], Row] = {}
    for row in sorted(grades, key=lambda row: (row["valid_from"], row["document_key"])):
        if row["valid_from"] <= as_of:
            last[row["enterprise_code"], row["scheme"]] = row
    return [row for row in last.values() if (row["valid_to"] or date.max) >= as_of]


def _meaning(row: Row, policy: Policy) -> Recognition | None:
    offered = (row["scheme"], row["grade"], row["valid_from"])
    return next((entry for entry in policy.recognition if entry.means(*offered)), None)


def _grade(row: Row, meaning: Recognition | None) -> AuthorityGrade:
    return AuthorityGrade(
        scheme=row["scheme"],
        grade=row["grade"],
        tier=meaning.tier if meaning else None,
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        document=Document(table="authority_grades", document_key=row["document_key"]),
    )


def _holds(row: Row, rules: Mapping[str, EventCap], as_of: date) -> bool:
    in_time = row["decided_on"] <= as_of <= (row["ends_on"] or date.max)
    return in_time and row["kind"] in rules


def _cap(rule: EventCap | Recognition, row: Row, table: str, end: str) -> Cap:
    return Cap(
        tier=rule.tier,
        label=rule.label,
        reference=rule.reference,
        ends_on=row[end],
        document=Document(table=table, document_key=row["document_key"]),
    )


def _worst_first(caps: Iterable[Cap], policy: Policy) -> tuple[Cap, ...]:
    by_key = sorted(caps, key=lambda cap: (cap.document.table, cap.document.document_key))
    return tuple(sorted(by_key, key=lambda cap: -policy.place_of(cap.tier)))
