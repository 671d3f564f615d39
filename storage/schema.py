"""Database tables of the ledger and of the laundering compartment.

Rows are only ever added. `scans` stands in both databases; each has its own chain.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

METADATA = MetaData()

SCANS = Table(
    "scans",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("scan_id", Text, nullable=False, unique=True),
    Column("as_of", Date, nullable=False, index=True),
    Column("digest", Text, nullable=False),
    Column("issued_at", DateTime, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("chain_hash", Text, nullable=False, unique=True),
)
"""One row per issued night; of one `as_of`, the row with the highest sequence is in force."""

HEADS = Table(
    "heads",
    METADATA,
    Column("sequence", ForeignKey(SCANS.c.sequence), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("customs_code", Text),
    Column("name", Text, nullable=False),
    Column("folded_name", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("tier_zh", Text, nullable=False),
    Column("tier_en", Text, nullable=False),
    Column("previous_tier", Text),
    Column("provisional", Boolean, nullable=False),
    Column("credit_probability", Float),
    Column("fraud_probability", Float),
    Column("alert_colour", Text),
    Column("alert_count", Integer, nullable=False),
    Column("typologies", Text, nullable=False),
    Column("payload_sha256", Text, nullable=False),
    Index("heads_by_code", "code"),
    Index("heads_by_customs_code", "customs_code"),
)
"""One row per assessment, at `position` in its night's payload file."""

ALERTS = Table(
    "alerts",
    METADATA,
    Column("sequence", ForeignKey(SCANS.c.sequence), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("alert_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("typology", Text, nullable=False),
    Column("colour", Text, nullable=False),
    Column("departments", Text, nullable=False),
    Column("first_seen", Date, nullable=False),
)
"""One row per alert, by rank, at `position` in its night's alert file."""

RECORDS = Table(
    "records",
    METADATA,
    Column("sequence", ForeignKey(SCANS.c.sequence), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("customs_code", Text),
    Column("division", Text, nullable=False),
    Column("rank", Integer),
    Column("payload_sha256", Text, nullable=False),
    Index("records_by_code", "code"),
)
"""One row per laundering record, in the compartment's database; `rank` is its first alert's."""

LEDGER_TABLES = [SCANS, HEADS, ALERTS]
COMPARTMENT_TABLES = [SCANS, RECORDS]
