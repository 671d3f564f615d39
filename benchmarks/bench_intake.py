"""Receive 200,000 documents as customs messages: CPU seconds against those of parsing alone.

Two child processes read the same files: one parses them and does nothing else, one receives
them into a fresh home. Prints one JSON line.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.ceb_documents import NOW, make
from intake.gate import Door
from intake.quarantine import IntakeKeys
from intake.receive import receive
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake

KEYS = IntakeKeys(pseudonym=b"p" * 32, seal=b"s" * 32)


def parse_floor(folder: Path) -> None:
    """Parse every message, all `end` events, clearing, doing nothing else."""
    for path in sorted(folder.glob("*.xml")):
        for _, element in etree.iterparse(str(path), events=("end",)):
            element.clear()


def take_in(folder: Path) -> None:
    """Receive the folder into a fresh home beside it."""
    home = Home(folder.parent / "home")
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    receipt = receive([folder], lake, KEYS, Door(NOW), lambda *_: None)
    sys.stderr.write(f"{receipt.total!r} {receipt.reasons}\n")
    if receipt.total.quarantined or receipt.not_yet_read:
        message = f"the benchmark's documents are not all accepted: {receipt.reasons}"
        raise SystemExit(message)


_WORK = {"floor": parse_floor, "receive": take_in}


def _measured(work: str, folder: Path) -> dict[str, float]:
    """CPU seconds and peak memory of one piece of work in a process of its own."""
    command = [sys.executable, __file__, work, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Measure once and print the figures as the last line."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "delivery"
        documents, size = make(folder)
        floor, whole = (_measured(work, folder) for work in _WORK)
    figures = {
        "documents": documents,
        "bytes": size,
        "cpu_seconds": whole["cpu_seconds"],
        "parse_floor_cpu_seconds": floor["cpu_seconds"],
        "ratio": round(whole["cpu_seconds"] / floor["cpu_seconds"], 2),
        "peak_rss_mb": whole["peak_rss_mb"],
    }
    print(json.dumps(figures))


def _child(work: str, folder: Path) -> None:
    started = time.process_time()
    _WORK[work](folder)
    figures = {
        "cpu_seconds": round(time.process_time() - started, 2),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
