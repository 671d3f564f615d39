"""Files made to harm, or harmed on the way: refused from there on, with the process alive."""

import resource

import pytest

from tests.intake.made import FIRM, Zone, message, order_entity

BROKEN = "malformed"
TWO = message(order_entity("O1"), order_entity("O2"))
ROOT = '<ceb:CEB311Message xmlns:ceb="http://www.chinaport.gov.cn/ceb">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
DTD = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
NAME = "<ceb:buyerName>张三</ceb:buyerName>"


def test_a_truncated_file_keeps_the_entities_before_the_break(zone: Zone) -> None:
    cut = TWO[: TWO.index("O2") + 40]
    path = zone.message(cut)
    receipt = zone.receive(path)
    assert [row["order_no"] for row in zone.rows("orders")] == ["O1"]
    assert receipt.reasons == {"malformed": 1}
    assert receipt.tables["orders"].offered == 2
    (entry,) = zone.quarantined()
    assert (entry["kind"], entry["table_name"], entry["position"]) == ("CEB311", "orders", 2)
    again = zone.receive(path)
    assert (again.total.offered, again.total.unchanged) == (3, 3)
    assert len(zone.quarantined()) == 1


@pytest.mark.parametrize(
    ("sent", "accepted", "reason"),
    [
        pytest.param(
            DTD + TWO.partition("?>")[2].replace("张三", "&l11;"), 0, BROKEN, id="expansion"
        ),
        pytest.param(
            EXTERNAL + TWO.partition("?>")[2].replace("张三", "&e;"), 0, BROKEN, id="external"
        ),
        pytest.param(EXTERNAL + TWO.partition("?>")[2], 0, BROKEN, id="doctype alone"),
        pytest.param(TWO.replace("张三", "&unknown;"), 0, BROKEN, id="undefined entity"),
        pytest.param(TWO.encode("gbk"), 0, "wrong_encoding", id="GBK named UTF-8"),
        pytest.param(TWO.encode("utf-32"), 0, "wrong_encoding", id="UTF-32 with its mark"),
        pytest.param(message(order_entity("O1")[:-12] + "\0</ceb:Order>"), 0, BROKEN, id="NUL"),
        pytest.param(ROOT + "<ceb:a>" * 5_000, 0, BROKEN, id="deep nesting"),
        pytest.param(b"", 0, BROKEN, id="empty"),
        pytest.param(b"\x1f\x8b" + b"0" * 100, 0, BROKEN, id="gzip"),
        pytest.param(b"\x00\x01\x02", 0, BROKEN, id="binary"),
        pytest.param(
            message(order_entity("O1"), "<ceb:Order>", order_entity("O2")),
            1,
            "malformed",
            id="open",
        ),
    ],
)
def test_what_breaks_is_one_refusal(
    zone: Zone, sent: str | bytes, accepted: int, reason: str
) -> None:
    receipt = zone.receive(zone.message(sent))
    assert receipt.reasons == {reason: 1}
    assert receipt.total.quarantined == 1
    assert len(zone.rows("orders")) == accepted


def test_a_text_without_end_is_refused_in_flat_memory(zone: Zone) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    huge = TWO.replace(NAME, f"<ceb:buyerName>{'x' * 30_000_000}</ceb:buyerName>", 1)
    receipt = zone.receive(zone.message(huge))
    assert receipt.reasons == {"malformed": 1}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def test_gbk_that_is_named_gbk_is_read(zone: Zone) -> None:
    sent = message(order_entity("O1")).replace("UTF-8", "GBK").encode("gbk")
    assert zone.receive(zone.message(sent)).total.accepted == 2
    assert zone.rows("order_lines")[0]["item_name"] == "奶粉"


def test_entities_of_another_depth_or_namespace_are_not_documents(zone: Zone) -> None:
    nested = f"<ceb:ExtendMessage>{order_entity('O2')}</ceb:ExtendMessage>"
    foreign = order_entity("O3").replace("ceb:", "x:").replace("<x:Order>", '<x:Order xmlns:x="y">')
    receipt = zone.receive(zone.message(message(order_entity("O1"), nested, foreign)))
    assert receipt.files[-1].entities == 1
    assert list(zone.alive("orders")) == [f"{FIRM}|{FIRM}|O1"]


def test_an_entity_without_its_head_is_refused_not_fatal(zone: Zone) -> None:
    receipt = zone.receive(zone.message(message("<ceb:Order/>", order_entity("O1"))))
    assert receipt.reasons == {"missing": 1}
    assert receipt.tables["orders"].accepted == 1


def test_an_entity_larger_than_16_mib_is_refused(zone: Zone) -> None:
    note = f"<ceb:note>{'x' * 1_000_000}</ceb:note>"
    large = order_entity("O2").replace("</ceb:OrderHead>", f"{note * 20}</ceb:OrderHead>")
    receipt = zone.receive(zone.message(message(order_entity("O1"), large)))
    assert receipt.reasons == {"malformed": 1}
    assert [row["order_no"] for row in zone.rows("orders")] == ["O1"]
