"""The loops over vertices, compiled: reading WKB, finding, clipping, writing vector tiles, covering pixels.

numpy can't follow rings of differing lengths without a copy per step, and shapely makes an object of each part; these
loops run over flat arrays, free of the interpreter's lock, so tiles are made in threads beside the screens. They are
compiled at their first call and kept on disk where that can be written.

What they share, all in grid units (`guatu.maps.grid`): `xy`, the vertices of all rings, none closed by a repeated
point; ring i is `xy[ring_start[i]:ring_start[i + 1]]`, of a kind below; feature k has rings `first_ring[k]` to
`first_ring[k + 1]`. Shells turn clockwise as seen on the map, holes the other way, and follow their shell.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

POINT, LINE, SHELL, HOLE = 0, 1, 2, 3
BLOCK = 64
# Sums over a million edges are off by some 1e-11; the smallest parcel covers more of a pixel of zoom 0.
ANYTHING = 1e-9

U8: TypeAlias = NDArray[np.uint8]
U32: TypeAlias = NDArray[np.uint32]
I64: TypeAlias = NDArray[np.int64]
F64: TypeAlias = NDArray[np.float64]


# ---- reading -------------------------------------------------------------------------------------------------------


@compiled
def _u32(data: U8, at: int) -> int:
    return int(data[at]) | int(data[at + 1]) << 8 | int(data[at + 2]) << 16 | int(data[at + 3]) << 24


@compiled
def counted(wkb: U8, start: I64) -> tuple[int, int]:
    """Return the number of rings and of points in little-endian WKB without Z; shape k starts at `start[k]`."""
    rings = points = 0
    for k in range(len(start) - 1):
        at = start[k]
        while at < start[k + 1]:
            kind = _u32(wkb, at + 1)
            at += 5
            if kind == 1:
                rings, points, at = rings + 1, points + 1, at + 16
                continue
            n = _u32(wkb, at)
            at += 4
            if kind == 2:
                rings, points, at = rings + 1, points + n, at + 16 * n
            elif kind == 3:
                for _ in range(n):
                    size = _u32(wkb, at)
                    rings, points, at = rings + 1, points + size, at + 4 + 16 * size
    return rings, points


@compiled
def read(
    wkb: U8, start: I64, coordinates: F64, out_xy: F64, ring_start: I64, kind_of: U8, first_ring: I64
) -> tuple[int, int]:
    """Fill rings from WKB, in the order of the shapes; return how many rings and points there were.

    `coordinates` is room for one number, through which the eight bytes of each are read.
    """
    window = coordinates.view(np.uint8)
    ring = point = 0
    for k in range(len(start) - 1):
        first_ring[k] = ring
        at = start[k]
        while at < start[k + 1]:
            kind = _u32(wkb, at + 1)
            at += 5
            if kind == 1:
                ring_start[ring], kind_of[ring], ring = point, POINT, ring + 1
                at = _points(wkb, at, 1, window, coordinates, out_xy, point)
                point += 1
                continue
            n = _u32(wkb, at)
            at += 4
            if kind == 2:
                ring_start[ring], kind_of[ring], ring = point, LINE, ring + 1
                at = _points(wkb, at, n, window, coordinates, out_xy, point)
                point += n
            elif kind == 3:
                for each in range(n):
                    size = _u32(wkb, at)
                    ring_start[ring], kind_of[ring], ring = point, SHELL if each == 0 else HOLE, ring + 1
                    at = _points(wkb, at + 4, size, window, coordinates, out_xy, point)
                    point += max(size - 1, 0)
    first_ring[len(start) - 1] = ring
    ring_start[ring] = point
    return ring, point


@compiled
def _points(wkb: U8, at: int, n: int, window: U8, number: F64, out_xy: F64, point: int) -> int:
    for i in range(n):
        for axis in range(2):
            for byte in range(8):
                window[byte] = wkb[at + byte]
            # The closing point of a ring falls where the next ring begins, and is written over.
            out_xy[point + i, axis] = number[0]
            at += 8
    return at


@compiled
def boxes_of(xy: U32, ring_start: I64, first_ring: I64) -> U32:
    """Return west, north, east, south of each feature."""
    boxes = np.empty((len(first_ring) - 1, 4), np.uint32)
    for k in range(len(boxes)):
        x1 = y1 = np.uint32(0xFFFFFFFF)
        x2 = y2 = np.uint32(0)
        for i in range(ring_start[first_ring[k]], ring_start[first_ring[k + 1]]):
            x1, x2 = min(x1, xy[i, 0]), max(x2, xy[i, 0])
            y1, y2 = min(y1, xy[i, 1]), max(y2, xy[i, 1])
        boxes[k, 0], boxes[k, 1], boxes[k, 2], boxes[k, 3] = x1, y1, x2, y2
    return boxes


@compiled
def arranged(
    order: I64, xy: U32, ring_start: I64, kind_of: U8, first_ring: I64
) -> tuple[U32, I64, U8, I64, NDArray[np.float32]]:
    """Return the rings in another order of features, each turned as it should, and the features' areas."""
    out_xy = np.empty_like(xy)
    out_start = np.empty_like(ring_start)
    out_kind = np.empty_like(kind_of)
    out_first = np.empty_like(first_ring)
    area = np.zeros(len(order), np.float32)
    ring = point = 0
    for k in range(len(order)):
        out_first[k] = ring
        whole = 0.0
        for r in range(first_ring[order[k]], first_ring[order[k] + 1]):
            a, b = ring_start[r], ring_start[r + 1]
            out_start[ring], out_kind[ring] = point, kind_of[r]
            turn = 1
            if kind_of[r] >= SHELL:
                doubled = _doubled(xy, a, b)
                turn = 1 if (doubled > 0) == (kind_of[r] == SHELL) else -1
                whole += abs(doubled) / 2 if kind_of[r] == SHELL else -abs(doubled) / 2
            for i in range(b - a):
                at = a + i if turn == 1 else b - 1 - i
                out_xy[point + i, 0], out_xy[point + i, 1] = xy[at, 0], xy[at, 1]
            ring, point = ring + 1, point + b - a
        area[k] = whole
    out_first[len(order)] = ring
    out_start[ring] = point
    return out_xy, out_start, out_kind, out_first, area


@compiled
def _doubled(xy: U32, a: int, b: int) -> float:
    """Return twice the area of a ring, positive where it turns clockwise as seen on the map (y runs south)."""
    total = 0.0
    if a == b:
        return total
    x0, y0 = np.float64(xy[a, 0]), np.float64(xy[a, 1])
    for i in range(a + 1, b - 1):
        total += (xy[i, 0] - x0) * (xy[i + 1, 1] - y0) - (xy[i + 1, 0] - x0) * (xy[i, 1] - y0)
    return total


# ---- finding -------------------------------------------------------------------------------------------------------


@compiled
def blocks_of(boxes: U32) -> U32:
    """Return the box round each block of features."""
    blocks = np.empty(((len(boxes) + BLOCK - 1) // BLOCK, 4), np.uint32)
    for b in range(len(blocks)):
        for axis in range(4):
            edge = boxes[b * BLOCK, axis]
            for k in range(b * BLOCK, min((b + 1) * BLOCK, len(boxes))):
                edge = min(edge, boxes[k, axis]) if axis < 2 else max(edge, boxes[k, axis])
            blocks[b, axis] = edge
    return blocks


@compiled
def hits(boxes: U32, blocks: U32, west: int, north: int, east: int, south: int) -> I64:
    """Return the features whose box meets a box, in their order."""
    found = np.empty(1024, np.int64)
    n = 0
    for b in range(len(blocks)):
        if blocks[b, 0] > east or blocks[b, 2] < west or blocks[b, 1] > south or blocks[b, 3] < north:
            continue
        found = _room(found, n + BLOCK)
        for k in range(b * BLOCK, min((b + 1) * BLOCK, len(boxes))):
            if boxes[k, 0] <= east and boxes[k, 2] >= west and boxes[k, 1] <= south and boxes[k, 3] >= north:
                found[n] = k
                n += 1
    return found[:n].copy()


@compiled
def equal_to(text: U8, start: I64, wanted: U8) -> int:
    """Return which of the texts, laid end to end, is the wanted one, or -1."""
    for k in range(len(start) - 1):
        if start[k + 1] - start[k] != len(wanted):
            continue
        same = True
        for i in range(len(wanted)):
            if text[start[k] + i] != wanted[i]:
                same = False
                break
        if same:
            return k
    return -1


@compiled
def _room(buffer: Any, needed: int) -> Any:
    """Return the buffer, or a longer one that begins alike."""
    if needed <= len(buffer):
        return buffer
    longer = np.empty(max(needed, 2 * len(buffer)), buffer.dtype)
    for i in range(len(buffer)):
        longer[i] = buffer[i]
    return longer


# ---- clipping ------------------------------------------------------------------------------------------------------


@compiled
def _cut(points: F64, axis: int, bound: float, side: float) -> F64:
    """Return a ring's part on one side of a line along an axis (Sutherland and Hodgman 1974)."""
    n = len(points)
    out = np.empty((2 * n, 2), np.float64)
    m = 0
    for i in range(n):
        j = i - 1 if i else n - 1
        here, before = (points[i, axis] - bound) * side, (points[j, axis] - bound) * side
        if (here >= 0) != (before >= 0):
            share = before / (before - here)
            out[m, axis] = bound
            out[m, 1 - axis] = points[j, 1 - axis] + share * (points[i, 1 - axis] - points[j, 1 - axis])
            m += 1
        if here >= 0:
            out[m, 0], out[m, 1] = points[i, 0], points[i, 1]
            m += 1
    return out[:m]


@compiled
def _cut_ring(points: F64, low: float, high_x: float, high_y: float) -> F64:
    for axis, bound, side in ((0, low, 1.0), (0, high_x, -1.0), (1, low, 1.0), (1, high_y, -1.0)):
        if len(points):
            points = _cut(points, axis, bound, side)
    return points


@compiled
def _cut_segment(x1: float, y1: float, x2: float, y2: float, low: float, high: float) -> tuple[float, float]:
    """Return from which share to which of a segment lies in the square (Liang and Barsky 1984); outside, 1 and 0."""
    first, last = 0.0, 1.0
    for p, q in ((x1 - x2, x1 - low), (x2 - x1, high - x1), (y1 - y2, y1 - low), (y2 - y1, high - y1)):
        if p == 0:
            if q < 0:
                return 1.0, 0.0
        elif p < 0:
            first = max(first, q / p)
        else:
            last = min(last, q / p)
    return (first, last) if first <= last else (1.0, 0.0)


@compiled
def _on_tile(xy: U32, a: int, b: int, x0: int, y0: int, scale: float) -> F64:
    points = np.empty((b - a, 2), np.float64)
    for i in range(b - a):
        points[i, 0] = (np.int64(xy[a + i, 0]) - x0) * scale
        points[i, 1] = (np.int64(xy[a + i, 1]) - y0) * scale
    return points


# ---- vector tiles --------------------------------------------------------------------------------------------------


@compiled
def _varint(out: U8, at: int, value: int) -> int:
    while value > 127:
        out[at] = (value & 127) | 128
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@compiled
def _varint_size(value: int) -> int:
    size = 1
    while value > 127:
        value >>= 7
        size += 1
    return size


@compiled
def _zigzag(value: int) -> int:
    return (value << 1) ^ (value >> 63)


@compiled
def _whole(points: F64, closed: bool) -> I64:
    """Return points rounded to whole units, without neighbours that fall together."""
    out = np.empty((len(points), 2), np.int64)
    n = 0
    for i in range(len(points)):
        x, y = np.int64(np.floor(points[i, 0] + 0.5)), np.int64(np.floor(points[i, 1] + 0.5))
        if n == 0 or out[n - 1, 0] != x or out[n - 1, 1] != y:
            out[n, 0], out[n, 1] = x, y
            n += 1
    if closed and n > 1 and out[0, 0] == out[n - 1, 0] and out[0, 1] == out[n - 1, 1]:
        n -= 1
    return out[:n]


@compiled
def _doubled_whole(ring: I64) -> int:
    total = 0
    for i in range(1, len(ring) - 1):
        total += (ring[i, 0] - ring[0, 0]) * (ring[i + 1, 1] - ring[0, 1])
        total -= (ring[i + 1, 0] - ring[0, 0]) * (ring[i, 1] - ring[0, 1])
    return total


@compiled
def _widest(ring: I64) -> int:
    """Return the longer side of a ring's box."""
    x1, y1 = ring[0, 0], ring[0, 1]
    x2, y2 = x1, y1
    for i in range(1, len(ring)):
        x1, x2 = min(x1, ring[i, 0]), max(x2, ring[i, 0])
        y1, y2 = min(y1, ring[i, 1]), max(y2, ring[i, 1])
    return int(max(x2 - x1, y2 - y1))


@compiled
def _square(x: int, y: int, side: int) -> I64:
    ring = np.empty((4, 2), np.int64)
    for i in range(4):
        ring[i, 0] = x + (side if 1 <= i <= 2 else 0)
        ring[i, 1] = y + (side if i >= 2 else 0)
    return ring


@compiled
def _moved(commands: I64, n: int, points: I64, pen: I64, turned: bool) -> tuple[I64, int]:
    """Append MoveTo the first point and LineTo the others."""
    commands = _room(commands, n + 2 * len(points) + 4)
    for i in range(len(points)):
        if i < 2:
            commands[n] = 9 if i == 0 else ((len(points) - 1) << 3) | 2
            n += 1
        at = len(points) - 1 - i if turned else i
        x, y = points[at, 0], points[at, 1]
        commands[n], commands[n + 1] = _zigzag(x - pen[0]), _zigzag(y - pen[1])
        pen[0], pen[1] = x, y
        n += 2
    return commands, n


@compiled
def _ring(
    commands: I64, n: int, points: F64, pen: I64, shell: bool, inside: bool, low: float, high: float, pixel: int
) -> tuple[I64, int, bool]:
    """Append a ring; a shell below a pixel or without ground becomes a square of one, a hole without is left out."""
    if not inside:
        points = _cut_ring(points, low, high, high)
    if len(points) == 0:
        return commands, n, False
    ring = _whole(points, True)
    doubled = _doubled_whole(ring)
    if shell and (doubled == 0 or _widest(ring) < pixel):
        ring = _square(ring[0, 0] - pixel // 2, ring[0, 1] - pixel // 2, pixel)
        doubled = 1
    if doubled == 0:
        return commands, n, False
    commands, n = _moved(commands, n, ring, pen, (doubled > 0) != shell)
    commands = _room(commands, n + 1)
    commands[n] = 15
    return commands, n + 1, True


@compiled
def _line(
    commands: I64, n: int, points: F64, pen: I64, inside: bool, low: float, high: float, pixel: int
) -> tuple[I64, int]:
    """Append the pieces of a line inside the square; what falls together is drawn a pixel long."""
    piece = np.empty((len(points), 2), np.float64)
    m = 0
    for i in range(len(points) - 1):
        x1, y1, x2, y2 = points[i, 0], points[i, 1], points[i + 1, 0], points[i + 1, 1]
        first, last = (0.0, 1.0) if inside else _cut_segment(x1, y1, x2, y2, low, high)
        if first <= last:
            if m == 0:
                piece[0, 0], piece[0, 1], m = x1 + first * (x2 - x1), y1 + first * (y2 - y1), 1
            piece[m, 0], piece[m, 1] = x1 + last * (x2 - x1), y1 + last * (y2 - y1)
            m += 1
        if m and (first > last or last < 1 or i == len(points) - 2):
            whole = _whole(piece[:m], False)
            if len(whole) == 1:
                whole = _square(whole[0, 0], whole[0, 1], pixel)[:2]
            commands, n = _moved(commands, n, whole, pen, False)
            m = 0
    return commands, n


@compiled
def _geometry(
    commands: I64, kind: int, rings: I64, xy: U32, ring_start: I64, kind_of: U8,
    corner: I64, scale: float, inside: bool, low: float, high: float, pixel: int,
) -> tuple[I64, int]:  # fmt: skip
    """Return the drawing commands of one feature's points (kind 1), lines (2) or polygons (3)."""
    n = 0
    pen = np.zeros(2, np.int64)
    alive = False
    for r in range(rings[0], rings[1]):
        of = kind_of[r]
        if min(of, SHELL) != kind - 1 or (of == HOLE and not alive):
            continue
        points = _on_tile(xy, ring_start[r], ring_start[r + 1], corner[0], corner[1], scale)
        if kind == 3:
            commands, n, there = _ring(commands, n, points, pen, of == SHELL, inside, low, high, pixel)
            alive = there if of == SHELL else alive
        elif kind == 2:
            commands, n = _line(commands, n, points, pen, inside, low, high, pixel)
        else:
            at = _whole(points, False)
            if low <= at[0, 0] <= high and low <= at[0, 1] <= high:
                commands = _room(commands, n + 4)
                n = n if n else 1
                commands[n], commands[n + 1] = _zigzag(at[0, 0] - pen[0]), _zigzag(at[0, 1] - pen[1])
                pen[0], pen[1] = at[0, 0], at[0, 1]
                n += 2
    if kind == 1 and n:
        commands[0] = (((n - 1) // 2) << 3) | 1
    return commands, n


@compiled
def _value(out: U8, n: int, text: U8, a: int, b: int) -> tuple[U8, int]:
    """Append a value of the layer's table: `text[a:b]`."""
    out = _room(out, n + b - a + 24)
    out[n] = 0x22
    n = _varint(out, n + 1, 1 + _varint_size(b - a) + b - a)
    out[n] = 0x0A
    n = _varint(out, n + 1, b - a)
    for i in range(a, b):
        out[n + i - a] = text[i]
    return out, n + b - a


@compiled
def features(
    found: I64, corner: I64, scale: float, low: float, high: float, pixel: int,
    xy: U32, ring_start: I64, kind_of: U8, first_ring: I64, boxes: U32,
    id_text: U8, id_start: I64, name_text: U8, name_start: I64, codes: NDArray[np.int32], first_code: I64, values: int,
) -> U8:  # fmt: skip
    """Return the features of a vector tile's layer and the values that are theirs alone, as protobuf.

    Mapbox Vector Tile 2.1: a Feature is field 2 of the layer, with tags (2), type (3), geometry (4); a Value field 4.
    Key 0 is the id and key 1 the name; key 2 + i is column i of `codes`, whose code c stands for value
    `first_code[i] + c`, and -1 for none. `values` values are in the layer already. Distances in units of the tile:
    what is drawn lies between `low` and `high`; a `pixel` is what is seen at least.
    """
    out = np.empty(64 * 1024, np.uint8)
    commands = np.empty(1024, np.int64)
    tags = np.empty(4 + 2 * codes.shape[0], np.int64)
    rings = np.empty(2, np.int64)
    n = 0
    for k in found:
        rings[0], rings[1] = first_ring[k], first_ring[k + 1]
        inside = True
        for axis in range(2):
            inside &= (np.int64(boxes[k, axis]) - corner[axis]) * scale >= low
            inside &= (np.int64(boxes[k, axis + 2]) - corner[axis]) * scale <= high
        told = 0
        for kind in range(1, 4):
            commands, drawn = _geometry(
                commands, kind, rings, xy, ring_start, kind_of, corner, scale, inside, low, high, pixel
            )
            if drawn == 0:
                continue
            if told == 0:
                tags[0], tags[1], told = 0, values, 2
                out, n = _value(out, n, id_text, id_start[k], id_start[k + 1])
                values += 1
                if name_start[k] < name_start[k + 1]:
                    tags[2], tags[3], told = 1, values, 4
                    out, n = _value(out, n, name_text, name_start[k], name_start[k + 1])
                    values += 1
                for i in range(codes.shape[0]):
                    if codes[i, k] >= 0:
                        tags[told], tags[told + 1] = 2 + i, first_code[i] + codes[i, k]
                        told += 2
            out, n = _feature(out, n, tags[:told], kind, commands[:drawn])
    return out[:n].copy()


@compiled
def _feature(out: U8, n: int, tags: I64, kind: int, commands: I64) -> tuple[U8, int]:
    told = drawn = 0
    for i in range(len(tags)):
        told += _varint_size(tags[i])
    for i in range(len(commands)):
        drawn += _varint_size(commands[i])
    size = 1 + _varint_size(told) + told + 2 + 1 + _varint_size(drawn) + drawn
    out = _room(out, n + size + 16)
    out[n] = 0x12
    n = _varint(out, n + 1, size)
    out[n] = 0x12
    n = _varint(out, n + 1, told)
    for i in range(len(tags)):
        n = _varint(out, n, tags[i])
    out[n], out[n + 1], out[n + 2] = 0x18, kind, 0x22
    n = _varint(out, n + 3, drawn)
    for i in range(len(commands)):
        n = _varint(out, n, commands[i])
    return out, n


# ---- overview ------------------------------------------------------------------------------------------------------


@compiled
def covered(
    found: I64, group_of: NDArray[np.int16], group: int, corner: I64, scale: float, width: float,
    xy: U32, ring_start: I64, kind_of: U8, first_ring: I64, boxes: U32, area: NDArray[np.float32], pixels: int,
) -> F64:  # fmt: skip
    """Return the share of each pixel that the features of a group cover, pixel by pixel, at most 1.

    Exact for polygons: each edge adds the signed area between itself and the right border of the tile to the pixels
    it crosses (R. Levien, font-rs; the same sum as a scanline's), so all polygons together cost one pass over their
    edges. Where polygons overlap inside a pixel their shares add. Lines are `width` pixels wide, points a square
    of that width.
    """
    edges = np.zeros((pixels, pixels + 2), np.float64)
    share = np.zeros((pixels, pixels), np.float64)
    for k in found:
        if group_of[k] != group:
            continue
        x1, x2 = (np.int64(boxes[k, 0]) - corner[0]) * scale, (np.int64(boxes[k, 2]) - corner[0]) * scale
        y1, y2 = (np.int64(boxes[k, 1]) - corner[1]) * scale, (np.int64(boxes[k, 3]) - corner[1]) * scale
        column, row = int(np.floor(x1)), int(np.floor(y1))
        if area[k] > 0 and column == int(np.floor(x2)) and row == int(np.floor(y2)):
            if 0 <= column < pixels and 0 <= row < pixels:
                share[row, column] += area[k] * scale * scale
            continue
        for r in range(first_ring[k], first_ring[k + 1]):
            a, b = ring_start[r], ring_start[r + 1]
            if kind_of[r] >= SHELL:
                _cover_ring(edges, xy, a, b, corner, scale)
            else:
                _cover_line(edges, xy, a, b, corner, scale, width)
    for row in range(pixels):
        whole = 0.0
        for column in range(pixels):
            whole += edges[row, column]
            share[row, column] = min(1.0, max(0.0, whole) + share[row, column])
    return share


@compiled
def _cover_ring(edges: F64, xy: U32, a: int, b: int, corner: I64, scale: float) -> None:
    px, py = (np.int64(xy[b - 1, 0]) - corner[0]) * scale, (np.int64(xy[b - 1, 1]) - corner[1]) * scale
    for i in range(a, b):
        x, y = (np.int64(xy[i, 0]) - corner[0]) * scale, (np.int64(xy[i, 1]) - corner[1]) * scale
        _cover_edge(edges, px, py, x, y)
        px, py = x, y


@compiled
def _cover_line(edges: F64, xy: U32, a: int, b: int, corner: I64, scale: float, width: float) -> None:
    """Cover a line's segments, each a rectangle; steps of less than half a pixel are taken together."""
    half = width / 2
    px, py = (np.int64(xy[a, 0]) - corner[0]) * scale, (np.int64(xy[a, 1]) - corner[1]) * scale
    drawn = False
    for i in range(a, b):
        x, y = (np.int64(xy[i, 0]) - corner[0]) * scale, (np.int64(xy[i, 1]) - corner[1]) * scale
        length = np.hypot(x - px, y - py)
        if length < 0.5 and (i < b - 1 or drawn):
            continue
        if length < 0.5:
            _cover_quad(edges, x - half, y, x + half, y, 0.0, half)
        else:
            _cover_quad(edges, px, py, x, y, -(y - py) / length * half, (x - px) / length * half)
        px, py, drawn = x, y, True


@compiled
def _cover_quad(edges: F64, x1: float, y1: float, x2: float, y2: float, dx: float, dy: float) -> None:
    """Cover the rectangle round a segment; (dx, dy) is a quarter turn clockwise from it, half its width long."""
    _cover_edge(edges, x1 - dx, y1 - dy, x2 - dx, y2 - dy)
    _cover_edge(edges, x2 - dx, y2 - dy, x2 + dx, y2 + dy)
    _cover_edge(edges, x2 + dx, y2 + dy, x1 + dx, y1 + dy)
    _cover_edge(edges, x1 + dx, y1 + dy, x1 - dx, y1 - dy)


@compiled
def _cover_edge(edges: F64, x1: float, y1: float, x2: float, y2: float) -> None:
    pixels = edges.shape[0]
    turn = -1.0
    if y1 > y2:
        x1, y1, x2, y2, turn = x2, y2, x1, y1, 1.0
    if y1 == y2 or y2 <= 0 or y1 >= pixels or (x1 >= pixels and x2 >= pixels):
        return
    lean = (x2 - x1) / (y2 - y1)
    top, bottom = max(y1, 0.0), min(y2, float(pixels))
    for row in range(int(top), min(int(np.ceil(bottom)), pixels)):
        a, b = max(top, float(row)), min(bottom, row + 1.0)
        _cover_span(edges, row, x1 + (a - y1) * lean, x1 + (b - y1) * lean, (b - a) * turn)


@compiled
def _cover_span(edges: F64, row: int, x1: float, x2: float, height: float) -> None:
    pixels = edges.shape[0]
    left, right = min(x1, x2), max(x1, x2)
    if left >= pixels:
        return
    if right <= 0:
        edges[row, 0] += height
        return
    if int(left) == int(right) and left >= 0:
        column, part = int(left), (left + right) / 2 - int(left)
        edges[row, column] += height * (1 - part)
        edges[row, column + 1] += height * part
        return
    rate = height / (right - left)
    if left < 0:
        edges[row, 0] += -left * rate
        left = 0.0
    end = min(right, float(pixels))
    while left < end:
        column = int(left)
        stop = min(end, column + 1.0)
        part = (left + stop) / 2 - column
        edges[row, column] += (stop - left) * rate * (1 - part)
        edges[row, column + 1] += (stop - left) * rate * part
        left = stop


@compiled
def mixed(shares: F64, inks: F64, least: float) -> U8:
    """Return red, green, blue and opacity of each pixel.

    `shares[g]` is what group g covers, `inks[g]` its red, green, blue (0 to 255) and opacity (0 to 1). Inks mix by the
    share that each covers; a pixel that is covered at all counts as covered by at least `least`.
    """
    pixels = shares.shape[1]
    out = np.zeros((pixels, pixels, 4), np.uint8)
    for row in range(pixels):
        for column in range(pixels):
            whole = weight = red = green = blue = 0.0
            for g in range(len(shares)):
                share = shares[g, row, column]
                whole += share
                share *= inks[g, 3]
                weight += share
                red += share * inks[g, 0]
                green += share * inks[g, 1]
                blue += share * inks[g, 2]
            if whole > ANYTHING:
                out[row, column, 0] = np.uint8(red / weight + 0.5)
                out[row, column, 1] = np.uint8(green / weight + 0.5)
                out[row, column, 2] = np.uint8(blue / weight + 0.5)
                out[row, column, 3] = np.uint8(255 * weight / whole * min(1.0, max(least, whole)) + 0.5)
    return out
