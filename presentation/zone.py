"""What a page or report says of the whole zone on one night, counted from heads and alerts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from domain.results import COLOURS, Alert, AssessmentHead, Versions, Words
from domain.table import Source
from presentation import charts
from presentation.words import Lang, named, say

UNRATED: Final = "unrated"
STRONGEST_FIRST: Final = tuple(reversed(COLOURS))


@dataclass(frozen=True, slots=True)
class ZoneNight:
    """One night of the zone, as far as the reader may see it.

    Attributes:
        heads: The enterprises in the reader's regions.
        alerts: Their alerts outside the laundering compartment, by rank.
        covered: Source -> last day its data is complete; a silent source is absent.
        stale: Sources that were too late for this night, where the reader is told.
    """

    as_of: date
    heads: Sequence[AssessmentHead]
    alerts: Sequence[Alert]
    covered: Mapping[str, date]
    versions: Versions
    stale: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class TierRow:
    """How many enterprises stand in a tier now, and stood on the previous night."""

    code: str
    label: Words
    count: int
    previous: int | None


@dataclass(frozen=True, slots=True)
class Movement:
    """How many enterprises went from one tier to another.

    Attributes:
        tiers: Codes and labels, best first.
        cells: (previous, now) -> enterprises; previous is None for one new on the roll.
    """

    tiers: Sequence[tuple[str, Words]]
    cells: Mapping[tuple[str | None, str], int]
    worsened: int
    improved: int


@dataclass(frozen=True, slots=True)
class TypologyRow:
    """How many alerts of one typology have each colour."""

    code: str
    label: Words
    colours: Mapping[str, int]

    @property
    def total(self) -> int:
        """Alerts of all colours."""
        return sum(self.colours.values())


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How fresh a source is; no day when it never spoke, no state when it is not known here."""

    source: str
    covered_to: date | None
    days_behind: int | None
    state: str | None


def tier_order(codes: set[str]) -> list[str]:
    """Tier codes best first, the unrated last."""
    return sorted(codes, key=lambda code: (code == UNRATED, code))


def tier_name(code: str, label: Words, lang: Lang) -> str:
    """A tier as written on axes: code and label."""
    return say(label, lang) if code == UNRATED else f"{code} {say(label, lang)}"


def tiers_of(night: ZoneNight) -> list[tuple[str, Words]]:
    """Every tier that is or was held, with its label."""
    labels = {head.tier: head.tier_label for head in night.heads}
    held = set(labels) | {head.previous_tier for head in night.heads if head.previous_tier}
    return [(code, labels.get(code) or named(code, "tier")) for code in tier_order(held)]


def distribution(night: ZoneNight) -> list[TierRow]:
    """Enterprises by tier, best first, with the previous night where there was one."""
    now = Counter(head.tier for head in night.heads)
    before = Counter(head.previous_tier for head in night.heads if head.previous_tier)
    return [
        TierRow(code, label, now[code], before[code] if before else None)
        for code, label in tiers_of(night)
    ]


def movement(night: ZoneNight) -> Movement:
    """From which tier to which the enterprises went since the previous night."""
    tiers = tiers_of(night)
    place = {code: i for i, (code, _) in enumerate(tiers)}
    cells = Counter((head.previous_tier, head.tier) for head in night.heads)
    rated = {
        (before, now): count
        for (before, now), count in cells.items()
        if before is not None and UNRATED not in {before, now}
    }
    return Movement(
        tiers=tiers,
        cells=cells,
        worsened=sum(n for (old, new), n in rated.items() if place[new] > place[old]),
        improved=sum(n for (old, new), n in rated.items() if place[new] < place[old]),
    )


def typology_rows(alerts: Sequence[Alert]) -> list[TypologyRow]:
    """Alerts by typology and colour, the typology with the strongest colours first."""
    labels = {alert.typology: alert.label for alert in alerts}
    cells = Counter((alert.typology, alert.colour) for alert in alerts)
    rows = [
        TypologyRow(code, label, {colour: cells[code, colour] for colour in STRONGEST_FIRST})
        for code, label in sorted(labels.items())
    ]
    return sorted(rows, key=lambda row: tuple(-n for n in row.colours.values()))


def colour_counts(alerts: Sequence[Alert]) -> dict[str, int]:
    """Alerts by colour, strongest first."""
    counts = Counter(alert.colour for alert in alerts)
    return {colour: counts[colour] for colour in STRONGEST_FIRST}


def department_counts(alerts: Sequence[Alert]) -> dict[str, dict[str, int]]:
    """Alerts by the departments whose data they rest on, and colour; one may count for several."""
    cells = Counter((each, alert.colour) for alert in alerts for each in alert.departments)
    departments = sorted({department for department, _ in cells})
    return {
        department: {colour: cells[department, colour] for colour in STRONGEST_FIRST}
        for department in departments
    }


def source_rows(
    as_of: date, covered: Mapping[str, date], stale: Sequence[str] | None = None
) -> list[SourceRow]:
    """Every source, with the last day its data is complete and how far that is behind."""
    return [_source_row(source, as_of, covered.get(source), stale) for source in Source]


def shown(night: ZoneNight, lang: Lang) -> dict[str, object]:
    """What every page of the zone shows, by the names that templates use."""
    return {
        "night": night,
        "distribution": distribution(night),
        "movement": movement(night),
        "colours": colour_counts(night.alerts),
        "typologies": typology_rows(night.alerts),
        "names": {head.code: head.name for head in night.heads},
        "tiers": {head.code: head.tier for head in night.heads},
        "grades_chart": grades_chart(night, lang),
        "alerts_chart": alerts_chart(night, lang),
        "sources": source_rows(night.as_of, night.covered, night.stale),
    }


def _source_row(
    source: str, as_of: date, day: date | None, stale: Sequence[str] | None
) -> SourceRow:
    if day is None:
        return SourceRow(source, None, None, "silent")
    state = None if stale is None else "late" if source in stale else "fresh"
    return SourceRow(source, day, (as_of - day).days, state)


def grades_chart(night: ZoneNight, lang: Lang) -> Markup:
    """Chart of the grade distribution, with the previous night where there was one."""
    bars = [
        charts.Bar(tier_name(row.code, row.label, lang), row.count, row.previous)
        for row in distribution(night)
    ]
    return charts.grade_distribution(bars, lang)


def alerts_chart(night: ZoneNight, lang: Lang) -> Markup:
    """Chart of the alerts by typology and colour; empty when there is none."""
    counts = [
        charts.AlertCount(typology_name(row.code, row.label, lang), colour, count)
        for row in typology_rows(night.alerts)
        for colour, count in row.colours.items()
        if count
    ]
    return charts.alerts_by_typology(counts, lang) if counts else Markup("")


def typology_name(code: str, label: Words, lang: Lang) -> str:
    """A typology as written on axes: code and label; what only a model says has no code."""
    return say(label, lang) if code == "model" else f"{code} {say(label, lang)}"
