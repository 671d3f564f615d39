"""No clear identifier lies anywhere in the home outside sealed bytes."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.intake.made import Zone, message, offered, order, order_entity

NAME, NUMBER, PHONE = "欧阳测试", "11010519491231002X", "13912345678"
ADDRESS, ACCOUNT = "江苏省徐州市保密路8号3-202室", "secret-account-77"
SECRETS = (NAME, NUMBER, NUMBER[:-1], PHONE, ADDRESS, ACCOUNT)
PERSON = {
    "buyer_name": NAME,
    "buyer_id_number": NUMBER,
    "buyer_phone": PHONE,
    "buyer_account": ACCOUNT,
    "consignee_name": NAME,
    "consignee_address": ADDRESS,
}


def texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Every text in every file, Parquet decoded, and the raw bytes of the rest."""
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        yield file, file.name
        if file.suffix == ".parquet":
            table = pq.read_table(file)
            for name in table.column_names:
                if name != "sealed":
                    yield file, "\n".join(str(v) for v in table[name].unique().to_pylist())
        yield file, file.read_bytes().decode("utf-8", "replace")


def found(root: Path) -> set[str]:
    return {secret for _, text in texts(root) for secret in SECRETS if secret in text}


def test_nothing_clear_is_kept_of_accepted_or_refused(zone: Zone) -> None:
    head = {"buyerName": NAME, "buyerIdNumber": NUMBER, "buyerTelephone": PHONE}
    bad_head = {**head, "goodsValue": "x", "consigneeAddress": ADDRESS}
    misplaced = offered("orders", [order("O5", **PERSON)]).set_column(
        5, "goods_value", pa.array([NUMBER])
    )
    receipt = zone.receive(
        zone.extract("orders", [order("O1", **PERSON), order("O1", **PERSON)]),
        zone.extract("orders", misplaced, part="-2"),
        zone.message(
            message(order_entity("O3", (1,), **head), order_entity("O4", (1,), **bad_head))
        ),
        zone.message(message(order_entity("O6", (1,), **head))[:-40]),
    )
    assert receipt.total.accepted
    assert set(receipt.reasons) == {"duplicate", "wrong_type", "part_refused", "malformed"}
    assert found(zone.home.root) == set()


def test_one_that_is_planted_is_found(zone: Zone) -> None:
    zone.receive(zone.extract("orders", [order("O1", payment_firm_code=NUMBER)]))
    assert NUMBER in found(zone.home.root)
    (zone.home.root / "note.txt").write_text(PHONE)
    assert PHONE in found(zone.home.root)
