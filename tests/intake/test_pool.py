"""What occurrences of a part say, however their leaves are named, ordered and repeated."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import pool
from intake.pool import Part

KNOWN = {name: name for name in "abc"}
OCCURRENCES = st.lists(st.lists(st.sampled_from("abcxy"), max_size=5), max_size=12)


@pytest.mark.parametrize("most", [0, 2, 256])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(occurrences=OCCURRENCES, at_once=st.sampled_from((1, 7, 100)))
def test_the_first_leaf_of_a_name_counts_and_all_others_are_told(
    monkeypatch: pytest.MonkeyPatch, most: int, occurrences: list[list[str]], at_once: int
) -> None:
    monkeypatch.setattr(pool, "_MOST_FORMS", most)
    monkeypatch.setattr(pool, "_AT_ONCE", at_once)
    part = Part(KNOWN, frozenset("ab"))
    plain: list[dict[str, str]] = []
    for owner, tags in enumerate(occurrences):
        texts = [f"{owner}.{place}" for place in range(len(tags))]
        first = dict(zip(reversed(tags), reversed(texts), strict=True))
        plain.append(first)
        strange = part.add(owner, tags, list(texts))
        assert Counter(strange) == Counter(tags) - Counter(KNOWN.keys() & set(tags))
    assert part.owners == list(range(len(occurrences)))
    for name in "ab":
        assert part.column(name).to_pylist() == [first.get(name) for first in plain]
    assert len(part._alike) <= most + 1
