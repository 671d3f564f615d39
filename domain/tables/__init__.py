"""The contract of every table the system takes in and keeps."""

from domain.table import Table
from domain.tables.answers import ANSWER_TABLES
from domain.tables.carriage import CARRIAGE_TABLES
from domain.tables.declarations import DECLARATION_TABLES
from domain.tables.flags import FLAGS
from domain.tables.money import MONEY_TABLES
from domain.tables.orders import ORDER_TABLES
from domain.tables.registry import REGISTRY_TABLES
from domain.tables.returned import RETURN_TABLES
from domain.tables.summaries import SUMMARY_TABLES
from domain.tables.surroundings import SURROUNDING_TABLES

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *REGISTRY_TABLES,
        *SURROUNDING_TABLES,
        *ORDER_TABLES,
        *CARRIAGE_TABLES,
        *DECLARATION_TABLES,
        *RETURN_TABLES,
        *SUMMARY_TABLES,
        *ANSWER_TABLES,
        *MONEY_TABLES,
    )
}
"""Name -> contract, in the order of reading: the register first, so that codes resolve."""

KEPT_TABLES: dict[str, Table] = {**TABLES, FLAGS.name: FLAGS}
"""Name -> contract of every table that is kept: what senders hand in, and what the gate adds."""
