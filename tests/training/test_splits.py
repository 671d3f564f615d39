from collections.abc import Callable
from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from domain.nights import month_ends
from domain.signals import Signals
from models.labels import HORIZON
from training.panel import panel_nights
from training.splits import COMMON_HOLDERS, FOLDS, folds, identity_groups, split_nights

MakeSignals = Callable[..., Signals]


def test_nights_have_filled_windows_and_closed_horizons() -> None:
    nights = panel_nights(date(2024, 1, 10), date(2025, 3, 31))
    # half a year of documents by 11 July 2024; half a year of horizon before 31 March 2025
    assert nights == [date(2024, 7, 31), date(2024, 8, 31)]
    assert panel_nights(date(2024, 1, 10), date(2024, 6, 30)) == []


def test_the_embargo_lies_between_early_and_late() -> None:
    nights = month_ends(date(2023, 1, 31), date(2024, 2, 29))
    split = split_nights(nights)
    assert split.late == tuple(month_ends(date(2023, 11, 30), date(2024, 2, 29)))
    assert split.early == tuple(month_ends(date(2023, 1, 31), date(2023, 5, 31)))
    assert len(split.embargo) == 5


@given(st.integers(0, 40))
def test_no_early_horizon_reaches_a_late_night_and_no_night_is_lost(months: int) -> None:
    nights = [day.date() for day in pd.date_range("2020-01-31", periods=months, freq="ME")]
    split = split_nights(nights)
    assert [*split.early, *split.embargo, *split.late] == nights
    assert all(early + HORIZON <= late for early in split.early for late in split.late)


def _enterprise(code: str, **shared: object) -> dict[str, object]:
    return {"credit_code": code, **shared}


def test_enterprises_that_share_an_identity_are_one_group(make_signals: MakeSignals) -> None:
    crowd = [_enterprise(f"Z{n}", email_account_hash="x") for n in range(COMMON_HOLDERS + 1)]
    roll = [
        _enterprise("A", office_phone_hash="p"),
        _enterprise("B", office_phone_hash="p", legal_representative_hash="r"),
        _enterprise("C", legal_representative_hash="r"),
        _enterprise("D", office_address_hash="a", cluster_registered=True),
        _enterprise("E", office_address_hash="a", cluster_registered=True),
        *crowd,
    ]
    groups = identity_groups(make_signals(date(2025, 1, 31), enterprises=roll))
    assert groups["A"] == groups["B"] == groups["C"]
    assert groups.nunique() == 1 + 2 + len(crowd)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_a_group_is_never_divided(numbers: list[int]) -> None:
    groups = pd.Series(numbers, [f"E{row}" for row in range(len(numbers))])
    fold = folds(groups)
    assert fold.groupby(groups).nunique().max() == 1
    assert fold.between(0, FOLDS - 1).all()
    sizes = fold.value_counts().reindex(range(FOLDS), fill_value=0)
    assert sizes.max() - sizes.min() <= groups.value_counts().max()
