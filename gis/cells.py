"""Cells of a grid, and the groups that touch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

CHUNK = 200_000
HALF = 1 << 31

Positions = NDArray[np.int64]


def groups(ranges: Positions) -> tuple[Positions, Positions]:
    """Return the cells, (n, 2), of a grid that ranges of cells cover, each once, and the group that each belongs to.

    Cells that touch, be it at a corner, are of one group. Cells and groups come from west to east.

    Parameters
    ----------
    ranges
        First column and row, last column and row of each range.
    """
    chunks = np.split(ranges, range(CHUNK, len(ranges), CHUNK))
    keys = np.unique(np.concatenate([np.unique(_cells(chunk)) for chunk in chunks]))
    columns, rows = keys >> 32, (keys & 0xFFFFFFFF) - HALF
    return np.column_stack([columns, rows]), np.unique(_joined(keys), return_inverse=True)[1]


@compiled
def _cells(ranges: Positions) -> Positions:
    total = 0
    for k in range(ranges.shape[0]):
        total += (ranges[k, 2] - ranges[k, 0] + 1) * (ranges[k, 3] - ranges[k, 1] + 1)
    keys = np.empty(total, np.int64)
    total = 0
    for k in range(ranges.shape[0]):
        for column in range(ranges[k, 0], ranges[k, 2] + 1):
            for row in range(ranges[k, 1], ranges[k, 3] + 1):
                keys[total] = (column << 32) + row + HALF
                total += 1
    return keys


@compiled
def _joined(keys: Positions) -> Positions:
    """Return for each cell (keys ascending) the position of the first cell of its group."""
    first = np.arange(keys.shape[0])
    for k in range(keys.shape[0]):
        for step in (1, (1 << 32) - 1, 1 << 32, (1 << 32) + 1):
            other = np.searchsorted(keys, keys[k] + step)
            if other < keys.shape[0] and keys[other] == keys[k] + step:
                a, b = _first(first, k), _first(first, other)
                first[max(a, b)] = min(a, b)
    for k in range(keys.shape[0]):
        first[k] = _first(first, k)
    return first


@compiled
def _first(first: Positions, k: int) -> int:
    while first[k] != k:
        first[k] = first[first[k]]
        k = first[k]
    return k
