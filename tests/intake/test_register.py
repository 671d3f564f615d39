"""Codes of both kinds lead to one enterprise, by the day where a code passed on."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.intake.conftest import ROLL
from tests.intake.made import CARRIER, FIRM, FIRM_CUSTOMS, NOW, Zone, enterprise, order

SOLD = datetime.fromisoformat("2026-03-01 09:00")
FORMER = "91320300MA0000008X"
NEWCOMER, NEWCOMER_CUSTOMS = "91320300MA0000009X", "3203000009"


def alias(kind: str, value: str, first: str, last: str | None) -> dict[str, Any]:
    days = {"valid_from": date.fromisoformat(first), "valid_to": last and date.fromisoformat(last)}
    return {"enterprise_code": CARRIER, "kind": kind, "alias": value, **days}


def merchants(zone: Zone, *days: str) -> list[str]:
    """Whom orders under the firm's customs code, reported on some days, are taken to be of."""
    at = [datetime.fromisoformat(f"{day} 10:00") for day in days]
    rows = [order(f"O{n}", merchant_code=FIRM_CUSTOMS, reported_at=day) for n, day in enumerate(at)]
    zone.receive(zone.extract("orders", rows))
    by_number = {row["order_no"]: row["merchant_code"] for row in zone.rows("orders")}
    return [by_number[f"O{n}"] for n in range(len(days))]


def test_a_customs_code_that_passed_on_leads_to_its_holder_of_that_day(zone: Zone) -> None:
    sold = [enterprise(FIRM, None), enterprise(CARRIER, FIRM_CUSTOMS)]
    zone.receive(zone.extract("enterprises", sold), now=SOLD)
    assert merchants(zone, "2019-01-01", "2026-02-28", "2026-03-01") == [FIRM, FIRM, CARRIER]


def test_a_code_that_was_given_up_still_leads_to_who_had_it(zone: Zone) -> None:
    zone.receive(zone.extract("enterprises", [enterprise(FIRM, "3203000099")]), now=SOLD)
    assert merchants(zone, "2026-02-28", "2026-05-01") == [FIRM, FIRM]


def test_stated_days_of_an_alias_win_over_the_roll(zone: Zone) -> None:
    lent = alias("customs_code", FIRM_CUSTOMS, "2020-01-01", "2020-12-31")
    zone.receive(zone.extract("aliases", [lent]))
    days = ("2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01")
    assert merchants(zone, *days) == [FIRM, CARRIER, CARRIER, FIRM]


def test_a_name_stays_as_it_is_written_and_a_code_does_not(zone: Zone) -> None:
    rows = [alias("name", "Ａbc ｘ", "2020-01-01", None)]
    rows.append(alias("customs_code", "３２０３00000a", "2020-01-01", None))
    zone.receive(zone.extract("aliases", rows))
    assert {row["alias"] for row in zone.rows("aliases")} == {"Ａbc ｘ", "320300000A"}


def test_outside_all_stated_days_the_nearest_holder_is_taken(empty_zone: Zone) -> None:
    zone = empty_zone
    early = alias("customs_code", FIRM_CUSTOMS, "2016-01-01", "2016-12-31")
    late = alias("customs_code", FIRM_CUSTOMS, "2022-01-01", "2022-12-31")
    roll = [enterprise(FIRM, None), enterprise(CARRIER, None)]
    stated = zone.extract("aliases", [early, {**late, "enterprise_code": FIRM}])
    zone.receive(zone.extract("enterprises", roll), stated)
    assert merchants(zone, "2017-06-01", "2021-06-01", "2023-06-01") == [CARRIER, FIRM, FIRM]


def test_an_alias_alone_makes_a_code_known(empty_zone: Zone) -> None:
    zone = empty_zone
    carried = alias("customs_code", FIRM_CUSTOMS, "2020-01-01", None)
    zone.receive(zone.extract("enterprises", ROLL[1:]), zone.extract("aliases", [carried]))
    assert merchants(zone, "2019-01-01", "2026-05-01") == [CARRIER, CARRIER]


@pytest.mark.parametrize("written", [FORMER, FORMER.lower().replace("1", "１")])
@pytest.mark.parametrize("first", ["orders", "aliases"])
def test_an_enterprise_with_a_replaced_code_has_all_its_documents(
    zone: Zone, first: str, written: str
) -> None:
    paths = {
        "aliases": zone.extract("aliases", [alias("credit_code", written, "2015-01-01", None)]),
        "orders": zone.extract("orders", [order("O1", merchant_code=FORMER)]),
    }
    zone.receive(paths.pop(first))
    zone.receive(*paths.values())
    zone.receive(zone.extract("orders", [order("O1", merchant_code=FORMER)], part="-again"))
    assert [row["merchant_code"] for row in zone.alive("orders").values()] == [CARRIER]
    assert [row["document_key"] for row in zone.rows("orders")] == [f"{FIRM}|{FORMER}|O1"]


def test_what_came_before_its_enterprise_is_resolved_when_it_comes_again(zone: Zone) -> None:
    rows = [order("O1", merchant_code=NEWCOMER_CUSTOMS)]
    path = zone.extract("orders", rows)
    assert zone.receive(path).reasons == {"unknown_enterprise": 1}
    zone.receive(zone.extract("enterprises", [enterprise(NEWCOMER, NEWCOMER_CUSTOMS)]))
    zone.receive(path, now=NOW + timedelta(days=1))
    assert [row["merchant_code"] for row in zone.rows("orders")] == [NEWCOMER]


def test_an_alias_that_was_withdrawn_leads_nowhere(zone: Zone) -> None:
    lent = alias("customs_code", FIRM_CUSTOMS, "2020-01-01", None)
    zone.receive(zone.extract("aliases", [lent]))
    zone.receive(zone.extract("aliases", [lent | {"operation": "3"}], part="-gone"))
    assert merchants(zone, "2026-05-01") == [FIRM]


def test_an_alias_withdrawn_in_the_same_batch_leads_nowhere(zone: Zone) -> None:
    lent = alias("customs_code", FIRM_CUSTOMS, "2020-01-01", None)
    zone.receive(zone.extract("aliases", [lent]))
    gone = zone.extract("aliases", [lent | {"operation": "3"}], part="-gone")
    zone.receive(gone, zone.extract("orders", [order("O1", merchant_code=FIRM_CUSTOMS)]))
    assert [row["merchant_code"] for row in zone.rows("orders")] == [FIRM]


def test_days_of_an_alias_that_are_cut_short_hold_in_the_same_batch(zone: Zone) -> None:
    lent = alias("customs_code", FIRM_CUSTOMS, "2020-01-01", None)
    zone.receive(zone.extract("aliases", [lent]))
    ended = alias("customs_code", FIRM_CUSTOMS, "2020-01-01", "2020-12-31") | {"operation": "2"}
    shorter = zone.extract("aliases", [ended], part="-shorter")
    zone.receive(shorter, zone.extract("orders", [order("O1", merchant_code=FIRM_CUSTOMS)]))
    assert [row["merchant_code"] for row in zone.rows("orders")] == [FIRM]
