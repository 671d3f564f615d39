"""The laundering compartment: its own database, files and chain, apart from the ledger.

Nobody reads from it without the right, and nothing else in the home folder says what is in it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import RowMapping, Select, or_, select

from domain.errors import NoNight, UnknownEnterprise
from domain.identity import normal_code
from domain.officer import Officer, Right
from domain.results import LaunderingRecord
from storage.chain import Chain, Contents, Entry, Kind, Scan
from storage.home import Home
from storage.payloads import (
    all_payloads,
    canonical,
    night_digest,
    read_payloads,
    reranked,
    sha256,
    write_payloads,
)
from storage.queries import within
from storage.schema import COMPARTMENT_TABLES, RECORDS

_RECORDS: Final = "records.parquet"


class Compartment:
    """Issued laundering records; every reading method takes the officer who reads."""

    def __init__(self, home: Home, url: str | None = None) -> None:
        file = home.laundering / "laundering.db"
        self.chain = Chain(home.laundering, _KIND, url or f"sqlite:///{file}")

    def append(self, as_of: date, records: Sequence[LaunderingRecord], issued_at: datetime) -> str:
        """Append a night's records and return the scan id; equal records append nothing."""
        ordered = sorted(records, key=lambda record: record.enterprise.code)
        payloads = [canonical(record) for record in ordered]

        def write(folder: Path) -> None:
            write_payloads(folder / _RECORDS, payloads)

        entry = Entry(
            as_of=as_of,
            contents=_contents(as_of, ordered, payloads),
            issued_at=issued_at,
            certificate="",
            write=write,
        )
        return self.chain.append(entry)

    def night(self, officer: Officer, as_of: date | None = None) -> date:
        """`as_of` if it has a scan, or the latest night.

        Raises:
            RightMissing: The officer may not know of the compartment.
            NoNight: No scan of that day is in it.
        """
        officer.require(Right.LAUNDERING)
        return self.chain.in_force(as_of).as_of

    def payload(self, code: str, officer: Officer, as_of: date | None = None) -> bytes:
        """The stored bytes of an enterprise's record on a night, or on the latest.

        Alerts are ranked among those that the officer sees, here and in all that reads.

        Raises:
            RightMissing: The officer may not know of the compartment.
            NoNight: No scan of that day is in it.
            UnknownEnterprise: It has no record of that enterprise.
        """
        officer.require(Right.LAUNDERING)
        named = or_(
            RECORDS.c.code == normal_code(code), RECORDS.c.customs_code == normal_code(code)
        )
        scan = self.chain.in_force(as_of)
        rows = self._rows(_seen(scan, officer).where(named))
        if not rows:
            raise UnknownEnterprise(code)
        return self._ranked(self._read(scan, rows), scan, officer)[0]

    def alerted(self, officer: Officer, as_of: date | None = None) -> list[bytes]:
        """The stored bytes of all records with an alert on a night, first to check first.

        Raises:
            RightMissing: The officer may not know of the compartment.
            NoNight: No scan of that day is in it.
        """
        officer.require(Right.LAUNDERING)
        scan = self.chain.in_force(as_of)
        return self._ranked(self._alerted(scan, officer), scan, officer)

    def first_seen(self, officer: Officer, before: date) -> dict[str, date]:
        """Alert id -> first night, of the alerts of the last night before `before`.

        Raises:
            RightMissing: The officer may not know of the compartment.
        """
        officer.require(Right.LAUNDERING)
        try:
            scan = self.chain.before(before)
        except NoNight:
            return {}
        records = map(LaunderingRecord.model_validate_json, self._alerted(scan, officer))
        return {alert.alert_id: alert.first_seen for each in records for alert in each.alerts}

    def _alerted(self, scan: Scan, officer: Officer) -> list[bytes]:
        chosen = _seen(scan, officer).where(RECORDS.c.rank.is_not(None))
        return self._read(scan, self._rows(chosen.order_by(RECORDS.c.rank, RECORDS.c.code)))

    def _ranked(self, issued: list[bytes], scan: Scan, officer: Officer) -> list[bytes]:
        """Records with the ranks that their alerts have among those the officer sees."""
        if not officer.regions:
            return issued
        records = map(LaunderingRecord.model_validate_json, self._alerted(scan, officer))
        alerts = [alert for record in records for alert in record.alerts]
        alerts.sort(key=lambda alert: (alert.rank, alert.enterprise_code, alert.alert_id))
        ranks = {alert.alert_id: rank for rank, alert in enumerate(alerts, start=1)}
        return [reranked(payload, ranks) for payload in issued]

    def _rows(self, chosen: Select[Any]) -> Sequence[RowMapping]:
        with self.chain.engine.connect() as connection:
            return connection.execute(chosen).mappings().all()

    def _read(self, scan: Scan, rows: Sequence[RowMapping]) -> list[bytes]:
        path = self.chain.folder(scan.as_of, scan.digest) / _RECORDS
        return list(read_payloads(path, [row["position"] for row in rows]))


def _contents(
    as_of: date, records: Sequence[LaunderingRecord], payloads: Sequence[bytes]
) -> Contents:
    digests = [sha256(payload) for payload in payloads]
    rows: list[dict[str, object]] = [
        {
            "code": record.enterprise.code,
            "position": position,
            "customs_code": record.enterprise.customs_code,
            "division": record.enterprise.division,
            "rank": min((alert.rank for alert in record.alerts), default=None),
            "payload_sha256": digest,
        }
        for position, (record, digest) in enumerate(zip(records, digests, strict=True))
    ]
    return Contents(night_digest(as_of, {"records": digests}, {}), ((RECORDS, rows),))


def _recount(as_of: date, folder: Path) -> Contents:
    payloads = list(all_payloads(folder / _RECORDS))
    return _contents(as_of, [LaunderingRecord.model_validate_json(p) for p in payloads], payloads)


_KIND: Final = Kind(COMPARTMENT_TABLES, _recount)


def _seen(scan: Scan, officer: Officer) -> Select[Any]:
    inside = within(RECORDS.c.division, officer.regions)
    return select(RECORDS).where(RECORDS.c.sequence == scan.sequence, inside)
