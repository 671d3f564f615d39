"""Graph reckoning on the driver: shared identities and short cycles of money."""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Indexes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_BLOCK = 512


def clusters(holders: Indexes, values: Indexes, count: int) -> Indexes:
    """Cluster of each of `count` enterprises that hold values in common.

    Args:
        holders: Enterprise of each (enterprise, value) pair, 0 to count - 1.
        values: Value of each pair, from 0.
        count: Number of enterprises.
    """
    size = count + (int(values.max()) + 1 if values.size else 0)
    ones = np.ones(holders.size, np.int8)
    graph = sparse.coo_array((ones, (holders, values + count)), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    return np.asarray(labels[:count], np.int64)


def on_short_cycle(payers: Indexes, payees: Indexes, count: int) -> Flags:
    """Which edges lie on a directed cycle of two to four enterprises.

    Args:
        payers: Start of each edge, 0 to count - 1; edges are distinct.
        payees: End of each edge.
        count: Number of enterprises.
    """
    strong = connected_components(_graph(payers, payees, count), connection="strong")[1]
    inside = (strong[payers] == strong[payees]) & (payers != payees)
    graph = _graph(payers[inside], payees[inside], count)
    found = np.zeros(payers.size, np.bool_)
    starts = np.flatnonzero(np.diff(graph.indptr))
    for first in range(0, starts.size, _BLOCK):
        rows = starts[first : first + _BLOCK]
        here = np.flatnonzero(inside & np.isin(payees, rows))
        reached = _within_three(graph, rows)
        lengths = reached[np.searchsorted(rows, payees[here]), payers[here]]
        found[here] = np.asarray(lengths).ravel() > 0
    return found


def _graph(payers: Indexes, payees: Indexes, count: int) -> sparse.csr_array:
    ones = np.ones(payers.size, np.float32)
    return sparse.csr_array((ones, (payers, payees)), shape=(count, count))


def _within_three(graph: sparse.csr_array, rows: Indexes) -> sparse.csr_array:
    one = graph[rows]
    two = one @ graph
    lengths: sparse.csr_array = one + two + two @ graph
    return lengths
