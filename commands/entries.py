"""Quarantined entries on the terminal; what senders named is shown without steering it."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.table import Table
from rich.text import Text

from commands.terminal import plain
from domain.results import Words
from intake.entries import ACT_WORDS, STATE_WORDS, Counted, Done, Entry
from intake.reasons import REASON_WORDS, Reason
from presentation.words import named

SHORT: Final = 10
"""Characters of a name that are shown; a million entries hardly share so many."""


def entries_table(entries: Sequence[Entry]) -> Table:
    """Entries, one a row: where each was refused, why, and what would be right."""
    table = Table(title="Refused entries", title_justify="left", show_lines=True)
    table.add_column("id", no_wrap=True)
    table.add_column("received", width=10)
    table.add_column("where", overflow="fold", ratio=3)
    table.add_column("reason", overflow="fold", ratio=3)
    table.add_column("right would be", overflow="fold", ratio=4)
    for entry in entries:
        state = STATE_WORDS[entry.state]
        table.add_row(
            entry.entry_id[:SHORT],
            f"{entry.received_at:%Y-%m-%d %H:%M}",
            Text(f"{plain(entry.file)}\nno. {entry.position}, {entry.kind}"),
            Text(f"{entry.reason}\n{entry.refusal.zh}\n{state.zh} {state.en}"),
            Text(
                f"{entry.place if entry.field else ''}\n{entry.right.zh}\n{entry.right.en}".strip()
            ),
        )
    return table


def counts_table(counted: Sequence[Counted]) -> Table:
    """How many entries there are of each kind."""
    table = Table(title="Refused entries", title_justify="left")
    for column in ("source", "reason", "day", "state"):
        table.add_column(column)
    table.add_column("entries", justify="right")
    for each in counted:
        table.add_row(
            _both(each.source, named(each.source, "source")),
            _both(each.reason, REASON_WORDS[Reason(each.reason)]),
            str(each.day),
            _both(each.state, STATE_WORDS[each.state]),
            f"{each.entries:,}",
        )
    table.add_section()
    table.add_row("all", "", "", "", f"{sum(each.entries for each in counted):,}")
    return table


def entry_lines(entry: Entry, done: Sequence[Done]) -> Iterator[str]:
    """All that is known of an entry without opening it."""
    said = {
        "id": entry.entry_id,
        "state 状态": _both(entry.state, STATE_WORDS[entry.state]),
        "received 接收": f"{entry.received_at:%Y-%m-%d %H:%M:%S}, receipt {entry.batch}",
        "source 来源": _both(entry.source, named(entry.source, "source")),
        "table 数据表": entry.table_name,
        "document 单证": entry.document_key or "–",
        "field 字段": entry.place,
    }
    yield plain(entry.sentence.zh)
    yield plain(entry.sentence.en)
    yield from (f"{name}: {plain(value)}" for name, value in said.items())
    for act in done:
        said_of_it = f"{_both(act.act, ACT_WORDS[act.act])}{_by(act)}"
        yield f"{act.at:%Y-%m-%d %H:%M:%S} {plain(said_of_it)}"


def _both(code: str, words: Words) -> str:
    return code if words.zh == code else f"{code} {words.zh}"


def _by(act: Done) -> str:
    who = "receiving its file again" if act.officer is None else act.officer
    more = f"receipt {act.batch}" if act.batch else act.why
    return f" by {who}: {more}"
