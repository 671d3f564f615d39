"""After a whole run, no buyer's identifier lies in clear in any file of the home."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from domain.table import Personal
from domain.tables import TABLES
from reports import write_dossier, write_zone
from storage.home import Home
from storage.ledger import Ledger
from tests.end_to_end.conftest import PLAN, GradedZone
from tests.intake.decoded import People, found_in

_TAGS = {
    Personal.ID_NUMBER: "buyerIdNumber|payerIdNumber",
    Personal.PHONE: "buyerTelephone|consigneeTelephone|telephone",
    Personal.NAME: "buyerName|payerName|consignee",
}


def sent(delivery: Path, kind: Personal) -> Iterator[str]:
    """Every identifier of one kind that senders handed in."""
    for file in delivery.rglob("*.parquet"):
        table = TABLES[file.stem.split("-")[0]]
        columns = [column.name for column in table.columns if column.personal is kind]
        rows = pq.read_table(file, columns=columns)
        for name in rows.column_names:
            yield from map(str, rows[name].drop_null().unique().to_pylist())
    pattern = re.compile(rf"<(?:\w+:)?(?:{_TAGS[kind]})>([^<]+)<")
    for file in delivery.rglob("*.xml"):
        yield from pattern.findall(file.read_text("utf-8"))


@pytest.fixture(scope="module")
def people(zone: GradedZone) -> People:
    """Everyone of the delivery; of the names, those that cannot stand in an enterprise's."""
    delivery = zone.made / "delivery"
    numbers, phones, names = (frozenset(sent(delivery, kind)) for kind in _TAGS)
    (roll,) = delivery.rglob("enterprises*.parquet")
    firms = "\n".join(map(str, pq.read_table(roll, columns=["name"])["name"].to_pylist()))
    telling = {name for name in names if len(name) > 2 and name not in firms}
    return People(frozenset(number.upper() for number in numbers), phones, frozenset(telling))


def test_no_file_of_the_home_names_a_buyer(
    zone: GradedZone, people: People, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(zone.home.root, home.root)
    ledger = Ledger(home)
    write_zone(ledger, home, PLAN.ends_on)
    write_dossier(ledger, home, ledger.heads(PLAN.ends_on)[0].code)
    assert min(len(people.id_numbers), len(people.phones), len(people.names)) > 1000
    assert found_in(home.root, people) == {}


def test_the_delivery_itself_would_be_found_out(zone: GradedZone, people: People) -> None:
    found = found_in(zone.made / "delivery" / "messages", people)
    kinds = (people.id_numbers, people.phones, people.names)
    assert all(any(held & kind for held in found.values()) for kind in kinds)
