"""The files of a night of the ledger, and the digest and rows they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from domain.results import Assessment
from storage.chain import Contents
from storage.heads import alert_rows, head_rows, ranked_alerts
from storage.payloads import all_payloads, canonical, night_digest, sha256, write_payloads
from storage.schema import ALERTS, HEADS

ASSESSMENTS: Final = "assessments.parquet"
ALERT_FILE: Final = "alerts.parquet"


@dataclass(frozen=True, slots=True)
class NightFiles:
    """Everything that lies in a night's folder.

    Attributes:
        assessments: Canonical JSON by enterprise code.
        alerts: Canonical JSON by rank.
        frames: Name -> table that what-if needs again.
    """

    assessments: Sequence[bytes]
    alerts: Sequence[bytes]
    frames: Mapping[str, pa.Table]

    @classmethod
    def of(
        cls, assessments: Sequence[Assessment], frames: Mapping[str, pd.DataFrame]
    ) -> "NightFiles":
        """The files of a night that is to be issued."""
        return cls(
            [canonical(assessment) for assessment in assessments],
            [canonical(alert) for _, alert in ranked_alerts(assessments)],
            {
                name: pa.Table.from_pandas(frame, preserve_index=True)
                for name, frame in frames.items()
            },
        )

    @classmethod
    def read(cls, folder: Path) -> "NightFiles":
        """The files of a night as they lie there."""
        own = {folder / ASSESSMENTS, folder / ALERT_FILE}
        return cls(
            list(all_payloads(folder / ASSESSMENTS)),
            list(all_payloads(folder / ALERT_FILE)),
            {path.stem: pq.read_table(path) for path in sorted(set(folder.iterdir()) - own)},
        )

    def write(self, folder: Path) -> None:
        """Write them all into an empty folder."""
        write_payloads(folder / ASSESSMENTS, self.assessments)
        write_payloads(folder / ALERT_FILE, self.alerts)
        for name, table in self.frames.items():
            pq.write_table(table, folder / f"{name}.parquet")

    def contents(self, as_of: date, assessments: Sequence[Assessment]) -> Contents:
        """The digest and rows they come to; `assessments` are the same, read."""
        digests = [sha256(payload) for payload in self.assessments]
        alerts = [sha256(payload) for payload in self.alerts]
        return Contents(
            night_digest(as_of, {"assessments": digests, "alerts": alerts}, self.frames),
            ((HEADS, head_rows(assessments, digests)), (ALERTS, alert_rows(assessments))),
        )


def recount(as_of: date, folder: Path) -> Contents:
    """What the files in `folder` come to now."""
    files = NightFiles.read(folder)
    read = [Assessment.model_validate_json(payload) for payload in files.assessments]
    return files.contents(as_of, read)
