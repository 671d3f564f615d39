"""The small zone of the room's tests, and ways to read it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from domain.tables import TABLES
from pilot_zone.plan import ZonePlan
from pilot_zone.zone import ZoneSummary

SMALL = ZonePlan(
    seed=5,
    enterprises=160,
    months=12,
    orders=9000,
    ends_on=date(2026, 6, 30),
    message_documents=300,
)
NOT_SIMULATED = {
    "aliases",
    "import_arrivals",
    "tax_bill_lines",
    "tax_bill_status",
    "return_lines",
    "export_returns",
    "export_return_lines",
    "export_return_arrivals",
    "manifests",
    "summary_applications",
    "summary_results",
    "customs_receipts",
}
SIMULATED = tuple(name for name in TABLES if name not in NOT_SIMULATED)


@dataclass(frozen=True)
class Zone:
    """A simulated zone on disk."""

    folder: Path
    summary: ZoneSummary
    told: list[tuple[str, float]]

    def read(self, table: str) -> pd.DataFrame:
        frame: pd.DataFrame = pq.read_table(
            self.folder / "delivery" / "extracts" / f"{table}.parquet"
        ).to_pandas()
        return frame

    def truth(self, name: str) -> pd.DataFrame:
        frame: pd.DataFrame = pq.read_table(self.folder / "truth" / f"{name}.parquet").to_pandas()
        return frame
