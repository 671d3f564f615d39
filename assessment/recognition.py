"""Confirmed records of other authorities: their grades on our axis, and the caps they set."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessment.policy import EventCap, Policy, Recognition
from domain.results import AuthorityGrade, Cap, Document
from domain.signals import Signals
from features.authority_grades import current_grades
from features.market_supervision import standing_events

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
    """The confirmed records known on the night, as `policy` reads them.

    A record counts from its decision until its end has passed or a repair of it is known, and
    of each scheme its latest grade: the same records that the features read.
    """
    caps: dict[str, list[Cap]] = defaultdict(list)
    given: dict[str, list[AuthorityGrade]] = defaultdict(list)
    for row in signals.once(current_grades).to_pyarrow().to_pylist():
        meaning = _meaning(row, policy)
        given[row["enterprise_code"]].append(_grade(row, meaning))
        if meaning and meaning.caps:
            caps[row["enterprise_code"]].append(_cap(meaning, row, row["valid_to"]))
    rules = {cap.kind: cap for cap in policy.event_caps}
    events = signals.once(standing_events)
    for row in (
        events.filter(events.in_force & events.kind.isin(list(rules))).to_pyarrow().to_pylist()
    ):
        caps[row["enterprise_code"]].append(_cap(rules[row["kind"]], row, row["ends_on"]))
    return Records(
        {code: _worst_first(held, policy) for code, held in caps.items()},
        {code: tuple(sorted(held, key=lambda g: g.scheme)) for code, held in given.items()},
    )


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
        document=_document(row),
    )


def _cap(rule: EventCap | Recognition, row: Row, ends_on: date | None) -> Cap:
    return Cap(
        tier=rule.tier,
        label=rule.label,
        reference=rule.reference,
        ends_on=ends_on,
        document=_document(row),
    )


def _document(row: Row) -> Document:
    return Document(table=row["table"], document_key=row["document_key"])


def _worst_first(caps: Iterable[Cap], policy: Policy) -> tuple[Cap, ...]:
    by_key = sorted(caps, key=lambda cap: (cap.document.table, cap.document.document_key))
    return tuple(sorted(by_key, key=lambda cap: -policy.place_of(cap.tier)))
