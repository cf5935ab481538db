"""The loops of `gis.facing`, compiled at first use.

An edge is ax, ay, bx, by, and the covered ground lies on its left; a piece of an edge has its direction and its length
besides: ux, uy, length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

FACING = -0.34  # cosine of 110 degrees: in a closed pocket some two edges turn at least this much
MITRED = -0.9135  # cosine of 156 degrees: a corner of more than 24 degrees, which a mitre of limit 5 leaves as it is
HALF = 1 << 31

Floats = NDArray[np.float64]
Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]


@compiled
def alone(xy: Floats, bits: Bits, ends: Positions, shell: Mask) -> Floats:
    """Return the edges of rings, ground on the left, one of each, and none that is there in both directions."""
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
                edges[count, 0], edges[count, 1], edges[count, 2], edges[count, 3] = (
                    xy[a, 0],
                    xy[a, 1],
                    xy[b, 0],
                    xy[b, 1],
                )
                marks[count] = _mark(bits[a, 0], bits[a, 1]) + _mark(bits[b, 0], bits[b, 1])
                count += 1
    return _without_twins(edges, marks, count)  # type: ignore[no-any-return]


@compiled
def _mark(x: np.uint64, y: np.uint64) -> np.uint64:
    """Mix the bits of a point."""
    mixed = x * np.uint64(0x9E3779B97F4A7C15) ^ (y * np.uint64(0xC2B2AE3D27D4EB4F) >> np.uint64(17)) ^ y << np.uint64(9)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def _without_twins(edges: Floats, marks: Bits, count: int) -> Floats:
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
def pieces_of(edges: Floats, longest: float) -> Floats:
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
def entries(pieces: Floats, cell: float, reach: float) -> tuple[Positions, Positions]:
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
def facing(pieces: Floats, keys: Positions, piece: Positions, reach: float, touching: float) -> Floats:
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
                if _turn(pieces, e, f) < FACING and _faces(pieces, e, f, reach, touching):
                    _widen(boxes[e], pieces, e, f, reach)
        start = stop
    return boxes[boxes[:, 0] < np.inf]


@compiled
def _turn(pieces: Floats, e: int, f: int) -> float:
    """Return the cosine of the angle between two directions."""
    return float(pieces[e, 4] * pieces[f, 4] + pieces[e, 5] * pieces[f, 5])


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
    long = pieces[e, 6] >= reach and pieces[f, 6] >= reach
    if long and (_follows(pieces, e, f) or _follows(pieces, f, e)) and _turn(pieces, e, f) > MITRED:
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
