"""The one command: `sandan`, a thin typer app over the doors.

Every command reads its settings from the environment or `.env`, shows progress, and answers a
refusal with one sentence and exit code 1. A stale source is exit code 3.
"""

import json
import os
import secrets
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands import quarantine, sources, watch
from commands.terminal import SCREEN, day, now, open_lake, progress_bar
from domain.errors import Refusal, SourceStale
from domain.officer import Department, Officer, Right
from domain.settings import KEY_BYTES, Settings
from storage.home import Home

_LAST_ANSWERS = 30
"""Seconds for requests under way when the server is told to end."""
app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Sandan 三单: credit grades and risk alerts for a cross-border e-commerce pilot zone.",
)

app.add_typer(quarantine.app, name="quarantine")
app.command()(sources.sources)
app.command()(watch.watch)

Laundering = Annotated[
    bool, typer.Option("--laundering", help="Show what lies in the laundering compartment too.")
]


def main() -> None:
    """Run the command; a refusal becomes one sentence on standard error."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        app()
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(3 if isinstance(refusal, SourceStale) else 1)


@app.command()
def keys() -> None:
    """Print new secrets for `.env`: keep them apart from the home folder.

    Example: sandan keys > .env
    """
    typer.echo(f"SANDAN_PSEUDONYM_KEY={secrets.token_hex(KEY_BYTES)}")
    typer.echo(f"SANDAN_SEAL_KEY={secrets.token_hex(KEY_BYTES)}")


@app.command()
def officer(
    name: Annotated[str, typer.Argument(help="Name, as logs and journals show it.")],
    department: Annotated[Department, typer.Option(help="Whose measures they decide.")],
    right: Annotated[list[Right], typer.Option(help="What they may do; repeat for several.")],
    region: Annotated[list[str] | None, typer.Option(help="Division prefix; repeat.")] = None,
) -> None:
    """Register an officer and print the API key, once.

    Example: sandan officer "Li Wei" --department tax --right read --region 3203
    """
    from storage.officers import add

    rights = frozenset(right)
    who = Officer(name=name, department=department, regions=tuple(region or ()), rights=rights)
    key = add(Home(Settings.read().home), who)
    use = "; it also signs in to the console" if Right.READ in rights else ""
    typer.echo(f"API key of {name}, shown once{use}: {key}")


@app.command()
def simulate(
    ends_on: Annotated[datetime, day("Last day of the zone, as 2026-06-30.")],
    out: Annotated[Path, typer.Option(help="Folder for delivery/ and truth/.")],
    seed: Annotated[int, typer.Option(help="The same seed makes the same bytes.")] = 2026,
    enterprises: Annotated[int, typer.Option(min=20, help="How many, about.")] = 2000,
    months: Annotated[int, typer.Option(min=6, help="How many, the last ending that day.")] = 36,
    orders: Annotated[int, typer.Option(min=10, help="How many, about.")] = 500_000,
) -> None:
    """Make a whole synthetic pilot zone: a delivery to receive, and its truth apart.

    Example: sandan simulate --out zone/simulated --ends-on 2026-06-30
    """
    from pilot_zone.plan import ZonePlan
    from pilot_zone.zone import simulate as make

    plan = ZonePlan(seed, enterprises, months, orders, ends_on.date())
    with progress_bar() as progress:
        summary = make(plan, out, progress)
    typer.echo("\n".join(summary.lines()))


@app.command()
def receive(
    paths: Annotated[list[Path], typer.Argument(help="Messages, extracts, or folders of them.")],
    *,
    history: Annotated[
        bool, typer.Option("--history", help="Backfill before go-live: believe senders' times.")
    ] = False,
) -> None:
    """Take documents in; what cannot be accepted is quarantined with the reason.

    Example: sandan receive /path/to/drop
    """
    from intake.gate import Door
    from intake.quarantine import IntakeKeys
    from intake.receive import receive as take_in
    from reports.closing import documents_table

    settings = Settings.read()
    held = IntakeKeys(*settings.keys())
    with progress_bar() as progress:
        receipt = take_in(paths, open_lake(), held, Door(now(), history), progress)
    SCREEN.print(documents_table(receipt.tables))
    typer.echo("\n".join([f"receipt {receipt.batch}", *receipt.lines()]))
    if receipt.total.quarantined:
        typer.echo("What was refused, and what would be right: sandan quarantine list")


@app.command()
def train(
    cutoff: Annotated[datetime, day("Learn from what was known at the end of this day.")],
    *,
    laundering: Laundering = False,
) -> None:
    """Train challengers on what was known at the cut-off and register them in MLflow.

    Example: sandan train --cutoff 2025-08-31
    """
    from assessment.policy import policy_as_of
    from training.train import train as learn

    scorecard = policy_as_of(cutoff.date()).scorecard
    with progress_bar() as progress:
        result = learn(open_lake(), scorecard, cutoff.date(), progress)
    typer.echo("\n".join(result.lines(laundering=laundering)))


@app.command()
def promote(*, laundering: Laundering = False) -> None:
    """Put challengers in force that beat what is in force on the random inspections.

    Example: sandan promote
    """
    from training.promote import promote_all

    for decision in promote_all(Home(Settings.read().home), laundering=laundering):
        typer.echo(decision)


@app.command()
def scan(
    as_of: Annotated[datetime, day("The night: what was known at the end of this day.")],
    since: Annotated[datetime | None, day("Month ends from this day on, too.")] = None,
) -> None:
    """Grade the whole zone as known at the end of a day, and append it to the ledger.

    With --since every month end from that day on is graded too, the earliest first.

    Example: sandan scan --as-of 2026-06-30
    """
    from domain.nights import month_ends
    from nightly.scan import scanner_of
    from reports.closing import grades_table

    last = as_of.date()
    nights = sorted({*(month_ends(since.date(), last) if since else ()), last})
    scanner = scanner_of(open_lake())
    with progress_bar() as progress:
        outcomes = list(scanner.scan_all(nights, now, progress))
    SCREEN.print(grades_table(outcomes[-1].certificate))
    typer.echo(f"issued as {outcomes[-1].scan_id}")
    if outcomes[-1].stale:
        raise SourceStale(outcomes[-1].stale)


@app.command()
def evaluate(
    after: Annotated[datetime, day("The cut-off that the models were trained at.")],
    truth: Annotated[Path | None, typer.Option(help="Planted truth of a simulated zone.")] = None,
    *,
    laundering: Laundering = False,
) -> None:
    """Measure what was issued on nights after the cut-off against what came to be known.

    Example: sandan evaluate --after 2025-08-31 --truth zone/simulated/truth
    """
    from assessment.policy import policy_as_of
    from reports.closing import evaluation_tables
    from reports.enclosures import leave_evaluation
    from training.backtest import Issued, Period
    from training.backtest import evaluate as measure

    lake = open_lake()
    issued = Issued.of(lake, Right.READ, *((Right.LAUNDERING,) if laundering else ()))
    last = issued.ledger.scan().as_of
    with progress_bar() as progress:
        period = Period(after.date(), last)
        result = measure(issued, policy_as_of(last).scorecard, period, truth, progress)
    if not laundering:
        leave_evaluation(lake.home, result.to_json())
    for table in evaluation_tables(json.loads(result.to_json())):
        SCREEN.print(table)


@app.command()
def summary() -> None:
    """Say what was received, how the last night graded it, and how earlier nights came out.

    Example: sandan summary
    """
    from reports.closing import closing_tables

    for table in closing_tables(Home(Settings.read().home)):
        SCREEN.print(table)


@app.command()
def report(
    as_of: Annotated[datetime, day("A night that was scanned.")],
    enterprise: Annotated[str | None, typer.Option(help="A dossier instead of the zone.")] = None,
) -> None:
    """Write the zone report of a night, or an enterprise's dossier, in both languages.

    Example: sandan report --as-of 2026-06-30 --enterprise 91320300000000003Q
    """
    from reports import Reader, enclosures, write_dossier, write_zone
    from storage.ledger import Ledger

    home = Home(Settings.read().home)
    ledger = Ledger(home)
    for lang in ("zh", "en"):
        reader = Reader(lang)
        if enterprise is None:
            path = write_zone(ledger, home, as_of.date(), reader, enclosures(home))
        else:
            path = write_dossier(ledger, home, enterprise, as_of.date(), reader)
        typer.echo(str(path))


@app.command()
def verify() -> None:
    """Recompute both chains of issued nights; exit code 1 where something was changed.

    Example: sandan verify
    """
    from storage.laundering import Compartment
    from storage.ledger import Ledger

    home = Home(Settings.read().home)
    problems = [*Ledger(home).chain.verify(), *Compartment(home).chain.verify()]
    typer.echo("\n".join(map(str, problems)) or "Both chains hold.")
    raise typer.Exit(bool(problems))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the scoring API and the console.

    Example: sandan serve --port 8000
    """
    import uvicorn

    from scoring_api.app import create_app

    uvicorn.run(
        create_app(Settings.read()),
        host=host,
        port=port,
        access_log=False,
        timeout_graceful_shutdown=_LAST_ANSWERS,
    )


if __name__ == "__main__":
    main()
