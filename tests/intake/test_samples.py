"""The official sample messages of edition 2018-113, each with every leaf accounted for."""

from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from intake.ceb_fields import MESSAGES
from tests.intake.made import Zone, enterprise

FOLDER = Path(__file__).parents[3] / "shared/data/ceb"
SAMPLES = sorted(FOLDER.glob("*/*.xml"))
FIRMS = (
    "1105910159",
    "1101180326",
    "1101110325",
    "1101110323",
    "1105980159",
    "1101110326",
    "1105910158",
)
ACCEPTED = {
    # goodsValue has 14 digits before the point
    "CEB303": {"order_lines": 0, "orders": 0},
    "CEB304": {"customs_receipts": 1},
    "CEB311": {"order_lines": 2, "orders": 1},
    "CEB312": {"customs_receipts": 1},
    "CEB403": {"payments": 1},
    "CEB404": {"customs_receipts": 1},
    "CEB411": {"payments": 2},
    "CEB412": {"customs_receipts": 1},
    "CEB505": {"waybills": 1},
    "CEB506": {"customs_receipts": 1},
    "CEB507": {"arrivals": 3},
    "CEB508": {"customs_receipts": 1},
    "CEB509": {"departures": 1},
    "CEB510": {"customs_receipts": 1},
    "CEB511": {"waybills": 5},
    "CEB512": {"customs_receipts": 1},
    "CEB513": {"waybill_status": 1},
    "CEB514": {"customs_receipts": 1},
    # ieFlag is "a", tradeMode "0101"
    "CEB603": {"declaration_lines": 0, "declarations": 0},
    "CEB604": {"customs_returns": 1},
    "CEB605": {"cancellations": 1},
    "CEB606": {"customs_receipts": 1},
    "CEB607": {"manifests": 1},
    "CEB608": {"customs_receipts": 1},
    "CEB621": {"declaration_lines": 4, "declarations": 2},
    "CEB622": {"customs_returns": 1},
    "CEB623": {"cancellations": 2},
    "CEB624": {"customs_receipts": 1},
    "CEB625": {"return_lines": 1, "returns": 1},
    "CEB626": {"customs_receipts": 1},
    "CEB701": {"summary_applications": 2},
    "CEB702": {"customs_receipts": 1},
    "CEB711": {"import_arrivals": 1},
    "CEB712": {"customs_receipts": 1},
    "CEB792": {"summary_results": 2},
}
pytestmark = pytest.mark.skipif(not SAMPLES, reason="the samples are not beside the project")


def counted(path: Path) -> dict[str, int]:
    """Entities and lines in a sample, by a plain walk over the whole tree."""
    root, message = etree.parse(path).getroot(), MESSAGES[path.name[:6]]
    found = [child for child in root if etree.QName(child).localname == message.entity]
    parts = [etree.QName(part).localname for entity in found for part in entity]
    heads = {table: message.rows_of(table) for table in message.tables}
    return {
        table: parts.count(part) if part and part != message.entity else len(found)
        for table, part in heads.items()
    }


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_of_strangers_is_accounted_for(empty_zone: Zone, path: Path) -> None:
    receipt = empty_zone.receive(path)
    offered = {table: count.offered for table, count in receipt.tables.items()}
    assert offered == counted(path)
    root, entity = etree.parse(path).getroot(), MESSAGES[path.name[:6]].entity
    assert receipt.files[0].entities == [etree.QName(each).localname for each in root].count(entity)
    assert receipt.total.offered == receipt.total.accepted + receipt.total.quarantined
    assert receipt.files[0].unknown == {}
    before = empty_zone.listing()
    again = empty_zone.receive(path)
    assert again.total.unchanged == again.total.offered == receipt.total.offered
    assert empty_zone.listing() == before


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_of_registered_firms_is_accepted(empty_zone: Zone, path: Path) -> None:
    roll = [enterprise(f"91320300MA000000{n}X", customs) for n, customs in enumerate(FIRMS, 10)]
    empty_zone.receive(
        empty_zone.extract("enterprises", roll), now=datetime.fromisoformat("2026-01-01")
    )
    receipt = empty_zone.receive(path)
    accepted = {table: count.accepted for table, count in receipt.tables.items()}
    assert accepted == ACCEPTED[path.name[:6]]
    assert receipt.total.offered == receipt.total.accepted + receipt.total.quarantined
    assert "unknown_enterprise" not in receipt.reasons
    before = empty_zone.listing()
    again = empty_zone.receive(path)
    assert again.total.unchanged == receipt.total.offered
    assert empty_zone.listing() == before


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_refused_for_strangers_and_accepted_once_they_are_registered(
    empty_zone: Zone, path: Path
) -> None:
    empty_zone.receive(path)
    roll = [enterprise(f"91320300MA000000{n}X", customs) for n, customs in enumerate(FIRMS, 10)]
    empty_zone.receive(empty_zone.extract("enterprises", roll))
    empty_zone.receive(path)
    alive = {table: len(empty_zone.alive(table)) for table in ACCEPTED[path.name[:6]]}
    assert alive == ACCEPTED[path.name[:6]]
