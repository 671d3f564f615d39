"""Sealed bytes open with the same key and label only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import SealBroken
from storage.sealed import seal, unseal

KEY = bytes(range(32))


@given(st.binary(max_size=200))
def test_opens_to_the_same_bytes_and_never_looks_the_same_twice(plain: bytes) -> None:
    sealed = seal(plain, KEY, "a")
    assert unseal(sealed, KEY, "a") == plain
    assert sealed != seal(plain, KEY, "a")


@given(st.integers(min_value=0, max_value=27 + len(b"secret")))
def test_one_changed_bit_is_refused_with_a_sentence(place: int) -> None:
    sealed = bytearray(seal(b"secret", KEY, "a"))
    sealed[place] ^= 1
    with pytest.raises(SealBroken, match="cannot be opened"):
        unseal(bytes(sealed), KEY, "a")


@pytest.mark.parametrize("cut", [0, 5, 12, 20])
def test_a_cut_seal_is_refused(cut: int) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(b"secret", KEY, "a")[:cut], KEY, "a")


def test_another_key_or_label_is_refused() -> None:
    sealed = seal(b"secret", KEY, "a")
    with pytest.raises(SealBroken):
        unseal(sealed, bytes(32), "a")
    with pytest.raises(SealBroken):
        unseal(sealed, KEY, "b")


def test_plain_bytes_do_not_shine_through() -> None:
    assert b"13800138000" not in seal(b"13800138000", KEY, "a")
