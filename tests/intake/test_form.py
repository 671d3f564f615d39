"""Which message a file is: by its root, and by its entities where the root misleads."""

import re
from io import BytesIO

import pytest

from intake.ceb_fields import MESSAGES, Message
from intake.form import form_of
from tests.intake.letters import letter, wrapped
from tests.intake.made import Zone, message, order_entity

by_kind = pytest.mark.parametrize("kind", MESSAGES.values(), ids=lambda each: each.kind)
# only what each of a pair has and the other lacks can tell them apart, or the type of an order
TWINS = [
    *(("CEB311", "CEB303"), ("CEB511", "CEB505"), ("CEB505", "CEB511"), ("CEB621", "CEB603")),
    *(("CEB603", "CEB621"), ("CEB622", "CEB604"), ("CEB604", "CEB622"), ("CEB623", "CEB605")),
    *(("CEB624", "CEB606"), ("CEB625", "CEB213"), ("CEB213", "CEB625"), ("CEB816", "CEB818")),
    *(("CEB818", "CEB816"), ("CEB303", "CEB311")),
]


@pytest.mark.parametrize(("kind", "root"), TWINS)
def test_an_entity_in_the_root_of_its_twin_is_told_by_what_only_it_has(
    zone: Zone, kind: str, root: str
) -> None:
    sent = letter(MESSAGES[kind]).replace(f"{kind}Message", f"{root}Message")
    receipt = zone.receive(zone.message(sent))
    assert receipt.files[0].kind == kind
    assert receipt.files[0].unknown == {f"{root}Message": 1}
    assert receipt.total.accepted == receipt.total.offered == len(MESSAGES[kind].tables)


@pytest.mark.parametrize(("kind", "root"), TWINS)
def test_it_is_told_by_the_whole_of_a_long_first_entity(kind: str, root: str) -> None:
    head = f"<ceb:{MESSAGES[kind].entity}>"
    sent = letter(MESSAGES[kind]).replace(f"{kind}Message", f"{root}Message")
    assert told(sent.replace(head, f"{head}<!--{'long ' * 2_000}-->")) == kind


def told(sent: str) -> str:
    """The kind that a message is read as."""
    return form_of(BytesIO(sent.encode())).kind


@pytest.mark.parametrize(
    ("kind", "added"), [("CEB303", "buyerName"), ("CEB606", "ebpCode"), ("CEB605", "buyerName")]
)
def test_a_leaf_of_the_twin_that_an_edition_adds_does_not_turn_the_root(
    kind: str, added: str
) -> None:
    head = f"{next(iter(MESSAGES[kind].parts)) or MESSAGES[kind].entity}>"
    leaf = f"<ceb:{added}>1</ceb:{added}>"
    assert told(letter(MESSAGES[kind]).replace(f"</ceb:{head}", f"{leaf}</ceb:{head}")) == kind


@pytest.mark.parametrize(
    ("order_type", "added", "kind"),
    [
        *(("E", "", "CEB303"), (" B ", "", "CEB303"), ("W", "", "CEB303"), ("I", "", "CEB311")),
        *(("", "", "CEB311"), ("E", "<ceb:buyerName>1</ceb:buyerName>", "CEB311")),
    ],
)
def test_an_order_of_an_export_type_is_an_export_unless_it_has_what_only_imports_have(
    order_type: str, added: str, kind: str
) -> None:
    head = f"<ceb:orderType>{order_type}</ceb:orderType><ceb:orderNo>1</ceb:orderNo>{added}"
    order = f"<ceb:Order><ceb:OrderHead>{head}</ceb:OrderHead></ceb:Order>"
    assert told(wrapped(order, "CEB311Message")) == kind
    assert told(wrapped(order, "CEB303Message")) == "CEB303"


@by_kind
def test_what_only_its_kind_has_keeps_the_root_against_all_that_the_twin_has(kind: Message) -> None:
    twins = [each for each in MESSAGES.values() if each.entity == kind.entity and each != kind]
    for twin in twins:
        head = f"<ceb:{kind.entity}>"
        inside = letter(twin).partition(head)[2].partition(f"</ceb:{kind.entity}>")[0]
        both = letter(kind).replace(head, head + inside)
        assert (told(both) == kind.kind) == (not kind.paths() < twin.paths())


@by_kind
def test_the_entities_tell_the_kind_where_the_root_is_misspelt(kind: Message) -> None:
    assert told(letter(kind).replace(f"{kind.kind}Message", f"{kind.kind}Mesage")) == kind.kind


@by_kind
def test_the_entities_alone_tell_the_kind_or_one_alike_to_the_letter(kind: Message) -> None:
    one = MESSAGES[told(letter(kind).replace(f"{kind.kind}Message", "Misnamed"))]
    assert (one.entity, one.paths()) == (kind.entity, kind.paths())


@pytest.mark.parametrize(("strange", "read"), [(3, True), (4, False)])
def test_an_entity_of_which_less_than_half_is_known_is_not_taken_for_it(
    strange: int, *, read: bool
) -> None:
    leaves = "".join(f"<ceb:{name}>1</ceb:{name}>" for name in ("orderNo", "ebpCode", "ebcCode"))
    leaves += "".join(f"<ceb:x{n}>1</ceb:x{n}>" for n in range(strange))
    order = f"<ceb:Order><ceb:OrderHead>{leaves}</ceb:OrderHead></ceb:Order>"
    assert told(wrapped(order, "Misnamed")) == ("CEB303" if read else "Misnamed")


def test_a_prefix_that_nothing_declares_is_refused(zone: Zone) -> None:
    whole = message(order_entity())
    bare = re.sub(r' xmlns:ceb="[^"]*"', "", whole)
    assert bare != whole
    receipt = zone.receive(zone.message(bare))
    assert receipt.reasons == {"malformed": 1}
    assert receipt.not_yet_read == {}
