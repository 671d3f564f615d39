"""`sandan quarantine`: what was refused, to look at, and to correct or discard."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import typer

from commands.terminal import SCREEN, now, open_lake, plain
from domain.errors import BadSetting, NotWritten
from domain.officer import Officer
from domain.settings import Settings
from storage.home import Home
from storage.officers import officer_of

if TYPE_CHECKING:
    from intake.receipt import Receipt
    from intake.workbench import Workbench

app = typer.Typer(
    no_args_is_help=True,
    help="What was refused, to look at, and to correct or discard. Looking shows nothing of what "
    "was sent and needs no officer; opening, correcting and discarding need the right `unseal`: "
    "set SANDAN_API_KEY to the officer's key.",
)

_Why = Annotated[str, typer.Option(help="What for; it is kept with your name.")]
_Names = Annotated[list[str], typer.Argument(metavar="ID...", help="Entries, by `list`.")]
_ANY: Final = "any"
_ON: Final = typer.Option("--day", formats=["%Y-%m-%d"], help="Refused on this day.")


@app.command("list")
def list_entries(
    source: Annotated[str | None, typer.Option(help="Who sends what was refused.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why it was refused.")] = None,
    on: Annotated[datetime | None, _ON] = None,
    state: Annotated[str, typer.Option(help=f"open, resubmitted, discarded, or {_ANY}.")] = "open",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
) -> None:
    """List refused entries, the latest first; any beginning of an id will do elsewhere.

    Example: sandan quarantine list --source customs --reason unknown_enterprise
    """
    from commands.entries import entries_table
    from intake.entries import Wanted
    from intake.listing import Listing

    that = None if on is None else on.date()
    among = None if state == _ANY else state
    # one more than is shown tells whether there are more
    found = Listing(open_lake()).entries(Wanted(source, reason, that, among, limit + 1))
    if not found:
        typer.echo("There is no such entry.")
        return
    SCREEN.print(entries_table(found[:limit]))
    if len(found) > limit:
        typer.echo(f"There are more than these {limit:,}; see `counts`, or give --limit.")


@app.command()
def counts() -> None:
    """Count refused entries by source, reason, day and state, against all receipts.

    Example: sandan quarantine counts
    """
    from commands.entries import counts_table
    from intake.listing import Listing

    listing = Listing(open_lake())
    counted, balance = listing.counts(), listing.balance()
    SCREEN.print(counts_table(counted))
    typer.echo(
        f"By all receipts: offered {balance.offered:,} = accepted {balance.accepted:,} "
        f"+ unchanged {balance.unchanged:,} + quarantined {balance.quarantined:,} rows."
    )
    held = sum(each.entries for each in counted)
    if held != balance.quarantined:
        sys.stderr.write(f"But {held:,} entries are held: restore the home from a copy.\n")
        raise typer.Exit(1)


@app.command()
def show(
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="An entry, by `list`.")],
) -> None:
    """Say what is wrong with an entry, what would be right, and what was done about it.

    Example: sandan quarantine show 3f9a1c
    """
    from commands.entries import entry_lines
    from intake.listing import Listing

    listing = Listing(open_lake())
    (name,) = listing.named([entry_id])
    typer.echo("\n".join(entry_lines(listing.entry(name), listing.done(name))))


@app.command("open")
def open_entry(
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="An entry, by `list`.")],
    why: _Why,
    out: Annotated[Path | None, typer.Option(help="A new file that only you may read.")] = None,
) -> None:
    """Give what was sent, in clear, to correct it. Who opens it is written down before.

    Example: sandan quarantine open 3f9a1c --why "correct goodsValue" --out order.xml
    """
    if out is None and sys.stdout.isatty():
        # a sender's bytes could steer the terminal
        raise typer.BadParameter("give a new file, or pipe the output on.", param_hint="--out")
    officer, bench = _at_work()
    (name,) = bench.named([entry_id])
    with _sink(out) as sink:
        for block in bench.open(name, officer, why, now()):
            sink.write(block)
    if out is not None:
        typer.echo(f"{out} holds it in clear; delete it when it is corrected.")


@app.command()
def correct(
    entry_ids: _Names,
    corrected: Annotated[
        list[Path], typer.Option("--with", help="A corrected file; repeat for several.")
    ],
) -> None:
    """Receive corrected files; the entries are closed if nothing of them is refused.

    Example: sandan quarantine correct 3f9a1c 77b2e0 --with order.xml
    """
    from intake.gate import Door
    from reports.closing import documents_table

    officer, bench = _at_work()
    names = bench.named(entry_ids)
    receipt = bench.resubmit(names, corrected, officer, Door(now()))
    SCREEN.print(documents_table(receipt.tables))
    typer.echo("\n".join([*receipt.lines(), _outcome(bench, names, receipt)]))


@app.command()
def discard(entry_ids: _Names, why: _Why) -> None:
    """Close entries that need no correction; they stay listed, with the reason.

    Example: sandan quarantine discard 3f9a1c --why "test data of the sender"
    """
    officer, bench = _at_work()
    names = bench.named(entry_ids)
    bench.discard(names, officer, why, now())
    typer.echo(f"{_entries(names)} discarded; what was sent stays sealed, and the reason is kept.")


def _at_work() -> tuple[Officer, "Workbench"]:
    """The officer whose key is in the environment, and the workbench of the home."""
    from intake.quarantine import IntakeKeys
    from intake.workbench import Workbench

    settings = Settings.read()
    officer = officer_of(Home(settings.home), settings.officers_key())
    if officer is None:
        raise BadSetting("SANDAN_API_KEY", "no officer of this home holds the key that it names")
    return officer, Workbench(open_lake(), IntakeKeys(*settings.keys()))


@contextmanager
def _sink(out: Path | None) -> Iterator[BinaryIO]:
    """Where clear bytes go: the output, or a new file for its owner alone, whole or not at all."""
    try:
        new = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        handle = sys.stdout.fileno() if out is None else os.open(out, new, 0o600)
    except OSError as wrong:
        raise _not_written(out, wrong) from wrong
    try:
        with os.fdopen(handle, "wb", closefd=out is not None) as sink:
            yield sink
    except BaseException as wrong:
        if out is not None:
            out.unlink()
        if isinstance(wrong, OSError):
            raise _not_written(out, wrong) from wrong
        raise


def _not_written(out: Path | None, wrong: OSError) -> NotWritten:
    return NotWritten(out or "The output", (wrong.strerror or str(wrong)).lower())


def _outcome(bench: "Workbench", names: Sequence[str], receipt: "Receipt") -> str:
    from intake.entries import State

    # all are closed with the receipt, or none
    if bench.entry(names[0]).state is State.RESUBMITTED:
        return f"{_entries(names)} closed with receipt {receipt.batch}."
    seen = [plain(file.name) for file in receipt.files if file.seen_before]
    if seen:
        why = f"{', '.join(seen)} had been received before as it is; correct it"
    elif receipt.total.offered:
        why = "part of the corrected files was refused; see `list` for what would be right"
    else:
        why = "the corrected files hold no row"
    return f"{_entries(names)} still open: {why}."


def _entries(names: Sequence[str]) -> str:
    return "1 entry is" if len(names) == 1 else f"{len(names):,} entries are"
