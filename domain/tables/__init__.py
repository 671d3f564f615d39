"""The contract of every table the system takes in and keeps."""

from domain.table import Table
from domain.tables.money import MONEY_TABLES
from domain.tables.registry import REGISTRY_TABLES
from domain.tables.trade import TRADE_TABLES

TABLES: dict[str, Table] = {
    table.name: table for table in (*REGISTRY_TABLES, *TRADE_TABLES, *MONEY_TABLES)
}
"""Name -> contract, in the order of reading: the register first, so that codes resolve."""
