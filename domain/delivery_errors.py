"""Refusals of those who hand documents in."""

from domain.errors import Refusal


class DocumentTooLarge(Refusal):
    """A document of more bytes than are taken at once."""

    def __init__(self, largest: int) -> None:
        super().__init__(
            f"A document is at most {largest >> 20} MiB; nothing of this one was received. Hand "
            "it in in parts, or as a file to the zone's operator."
        )


class DoorTaken(Refusal):
    """Another receipt is under way."""

    def __init__(self) -> None:
        super().__init__(
            "Another receipt is under way, and one is taken in at a time; nothing of this one was "
            "received. Try again in a moment."
        )


class DeliveryUnderWay(Refusal):
    """A delivery that is being received at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "The delivery with this Idempotency-Key is being received at this moment; ask again "
            "in a moment for its receipt, with the same key and the same bytes."
        )


class KeyReused(Refusal):
    """An idempotency key that named another delivery."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key named a delivery with another name or other bytes; nothing was "
            "received. Give every delivery a key of its own, and only the same one again the same."
        )


class NoReceipt(Refusal):
    """No receipt of that name was given to whoever asks."""

    def __init__(self, batch: str) -> None:
        super().__init__(
            f"No delivery of yours has a receipt named {batch!r}; the answer to a delivery names "
            "its receipt in the header Location."
        )


class FolderWatched(Refusal):
    """A second watch of one home."""

    def __init__(self) -> None:
        super().__init__(
            "A drop folder is being watched for this home already; one watch is enough, for each "
            "sender may have a folder in the folder that is watched."
        )
