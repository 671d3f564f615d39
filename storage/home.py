"""Where everything lies in the one home folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The layout of the home folder; nothing else builds paths in it.

    Attributes:
        root: The home folder (`SANDAN_HOME`).
    """

    root: Path

    @property
    def lake(self) -> Path:
        """Accepted rows: `lake/<table>/*.parquet`, of which those count that `journal` names."""
        return self.root / "lake"

    @property
    def quarantine(self) -> Path:
        """Refused entities: reasons as Parquet, their bytes sealed."""
        return self.root / "quarantine"

    @property
    def evidence(self) -> Path:
        """Original bytes of received messages, sealed."""
        return self.root / "evidence"

    @property
    def receipts(self) -> Path:
        """The journal: which files count, and what each batch brought."""
        return self.root / "receipts"

    @property
    def receiving(self) -> Path:
        """Locked while a receipt is under way; holds the day on which it began, and its key."""
        return self.root / "receiving.lock"

    @property
    def watching(self) -> Path:
        """Locked while a drop folder is watched."""
        return self.root / "watching.lock"

    @property
    def spool(self) -> Path:
        """What is handed in over the API, in clear, until it is received; empty otherwise."""
        return self.root / "spool"

    @property
    def officers(self) -> Path:
        """Officers and the digests of their API keys."""
        return self.root / "officers.json"

    @property
    def ledger(self) -> Path:
        """Issued assessments: heads in `ledger.db`, bulky details in Parquet beside it."""
        return self.root / "ledger"

    @property
    def laundering(self) -> Path:
        """The laundering compartment: its own chain, apart from the ledger."""
        return self.root / "laundering"

    @property
    def mlflow(self) -> Path:
        """MLflow's tracking database and artifacts."""
        return self.root / "mlflow"

    @property
    def logs(self) -> Path:
        """Who asked the API for what, one JSON line per request."""
        return self.root / "logs"

    @property
    def reports(self) -> Path:
        """Reports made for reading."""
        return self.root / "reports"

    @property
    def spill(self) -> Path:
        """The engine's temporary files; may be deleted at any time."""
        return self.root / "spill"
