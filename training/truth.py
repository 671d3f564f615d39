"""Issued alerts against planted truth: only a simulated zone knows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from domain.errors import NoTruth
from domain.results import COLOURS, Alert
from training.figures import BUDGET


@dataclass(frozen=True, slots=True)
class AlertedNight:
    """Whom a night would have sent officers to.

    Attributes:
        as_of: The night.
        enterprises: Enterprises on the roll.
        alerts: Every alert of the night, laundering ones too where they may be read.
    """

    as_of: date
    enterprises: int
    alerts: Sequence[Alert]

    def chosen(self) -> dict[str, set[str]]:
        """Enterprise -> typologies of its alerts, for the first `BUDGET` of enterprises.

        The strongest colour goes first, then the rank, then the code.
        """
        order = sorted(
            self.alerts,
            key=lambda alert: (-COLOURS.index(alert.colour), alert.rank, alert.enterprise_code),
        )
        within = list(dict.fromkeys(alert.enterprise_code for alert in order))
        kept = set(within[: ceil(BUDGET * self.enterprises)])
        chosen: dict[str, set[str]] = {code: set() for code in kept}
        for alert in order:
            if alert.enterprise_code in kept:
                chosen[alert.enterprise_code].add(alert.typology)
        return chosen


@dataclass(frozen=True, slots=True)
class Caught:
    """Cases of one scheme that were active on an evaluated night.

    Attributes:
        cases: How many there were.
        caught: With a member within the budget on a night while it was active.
        named: Caught by an alert of the scheme's own typology.
    """

    cases: int
    caught: int
    named: int


@dataclass(frozen=True, slots=True)
class Disturbed:
    """Innocent look-alikes of one typology on the evaluated nights.

    Attributes:
        lookalikes: Enterprises that looked so on a night and were in no case that year.
        alerted: Within the budget on such a night.
    """

    lookalikes: int
    alerted: int


@dataclass(frozen=True, slots=True)
class TruthFigures:
    """What planted truth says of the alerts.

    Attributes:
        budget: Share of enterprises checked per night.
        schemes: Typology -> its cases.
        lookalikes: Typology -> those that look like it.
        chosen: Enterprise-nights within the budget.
        chosen_in_case: Of these, with a case active in the year before.
        lead_days: Median days from the first alert within the budget to the day the finding
            became known, over cases with such a finding after the first night; else None.
        lead_cases: How many cases that is.
    """

    budget: float
    schemes: Mapping[str, Caught]
    lookalikes: Mapping[str, Disturbed]
    chosen: int
    chosen_in_case: int
    lead_days: float | None
    lead_cases: int


@dataclass(frozen=True, slots=True)
class Truth:
    """Planted cases and look-alikes.

    Attributes:
        schemes: case_id, typology, enterprise_code, starts_on, ends_on.
        lookalikes: typology, enterprise_code, starts_on, ends_on.
    """

    schemes: pd.DataFrame
    lookalikes: pd.DataFrame


def read_truth(folder: Path) -> Truth:
    """Read `schemes.parquet` and `lookalikes.parquet` of a simulated zone.

    Raises:
        NoTruth: One of them is not there.
    """
    return Truth(*(_dated(folder / f"{name}.parquet") for name in ("schemes", "lookalikes")))


def against_truth(
    nights: Sequence[AlertedNight], truth: Truth, findings: pd.DataFrame
) -> TruthFigures:
    """Measure issued alerts against planted truth.

    Args:
        nights: Evaluated nights in order.
        truth: What was planted.
        findings: enterprise, adverse, acts_from, acts_to, known_on.
    """
    chosen = {pd.Timestamp(night.as_of): night.chosen() for night in nights}
    caught = _first_caught(chosen, truth.schemes)
    recent = _active(chosen, truth.schemes.assign(ends_on=_year_later(truth.schemes)))
    in_case = set(zip(recent["night"], recent["enterprise_code"], strict=True))
    leads = _leads(caught, findings, min(chosen, default=pd.Timestamp.max))
    return TruthFigures(
        budget=BUDGET,
        schemes=_by_scheme(caught),
        lookalikes=_disturbed(chosen, truth.lookalikes, in_case),
        chosen=sum(len(codes) for codes in chosen.values()),
        chosen_in_case=sum(
            (night, code) in in_case for night, codes in chosen.items() for code in codes
        ),
        lead_days=float(median(leads)) if leads else None,
        lead_cases=len(leads),
    )


_Chosen = Mapping[pd.Timestamp, Mapping[str, set[str]]]


def _active(nights: _Chosen, spans: pd.DataFrame) -> pd.DataFrame:
    """The rows of `spans` once for every night that lies in them."""
    each = spans.merge(pd.DataFrame({"night": pd.to_datetime(list(nights))}), how="cross")
    return each[(each["starts_on"] <= each["night"]) & (each["night"] <= each["ends_on"])]


def _first_caught(chosen: _Chosen, schemes: pd.DataFrame) -> pd.DataFrame:
    """One row per case active on a night: first night caught (NaT if never), and by which name."""
    rows = _active(chosen, schemes)
    places = zip(rows["night"], rows["enterprise_code"], strict=True)
    said = [chosen[night].get(code) for night, code in places]
    rows = rows.assign(
        caught_on=rows["night"].where(np.array([each is not None for each in said], dtype=bool)),
        named=[
            each is not None and own in each
            for each, own in zip(said, rows["typology"], strict=True)
        ],
    )
    return rows.groupby(["case_id", "typology"], as_index=False).agg(
        caught_on=("caught_on", "min"),
        named=("named", "any"),
        members=("enterprise_code", frozenset),
        starts_on=("starts_on", "min"),
        ends_on=("ends_on", "max"),
    )


def _by_scheme(caught: pd.DataFrame) -> dict[str, Caught]:
    return {
        str(typology): Caught(
            cases=len(cases),
            caught=int(cases["caught_on"].notna().sum()),
            named=int(cases["named"].sum()),
        )
        for typology, cases in caught.groupby("typology")
    }


def _disturbed(
    chosen: _Chosen, lookalikes: pd.DataFrame, in_case: set[tuple[pd.Timestamp, str]]
) -> dict[str, Disturbed]:
    rows = _active(chosen, lookalikes)
    places = list(zip(rows["night"], rows["enterprise_code"], strict=True))
    innocent = rows.assign(alerted=[code in chosen[night] for night, code in places])
    innocent = innocent[np.array([place not in in_case for place in places], dtype=bool)]
    alerted = innocent.groupby(["typology", "enterprise_code"])["alerted"].any()
    return {
        str(typology): Disturbed(len(each), int(each.sum()))
        for typology, each in alerted.groupby("typology")
    }


def _leads(caught: pd.DataFrame, findings: pd.DataFrame, first: pd.Timestamp) -> list[float]:
    known = findings[findings["adverse"] & (findings["known_on"] > first)]
    days = []
    for _, case in caught[caught["caught_on"].notna()].iterrows():
        overlaps = (known["acts_from"] <= case["ends_on"]) & (known["acts_to"] >= case["starts_on"])
        found = known[overlaps & known["enterprise"].isin(case["members"])]["known_on"]
        if len(found):
            days.append(float((found.min() - case["caught_on"]).days))
    return days


def _dated(file: Path) -> pd.DataFrame:
    if not file.is_file():
        raise NoTruth(file)
    rows = pd.read_parquet(file)
    for name in ("starts_on", "ends_on"):
        rows[name] = pd.to_datetime(rows[name]).astype("datetime64[us]")
    return rows


def _year_later(schemes: pd.DataFrame) -> pd.Series:
    return schemes["ends_on"] + pd.Timedelta(days=365)
