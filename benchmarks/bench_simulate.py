"""Simulate a zone of 1,000,000 orders: CPU seconds of this process and its peak memory."""

import json
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pilot_zone.plan import ZonePlan
from pilot_zone.zone import simulate

ORDERS = 1_000_000


def hardware() -> str:
    """The processor's name and the number of processors seen."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor() or platform.machine()


def main() -> None:
    """Run once and print the figures as the last line."""
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        summary = simulate(
            ZonePlan(seed=1, orders=ORDERS),
            Path(folder),
            lambda doing, done: print(f"{done:5.0%} {doing}", flush=True),
        )
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    usage = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "orders": summary.orders,
        "cpu_seconds": round(time.process_time() - started, 2),
        "peak_rss_mb": round(usage.ru_maxrss / 1024, 1),
        "rows": sum(summary.rows.values()),
        "messages": sum(summary.messages.values()),
        "delivered_mb": round(size / 1e6, 1),
        "hardware": hardware(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
