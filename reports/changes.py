"""What changed for an enterprise between two nights."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.results import Alert, Assessment, Cap, Evidence, Words
from presentation.numbers import signed, value_of
from presentation.words import PHRASES, Lang, named, say
from presentation.zone import tier_name

_LEAST_MOVE: Final = 0.1
_MOST_MOVES: Final = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was."""

    kind: Words
    what: Words
    before: str
    now: str


def changes(now: Assessment, before: Assessment, lang: Lang) -> list[Change]:
    """What is not as it was: tier, holds on the grade, alerts, reasons of the credit score."""
    return [
        *_tier(now, before, lang),
        *_caps(now, before, lang),
        *_alerts(now, before, lang),
        *_reasons(now, before, lang),
    ]


def _kind(key: str) -> Words:
    return PHRASES["dossier"][key]


def _tier(now: Assessment, before: Assessment, lang: Lang) -> Iterator[Change]:
    if now.grade.tier != before.grade.tier:
        names = [tier_name(each.grade.tier, each.grade.label, lang) for each in (before, now)]
        yield Change(_kind("tier_changed"), PHRASES["enterprise"]["grade"], *names)


def _caps(now: Assessment, before: Assessment, lang: Lang) -> Iterator[Change]:
    held = {_record(cap): cap for cap in now.grade.caps}
    was = {_record(cap): cap for cap in before.grade.caps}
    for record in sorted(held.keys() - was.keys()):
        cap = held[record]
        yield Change(
            _kind("cap_new"), cap.label, "–", tier_name(cap.tier, named(cap.tier, "tier"), lang)
        )
    for record in sorted(was.keys() - held.keys()):
        cap = was[record]
        yield Change(
            _kind("cap_gone"), cap.label, tier_name(cap.tier, named(cap.tier, "tier"), lang), "–"
        )


def _record(cap: Cap) -> tuple[str, str]:
    return cap.document.table, cap.document.document_key


def _alerts(now: Assessment, before: Assessment, lang: Lang) -> Iterator[Change]:
    is_open = {alert.alert_id: alert for alert in now.alerts}
    was_open = {alert.alert_id: alert for alert in before.alerts}
    for alert_id in sorted(is_open.keys() | was_open.keys()):
        new, old = is_open.get(alert_id), was_open.get(alert_id)
        if old is None and new is not None:
            yield Change(_kind("alert_new"), new.label, "–", _colour(new, lang))
        elif new is None and old is not None:
            yield Change(_kind("alert_gone"), old.label, _colour(old, lang), "–")
        elif new is not None and old is not None and new.colour != old.colour:
            yield Change(_kind("alert_colour"), new.label, _colour(old, lang), _colour(new, lang))


def _colour(alert: Alert, lang: Lang) -> str:
    return say(named(alert.colour, "colour"), lang)


def _reasons(now: Assessment, before: Assessment, lang: Lang) -> Iterator[Change]:
    if now.credit is None or before.credit is None:
        return
    was = {reason.feature: reason for reason in before.credit.reasons}
    moved = [
        (abs(_weight(reason) - _weight(was[reason.feature])), reason)
        for reason in now.credit.reasons
        if reason.feature in was
    ]
    strongest = sorted(moved, key=lambda pair: (-pair[0], pair[1].feature))[:_MOST_MOVES]
    for move, reason in strongest:
        if move >= _LEAST_MOVE:
            old = was[reason.feature]
            yield Change(_kind("reason_moved"), reason.label, _told(old, lang), _told(reason, lang))


def _weight(reason: Evidence) -> float:
    return reason.contribution or 0.0


def _told(reason: Evidence, lang: Lang) -> str:
    return f"{value_of(reason, lang)} ({signed(_weight(reason))})"
