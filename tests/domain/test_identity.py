import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import (
    credit_code_check_character,
    folded,
    is_credit_code,
    is_customs_code,
    normal_code,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODIES = st.text(ALPHABET, min_size=17, max_size=17)


def test_published_codes_hold() -> None:
    assert is_credit_code("91110000802100433B")
    assert is_credit_code("911101085923662400")


@given(BODIES)
def test_made_codes_hold(body: str) -> None:
    assert is_credit_code(body + credit_code_check_character(body))


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(body: str, position: int, other: str) -> None:
    code = body + credit_code_check_character(body)
    changed = code[:position] + other + code[position + 1 :]
    assert is_credit_code(changed) == (changed == code)


@pytest.mark.parametrize("code", ["", "91110000802100433", "91110000802100433I", "x" * 18])
def test_impossible_codes_are_refused(code: str) -> None:
    assert not is_credit_code(code)


def test_bodies_of_wrong_length_or_alphabet_are_refused() -> None:
    with pytest.raises(ValueError, match="argument"):
        credit_code_check_character("1")
    with pytest.raises(ValueError, match="substring"):
        credit_code_check_character("I" * 17)


@pytest.mark.parametrize("code", ["4403169D3W", "31222699S7", "0012345678"])
def test_customs_codes_are_text_and_may_hold_letters(code: str) -> None:
    assert is_customs_code(code)


@pytest.mark.parametrize("code", ["123456789", "12345-7890", "１２３４５６７８９０"])
def test_other_forms_are_no_customs_codes(code: str) -> None:
    assert not is_customs_code(code)


def test_codes_are_compared_in_half_width_capitals() -> None:
    assert normal_code(" ９１3203ma00００１234 ") == "913203MA00001234"


def test_names_are_searched_whatever_their_width_and_case() -> None:
    assert folded(" 徐州ＡＢＣ Straße(跨境) ") == folded("徐州abc STRASSE（跨境）")
