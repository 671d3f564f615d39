"""Quarantined entries as people work on them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.results import Words
from intake.ceb_fields import MESSAGES, PAYMENT
from intake.reasons import REASON_WORDS, Reason


class State(StrEnum):
    """How an entry stands."""

    OPEN = "open"
    RESUBMITTED = "resubmitted"
    DISCARDED = "discarded"


STATE_WORDS: Final = {
    State.OPEN: Words(zh="待处理", en="open"),
    State.RESUBMITTED: Words(zh="已重新报送", en="resubmitted"),
    State.DISCARDED: Words(zh="已作废", en="discarded"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One refused row; nothing in it is what was sent, save the business key.

    Attributes:
        entry_id: Its name.
        batch: Receipt under which it was refused.
        received_at: When, China wall clock.
        file: Name of the file it came in.
        file_sha256: Digest of the file.
        kind: CEBnnn, or the table of an extract.
        table_name: Table it was meant for.
        position: Number of the row or business entity in the file, from 1.
        document_key: Its business key, as far as it could be read.
        field: Which field, if one.
        reason: Why, as `intake.reasons.Reason`.
        source: Who sends that table.
        state: How it stands.
        right: What would be right.
    """

    entry_id: str
    batch: str
    received_at: datetime
    file: str
    file_sha256: str
    kind: str
    table_name: str
    position: int
    document_key: str
    field: str | None
    reason: str
    source: str
    state: State
    right: Words

    @property
    def refusal(self) -> Words:
        """Why it was refused, in words."""
        return REASON_WORDS[Reason(self.reason)]

    @property
    def element(self) -> str | None:
        """The element of the message that the field is read from; None in an extract."""
        message = PAYMENT if self.kind == PAYMENT.kind else MESSAGES.get(self.kind)
        targets = () if message is None else message.tables.get(self.table_name, ())
        for target in targets:
            if target.column == self.field and not target.element.startswith("="):
                return f"{target.part}.{target.element}".lstrip(".")
        return None

    @property
    def place(self) -> str:
        """The field, with the message's element that it is read from."""
        return f"{self.field or '–'}{f' ({self.element})' if self.element else ''}"

    @property
    def sentence(self) -> Words:
        """What was refused, where, and what would be right."""
        field_zh = f"字段 {self.place}, " if self.field else ""
        field_en = f", field {self.place}" if self.field else ""
        place_zh = f"文件 {self.file} 第 {self.position} 条 ({self.kind})"
        place_en = f"{self.file}, number {self.position} ({self.kind}){field_en}"
        return Words(
            zh=f"{place_zh}: {field_zh}{self.refusal.zh}; 应为: {self.right.zh}",
            en=f"{place_en}: refused as {self.reason}; right would be {self.right.en}",
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many entries one source, reason, day of receipt and state have."""

    source: str
    reason: str
    day: date
    state: State
    entries: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; None leaves all.

    Attributes:
        limit: How many at most, the latest first.
    """

    source: str | None = None
    reason: str | None = None
    day: date | None = None
    state: str | None = State.OPEN
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list.

    Attributes:
        skip: How many stand before it.
        limit: How many it holds at most.
    """

    skip: int
    limit: int


class Act(StrEnum):
    """What can be done about an entry."""

    OPENED = "opened"
    RESUBMITTED = "resubmitted"
    DISCARDED = "discarded"


ACT_WORDS: Final = {
    Act.OPENED: Words(zh="启封", en="opened"),
    Act.RESUBMITTED: Words(zh="重新报送", en="resubmitted"),
    Act.DISCARDED: Words(zh="作废", en="discarded"),
}
CLOSING: Final = {Act.RESUBMITTED: State.RESUBMITTED, Act.DISCARDED: State.DISCARDED}
"""What closes an entry, and how it stands then."""


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done about an entry, as the journal keeps it.

    Attributes:
        officer: Who did it; None where the same file was simply received again.
        batch: The receipt that took in what was resubmitted.
        why: Why it was opened or discarded.
    """

    act: Act
    officer: str | None
    at: datetime
    batch: str | None
    why: str | None
