"""Labels: what was confirmed, by a cut-off day, of the time after a night.

A row is adverse when a confirmed act overlaps the horizon after its `as_of`. Clean it is only
where somebody looked: an inspection in the horizon, or a register that covers everyone. All else
is unknown, dropped and counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from domain.signals import Signals
from domain.table import Source

HORIZON = timedelta(days=183)
FRAUD_ACTS = frozenset(
    {
        "identity_misuse",
        "splitting",
        "valuation",
        "false_trade",
        "rebate_fraud",
        "logistics_fraud",
        "fx_mismatch",
    }
)
LAUNDERING_ACTS = frozenset({"laundering"})
ADVERSE_EVENTS = (
    "penalty",
    "serious_list",
    "abnormal_list",
    "tax_abnormal",
    "court_default",
)
ADVERSE_GRADES = {"tax": ("D",), "customs": ("失信", "严重失信")}
STREAMS = ("random", "targeted", "complaint", "register")
"""How a label came to be, the least selected first: of several, the first one counts."""


class Target(StrEnum):
    """What a model is to foresee."""

    CREDIT = "credit"
    FRAUD = "fraud"
    LAUNDERING = "laundering"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Everything confirmed by the end of `known_to`.

    Attributes:
        known_to: The cut-off day.
        register_covers_to: Last day for which lists, penalties and grades are complete.
        findings: enterprise, found_by, adverse, act, inspected_on, acts_from, acts_to,
            known_on.
        events: enterprise, decided_on: new adverse entries and grades.
    """

    known_to: date
    register_covers_to: date | None
    findings: pd.DataFrame
    events: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one night.

    Attributes:
        rows: Index enterprise; `label` 1 or 0; `found_by` one of `STREAMS`; `random`: an
            inspection drawn at random fell into the horizon, so that suspicion did not choose
            the row. `random` rows are the yardstick.
        unknown: Reason -> enterprises without a label.
    """

    rows: pd.DataFrame
    unknown: Mapping[str, int]


def read_outcomes(signals: Signals) -> Outcomes:
    """Collect what was confirmed by the cut-off day `signals.as_of`."""
    findings = signals.findings.select(
        "found_by", "adverse", "act", "inspected_on", "acts_from", "acts_to",
        enterprise="enterprise_code", known_on="known_at",
    ).to_pandas()  # fmt: skip
    days = ["inspected_on", "acts_from", "acts_to", "known_on"]
    findings[days] = findings[days].apply(pd.to_datetime)
    for bound in ("acts_from", "acts_to"):
        findings[bound] = findings[bound].fillna(findings["inspected_on"])
    return Outcomes(
        known_to=signals.as_of,
        register_covers_to=signals.covered.get(Source.MARKET_SUPERVISION),
        findings=findings,
        events=pd.concat([_events(signals), _new_adverse_grades(signals)], ignore_index=True),
    )


def label(outcomes: Outcomes, target: Target, as_of: date, roll: pd.Index) -> Labels:
    """Label the enterprises of one night.

    Args:
        outcomes: What was confirmed by the cut-off.
        target: What to foresee.
        as_of: The night; the horizon is (as_of, as_of + `HORIZON`].
        roll: The enterprises of that night.
    """
    closed = as_of + HORIZON
    if closed > outcomes.known_to:
        return _nothing(roll, "horizon_still_open")
    covered_to = outcomes.register_covers_to
    if target is Target.CREDIT and (covered_to is None or covered_to < closed):
        return _nothing(roll, "register_not_covered")
    begin, end = pd.Timestamp(as_of), pd.Timestamp(closed)
    window = _Window(outcomes.findings[outcomes.findings["enterprise"].isin(roll)], begin, end)
    if target is Target.CREDIT:
        decided = outcomes.events["decided_on"]
        listed = outcomes.events[(decided > begin) & (decided <= end)]["enterprise"]
        return _credit(window, pd.Index(listed), roll)
    return _inspected(window, target, roll)


@dataclass(frozen=True, slots=True)
class _Window:
    """Findings that may speak of one horizon."""

    findings: pd.DataFrame
    begin: pd.Timestamp
    end: pd.Timestamp

    def adverse(self, acts: frozenset[str] | None) -> pd.DataFrame:
        """Confirmed acts, of the kinds named, that overlap the horizon."""
        rows = self.findings
        overlaps = (rows["acts_from"] <= self.end) & (rows["acts_to"] > self.begin)
        wanted = rows["adverse"] & overlaps
        return rows[wanted if acts is None else wanted & rows["act"].isin(acts)]

    def inspections(self) -> pd.DataFrame:
        """Inspections that began in the horizon."""
        began = self.findings["inspected_on"]
        return self.findings[(began > self.begin) & (began <= self.end)]


def _credit(window: _Window, listed: pd.Index, roll: pd.Index) -> Labels:
    found = window.adverse(None)
    adverse = roll[roll.isin(found["enterprise"]) | roll.isin(listed)]
    speaking = pd.concat([found, _clean(window.inspections(), adverse)])
    return Labels(_rows(roll, adverse, speaking, window), {})


def _inspected(window: _Window, target: Target, roll: pd.Index) -> Labels:
    acts = FRAUD_ACTS if target is Target.FRAUD else LAUNDERING_ACTS
    found, inspections = window.adverse(acts), window.inspections()
    adverse = roll[roll.isin(found["enterprise"])]
    looked = roll[roll.isin(inspections["enterprise"])].difference(adverse)
    other = looked[looked.isin(inspections[inspections["adverse"]]["enterprise"])]
    clean = looked if target is Target.LAUNDERING else looked.difference(other)
    speaking = pd.concat([found, _clean(inspections, adverse)])
    rows = _rows(adverse.union(clean), adverse, speaking, window)
    unknown = {"other_act": len(looked) - len(clean)}
    unknown["not_inspected"] = len(roll) - len(adverse) - len(looked)
    return Labels(rows, unknown)


def _clean(inspections: pd.DataFrame, adverse: pd.Index) -> pd.DataFrame:
    return inspections[~inspections["enterprise"].isin(adverse)]


def _rows(
    known: pd.Index, adverse: pd.Index, speaking: pd.DataFrame, window: _Window
) -> pd.DataFrame:
    ranks = {stream: rank for rank, stream in enumerate(STREAMS)}
    first = speaking["found_by"].map(ranks).astype(float).groupby(speaking["enterprise"]).min()
    inspections = window.inspections()
    drawn = inspections[inspections["found_by"] == "random"]["enterprise"]
    rank = first.reindex(known).fillna(ranks["register"]).astype(int)
    columns = {
        "label": known.isin(adverse).astype(int),
        "found_by": [STREAMS[place] for place in rank],
        "random": known.isin(drawn),
    }
    return pd.DataFrame(columns, index=pd.Index(known, name="enterprise"))


def _nothing(roll: pd.Index, reason: str) -> Labels:
    empty = pd.DataFrame(
        {
            "label": pd.Series(dtype=int),
            "found_by": pd.Series(dtype=str),
            "random": pd.Series(dtype=bool),
        },
        index=pd.Index([], name="enterprise", dtype=roll.dtype),
    )
    return Labels(empty, {reason: len(roll)})


def _events(signals: Signals) -> pd.DataFrame:
    events = signals.registry_events
    rows = events.filter(events.kind.isin(ADVERSE_EVENTS)).select(
        "decided_on", enterprise="enterprise_code"
    )
    return _dated(rows.to_pandas())


def _new_adverse_grades(signals: Signals) -> pd.DataFrame:
    """First days of adverse grades; a grade merely renewed is not news."""
    grades = signals.authority_grades
    rows = grades.filter(grades.scheme.isin(tuple(ADVERSE_GRADES))).select(
        "scheme", "grade", decided_on="valid_from", enterprise="enterprise_code"
    )
    known = _dated(rows.to_pandas()).sort_values(["enterprise", "scheme", "decided_on"])
    adverse = pd.Series(
        [
            grade in ADVERSE_GRADES[scheme]
            for scheme, grade in zip(known["scheme"], known["grade"], strict=True)
        ],
        index=known.index,
        dtype=bool,
    )
    before = adverse.groupby([known["enterprise"], known["scheme"]]).shift(fill_value=False)
    return known[adverse & ~before.astype(bool)][["enterprise", "decided_on"]]


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    rows["decided_on"] = pd.to_datetime(rows["decided_on"])
    return rows
