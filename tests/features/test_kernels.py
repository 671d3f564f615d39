"""Graph kernels against reckoning by brute force."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from features.kernels import clusters, on_short_cycle

EDGES = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20)


def brute_force(edges: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Edges (a, b) of which b leads back to a in one to three steps."""
    follow = {a: {y for x, y in edges if x == a} for a, _ in edges}
    found = set()
    for a, b in edges:
        reached = {b}
        for _ in range(3):
            reached = {z for y in reached for z in follow.get(y, ())}
            if a != b and a in reached:
                found.add((a, b))
    return found


@given(EDGES)
@settings(max_examples=60, deadline=None)
def test_short_cycles_are_those_of_brute_force(edges: set[tuple[int, int]]) -> None:
    pairs = np.array(sorted(edges), np.int64).reshape(-1, 2)
    flags = on_short_cycle(pairs[:, 0], pairs[:, 1], 7)
    assert {(int(a), int(b)) for a, b in pairs[flags]} == brute_force(edges)


def test_a_ring_of_five_is_too_long() -> None:
    ring = np.arange(5)
    assert not on_short_cycle(ring, (ring + 1) % 5, 5).any()
    assert on_short_cycle(ring[:4], (ring[:4] + 1) % 4, 4).all()


def test_many_starting_points_are_taken_in_blocks() -> None:
    payers = np.arange(2000)
    payees = payers ^ 1  # pairs that pay each other
    assert on_short_cycle(payers, payees, 2000).all()


def test_clusters_meet_through_common_values() -> None:
    holders, values = np.array([0, 1, 1, 2, 4]), np.array([0, 0, 1, 1, 2])
    first, second, third, alone, other = clusters(holders, values, 5)
    assert first == second == third
    assert len({first, alone, other}) == 3


def test_nobody_is_tied_by_nothing() -> None:
    nothing = np.array([], np.int64)
    assert len(set(clusters(nothing, nothing, 3))) == 3
    assert on_short_cycle(nothing, nothing, 3).size == 0
