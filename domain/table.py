"""What a table contract is: columns, key, roles, clocks and personal identifiers.

A table has two shapes. The *offered* shape is what a sender hands in, with personal
identifiers in clear. The *lake* shape is what is kept: each personal identifier is replaced
by keyed hashes and by what analysis needs, and the row's own history is added.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Kind(StrEnum):
    """How a value is held. Nothing is a float: sums must not depend on their order."""

    TEXT = "text"
    AMOUNT = "amount"  # money, weight, quantity, rate: DECIMAL(18,5)
    COUNT = "count"  # int64
    DATE = "date"  # China calendar day
    MOMENT = "moment"  # China wall-clock time, microseconds, no zone
    FLAG = "flag"


ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.AMOUNT: pa.decimal128(18, 5),
    Kind.COUNT: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.MOMENT: pa.timestamp("us"),
    Kind.FLAG: pa.bool_(),
}


class Source(StrEnum):
    """Who sends a table; coverage and freshness are reckoned per source."""

    CUSTOMS = "customs"
    LOGISTICS = "logistics"
    PAYMENT = "payment"
    TAX = "tax"
    MARKET_SUPERVISION = "market_supervision"
    PLATFORM = "platform"


class Role(StrEnum):
    """The part an enterprise plays in a document (message field in brackets)."""

    MERCHANT = "merchant"  # ebcCode
    PLATFORM = "platform"  # ebpCode
    AGENT = "agent"  # agentCode
    OWNER = "owner"  # ownerCode: producer or seller, the actual shipper
    CARRIER = "carrier"  # logisticsCode
    PAYMENT_FIRM = "payment_firm"  # payCode
    WAREHOUSE = "warehouse"  # areaCode, iacCode
    GUARANTOR = "guarantor"  # assureCode
    ENTERPRISE = "enterprise"  # a registry or tax row speaks of the enterprise in any role


class Personal(StrEnum):
    """A kind of personal identifier, hashed at intake. Value = the offered column's suffix."""

    ID_NUMBER = "id_number"
    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    ACCOUNT = "account"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Offered column name.
        kind: How the value is held.
        meaning: What it says, with unit and source field.
        required: Whether a row without it is quarantined.
        role: The role of the enterprise whose code it holds, if it holds one.
        personal: The kind of personal identifier it is, if it is one.
        codes: The only values it may take; empty means any.
        hashed: Whether it is a person's account number, kept under its own name as `#` and its
            keyed hash, in the business key too.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    role: Role | None = None
    personal: Personal | None = None
    codes: tuple[str, ...] = ()
    hashed: bool = False

    def derived(self) -> tuple["Column", ...]:
        """The lake columns that stand for this one: itself, or what replaces an identifier."""
        if self.personal is None:
            return (self,)
        stem = self.name.removesuffix(f"_{self.personal}")
        return _DERIVED[self.personal](stem)


def _id_number(stem: str) -> tuple[Column, ...]:
    return (
        Column(f"{stem}_hash", Kind.TEXT, "Keyed hash of the ID number"),
        Column(
            f"{stem}_id_valid", Kind.FLAG, "Whether it holds (GB 11643); empty of another paper"
        ),
        Column(f"{stem}_birth_year", Kind.COUNT, "Year of birth in the ID number"),
        Column(f"{stem}_division", Kind.TEXT, "Division in the ID number (GB/T 2260)"),
    )


def _phone(stem: str) -> tuple[Column, ...]:
    return (
        Column(f"{stem}_phone_hash", Kind.TEXT, "Keyed hash of the phone number"),
        Column(f"{stem}_phone_segment", Kind.TEXT, "First three digits of the phone number"),
    )


_DERIVED: dict[Personal, Callable[[str], tuple[Column, ...]]] = {
    Personal.ID_NUMBER: _id_number,
    Personal.PHONE: _phone,
    Personal.NAME: lambda stem: (Column(f"{stem}_name_hash", Kind.TEXT, "Keyed hash of the name"),),
    Personal.ADDRESS: lambda stem: (
        Column(f"{stem}_address_hash", Kind.TEXT, "Keyed hash of the room-level address"),
    ),
    Personal.ACCOUNT: lambda stem: (
        Column(f"{stem}_account_hash", Kind.TEXT, "Keyed hash of the account"),
    ),
    Personal.DEVICE: lambda stem: (
        Column(f"{stem}_device_hash", Kind.TEXT, "Keyed hash of the device or IP address"),
    ),
}

HISTORY: tuple[Column, ...] = (
    Column("document_key", Kind.TEXT, "Business key: key columns joined by '|'", required=True),
    Column("version", Kind.COUNT, "1 for the first version of the document", required=True),
    Column("happened_at", Kind.MOMENT, "When it happened, by the document", required=True),
    Column("known_at", Kind.MOMENT, "When it became known here, by the door", required=True),
    Column("asserted", Kind.FLAG, "known_at was asserted by a history receipt", required=True),
    Column("content_digest", Kind.TEXT, "Digest of the row after pseudonymising", required=True),
    Column("batch", Kind.TEXT, "Receipt under which the row was accepted", required=True),
)

PARENT_KEY = Column("parent_key", Kind.TEXT, "document_key of the document the line belongs to")


@dataclass(frozen=True, slots=True)
class Table:
    """The contract of one table.

    Attributes:
        name: Table name, plural.
        source: Who sends it.
        meaning: One sentence.
        key: Offered columns that make the business key; an empty one counts as ''.
        happened: The offered DATE or MOMENT column from which `happened_at` is taken.
        columns: The offered columns.
        subject: The role column whose enterprise must be in the register, if any.
        line: The last key column of a line table, numbering the lines of one document. The
            lake then holds `parent_key`, the document_key of the document the line belongs to.
    """

    name: str
    source: Source
    meaning: str
    key: tuple[str, ...]
    happened: str
    columns: tuple[Column, ...]
    subject: str | None = None
    line: str | None = None

    def offered_schema(self) -> pa.Schema:
        """Arrow schema of the shape that senders hand in."""
        return _schema(self.columns)

    def lake_columns(self) -> tuple[Column, ...]:
        """The columns that are kept, history last."""
        kept = tuple(kept for column in self.columns for kept in column.derived())
        return kept + (HISTORY if self.line is None else (PARENT_KEY, *HISTORY))

    def lake_schema(self) -> pa.Schema:
        """Arrow schema of the shape that is kept."""
        return _schema(self.lake_columns())

    def personal_columns(self) -> Iterator[Column]:
        """The offered columns that never reach the lake in clear."""
        return (column for column in self.columns if column.personal)

    def role_columns(self) -> dict[str, Role]:
        """Column name -> role, for the columns that hold an enterprise code."""
        return {column.name: column.role for column in self.columns if column.role}


def _schema(columns: tuple[Column, ...]) -> pa.Schema:
    return pa.schema([pa.field(column.name, ARROW_TYPES[column.kind]) for column in columns])


SUPERSESSIONS = _schema(
    (
        Column("table_name", Kind.TEXT, "Table of the version", required=True),
        Column("document_key", Kind.TEXT, "Key of the document", required=True),
        Column("version", Kind.COUNT, "Version that is no longer true", required=True),
        Column("known_at", Kind.MOMENT, "From when it is no longer true", required=True),
    )
)
"""Versions that ceased to be true at `known_at`; without a successor it is a deletion."""
