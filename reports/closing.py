"""The closing words of a run on the terminal: what came in, what was graded, how it came out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rich.table import Table

from domain.results import Alert
from intake.receipt import Count
from presentation.issued import zone_night
from presentation.zone import STRONGEST_FIRST, typology_rows
from reports.enclosures import enclosures
from storage.certificate import Certificate
from storage.home import Home
from storage.ledger import Ledger


def closing_tables(home: Home) -> Iterator[Table]:
    """What was received, last night and last evaluation of a home.

    Raises:
        NoNight: Nothing was ever scanned.
    """
    ledger, enclosed = Ledger(home), enclosures(home)
    if enclosed.received is not None:
        yield documents_table(enclosed.received.tables)
    yield grades_table(ledger.certificate())
    night = zone_night(ledger, ledger.scan().as_of)
    yield alerts_table(night.as_of, night.alerts)
    if enclosed.evaluation is not None:
        yield from evaluation_tables(enclosed.evaluation)


def documents_table(tables: Mapping[str, Count]) -> Table:
    """Documents offered, accepted and quarantined, by table."""
    table = _table("Documents received", "table", *Count.model_fields)
    for name, count in tables.items():
        table.add_row(name, *_numbers(count))
    table.add_section()
    table.add_row("all", *_numbers(sum(tables.values(), start=Count())))
    return table


def grades_table(certificate: Certificate) -> Table:
    """Enterprises by tier."""
    table = _table(f"Credit grades as of {certificate.as_of}", "tier", "enterprises", "share")
    whole = sum(certificate.tiers.values())
    for tier, count in certificate.tiers.items():
        table.add_row(tier, f"{count:,}", f"{count / whole:.1%}")
    return table


def alerts_table(as_of: date, alerts: Sequence[Alert]) -> Table:
    """Alerts by typology and colour; the laundering compartment's only if they are given."""
    table = _table(f"Alerts as of {as_of}", "typology", "in words", *STRONGEST_FIRST)
    for row in typology_rows(alerts):
        table.add_row(row.code, row.label.en, *map(str, row.colours.values()))
    return table


def evaluation_tables(evaluation: Mapping[str, Any]) -> Iterator[Table]:
    """How issued grades and alerts came out on nights that no model saw.

    Args:
        evaluation: As `training.backtest.Evaluation.to_json` gives it.
    """
    nights = evaluation["credit_nights"]
    period = f"nights {nights[0]} to {nights[-1]}" if nights else "no night whose horizon is over"
    table = _table(
        f"Credit against observed labels, {period}",
        "figure", "value", "95 % interval", "rows", "adverse",
    )  # fmt: skip
    for name, figure in evaluation["credit"].items():
        table.add_row(name, *_figure(figure))
    yield table
    if evaluation["truth"] is not None:
        yield from _truth_tables(evaluation["truth"])


def _truth_tables(truth: Mapping[str, Any]) -> Iterator[Table]:
    table = _table(
        f"Against planted truth (synthetic), {truth['budget']:.0%} of enterprises checked a night",
        "typology", "cases", "caught", "recall", "named so", "look-alikes", "falsely alerted",
    )  # fmt: skip
    for typology in sorted(truth["schemes"], key=lambda code: (len(code), code)):
        case = truth["schemes"][typology]
        like = truth["lookalikes"].get(typology, {"lookalikes": 0, "alerted": 0})
        share = f"{case['caught'] / case['cases']:.0%}" if case["cases"] else "–"
        counts = (case["cases"], case["caught"], share, case["named"], *like.values())
        table.add_row(typology, *map(str, counts))
    yield table
    lead = _table("Lead time", "median days from first alert to known finding", "cases")
    days = truth["lead_days"]
    lead.add_row("–" if days is None else f"{days:g}", str(truth["lead_cases"]))
    yield lead
    hit = _table("Precision", "enterprise-nights checked", "with a case in the year before")
    hit.add_row(f"{truth['chosen']:,}", f"{truth['chosen_in_case']:,}")
    yield hit


def _figure(figure: Mapping[str, Any]) -> tuple[str, ...]:
    value, low, high = (figure[name] for name in ("value", "low", "high"))
    interval = "–" if low is None else f"{low:.3f} to {high:.3f}"
    shown = "–" if value is None else f"{value:.3f}"
    return shown, interval, f"{figure['rows']:,}", f"{figure['positives']:,}"


def _numbers(count: Count) -> tuple[str, ...]:
    return tuple(f"{rows:,}" for _, rows in count)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    return table
