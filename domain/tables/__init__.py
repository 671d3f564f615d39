"""The contract of every table the system takes in and keeps."""

from domain.table import Table
from domain.tables.carriage import CARRIAGE_TABLES
from domain.tables.declarations import DECLARATION_TABLES
from domain.tables.money import MONEY_TABLES
from domain.tables.orders import ORDER_TABLES
from domain.tables.registry import REGISTRY_TABLES
from domain.tables.surroundings import SURROUNDING_TABLES

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *REGISTRY_TABLES,
        *SURROUNDING_TABLES,
        *ORDER_TABLES,
        *CARRIAGE_TABLES,
        *DECLARATION_TABLES,
        *MONEY_TABLES,
    )
}
"""Name -> contract, in the order of reading: the register first, so that codes resolve."""
