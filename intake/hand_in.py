"""Deliveries under a key: sent again under the same key, they are received once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from domain.delivery_errors import KeyReused, NoReceipt
from intake.delivery import File, files_of
from intake.gate import Delivery, Door
from intake.pseudonym import Pseudonymiser
from intake.quarantine import IntakeKeys
from intake.receipt import Receipt
from intake.receive import alone, take_in
from storage.journal import DELIVERIES, RECEIPTS, Journal
from storage.lake import Lake

_KIND: Final = "delivery"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands in, and under which key.

    Attributes:
        key: What the sender chose to name this one delivery by, for good.
        officer: Who it is; None where files were dropped into a folder.
    """

    key: str
    officer: str | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What came of it.

    Attributes:
        receipt: The receipt.
        before: Whether it was given before, and nothing was received now.
    """

    receipt: Receipt
    before: bool


def hand_in(
    paths: Sequence[Path], lake: Lake, keys: IntakeKeys, sender: Sender, now: datetime
) -> HandedIn:
    """Receive files under a key, or give the receipt that they got under it before.

    The key counts with the batch, in one transaction: after a kill at any moment, handing in
    again comes to the same as handing in once.

    Args:
        paths: Files, or folders of them; see `receive`.
        lake: Where accepted rows go.
        keys: The zone's secrets.
        sender: Who hands in, and under which key.
        now: The door's clock.

    Raises:
        BadDelivery: A path cannot be received at all.
        DeliveryUnderWay: The delivery of this key is being received.
        DoorTaken: Another receipt is under way.
        KeyReused: Under this key other files were received.
    """
    secret = Pseudonymiser(keys.pseudonym)
    key = secret.hash(_KIND, f"{sender.officer or ''}\0{sender.key}")
    with alone(lake.home, now, key):
        files = files_of(paths)
        content = secret.hash(_KIND, _said(files))
        earlier = _earlier(lake.journal, key, content)
        if earlier is not None:
            return HandedIn(earlier, before=True)
        door = Door(now, delivery=Delivery(key, content, sender.officer))
        receipt = take_in(files, lake, keys, door, lambda *_: None)
        return HandedIn(receipt, before=False)


def receipt_given(journal: Journal, batch: str, officer: str) -> str:
    """The receipt that an officer got for a delivery, as JSON.

    Raises:
        NoReceipt: They got none of that name.
    """
    theirs = select(RECEIPTS.c.content).join(DELIVERIES, DELIVERIES.c.batch == RECEIPTS.c.batch)
    theirs = theirs.where(RECEIPTS.c.batch == batch, DELIVERIES.c.officer == officer)
    for row in journal.ask(theirs):
        return str(row["content"])
    raise NoReceipt(batch)


def _said(files: Sequence[File]) -> str:
    """Everything that makes a delivery what it is: no name holds what stands between them."""
    return "\n".join(f"{file.path.name}\0{file.sha256}" for file in files)


def _earlier(journal: Journal, key: str, content: str) -> Receipt | None:
    chosen = select(DELIVERIES.c.content.label("said"), RECEIPTS.c.content)
    chosen = chosen.join(RECEIPTS, RECEIPTS.c.batch == DELIVERIES.c.batch)
    for row in journal.ask(chosen.where(DELIVERIES.c.key == key)):
        if row["said"] != content:
            raise KeyReused
        return Receipt.model_validate_json(row["content"])
    return None
