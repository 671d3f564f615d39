"""`sandan sources`: what each source is expected to send, and what has come."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from commands.terminal import SCREEN, day, now, open_lake, plain
from domain.errors import DayNotOver, NoSuchChoice, SourceStale

if TYPE_CHECKING:
    from intake.sources import SourceRow


def sources(
    as_of: Annotated[datetime | None, day("As known at the end of this day.")] = None,
    unheard: Annotated[
        str | None, typer.Option(help="A source: list who should have sent to it and did not.")
    ] = None,
) -> None:
    """Say of each source to which day it is complete, what it left out, and who did not send.

    As known at the end of a day, today if none is given. Exit code 3 where a source is stale or
    silent: what needs it is missing, not zero.

    Example: sandan sources --as-of 2026-06-30 --unheard logistics
    """
    from domain.table import Source
    from intake.sources import Freshness
    from intake.sources import sources as rows_of

    today = now().date()
    night = today if as_of is None else as_of.date()
    if night > today:
        raise DayNotOver(night, today)
    if unheard is not None and unheard not in set(Source):
        raise NoSuchChoice("source", unheard, Source)
    rows = rows_of(open_lake().read_signals(night))
    SCREEN.print(sources_table(rows, night))
    for line in _lines(rows, unheard):
        typer.echo(line)
    late = {
        str(row.source): row.complete_to for row in rows if row.freshness is not Freshness.FRESH
    }
    if late:
        raise SourceStale(late)


def sources_table(rows: Sequence["SourceRow"], as_of: date) -> Table:
    """The sources, one a row."""
    from intake.sources import FRESHNESS_WORDS
    from presentation.words import named

    table = Table(title=f"Sources as known on {as_of}", title_justify="left", show_lines=True)
    for column in ("source", "state", "complete\nfrom, to"):
        table.add_column(column)
    for column in ("days\nbehind\n/ may", "rows in\n30 days,\nlast", "heard /\nexpected"):
        table.add_column(column, justify="right")
    for row in rows:
        lag = "–" if row.complete_to is None else (as_of - row.complete_to).days
        last = "–" if row.last_known_at is None else row.last_known_at.date()
        table.add_row(
            f"{row.source}\n{named(row.source, 'source').zh}",
            f"{row.freshness}\n{FRESHNESS_WORDS[row.freshness].zh}",
            f"{row.complete_from or '–'}\n{row.complete_to or '–'}",
            f"{lag}\n/ {row.latest_days}",
            f"{row.rows_lately:,}\n{last}",
            "–" if row.expected is None else f"{row.heard:,}\n/ {row.expected:,}",
        )
    return table


def _lines(rows: Sequence["SourceRow"], unheard: str | None) -> Iterator[str]:
    from presentation.words import named

    for row in rows:
        for first, last in row.gaps:
            words = named(row.source, "source")
            yield f"{words.en} left out {first} to {last}. {words.zh}缺 {first} 至 {last}, 请补报。"
        if row.source != unheard:
            continue
        if row.expected is None:
            yield f"Nobody in particular is expected to send to {row.source}."
        for each in row.unheard:
            yield plain(f"{each.code}  {each.division}  {each.name}")
