"""Receive 200,000 documents as customs messages: CPU seconds against those of parsing alone.

Two child processes read the same files: one parses them and does nothing else, the other is
`sandan receive` into a fresh home. Prints one JSON line.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.ceb_documents import make


def parse_floor(folder: Path) -> None:
    """Parse every message, all `end` events, clearing, doing nothing else."""
    for path in sorted(folder.glob("*.xml")):
        for _, element in etree.iterparse(str(path), events=("end",)):
            element.clear()


def _spent(command: Sequence[str], home: Path) -> dict[str, float]:
    """CPU seconds and peak memory of a process of its own."""
    keys = {"SANDAN_PSEUDONYM_KEY": "70" * 32, "SANDAN_SEAL_KEY": "73" * 32}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, **keys, "SANDAN_HOME": str(home)}
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=environment, cwd=home.parent, check=True, capture_output=True, text=True
    )
    sys.stderr.write(done.stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {"cpu_seconds": round(spent, 2), "peak_rss_mb": round(after.ru_maxrss / 1024, 1)}


def _check(home: Path, documents: int) -> None:
    """Every document has to be a row of the lake."""
    tables = ("orders", "payments", "waybills", "declarations")
    files = [path for table in tables for path in (home / "lake" / table).glob("*.parquet")]
    rows = sum(pq.read_metadata(path).num_rows for path in files)
    if rows != documents:
        message = f"{rows} of {documents} documents were accepted"
        raise SystemExit(message)


def main() -> None:
    """Measure once and print the figures as the last line."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, home = Path(temporary) / "delivery", Path(temporary) / "home"
        documents, size = make(folder)
        floor = _spent([sys.executable, __file__, str(folder)], home)
        sandan = Path(sys.executable).with_name("sandan")
        whole = _spent([str(sandan), "receive", str(folder)], home)
        _check(home, documents)
    figures = {
        "documents": documents,
        "bytes": size,
        "cpu_seconds": whole["cpu_seconds"],
        "parse_floor_cpu_seconds": floor["cpu_seconds"],
        "ratio": round(whole["cpu_seconds"] / floor["cpu_seconds"], 2),
        "peak_rss_mb": whole["peak_rss_mb"],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        parse_floor(Path(sys.argv[1]))
    else:
        main()
