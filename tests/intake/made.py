"""A zone to receive into, and builders of what senders hand in."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from domain.tables import TABLES
from intake.gate import Door
from intake.quarantine import IntakeKeys
from intake.receipt import Receipt
from intake.receive import receive
from storage.home import Home
from storage.lake import Lake

KEYS = IntakeKeys(pseudonym=b"p" * 32, seal=b"s" * 32)
NOW = datetime.fromisoformat("2026-06-01 09:00")
NOW_DAY = NOW.date()
REPORTED = datetime.fromisoformat("2026-05-01 10:00")
FIRM, FIRM_CUSTOMS = "91320300MA0000001X", "3203000001"
CARRIER, CARRIER_CUSTOMS = "91320300MA0000002X", "3203000002"
NAMESPACE = "http://www.chinaport.gov.cn/ceb"
_FLAGS = ("is_merchant", "is_platform", "is_agent", "is_carrier", "is_payment_firm", "is_warehouse")

Row = Mapping[str, Any]


def enterprise(credit: str, customs: str | None) -> dict[str, Any]:
    """A complete row of the roll."""
    head = {"credit_code": credit, "customs_code": customs, "name": credit, "division": "320300"}
    flags = dict.fromkeys(_FLAGS, True)
    return {**head, **flags, "registered_on": date(2015, 1, 1), "cluster_registered": False}


def order(order_no: str = "O1", **given: object) -> dict[str, Any]:
    """A complete import order of the firm, as an extract brings it."""
    row = {
        "direction": "I",
        "order_type": "I",
        "platform_code": FIRM,
        "merchant_code": FIRM,
        "order_no": order_no,
        "goods_value": Decimal("100.00000"),
        "freight": Decimal("0.00000"),
        "currency": "142",
        "buyer_name": "张三",
        "buyer_id_number": "11010519491231002X",
        "buyer_phone": "13900000000",
        "reported_at": REPORTED,
    }
    return {**row, **given}


def order_line(order_no: str, line_no: int, **given: object) -> dict[str, Any]:
    """A complete line of an order."""
    row = {
        "platform_code": FIRM,
        "merchant_code": FIRM,
        "order_no": order_no,
        "line_no": line_no,
        "item_name": "奶粉",
        "unit": "007",
        "quantity": Decimal("1.00000"),
        "price": Decimal("100.00000"),
        "total_price": Decimal("100.00000"),
        "currency": "142",
        "reported_at": REPORTED,
    }
    return {**row, **given}


def order_entity(order_no: str = "O1", lines: Sequence[int] = (1,), **given: str) -> str:
    """An `Order` of CEB311 as XML; `given` replaces elements of the head."""
    head = {
        "guid": "4CDE1CFD-EDED-46B1-946C-B8022E42FC94",
        "appType": "1",
        "appTime": "20260501100000",
        "appStatus": "2",
        "orderType": "I",
        "orderNo": order_no,
        "ebpCode": FIRM_CUSTOMS,
        "ebcCode": FIRM_CUSTOMS,
        "goodsValue": "100",
        "freight": "0",
        "currency": "142",
        "buyerName": "张三",
        "buyerTelephone": "13900000000",
        "buyerIdNumber": "11010519491231002X",
        **given,
    }
    line = {"itemName": "奶粉", "unit": "007", "qty": "1", "price": "100", "totalPrice": "100"}
    parts = [_element("OrderHead", head)]
    parts += [_element("OrderList", {"gnum": str(n), **line, "currency": "142"}) for n in lines]
    return f"<ceb:Order>{''.join(parts)}</ceb:Order>"


def _element(name: str, leaves: Mapping[str, str]) -> str:
    inside = "".join(f"<ceb:{leaf}>{text}</ceb:{leaf}>" for leaf, text in leaves.items())
    return f"<ceb:{name}>{inside}</ceb:{name}>"


def message(*entities: str, root: str = "CEB311Message") -> str:
    """A whole message."""
    transfer = _element("BaseTransfer", {"copCode": FIRM_CUSTOMS, "dxpMode": "DXP"})
    head = f'<?xml version="1.0" encoding="UTF-8"?><ceb:{root} xmlns:ceb="{NAMESPACE}" guid="g">'
    return f"{head}{''.join(entities)}{transfer}</ceb:{root}>"


@dataclass(slots=True)
class Zone:
    """A home, its lake, and a folder that senders write to."""

    home: Home
    lake: Lake
    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def receive(self, *paths: Path, now: datetime = NOW, history: bool = False) -> Receipt:
        """Receive files at a door whose clock stands at `now`."""
        return receive(paths, self.lake, KEYS, Door(now, history=history), lambda *_: None)

    def extract(self, table: str, rows: Sequence[Row] | pa.Table, part: str = "") -> Path:
        """Write an extract; rows as dicts get the contract's types."""
        path = self._fresh() / f"{table}{part}.parquet"
        pq.write_table(rows if isinstance(rows, pa.Table) else offered(table, rows), path)
        return path

    def message(self, content: str | bytes, name: str = "message.xml") -> Path:
        """Write a message."""
        path = self._fresh() / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table of the lake, by key and version."""
        rows = self.lake.engine.to_pyarrow(self.lake.table(table)).to_pylist()
        return sorted(rows, key=lambda row: (row["document_key"], row["version"]))

    def alive(self, table: str, as_of: date = NOW_DAY) -> dict[str, dict[str, Any]]:
        """The documents of a table as known on a day, by key."""
        signals = self.lake.read_signals(as_of)
        rows = getattr(signals, table).to_pyarrow().to_pylist()
        assert len({row["document_key"] for row in rows}) == len(rows)
        return {row["document_key"]: row for row in rows}

    def quarantined(self) -> list[dict[str, Any]]:
        """All quarantine entries, in order of file and position."""
        rows = self.lake.engine.to_pyarrow(self.lake.table("quarantine")).to_pylist()
        return sorted(rows, key=lambda row: (row["batch"], row["file"], row["position"]))

    def listing(self) -> list[tuple[str, int]]:
        """Every file that holds what was received, with its size."""
        roots = (self.home.lake, self.home.quarantine, self.home.evidence)
        files = [file for root in roots for file in root.rglob("*") if file.is_file()]
        return sorted((str(file), file.stat().st_size) for file in files)

    def _fresh(self) -> Path:
        folder = self.folder / f"{next(self._numbers):04d}"
        folder.mkdir(parents=True)
        return folder


def offered(table: str, rows: Sequence[Row]) -> pa.Table:
    """Rows in the contract's types, with operation and known_at where any row has them."""
    schema = TABLES[table].offered_schema()
    if any("operation" in row for row in rows):
        schema = schema.append(pa.field("operation", pa.string()))
    if any("known_at" in row for row in rows):
        schema = schema.append(pa.field("known_at", pa.timestamp("us")))
    return pa.Table.from_pylist(list(rows), schema)
