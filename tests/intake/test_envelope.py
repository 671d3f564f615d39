"""The transport envelope: what it carries is read as if it came alone."""

import base64
from collections.abc import Callable

import pytest

from tests.intake.made import FIRM, Zone, message, order_entity

SENT = message(order_entity("O1", lines=(1, 2)), order_entity("O2"))
KEPT = ("document_key", "content_digest", "version", "known_at")


def enveloped(data: bytes, extra: str = "") -> str:
    """An envelope as the data exchange platform writes it."""
    info = "<TransInfo><CopMsgId>1</CopMsgId><MsgType>CEB311Message</MsgType></TransInfo>"
    added = "<AddInfo><FileName>a.xml</FileName></AddInfo>"
    head = '<?xml version="1.0" encoding="UTF-8"?><DxpMsg xmlns="http://www.chinaport.gov.cn/dxp">'
    return f"{head}{info}{extra}<Data>{data.decode()}</Data>{added}</DxpMsg>"


def kept(zone: Zone, table: str) -> list[tuple[object, ...]]:
    """What lies in a table, but for the batch it came with."""
    return [tuple(row[name] for name in KEPT) for row in zone.rows(table)]


@pytest.mark.parametrize("encode", [base64.b64encode, base64.encodebytes], ids=["one", "lines"])
def test_it_brings_the_rows_of_the_message_inside(
    zone: Zone, encode: Callable[[bytes], bytes]
) -> None:
    receipt = zone.receive(zone.message(enveloped(encode(SENT.encode()))))
    (file,) = receipt.files
    assert (file.kind, file.entities, file.unknown) == ("CEB311", 2, {})
    assert receipt.total.accepted == 5
    before = kept(zone, "orders"), kept(zone, "order_lines")
    bare = zone.receive(zone.message(SENT))
    assert (bare.total.offered, bare.total.unchanged) == (5, 5)
    assert (kept(zone, "orders"), kept(zone, "order_lines")) == before


def test_what_nobody_knows_in_the_envelope_is_named(zone: Zone) -> None:
    data = base64.b64encode(SENT.encode())
    receipt = zone.receive(zone.message(enveloped(data, "<Novelty><Inside/></Novelty>")))
    assert receipt.files[0].unknown == {"Novelty": 1, "Inside": 1}
    assert receipt.total.accepted == 5


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "malformed", id="nothing"),
        pytest.param(b"!!!!", "malformed", id="no base64"),
        pytest.param(base64.b64encode(SENT.encode())[:-3], "malformed", id="cut"),
        pytest.param(base64.b64encode(b"letter"), "malformed", id="no XML"),
        pytest.param(base64.b64encode(SENT.encode("gbk")), "wrong_encoding", id="GBK"),
    ],
)
def test_a_payload_that_cannot_be_read_is_one_refusal(zone: Zone, data: bytes, reason: str) -> None:
    receipt = zone.receive(zone.message(enveloped(data)))
    assert receipt.reasons == {reason: 1}
    assert (receipt.total.offered, receipt.total.quarantined) == (1, 1)
    assert zone.rows("orders") == []


def test_an_envelope_in_an_envelope_is_not_opened(zone: Zone) -> None:
    inner = enveloped(base64.b64encode(SENT.encode()))
    receipt = zone.receive(zone.message(enveloped(base64.b64encode(inner.encode()))))
    assert receipt.not_yet_read == {"DxpMsg": 1}


def test_the_entity_refused_inside_is_the_one_that_is_kept(zone: Zone) -> None:
    bad = message(order_entity("O1"), order_entity("O2", goodsValue="much"))
    zone.receive(zone.message(enveloped(base64.b64encode(bad.encode()))))
    assert list(zone.alive("orders")) == [f"{FIRM}|{FIRM}|O1"]
    assert {(entry["kind"], entry["position"]) for entry in zone.quarantined()} == {("CEB311", 2)}


def test_what_is_no_base64_is_not_skipped(zone: Zone) -> None:
    data = base64.b64encode(SENT.encode())
    receipt = zone.receive(zone.message(enveloped(data[:8] + b"!!!!" + data[8:])))
    assert receipt.reasons == {"malformed": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_an_envelope_in_another_encoding_than_it_names_says_so(zone: Zone, encoding: str) -> None:
    sent = enveloped(base64.b64encode(SENT.encode()), "<Name>张三</Name>")
    receipt = zone.receive(zone.message(sent.encode(encoding)))
    assert receipt.reasons == ({} if encoding == "utf-8" else {"wrong_encoding": 1})


def test_one_payload_is_taken_and_a_second_refused(zone: Zone) -> None:
    """The envelope has room for one; what else it holds stays in the sealed original."""
    first, second = (base64.b64encode(message(order_entity(no)).encode()) for no in ("O1", "O2"))
    receipt = zone.receive(zone.message(enveloped(first + b"</Data><Data>" + second)))
    assert (receipt.total.accepted, receipt.reasons) == (2, {"malformed": 1})
    assert list(zone.alive("orders")) == [f"{FIRM}|{FIRM}|O1"]
