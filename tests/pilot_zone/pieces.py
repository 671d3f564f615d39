"""The small zone of the room's tests, and ways to read it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

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
