"""Limits are read as of a day and carry where they come from."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from risk_rules.thresholds import Limit, limits_as_of, thresholds, thresholds_digest


def limit(*history: dict[str, Any]) -> Limit:
    return Limit.model_validate(
        {
            "description": "d",
            "unit": "CNY",
            "reference": "r",
            "mark": "S",
            "history": history,
        }
    )


RAISED = limit(
    {"from": date(2019, 1, 1), "value": 2000},
    {"from": date(2021, 1, 1), "value": 5000},
    {"from": date(2024, 1, 1)},
)


@pytest.mark.parametrize(
    ("as_of", "value"),
    [
        (date(2018, 12, 31), None),
        (date(2019, 1, 1), 2000),
        (date(2020, 12, 31), 2000),
        (date(2021, 1, 1), 5000),
        (date(2023, 12, 31), 5000),
        (date(2024, 1, 1), None),
    ],
)
def test_a_value_holds_from_its_first_day_to_the_next(as_of: date, value: float | None) -> None:
    assert RAISED.value_as_of(as_of) == value


def test_a_limit_not_in_force_is_absent() -> None:
    before, after = limits_as_of(date(2025, 9, 30)), limits_as_of(date(2025, 10, 1))
    assert after.keys() - before.keys() == {"revenue_to_platform_income"}


def test_history_out_of_order_is_refused() -> None:
    with pytest.raises(ValidationError, match="oldest day"):
        limit({"from": date(2020, 1, 1), "value": 1}, {"from": date(2019, 1, 1), "value": 2})


def test_every_limit_says_where_it_comes_from() -> None:
    for held in thresholds().values():
        assert held.description
        assert held.unit
        assert held.reference


def test_published_lines_come_first() -> None:
    names = list(thresholds())
    published = [name for name, held in thresholds().items() if held.mark == "S"]
    assert names[: len(published)] == published


def test_published_lines_have_their_published_values() -> None:
    limits = limits_as_of(date(2026, 6, 30))
    assert limits["exemption_watch_from"] == pytest.approx(180_000 / 200_000)
    assert limits["rebate_to_net_assets"] == pytest.approx(1 / 0.6, abs=1e-4)
    assert limits["large_transfer_cny"] == 2_000_000
    assert limits["new_firm_days"] == 90


def test_digest_is_stable() -> None:
    assert thresholds_digest() == thresholds_digest()
    assert len(thresholds_digest()) == 64
