"""The append-only ledger of issued assessments.

Heads and hashes lie in the database, bulky details in Parquet beside it; both are read by row,
never a whole night to answer one question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
from sqlalchemy import Column, RowMapping, Select, select

from domain.errors import BadCode, NoNight, Refusal, UnknownEnterprise
from domain.identity import is_credit_code, is_customs_code, normal_code
from domain.place import Place
from domain.results import Alert, Assessment, AssessmentHead
from domain.standing import Standing
from storage import queries
from storage.certificate import Certificate
from storage.chain import Chain, Entry, Kind, Scan
from storage.contents import ALERT_FILE, ASSESSMENTS, NightFiles, recount
from storage.heads import head_of
from storage.home import Home
from storage.payloads import (
    all_payloads,
    canonical,
    read_payloads,
    reranked,
)
from storage.queries import AlertFilter, HeadFilter
from storage.schema import ALERTS, HEADS, LEDGER_TABLES

_KIND: Final = Kind(LEDGER_TABLES, recount)
_ALL_ALERTS: Final = AlertFilter()
_ALL_HEADS: Final = HeadFilter()


@dataclass(frozen=True, slots=True)
class NightRecord:
    """What a scan issues, laundering apart.

    Attributes:
        assessments: One per enterprise.
        frames: Name -> table that what-if needs again: features, roll and peers.
        certificate: What the night rests on.
    """

    as_of: date
    assessments: Sequence[Assessment]
    frames: Mapping[str, pd.DataFrame]
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Counts:
    """How many enterprises and alerts a night has, by what they are."""

    tiers: dict[str, int]
    colours: dict[str, int]
    typologies: dict[str, int]


class Ledger:
    """Issued nights, to append and to read.

    Reading methods take `regions`, GB/T 2260 prefixes; an enterprise outside them is unknown, and
    alerts are ranked among those inside, since zone-wide ranks would tell of the others.
    """

    def __init__(self, home: Home, url: str | None = None) -> None:
        file = home.ledger / "ledger.db"
        self.chain = Chain(home.ledger, _KIND, url or f"sqlite:///{file}")
        self._engine = self.chain.engine

    def append(self, night: NightRecord, issued_at: datetime) -> str:
        """Append a night and return its scan id; equal results append nothing."""
        assessments = sorted(night.assessments, key=lambda each: each.enterprise.code)
        files = NightFiles.of(assessments, night.frames)
        entry = Entry(
            as_of=night.as_of,
            contents=files.contents(night.as_of, assessments),
            issued_at=issued_at,
            certificate=canonical(night.certificate).decode(),
            write=files.write,
        )
        return self.chain.append(entry)

    def nights(self) -> list[date]:
        """The days that have a scan, in order."""
        return self.chain.nights()

    def scan(self, as_of: date | None = None) -> Scan:
        """The scan in force for `as_of`, or for the latest night.

        Raises:
            NoNight: There is none.
        """
        return self.chain.in_force(as_of)

    def certificate(self, as_of: date | None = None) -> Certificate:
        """What the scan in force for `as_of`, or for the latest night, rests on.

        Raises:
            NoNight: There is none.
        """
        return Certificate.model_validate_json(self.scan(as_of).certificate)

    def assessment(
        self, code: str, as_of: date | None = None, regions: tuple[str, ...] = ()
    ) -> Assessment:
        """What was issued for an enterprise; raises as `payload` does."""
        return Assessment.model_validate_json(self.payload(code, as_of, regions))

    def payload(self, code: str, as_of: date | None = None, regions: tuple[str, ...] = ()) -> bytes:
        """The stored bytes of an assessment, its alerts ranked within `regions`.

        Args:
            code: Unified social credit code or customs code.
            as_of: The night; the last one that has the enterprise when None.
            regions: What the asker may see.

        Raises:
            BadCode: `code` cannot be an enterprise code.
            NoNight: No scan of that day is in the ledger.
            UnknownEnterprise: It was not graded then.
        """
        chosen = queries.of_enterprise(code, regions)
        if as_of is not None:
            chosen = chosen.where(HEADS.c.sequence == self.scan(as_of).sequence)
        rows = self._rows(chosen.order_by(HEADS.c.as_of.desc()).limit(1))
        if not rows:
            raise self._stranger(code)
        path = self.chain.folder(rows[0]["as_of"], rows[0]["digest"]) / ASSESSMENTS
        issued = read_payloads(path, [rows[0]["position"]])
        return self._seen(issued, rows[0]["sequence"], regions)[0]

    def history(self, code: str, regions: tuple[str, ...] = ()) -> list[AssessmentHead]:
        """The heads of an enterprise, one per night, oldest first.

        Raises:
            BadCode: `code` cannot be an enterprise code.
            NoNight: The ledger is empty.
            UnknownEnterprise: It was never graded.
        """
        rows = self._rows(queries.of_enterprise(code, regions).order_by(HEADS.c.as_of))
        if not rows:
            raise self._stranger(code)
        return [head_of(row) for row in rows]

    def search(
        self, text: str, limit: int = 20, regions: tuple[str, ...] = ()
    ) -> list[AssessmentHead]:
        """Enterprises of the latest night whose name contains `text` or whose code starts so.

        Raises:
            NoNight: The ledger is empty.
        """
        chosen = queries.of_night(self.scan().sequence, regions).where(queries.named_like(text))
        rows = self._rows(chosen.order_by(HEADS.c.name, HEADS.c.code).limit(limit))
        return [head_of(row) for row in rows]

    def heads(
        self,
        as_of: date | None = None,
        regions: tuple[str, ...] = (),
        asked: HeadFilter = _ALL_HEADS,
    ) -> list[AssessmentHead]:
        """The heads of a night by code.

        Raises:
            NoNight: No scan of that day is in the ledger.
        """
        chosen = queries.listed(self.scan(as_of).sequence, regions, asked)
        return [head_of(row) for row in self._rows(chosen)]

    def night(self, as_of: date | None = None) -> list[Assessment]:
        """Every assessment of a night by code: a whole night in memory, for reports.

        Raises:
            NoNight: No scan of that day is in the ledger.
        """
        path = self._folder(as_of) / ASSESSMENTS
        return [Assessment.model_validate_json(payload) for payload in all_payloads(path)]

    def alerts(self, as_of: date | None = None, asked: AlertFilter = _ALL_ALERTS) -> list[Alert]:
        """Alerts of a night by rank.

        Raises:
            NoNight: No scan of that day is in the ledger.
        """
        return [Alert.model_validate_json(each) for each in self.alert_payloads(as_of, asked)]

    def alert_payloads(self, as_of: date | None, asked: AlertFilter) -> list[bytes]:
        """The stored bytes of alerts of a night by rank; raises as `alerts` does."""
        scan = self.scan(as_of)
        chosen = [row["position"] for row in self._rows(queries.positions(scan.sequence, asked))]
        path = self.chain.folder(scan.as_of, scan.digest) / ALERT_FILE
        return self._seen(read_payloads(path, chosen), scan.sequence, asked.regions)

    def counts(self, as_of: date | None = None, regions: tuple[str, ...] = ()) -> Counts:
        """Enterprises by tier, alerts by colour and typology.

        Raises:
            NoNight: No scan of that day is in the ledger.
        """
        sequence = self.scan(as_of).sequence
        return Counts(
            tiers=self._count(HEADS.c.tier, sequence, regions),
            colours=self._count(ALERTS.c.colour, sequence, regions),
            typologies=self._count(ALERTS.c.typology, sequence, regions),
        )

    def fraud_place(self, issued: Assessment, regions: tuple[str, ...] = ()) -> Place | None:
        """Where an assessment stands by its probability of fraud among those of its night.

        None where no model spoke.

        Raises:
            NoNight: No scan of that day is in the ledger.
        """
        if issued.fraud is None:
            return None
        sequence = self.scan(issued.as_of).sequence
        chosen = queries.fraud_place(sequence, regions, issued.fraud.probability)
        with self._engine.connect() as connection:
            likelier, scored = connection.execute(chosen).one()
        return Place(rank=likelier + 1, among=scored)

    def standing(self, before: date) -> Standing:
        """What the last night before `before` said; empty when there is none."""
        try:
            scan = self.chain.before(before)
        except NoNight:
            return Standing(as_of=None, tiers={}, alerts={})
        heads = self._rows(queries.of_night(scan.sequence, ()))
        alerts = self._rows(select(ALERTS).where(ALERTS.c.sequence == scan.sequence))
        return Standing(
            as_of=scan.as_of,
            tiers={row["code"]: row["tier"] for row in heads},
            alerts={row["alert_id"]: row["first_seen"] for row in alerts},
        )

    def frame(self, name: str, as_of: date | None = None) -> pd.DataFrame:
        """A table that a night was judged by, under the name it was appended with.

        Raises:
            NoNight: No scan of that day is in the ledger.
        """
        return pd.read_parquet(self._folder(as_of) / f"{name}.parquet")

    def _seen(
        self, issued: Iterable[bytes], sequence: int, regions: tuple[str, ...]
    ) -> list[bytes]:
        """Payloads of one scan with the ranks that their alerts have within `regions`."""
        if not regions:
            return list(issued)
        rows = self._rows(queries.ranked(sequence, regions))
        ranks = {row["alert_id"]: rank for rank, row in enumerate(rows, start=1)}
        return [reranked(payload, ranks) for payload in issued]

    def _folder(self, as_of: date | None) -> Path:
        scan = self.scan(as_of)
        return self.chain.folder(scan.as_of, scan.digest)

    def _rows(self, chosen: Select[Any]) -> Sequence[RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(chosen).mappings().all()

    def _count(
        self, column: Column[Any], sequence: int, regions: tuple[str, ...]
    ) -> dict[str, int]:
        with self._engine.connect() as connection:
            rows = connection.execute(queries.counted(column, sequence, regions)).all()
        return {row[0]: row[1] for row in rows}

    def _stranger(self, code: str) -> Refusal:
        """Why `code` was not found; NoNight is raised when nothing could be."""
        self.scan()
        normal = normal_code(code)
        if is_credit_code(normal) or is_customs_code(normal):
            return UnknownEnterprise(code)
        return BadCode(code)
