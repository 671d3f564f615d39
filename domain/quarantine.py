"""The contract of quarantined entries: why for all to read, what was sent only sealed."""

import pyarrow as pa

_TEXTS = (
    "entry_id",
    "batch",
    "file",
    "file_sha256",
    "kind",
    "table_name",
    "document_key",
    "field",
    "reason",
    "right_zh",
    "right_en",
)

_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(_TEXTS, pa.string()),
    "position": pa.int64(),
    "received_at": pa.timestamp("us"),
    "sealed": pa.binary(),
}
QUARANTINE = pa.schema(_TYPES)
"""One line per refused row; `sealed` is null where an earlier line of the entity holds it."""
