"""Where the boundary of what shapes cover faces itself across a short distance: the only places where gaps can be.

Loops over edges, compiled at first use. An edge is ax, ay, bx, by, and the covered ground lies on its left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from gis import area
from gis.errors import GeometryError
from gis.text import Text

MOST_COMPARISONS = 5_000_000_000
LONGEST_REACHES = 16
MOST_PIECES = 1_000_000
CHUNK = 200_000
HALF = 1 << 31
FACING = -0.34  # cosine of 110 degrees: in a closed pocket some two edges turn at least this much
MITRED = -0.9135  # cosine of 156 degrees: a corner of more than 24 degrees, which a mitre of limit 5 leaves as it is
TOUCHING_M = 1e-7

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a loop without the interpreter's lock, and keep the result where a cache can be written."""
    try:
        made = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # nowhere to write: compile anew in each process
        made = njit(nogil=True, error_model="numpy")(function)
    return made  # type: ignore[no-any-return]


def places(shapes: area.Shapes, reach: float, metre: float) -> Floats:
    """Return boxes (west, south, east, north) around every two edges of the covered ground that face each other.

    Two edges face each other where each lies, at least in part, outside the other's side of the covered ground, they
    turn by more than 110 degrees against each other, and they are within `reach`. Edges that two shapes share exactly
    are no boundary.

    Parameters
    ----------
    shapes
        Valid polygons on a plane.
    reach
        In units of the plane.
    metre
        What a unit of the plane is in metres.

    Raises
    ------
    GeometryError
        So many edges lie so close together that comparing them would not end.
    """
    edges = boundary(shapes)
    if len(edges) == 0:
        return np.zeros((0, 4))
    total = float(np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1]).sum())
    pieces = _pieces(edges, max(LONGEST_REACHES * reach, total / (MOST_PIECES + 4 * len(edges))))
    cell = 2 * (total / len(pieces) + reach)
    keys, piece = _entries(pieces, cell, reach)
    order = np.argsort(keys, kind="stable")
    keys, piece = keys[order], piece[order]
    _refuse_heaps(keys)
    return np.asarray(_facing(pieces, keys, piece, cell, reach, TOUCHING_M / metre))


def boundary(shapes: area.Shapes) -> Floats:
    """Return the edges, (n, 4), that have covered ground on their left and no twin that has it on its right.

    Each is there once, however many shapes have it.
    """
    plain = (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON) & (shapely.get_num_interior_rings(shapes) == 0)
    parts, _ = area.simple_parts(shapes[~plain])
    inner, part_of = shapely.get_rings(parts, return_index=True)
    shell = np.r_[np.ones(plain.sum() + min(len(inner), 1), bool), part_of[1:] != part_of[:-1]]
    rings = np.r_[shapes[plain], inner]
    xy = shapely.get_coordinates(rings) + 0.0  # no negative zero: equal points have equal bits
    ends = np.r_[0, np.cumsum(shapely.get_num_coordinates(rings))]
    return np.asarray(_alone(xy, xy.view(np.uint64), ends, shell))


def _refuse_heaps(keys: Positions) -> None:
    """Refuse before the work what would never end."""
    _, count = np.unique(keys, return_counts=True)
    comparisons = int((count.astype(float) ** 2 / 2).sum())
    if comparisons > MOST_COMPARISONS:
        raise GeometryError(
            Text(
                "图形层层叠压:查找窄缝需比较 {number:,} 对边线,超出上限 {most:,}。请先处理重叠和重复图形。",
                "The shapes lie in heaps: finding gaps takes {number:,} comparisons of two edges, more than {most:,}. "
                "Correct overlaps and duplicates first.",
            ).format(number=comparisons, most=MOST_COMPARISONS)
        )


@compiled
def _alone(xy: Floats, bits: NDArray[np.uint64], ends: Positions, shell: NDArray[np.bool_]) -> Floats:
    edges, marks = np.empty((xy.shape[0], 4)), np.empty(xy.shape[0], np.uint64)
    count = 0
    for ring in range(shell.shape[0]):
        first, last = ends[ring], ends[ring + 1] - 1
        turn = 0.0
        for k in range(first, last):
            turn += (xy[k, 0] - xy[first, 0]) * (xy[k + 1, 1] - xy[first, 1])
            turn -= (xy[k + 1, 0] - xy[first, 0]) * (xy[k, 1] - xy[first, 1])
        forward = (turn > 0) == shell[ring]
        for k in range(first, last):
            a, b = (k, k + 1) if forward else (k + 1, k)
            if xy[a, 0] != xy[b, 0] or xy[a, 1] != xy[b, 1]:
                edges[count, 0], edges[count, 1], edges[count, 2], edges[count, 3] = xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1]
                marks[count] = _mark(bits[a, 0], bits[a, 1]) + _mark(bits[b, 0], bits[b, 1])
                count += 1
    return _without_twins(edges, marks, count)


@compiled
def _mark(x: int, y: int) -> int:
    mixed = x * np.uint64(0x9E3779B97F4A7C15) ^ (y * np.uint64(0xC2B2AE3D27D4EB4F) >> np.uint64(17)) ^ y << np.uint64(9)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def _without_twins(edges: Floats, marks: NDArray[np.uint64], count: int) -> Floats:
    """Keep one of each edge, and none that is there in both directions."""
    room = 16
    while room < 2 * count:
        room *= 2
    held = np.full(room, -1, np.int32)
    twin = np.zeros(count, np.bool_)
    kept = 0
    for k in range(count):
        at = np.int64(marks[k] & np.uint64(room - 1))
        while held[at] >= 0:
            other = held[at]
            if _same(edges, k, other, 0):
                break
            if _same(edges, k, other, 2):
                twin[other] = True
                break
            at = (at + 1) & (room - 1)
        if held[at] < 0:
            edges[kept] = edges[k]
            held[at] = kept
            kept += 1
    return edges[:kept][~twin[:kept]]


@compiled
def _same(edges: Floats, k: int, other: int, turned: int) -> bool:
    """Tell whether two edges are the same, or with `turned` 2 the same in the other direction."""
    a, b = turned, 2 - turned
    return bool(
        edges[k, 0] == edges[other, a]
        and edges[k, 1] == edges[other, a + 1]
        and edges[k, 2] == edges[other, b]
        and edges[k, 3] == edges[other, b + 1]
    )


@compiled
def _pieces(edges: Floats, longest: float) -> Floats:
    """Return the edges in pieces up to a length, with their direction and length: ax, ay, bx, by, ux, uy, length."""
    total = 0
    for k in range(edges.shape[0]):
        total += int(np.hypot(edges[k, 2] - edges[k, 0], edges[k, 3] - edges[k, 1]) / longest) + 1
    pieces = np.empty((total, 7))
    row = 0
    for k in range(edges.shape[0]):
        ax, ay, bx, by = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        length = np.hypot(bx - ax, by - ay)
        count = int(length / longest) + 1
        for step in range(count):
            pieces[row, 0], pieces[row, 1] = ax + (bx - ax) * step / count, ay + (by - ay) * step / count
            pieces[row, 2], pieces[row, 3] = ax + (bx - ax) * (step + 1) / count, ay + (by - ay) * (step + 1) / count
            pieces[row, 4], pieces[row, 5], pieces[row, 6] = (bx - ax) / length, (by - ay) / length, length / count
            row += 1
        pieces[row - 1, 2], pieces[row - 1, 3] = bx, by
    return pieces


@compiled
def _span(pieces: Floats, k: int, side: int, margin: float) -> tuple[float, float]:
    """Return where a piece begins and ends from west to east (side 0) or from south to north (1), with a margin."""
    a, b = pieces[k, side], pieces[k, side + 2]
    return min(a, b) - margin, max(a, b) + margin


@compiled
def _entries(pieces: Floats, cell: float, reach: float) -> tuple[Positions, Positions]:
    """Return each cell of a grid that a piece with half the reach around it meets, and the piece."""
    total = 0
    for pass_ in range(2):
        if pass_ == 1:
            keys, piece = np.empty(total, np.int64), np.empty(total, np.int64)
            total = 0
        for k in range(pieces.shape[0]):
            west, east = _span(pieces, k, 0, reach / 2)
            south, north = _span(pieces, k, 1, reach / 2)
            for column in range(int(np.floor(west / cell)), int(np.floor(east / cell)) + 1):
                for row in range(int(np.floor(south / cell)), int(np.floor(north / cell)) + 1):
                    if pass_ == 1:
                        keys[total], piece[total] = (column << 32) + row + HALF, k
                    total += 1
    return keys, piece


@compiled
def _facing(pieces: Floats, keys: Positions, piece: Positions, cell: float, reach: float, touching: float) -> Floats:
    """Return a box for each piece that faces others: around the ground between them."""
    boxes = np.empty((pieces.shape[0], 4))
    boxes[:, :2], boxes[:, 2:] = np.inf, -np.inf
    start = 0
    for stop in range(1, keys.shape[0] + 1):
        if stop < keys.shape[0] and keys[stop] == keys[start]:
            continue
        for i in range(start, stop):
            for k in range(i + 1, stop):
                e, f = piece[i], piece[k]
                if pieces[e, 4] * pieces[f, 4] + pieces[e, 5] * pieces[f, 5] < FACING:
                    if _faces(pieces, e, f, reach, touching):
                        _widen(boxes[e], pieces, e, f, reach)
        start = stop
    return boxes[boxes[:, 0] < np.inf]


@compiled
def _widen(box: Floats, pieces: Floats, e: int, f: int, reach: float) -> None:
    for side in range(2):
        a, b = _span(pieces, e, side, reach)
        c, d = _span(pieces, f, side, reach)
        box[side], box[side + 2] = min(box[side], max(a, c)), max(box[side + 2], min(b, d))


@compiled
def _faces(pieces: Floats, e: int, f: int, reach: float, touching: float) -> bool:
    for side in range(2):
        a, b = _span(pieces, e, side, reach)
        c, d = _span(pieces, f, side, 0.0)
        if c > b or d < a:
            return False
    left_of_e, right_of_e = _beside(pieces, e, f, touching)
    left_of_f, right_of_f = _beside(pieces, f, e, touching)
    if not (right_of_e and right_of_f):
        return False
    if _follows(pieces, e, f) or _follows(pieces, f, e):
        turn = pieces[e, 4] * pieces[f, 4] + pieces[e, 5] * pieces[f, 5]
        if turn > MITRED and pieces[e, 6] >= reach and pieces[f, 6] >= reach:
            return False
    cross = left_of_e and left_of_f
    return bool(cross or _apart(pieces, e, f) <= reach)


@compiled
def _beside(pieces: Floats, e: int, f: int, touching: float) -> tuple[bool, bool]:
    """Tell whether f lies, at least in part, to the left and to the right of e's line."""
    ax, ay, ux, uy = pieces[e, 0], pieces[e, 1], pieces[e, 4], pieces[e, 5]
    a = (pieces[f, 0] - ax) * uy - (pieces[f, 1] - ay) * ux
    b = (pieces[f, 2] - ax) * uy - (pieces[f, 3] - ay) * ux
    return bool(min(a, b) < -touching), bool(max(a, b) > touching)


@compiled
def _follows(pieces: Floats, e: int, f: int) -> bool:
    return bool(pieces[e, 2] == pieces[f, 0] and pieces[e, 3] == pieces[f, 1])


@compiled
def _apart(pieces: Floats, e: int, f: int) -> float:
    """Return the distance of two pieces (of two that cross, that of their ends)."""
    nearest = np.inf
    for one, other in ((e, f), (f, e)):
        for end in (0, 2):
            px, py = pieces[other, end] - pieces[one, 0], pieces[other, end + 1] - pieces[one, 1]
            along = min(max(px * pieces[one, 4] + py * pieces[one, 5], 0.0), pieces[one, 6])
            nearest = min(nearest, np.hypot(px - along * pieces[one, 4], py - along * pieces[one, 5]))
    return nearest


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
