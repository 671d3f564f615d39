"""Equal people meet in one hash, others do not, and what analysis needs is derived first."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.table import Personal
from domain.tables import TABLES
from intake.pseudonym import (
    Pseudonymiser,
    id_check_character,
    normal_address,
    normal_id_number,
    normal_phone,
    normal_text,
)

SPECIMEN = "11010519491231002X"
_COLUMNS = {column.name: column for column in TABLES["orders"].columns}


def derive(name: str, *values: str | None, key: bytes = b"k" * 32) -> dict[str, list[object]]:
    column = pa.chunked_array([pa.array(values, pa.string())])
    derived = Pseudonymiser(key).derive(_COLUMNS[name], column)
    return {kept: array.to_pylist() for kept, array in derived.items()}


def test_an_id_number_gives_hash_validity_year_and_division() -> None:
    wrong_check, no_such_day = SPECIMEN[:-1] + "1", "11010519490231002X"
    derived = derive("buyer_id_number", SPECIMEN, wrong_check, no_such_day, "***", None)
    assert derived["buyer_id_valid"] == [True, False, False, False, None]
    assert derived["buyer_birth_year"] == [1949, 1949, 1949, None, None]
    assert derived["buyer_division"] == ["110105", "110105", "110105", None, None]
    assert len(set(derived["buyer_hash"])) == 5


@pytest.mark.parametrize(
    "number", ["E12345678", "EA1234567", "H1234567800", "m12345678", "12345678", "FRA110000010112"]
)
def test_a_paper_without_check_character_is_neither_valid_nor_not(number: str) -> None:
    derived = derive("buyer_id_number", number)
    assert (derived["buyer_id_valid"], derived["buyer_birth_year"]) == ([None], [None])
    assert derived["buyer_hash"] != [None]


@pytest.mark.parametrize(
    "number", ["1101051949123100", "1101051949123100211", "E", "1234567X", "*"]
)
def test_what_is_no_paper_is_not_valid(number: str) -> None:
    assert derive("buyer_id_number", number)["buyer_id_valid"] == [False]


def test_a_phone_gives_hash_and_segment() -> None:
    derived = derive("buyer_phone", "17012345678", "+86 170-1234-5678", "无")
    assert derived["buyer_phone_segment"] == ["170", "170", None]
    assert derived["buyer_phone_hash"][0] == derived["buyer_phone_hash"][1]
    assert derived["buyer_phone_hash"][2] is None


@pytest.mark.parametrize(
    ("one", "other", "normal"),
    [
        (SPECIMEN, "１１０１０５ １９４９１２３１ ００２ｘ", normal_id_number),
        (SPECIMEN, "110105491231002", normal_id_number),
        ("13900000000", "(+86) 139 0000 0000", normal_phone),
        ("13900000000", "008613900000000", normal_phone),
        ("张三", " 张　三 ", normal_text),
        ("阿里·木", "阿里木", normal_text),
        ("Wang@Example.com", "ｗａｎｇ@example.com ", normal_text),
        ("江苏省徐州市测试路1号2-101室", "江苏省徐州市 测试路１号，２－１０１室。", normal_address),
    ],
)
def test_the_same_written_otherwise_meets(one: str, other: str, normal: object) -> None:
    assert callable(normal)
    assert normal(one) == normal(other)


def test_what_differs_does_not_meet() -> None:
    assert normal_address("测试路2-101室") != normal_address("测试路21-01室")
    assert normal_phone("010-1234567") != normal_phone("021-1234567")
    # of a number that is no mobile's, 86 may be a part
    assert normal_phone("8612345") != normal_phone("12345")
    assert normal_id_number(SPECIMEN) != normal_id_number("110105194912310038")


def test_kinds_and_keys_keep_apart() -> None:
    one, other = Pseudonymiser(b"1" * 32), Pseudonymiser(b"2" * 32)
    assert one.hash(Personal.PHONE, "139") != one.hash(Personal.ACCOUNT, "139")
    assert one.hash(Personal.PHONE, "139") != other.hash(Personal.PHONE, "139")
    assert len(one.hash(Personal.PHONE, "139")) == 32


@settings(max_examples=30)
@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=20))
def test_any_text_can_be_derived_from(values: list[str | None]) -> None:
    for name in ("buyer_id_number", "buyer_phone", "buyer_name", "consignee_address"):
        derived = derive(name, *values)
        assert all(len(column) == len(values) for column in derived.values())


@given(
    st.from_regex(r"[1-6]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}", fullmatch=True)
)
def test_a_generated_id_number_is_valid_and_another_check_is_not(body: str) -> None:
    right = id_check_character(body)
    wrong = "0" if right != "0" else "1"
    assert derive("buyer_id_number", body + right, body + wrong)["buyer_id_valid"] == [True, False]
