"""No enterprise, person or phone of the zone can be a real one."""

import pandas as pd

from domain.identity import is_credit_code, is_customs_code
from tests.pilot_zone.pieces import Zone

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _check(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return "10X98765432"[total % 11]


def _ids(zone: Zone) -> pd.Series:
    return zone.read("orders")["buyer_id_number"].dropna()


def test_enterprise_codes_are_well_formed_but_of_no_division(zone: Zone) -> None:
    roll = zone.read("enterprises")
    assert roll["credit_code"].map(is_credit_code).all()
    assert roll["credit_code"].str[2:8].eq("999999").all()
    assert roll["customs_code"].map(is_customs_code).all()
    assert roll.groupby("customs_code")["credit_code"].nunique().max() == 1


def test_an_owner_that_is_on_no_roll_has_a_well_formed_code_of_no_division(zone: Zone) -> None:
    owners = zone.read("declarations")["owner_code"].dropna()
    strangers = owners[~owners.isin(zone.read("enterprises")["credit_code"])]
    assert 0 < strangers.nunique() < len(strangers) < len(owners)
    assert strangers.map(is_credit_code).all()
    assert strangers.str[2:8].eq("999999").all()


def test_id_numbers_are_of_no_area_and_mostly_check(zone: Zone) -> None:
    ids = _ids(zone)
    assert ids.str.len().eq(18).all()
    assert ids.str[:2].eq("99").all()
    right = ids.map(lambda number: _check(number) == number[17])
    assert 0.95 < right.mean() < 1


def test_ages_are_plausible_as_a_rule(zone: Zone) -> None:
    year = _ids(zone).str[6:10].astype(int)
    odd = (year < 1936) | (year > 2010)
    assert 0 < odd.mean() < 0.08


def test_phones_are_of_segments_never_given_out_or_of_virtual_operators(zone: Zone) -> None:
    phones = zone.read("orders")["buyer_phone"].dropna()
    assert phones.str.fullmatch(r"1\d{10}").all()
    never, virtual = {"154", "161", "163", "164", "168", "169"}, {"162", "165", "167", "170", "171"}
    assert set(phones.str[:3]) <= never | virtual
    assert 0 < phones.str[:3].isin(virtual).mean() < 0.25


def test_households_share_an_address_and_stations_many(zone: Zone) -> None:
    orders = zone.read("orders").query("direction == 'I'")
    per = orders.groupby("consignee_address")["buyer_id_number"].nunique()
    assert (per > 2).mean() > 0.01
    station = per[per.index.str.contains("驿站")]
    assert station.mean() > per[~per.index.str.contains("驿站")].mean()


def test_grades_come_in_the_published_proportions(zone: Zone) -> None:
    grades = zone.read("authority_grades")
    ordered = grades.sort_values(["valid_from", "known_at"])
    last = ordered.drop_duplicates(["scheme", "enterprise_code"], keep="last")

    def share(scheme: str, grade: str) -> float:
        return float((last.loc[last["scheme"] == scheme, "grade"] == grade).mean())

    assert abs(share("samr", "A") - 0.73) < 0.05
    assert abs(share("tax", "B") - 0.47) < 0.08
    assert share("customs", "常规") > 0.93
