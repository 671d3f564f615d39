"""Foreign extracts: a mapping beside them says what their headers mean."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.errors import BadDelivery
from intake.receipt import Receipt
from tests.intake.made import FIRM, Zone, offered

HEADERS = ("纳税人识别号", "所属期", "申报销售额", "应纳税额", "已缴税额", "期限", "备注")
MAPPING = """
table = "tax_filings"
encoding = "{encoding}"
separator = "{separator}"
dates = ["%Y年%m月%d日"]
[columns]
"纳税人识别号" = "enterprise_code"
"所属期" = "month"
"申报销售额" = "declared_revenue"
"应纳税额" = "vat_payable"
"已缴税额" = "vat_paid"
"期限" = "due_on"
"""
ROW = (FIRM, "2026年04月01日", "1000.5", "130", "0", "2026年05月20日", "无")
EXPECTED = {
    "enterprise_code": FIRM,
    "month": date(2026, 4, 1),
    "declared_revenue": Decimal("1000.50000"),
    "vat_payable": Decimal(130),
    "vat_paid": Decimal(0),
    "due_on": date(2026, 5, 20),
    "filed_on": None,
}


def handed_in(
    zone: Zone, text: bytes | str, mapping: str | None = None, *, name: str = "shenbao-202604.csv"
) -> Receipt:
    """The receipt of a CSV with its mapping beside it."""
    return zone.receive(written(zone, text, mapping, name=name))


def written(
    zone: Zone, text: bytes | str, mapping: str | None, *, name: str = "shenbao-202604.csv"
) -> Path:
    """A CSV with its mapping beside it, for all parts of the extract."""
    path = zone.message(text, name)
    told = MAPPING.format(encoding="UTF-8", separator=",") if mapping is None else mapping
    path.with_name("shenbao.toml").write_text(told, "utf-8")
    return path


def table(*rows: tuple[str, ...], separator: str = ",", headers: tuple[str, ...] = HEADERS) -> str:
    """A CSV."""
    return "".join(separator.join(row) + "\r\n" for row in (headers, *rows))


def only_row(zone: Zone) -> dict[str, object]:
    """The one filing, as far as it was offered."""
    (row,) = zone.rows("tax_filings")
    return {name: row[name] for name in EXPECTED}


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_chinese_headers_and_dates_are_read(zone: Zone, mark: str) -> None:
    receipt = handed_in(zone, mark + table(ROW))
    assert receipt.tables["tax_filings"].accepted == 1
    assert only_row(zone) == EXPECTED
    assert receipt.files[0].unknown == {"备注": 1}


@pytest.mark.parametrize("name", ["GB18030", "GBK", "gbk"])
def test_gb18030_is_read_where_the_mapping_says_so(zone: Zone, name: str) -> None:
    mapping = MAPPING.format(encoding=name, separator="\\t")
    receipt = handed_in(zone, table(ROW, separator="\t").encode("gb18030"), mapping)
    assert receipt.total.accepted == 1
    assert only_row(zone) == EXPECTED


@pytest.mark.parametrize(
    ("encoding", "named"), [("gb18030", "UTF-8"), ("utf-8", "GB18030"), ("utf-16", "UTF-8")]
)
def test_another_encoding_than_the_one_named_is_refused(
    zone: Zone, encoding: str, named: str
) -> None:
    mapping = MAPPING.format(encoding=named, separator=",")
    receipt = handed_in(zone, table(ROW).encode(encoding), mapping)
    assert receipt.reasons == {"wrong_encoding": 1}
    assert zone.rows("tax_filings") == []


def test_headers_of_which_the_mapping_has_none_are_refused(zone: Zone) -> None:
    receipt = handed_in(zone, table(ROW, headers=tuple("abcdefg")))
    assert receipt.reasons == {"wrong_encoding": 1}


def test_a_row_with_more_or_fewer_fields_spoils_no_other(zone: Zone) -> None:
    other = (FIRM, "2026年03月01日", *ROW[2:])
    receipt = handed_in(zone, table(ROW, ROW[:-1], (*ROW, "x"), other))
    assert receipt.reasons == {"malformed": 2}
    assert receipt.tables["tax_filings"].accepted == 2
    assert sorted(entry["position"] for entry in zone.quarantined()) == [2, 3]


def test_a_day_that_the_calendar_lacks_is_refused(zone: Zone) -> None:
    receipt = handed_in(zone, table((*ROW[:5], "2026年02月30日", "")))
    assert receipt.total.accepted == 0
    assert receipt.total.quarantined == 1


def test_two_headers_of_one_column_are_refused(zone: Zone) -> None:
    receipt = handed_in(zone, table(ROW, headers=(*HEADERS[:-1], "month")))
    assert receipt.reasons == {"named_twice": 1}


def test_the_same_rows_as_parquet_under_their_own_names_are_unchanged(zone: Zone) -> None:
    handed_in(zone, table(ROW))
    receipt = zone.receive(zone.extract("tax_filings", offered("tax_filings", [EXPECTED])))
    assert receipt.tables["tax_filings"].unchanged == 1


def test_read_in_another_way_a_file_is_another_file(zone: Zone) -> None:
    right = MAPPING.format(encoding="UTF-8", separator=",")
    wrong = right.replace('"vat_payable"', '"x"').replace('"vat_paid"', '"vat_payable"')
    wrong = wrong.replace('"x"', '"vat_paid"')
    first = handed_in(zone, table(ROW), wrong)
    second = handed_in(zone, table(ROW), right)
    assert first.files[0].sha256 != second.files[0].sha256
    assert not second.files[0].seen_before


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("table = ", "no TOML"),
        ('table = "nothing"', "no table 'nothing'"),
        ('table = "tax_filings"\nencoding = "Big5"', "encoding 'Big5'"),
        ('table = "tax_filings"\n[columns]\n"a" = "b"', "no column b"),
        ('table = "tax_filings"\nseparator = ",,"', "separator"),
        ('table = "tax_filings"\nheader = 1', "header"),
    ],
)
def test_a_mapping_that_cannot_be_is_told_and_nothing_is_received(
    zone: Zone, mapping: str, said: str
) -> None:
    before = zone.listing()
    with pytest.raises(BadDelivery, match=said):
        handed_in(zone, table(ROW), mapping)
    assert zone.listing() == before


def test_what_calls_itself_gbk_may_hold_all_of_gb18030(zone: Zone) -> None:
    mapping = MAPPING.format(encoding="GBK", separator=",")
    receipt = handed_in(zone, table((*ROW[:-1], "𠮷")).encode("gb18030"), mapping)
    assert receipt.tables["tax_filings"].accepted == 1


def test_the_mapping_of_one_part_goes_before_that_of_all(zone: Zone) -> None:
    path = written(zone, table(ROW, separator=";"), None)
    own = MAPPING.format(encoding="UTF-8", separator=";")
    path.with_suffix(".toml").write_text(own, "utf-8")
    assert zone.receive(path).total.accepted == 1
    assert only_row(zone) == EXPECTED
