"""The official sample messages of edition 2018-113, each with every entity accounted for."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from intake.ceb_fields import MESSAGES
from tests.intake.made import NOW, Zone, enterprise

FOLDER = Path(__file__).parents[3] / "shared/data/ceb"
SAMPLES = sorted(FOLDER.glob("*/*.xml"))
READ = [path for path in SAMPLES if path.name[:6] in MESSAGES]
OTHERS = [path for path in SAMPLES if path.name[:6] not in MESSAGES]
FIRMS = ("1105910159", "1101180326", "1101110325", "1101110323", "1105980159")
ACCEPTED = {
    "CEB311": {"orders": 1, "order_lines": 2},
    "CEB411": {"payments": 2},
    "CEB511": {"waybills": 5},
    "CEB513": {"waybill_status": 1},
    "CEB621": {"declarations": 2, "declaration_lines": 4},
    "CEB622": {"customs_returns": 1},
    "CEB303": {"orders": 0, "order_lines": 0},  # goodsValue has 14 digits before the point
    "CEB403": {"payments": 1},
    "CEB505": {"waybills": 1},
    "CEB603": {"declarations": 0, "declaration_lines": 0},  # ieFlag is "a", tradeMode "0101"
    "CEB604": {"customs_returns": 1},
    "CEB605": {"cancellations": 1},
}
pytestmark = pytest.mark.skipif(not SAMPLES, reason="the samples are not beside the project")


def counted(path: Path) -> dict[str, int]:
    """Entities and lines in a sample, by a plain walk over the whole tree."""
    names = [etree.QName(child).localname for child in etree.parse(path).getroot().iter()]
    message = MESSAGES[path.name[:6]]
    parts = {table: message.repeated_part(table) or message.entity for table in message.tables}
    return {table: names.count(part) for table, part in parts.items()}


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_a_sample_of_strangers_is_accounted_for(empty_zone: Zone, path: Path) -> None:
    receipt = empty_zone.receive(path)
    offered = {table: count.offered for table, count in receipt.tables.items()}
    assert offered == counted(path)
    assert receipt.files[0].entities == counted(path)[MESSAGES[path.name[:6]].document_table()]
    assert receipt.total.offered == receipt.total.accepted + receipt.total.quarantined
    assert receipt.files[0].unknown == {}
    before = empty_zone.listing()
    again = empty_zone.receive(path)
    assert again.total.unchanged == again.total.offered == receipt.total.offered
    assert empty_zone.listing() == before


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
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


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_refused_for_strangers_and_accepted_once_they_are_registered(
    empty_zone: Zone, path: Path
) -> None:
    empty_zone.receive(path)
    roll = [enterprise(f"91320300MA000000{n}X", customs) for n, customs in enumerate(FIRMS, 10)]
    empty_zone.receive(empty_zone.extract("enterprises", roll))
    empty_zone.receive(path)
    alive = {table: len(empty_zone.alive(table)) for table in ACCEPTED[path.name[:6]]}
    assert alive == ACCEPTED[path.name[:6]]


def test_the_other_kinds_are_named_and_nothing_crashes(empty_zone: Zone) -> None:
    receipt = empty_zone.receive(*OTHERS, now=NOW)
    kinds = {re.match(r"CEB\d+", path.name) for path in OTHERS}
    assert set(receipt.not_yet_read) == {kind.group() for kind in kinds if kind}
    assert receipt.total.offered == 0
