from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_zone.columns import amount, cents, choose, digits, only, serial


@settings(max_examples=50)
@given(st.lists(st.integers(-(10**17), 10**17), max_size=20))
def test_amounts_are_exact(scaled: list[int]) -> None:
    column = amount(np.array(scaled, np.int64))
    assert column.to_pylist() == [Decimal(value).scaleb(-5) for value in scaled]


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10**9 - 1), max_size=20))
def test_serials_keep_leading_zeros(numbers: list[int]) -> None:
    column = serial("DD", np.array(numbers, np.int64), 9)
    assert column.to_pylist() == [f"DD{number:09d}" for number in numbers]


def test_digits_by_hand() -> None:
    assert digits(np.array([7, 42]), 3).tobytes() == b"007042"


def test_negative_codes_are_null() -> None:
    assert choose(("a", "b"), np.array([1, -1, 0])).to_pylist() == ["b", None, "a"]
    assert choose(pa.array(["a", "b"]), np.array([1, 1])).to_pylist() == ["b", "b"]


def test_only_leaves_the_rest_null() -> None:
    kept = only(np.array([True, False]), pa.array(["x", "y"]))
    assert kept.to_pylist() == ["x", None]


def test_cents_are_rounded_once() -> None:
    assert cents(np.array([1.005, 2.344])).tolist() == [100_000, 234_000]
