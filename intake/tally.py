"""What one file brings while its batch is under way."""

from collections import Counter
from dataclasses import dataclass, field

from intake.delivery import File
from intake.memory import FileMemory


@dataclass(slots=True)
class Tally:
    """What one file brought so far, in this batch.

    Attributes:
        file: The file.
        kind: CEBnnn, or the table of an extract.
        before: What is remembered of the same bytes, if they came before.
        offered: Table -> rows read.
        retry: Entities whose refusal may pass later.
        entities: Entities read.
        unknown: Elements or columns that the contract does not know.
    """

    file: File
    kind: str
    before: FileMemory | None
    offered: Counter[str] = field(default_factory=Counter)
    retry: set[int] = field(default_factory=set)
    entities: int = 0
    unknown: Counter[str] = field(default_factory=Counter)

    @property
    def worth_reading(self) -> bool:
        """Whether anything in the file may still be settled."""
        return self.before is None or bool(self.before.retry)

    def wants(self, position: int) -> bool:
        """Whether a row or business entity is still to be settled."""
        return self.before is None or position in self.before.retry

    def memory(self, unknown: dict[str, int]) -> FileMemory:
        """What to remember of the file when it comes again.

        Args:
            unknown: What it holds that the contract does not know, and how often.
        """
        retry = tuple(sorted(self.retry))
        if self.before is not None:
            return self.before.model_copy(update={"retry": retry})
        return FileMemory(
            offered=dict(self.offered),
            retry=retry,
            entities=self.entities,
            unknown=unknown,
            read_as=self.file.read_as,
        )
