"""For whom a report is written, and how its file comes to lie where it belongs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.officer import Officer, Right
from presentation.words import Lang
from storage.home import Home

PACKAGE: Final = "reports"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a report is written.

    Attributes:
        lang: Language of the report.
        officer: Who asked; None reads what every officer may.
    """

    lang: Lang = "zh"
    officer: Officer | None = None

    @property
    def cleared(self) -> bool:
        """Whether the laundering compartment may be read."""
        return self.officer is not None and self.officer.may(Right.LAUNDERING)

    @property
    def regions(self) -> tuple[str, ...]:
        """What the reader may see of the zone; empty is all of it."""
        return () if self.officer is None else self.officer.regions

    def folder(self, home: Home) -> Path:
        """Where the reader's reports lie: those of the cleared stay in the compartment."""
        return home.laundering / "reports" if self.cleared else home.reports


def write(path: Path, page: str) -> Path:
    """Write a page whole or not at all; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.touch(mode=0o600)
    unfinished.write_text(page, encoding="utf-8")
    return unfinished.replace(path)
