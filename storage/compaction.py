"""Which small files of a table are merged into one, so that many receipts do not slow readers.

What is merged says the same as before, row for row. The files that it replaces stay on disk for
a while, since a reader asks once which files count and then reads these.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

SMALL_BYTES: Final = 1 << 20
AT_ONCE: Final = 64
"""Small files of one table that are merged once there are so many."""
KEPT_FOR: Final = timedelta(days=2)
"""How long a replaced file stays for those who still read it: longer than any scan takes."""


def due(files: Mapping[str, Sequence[Path]]) -> dict[str, list[Path]]:
    """Table -> its small files, where there are enough of them to be worth merging."""
    small = {name: [path for path in paths if _is_small(path)] for name, paths in files.items()}
    return {name: paths for name, paths in small.items() if len(paths) >= AT_ONCE}


def _is_small(path: Path) -> bool:
    return path.stat().st_size < SMALL_BYTES
