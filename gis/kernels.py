"""The engine's loops over edges, compiled at first use and kept on disk; `gis.edges` and `gis.overlap` call them.

An edge is xa, ya, xb, yb, slope, sign with xa < xb; its sign is +1 where the polygon lies below it, -1 above. So the
height of a polygon above y = base at x is the sum over its edges of sign × (y of the edge - base): a polygon is a
signed sum of trapezoids, holes and parts included, and vertical edges count for nothing.
"""

from __future__ import annotations

import numpy as np

from gis.compiled import compiled

DEGREE = 5
TERMS = (DEGREE + 1) * (DEGREE + 2) // 2
FANOUT = 16
FARTHEST_FOR_CENTROID_M = 250.0
_GAUSS3, _GAUSS4 = (np.column_stack(np.polynomial.legendre.leggauss(points)) for points in (3, 4))


@compiled
def grown(rows, needed):
    """Return the rows with room for at least `needed`."""
    if needed <= rows.shape[0]:
        return rows
    more = np.empty((max(needed, 2 * rows.shape[0]), rows.shape[1]))
    more[: rows.shape[0]] = rows
    return more


# --- rings -> edges ---------------------------------------------------------------------------------------------


@compiled
def extent(xy):
    """Return the least x and the least y (0 where there are no points), and whether every coordinate is finite."""
    west, south, total = np.inf, np.inf, 0.0
    for k in range(xy.shape[0]):
        west, south = min(west, xy[k, 0]), min(south, xy[k, 1])
        total += 0.0 * (xy[k, 0] + xy[k, 1])
    return (west, south, total == 0.0) if xy.shape[0] > 0 else (0.0, 0.0, True)


@compiled
def doubtful(xy, start, stop, out):
    """Mark the rings that may cross or touch themselves; a ring that isn't marked surely doesn't.

    What is marked is for GEOS to judge: repeated points, spikes, near touches, winding rings of more than 64 points.
    """
    box = np.empty((4, 64))
    for ring in range(start.shape[0]):
        first, last = start[ring], stop[ring] - 1
        if last - first < 3:
            out[ring] = True
        elif not _goes_round(xy, first, last):
            out[ring] = last - first > 64 or _touches_itself(xy, first, last, box)
        else:
            out[ring] = False


@compiled
def _goes_round(xy, first, last):
    """Tell whether a ring goes once round the mean of its points, always forward: then it can't meet itself."""
    x, y = 0.0, 0.0
    for k in range(first, last):
        x += xy[k, 0] - xy[first, 0]
        y += xy[k, 1] - xy[first, 1]
    x, y = xy[first, 0] + x / (last - first), xy[first, 1] + y / (last - first)
    forward, back, rounds = 0, 0, 0
    for k in range(first, last):
        ax, ay, bx, by = xy[k, 0] - x, xy[k, 1] - y, xy[k + 1, 0] - x, xy[k + 1, 1] - y
        turn = ax * by - ay * bx
        near = 1e-5 * (abs(ax) + abs(ay) + abs(bx) + abs(by))
        forward += turn > near
        back += turn < -near
        rounds += (ay < 0) != (by < 0)
    return rounds == 2 and max(forward, back) == last - first


@compiled
def _touches_itself(xy, first, last, box):
    n = last - first
    for i in range(n):
        ax, ay, bx, by = xy[first + i, 0], xy[first + i, 1], xy[first + i + 1, 0], xy[first + i + 1, 1]
        box[0, i], box[1, i] = min(ax, bx) - 1e-6, max(ax, bx) + 1e-6
        box[2, i], box[3, i] = min(ay, by) - 1e-6, max(ay, by) + 1e-6
        if _folds(xy, first, i, n):
            return True
    for i in range(n - 2):
        west, east, south, north = box[0, i], box[1, i], box[2, i], box[3, i]
        end = n - (i == 0)
        near = 0
        for j in range(i + 2, end):
            near += (box[0, j] <= east) & (box[1, j] >= west) & (box[2, j] <= north) & (box[3, j] >= south)
        if near > 0:
            for j in range(i + 2, end):
                met = box[0, j] <= east and box[1, j] >= west and box[2, j] <= north and box[3, j] >= south
                if met and not _apart(xy, first + i, first + j):
                    return True
    return False


@compiled
def _folds(xy, first, i, n):
    """Tell whether an edge is next to nothing, or the one after it leads straight back."""
    k = first + (i + 1) % n
    bx, by = xy[first + i + 1, 0] - xy[first + i, 0], xy[first + i + 1, 1] - xy[first + i, 1]
    cx, cy = xy[k + 1, 0] - xy[k, 0], xy[k + 1, 1] - xy[k, 1]
    long = bx * bx + by * by
    if long < 1e-6:
        return True
    return bx * cx + by * cy < 0 and abs(bx * cy - by * cx) < 1e-6 * np.sqrt(long) * (abs(cx) + abs(cy))


@compiled
def _apart(xy, i, j):
    ax, ay = xy[i, 0], xy[i, 1]
    bx, by = xy[i + 1, 0] - ax, xy[i + 1, 1] - ay
    cx, cy, dx, dy = xy[j, 0] - ax, xy[j, 1] - ay, xy[j + 1, 0] - ax, xy[j + 1, 1] - ay
    return _one_side(bx, by, cx, cy, dx, dy, 1e-6 * np.sqrt(bx * bx + by * by))


@compiled
def _one_side(bx, by, cx, cy, dx, dy, near):
    """Tell whether edge c-d lies clearly on one side of edge 0-b, or 0-b clearly on one side of c-d."""
    c, d = bx * cy - by * cx, bx * dy - by * dx
    if (c > near and d > near) or (c < -near and d < -near):
        return True
    ex, ey = dx - cx, dy - cy
    near = 1e-6 * np.sqrt(ex * ex + ey * ey)
    o, b = ey * cx - ex * cy, ex * (by - cy) - ey * (bx - cx)
    return (o > near and b > near) or (o < -near and b < -near)


@compiled
def ring_sizes(xy, start, stop, out):
    """Count the edges of each ring that are not vertical."""
    for ring in range(start.shape[0]):
        count = 0
        for k in range(start[ring], stop[ring] - 1):
            if xy[k, 0] != xy[k + 1, 0]:
                count += 1
        out[ring] = count


@compiled
def ring_edges(xy, start, stop, shell, at, x0, y0, out):
    """Write the edges of each ring from row `at`, relative to x0, y0."""
    for ring in range(start.shape[0]):
        first, last = start[ring], stop[ring] - 1
        turn = 0.0
        ox, oy = xy[first, 0], xy[first, 1]
        for k in range(first, last):
            turn += (xy[k, 0] - ox) * (xy[k + 1, 1] - oy) - (xy[k + 1, 0] - ox) * (xy[k, 1] - oy)
        sign = (1.0 if turn > 0 else -1.0) * shell[ring]
        row = at[ring]
        for k in range(first, last):
            xa, ya, xb, yb = xy[k, 0] - x0, xy[k, 1] - y0, xy[k + 1, 0] - x0, xy[k + 1, 1] - y0
            if xa != xb:
                if xa < xb:
                    _put(out, row, xa, ya, xb, yb, -sign)
                else:
                    _put(out, row, xb, yb, xa, ya, sign)
                row += 1


@compiled
def _put(rows, row, xa, ya, xb, yb, sign):
    rows[row, 0], rows[row, 1], rows[row, 2], rows[row, 3] = xa, ya, xb, yb
    rows[row, 4], rows[row, 5] = (yb - ya) / (xb - xa), sign


@compiled
def boxes(edges, start, stop, out):
    """Write west, south, east, north of each leaf."""
    for leaf in range(start.shape[0]):
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        for k in range(start[leaf], stop[leaf]):
            west, east = min(west, edges[k, 0]), max(east, edges[k, 2])
            south, north = min(south, edges[k, 1], edges[k, 3]), max(north, edges[k, 1], edges[k, 3])
        out[leaf, 0], out[leaf, 1], out[leaf, 2], out[leaf, 3] = west, south, east, north


# --- big polygons -> leaves -------------------------------------------------------------------------------------


@compiled
def leaves(edges, start, stop, most, widest):
    """Cut polygons into leaves of at most about `most` edges and no wider than `widest`.

    A leaf is closed again: where the cut runs inside the polygon, a level edge follows it (upright ones count for
    nothing). The cut goes through the mean of the edges' middles, across the longer side.

    Returns
    -------
    edges, where each leaf starts (and the end), the position of its polygon.
    """
    out = np.empty((4096, 6))
    starts = np.empty((max(64, 2 * start.shape[0]), 1))
    owners = np.empty((max(64, 2 * start.shape[0]), 1))
    filled, count = 0, 0
    for polygon in range(start.shape[0]):
        work = edges[start[polygon] : stop[polygon]].copy()
        stack = [(work, 0)]
        while len(stack) > 0:
            part, depth = stack.pop()
            n = part.shape[0]
            box = np.empty((1, 4))
            boxes(part, np.array([0]), np.array([n]), box)
            width, height = box[0, 2] - box[0, 0], box[0, 3] - box[0, 1]
            if depth < 60 and (n > most or max(width, height) > widest):
                if width >= height:
                    one, other = _halved_upright(part, _middle(part, 0, box[0, 0], box[0, 2], n > most))
                else:
                    one, other = _halved_level(part, _middle(part, 1, box[0, 1], box[0, 3], n > most))
                smaller = max(one.shape[0], other.shape[0]) < 0.9 * n
                if (smaller or n <= most or depth < 8) and one.shape[0] > 0 and other.shape[0] > 0:
                    stack.append((other, depth + 1))
                    stack.append((one, depth + 1))
                    continue
            if n == 0:
                continue
            out = grown(out, filled + n)
            out[filled : filled + n] = part
            starts, owners = grown(starts, count + 2), grown(owners, count + 2)
            starts[count, 0], owners[count, 0] = filled, polygon
            filled += n
            count += 1
    starts[count, 0] = filled
    return out[:filled].copy(), starts[: count + 1, 0].astype(np.int64), owners[:count, 0].astype(np.int64)


@compiled
def _middle(part, axis, low, high, by_edges):
    if not by_edges:
        return (low + high) / 2
    total = 0.0
    for k in range(part.shape[0]):
        total += (part[k, axis] + part[k, axis + 2]) / 2
    return min(max(total / part.shape[0], low + 0.05 * (high - low)), high - 0.05 * (high - low))


@compiled
def _halved_upright(part, x):
    n = part.shape[0]
    left, right = np.empty((n, 6)), np.empty((n, 6))
    nl, nr = 0, 0
    for k in range(n):
        if part[k, 2] <= x:
            left[nl] = part[k]
            nl += 1
        elif part[k, 0] >= x:
            right[nr] = part[k]
            nr += 1
        else:
            y = part[k, 1] + part[k, 4] * (x - part[k, 0])
            left[nl] = part[k]
            left[nl, 2], left[nl, 3] = x, y
            right[nr] = part[k]
            right[nr, 0], right[nr, 1] = x, y
            nl += 1
            nr += 1
    return left[:nl].copy(), right[:nr].copy()


@compiled
def _put_side(low, nl, high, nh, below, edge, xa, ya, xb, yb):
    rows, row = (low, nl) if below else (high, nh)
    rows[row, 0], rows[row, 1], rows[row, 2], rows[row, 3] = xa, ya, xb, yb
    rows[row, 4], rows[row, 5] = edge[4], edge[5]
    return (nl + 1, nh) if below else (nl, nh + 1)


@compiled
def _halved_level(part, y):
    n = part.shape[0]
    low, high, above = np.empty((2 * n + 2, 6)), np.empty((2 * n + 2, 6)), np.empty((2 * n, 2))
    nl, nh, na = 0, 0, 0
    for k in range(n):
        xa, ya, xb, yb, slope, sign = part[k]
        if ya <= y and yb <= y:
            low[nl] = part[k]
            nl += 1
            continue
        if ya < y or yb < y:
            x = min(max(xa + (y - ya) / slope, xa), xb)
            if x > xa:
                nl, nh = _put_side(low, nl, high, nh, ya < y, part[k], xa, ya, x, y)
            if x < xb:
                nl, nh = _put_side(low, nl, high, nh, yb < y, part[k], x, y, xb, yb)
            if ya < y:
                xa = x
            else:
                xb = x
        else:
            high[nh] = part[k]
            nh += 1
        if xa < xb:
            above[na, 0], above[na, 1] = xa, sign
            above[na + 1, 0], above[na + 1, 1] = xb, -sign
            na += 2
    order = np.argsort(above[:na, 0])
    inside, since, closing = 0.0, 0.0, False
    for k in range(na):
        x, change = above[order[k], 0], above[order[k], 1]
        if inside != 0 and x > since:
            if closing and low[nl - 1, 2] == since and low[nl - 1, 5] == inside:
                low[nl - 1, 2], high[nh - 1, 2] = x, x
            else:
                _put(low, nl, since, y, x, y, inside)
                _put(high, nh, since, y, x, y, -inside)
                nl += 1
                nh += 1
                closing = True
        inside += change
        since = x
    return low[:nl].copy(), high[:nh].copy()


# --- a packed tree of boxes -------------------------------------------------------------------------------------


@compiled
def hilbert(cells):
    """Return the place of each cell (x, y under 65 536) along a Hilbert curve."""
    out = np.empty(cells.shape[0], np.int64)
    for k in range(cells.shape[0]):
        x, y, place = cells[k, 0], cells[k, 1], 0
        side = 32768
        while side > 0:
            rx, ry = 1 if x & side else 0, 1 if y & side else 0
            place += side * side * ((3 * rx) ^ ry)
            if ry == 0:
                if rx == 1:
                    x, y = 65535 - x, 65535 - y
                x, y = y, x
            side //= 2
        out[k] = place
    return out


@compiled
def tree(box, order):
    """Return the boxes of a packed R-tree, level by level from the leaves in `order`, and where each level starts."""
    n = order.shape[0]
    sizes = [n]
    while sizes[-1] > 1 or len(sizes) == 1:
        sizes.append((sizes[-1] + FANOUT - 1) // FANOUT)
    level = np.zeros(len(sizes) + 1, np.int64)
    for k in range(len(sizes)):
        level[k + 1] = level[k] + sizes[k]
    nodes = np.empty((level[-1], 4))
    for k in range(n):
        nodes[k] = box[order[k]]
    for k in range(1, len(sizes)):
        for node in range(sizes[k]):
            first = level[k - 1] + node * FANOUT
            last = min(first + FANOUT, level[k])
            west, south, east, north = nodes[first]
            for child in range(first + 1, last):
                west, south = min(west, nodes[child, 0]), min(south, nodes[child, 1])
                east, north = max(east, nodes[child, 2]), max(north, nodes[child, 3])
            nodes[level[k] + node] = west, south, east, north
    return nodes, level


@compiled
def meeting(nodes, level, order, west, south, east, north, found):
    """Return the leaves whose box shares area with a box, in `found` (grown where needed), and how many."""
    count = 0
    stack = np.empty((FANOUT * level.shape[0] + 2, 2), np.int64)
    stack[0, 0], stack[0, 1] = level.shape[0] - 2, 0
    depth = 1 if order.shape[0] > 0 else 0
    while depth > 0:
        depth -= 1
        at, node = stack[depth, 0], stack[depth, 1]
        if at == 0:
            found[count] = order[node]
            count += 1
            if count == found.shape[0]:
                found = np.append(found, found)
            continue
        base = level[at - 1]
        for child in range(node * FANOUT, min((node + 1) * FANOUT, level[at] - base)):
            k = base + child
            if nodes[k, 0] < east and nodes[k, 2] > west and nodes[k, 1] < north and nodes[k, 3] > south:
                stack[depth, 0], stack[depth, 1] = at - 1, child
                depth += 1
    return found, count


@compiled
def meetings(box, nodes, level, order, most):
    """Count the leaves that boxes meet, until there are more than `most`: how many boxes were asked, leaves met."""
    asked, met = 0, 0
    found = np.empty(256, np.int64)
    while asked < box.shape[0] and met <= most:
        found, hits = meeting(nodes, level, order, box[asked, 0], box[asked, 1], box[asked, 2], box[asked, 3], found)
        met += hits
        asked += 1
    return asked, met


# --- shared area of two leaves ----------------------------------------------------------------------------------


@compiled
def clipped(edges, first, last, box, out):
    """Write the parts of edges inside a box's west and east and above its south, counted from its south-west corner.

    `out` needs room for last - first rows.

    Returns
    -------
    How many were written; the width that the polygon covers along the top where no edge comes below it, else minus the
    whole width.
    """
    x0, y0, width, height = box[0], box[1], box[2] - box[0], box[3] - box[1]
    n = 0
    covered, over = 0.0, True
    for k in range(first, last):
        xa, ya, xb, yb = edges[k, 0] - x0, edges[k, 1] - y0, edges[k, 2] - x0, edges[k, 3] - y0
        if xb <= 0.0 or xa >= width or (ya <= 0.0 and yb <= 0.0):
            continue
        slope, sign = edges[k, 4], edges[k, 5]
        if xa < 0.0:
            ya, xa = ya - slope * xa, 0.0
        if xb > width:
            yb, xb = yb - slope * (xb - width), width
        if ya < 0.0 or yb < 0.0:
            if ya <= 0.0 and yb <= 0.0:
                continue
            if ya < 0.0:
                xa, ya = min(max(xa - ya / slope, xa), xb), 0.0
            else:
                xb, yb = min(max(xb - yb / slope, xa), xb), 0.0
        if xa < xb:
            over = over and ya >= height and yb >= height
            covered += sign * (xb - xa)
            out[n, 0], out[n, 1], out[n, 2], out[n, 3], out[n, 4], out[n, 5] = xa, ya, xb, yb, slope, sign
            n += 1
    return n, covered if over else -width


@compiled
def misses(covered, height):
    """Tell whether a polygon that has no edge inside a box lies beside it: what it may share is under 1e-9."""
    return abs(covered) * height <= 1e-9


@compiled
def alone(p, n, terms, box):
    """Return plane area and m² of one clipped polygon: what it shares with one that covers the whole box."""
    plane, x_moment, y_moment = 0.0, 0.0, 0.0
    for i in range(n):
        a, ya, b, yb, sign = p[i, 0], p[i, 1], p[i, 2], p[i, 3], p[i, 5]
        half, high, rise = (b - a) / 2, ya + yb, yb - ya
        area = sign * half * high
        plane += area
        x_moment += area * (a + b) / 2 + sign * rise * half * half / 3
        y_moment += sign * half * (high * high / 4 + rise * rise / 12)
    return plane, _ellipsoidal(plane, x_moment, y_moment, terms, box)


@compiled
def covers(covered, width, height):
    """Tell whether a polygon that has no edge inside a box covers it: what it may lack is under 1e-9."""
    return abs(covered - width) * height <= 1e-9


@compiled
def scale_at(terms, x, y):
    """Return the areal scale at a point: a polynomial of `DEGREE` in the cell's own x and y."""
    u, v = (x - terms[0]) * terms[2], (y - terms[1]) * terms[2]
    total = 0.0
    k = terms.shape[0] - 1
    for i in range(DEGREE, -1, -1):
        inner = 0.0
        for _ in range(DEGREE - i + 1):
            inner = inner * v + terms[k]
            k -= 1
        total = total * u + inner
    return total


@compiled
def _weighed(terms, x0, y0, xa, ya, xb, yb):
    """Return the ellipsoidal area under an edge, down to y0: Gauss-Legendre, exact for the scale's polynomial."""
    middle, half = (xa + xb) / 2, (xb - xa) / 2
    total = 0.0
    for k in range(4):
        x = middle + half * _GAUSS4[k, 0]
        y = (ya + yb) / 2 + (yb - ya) / 2 * _GAUSS4[k, 0]
        inner = 0.0
        for m in range(3):
            inner += _GAUSS3[m, 1] * scale_at(terms, x0 + x, y0 + y / 2 * (1 + _GAUSS3[m, 0]))
        total += _GAUSS4[k, 1] * y / 2 * inner
    return total * half


@compiled
def _ellipsoidal(plane, x_moment, y_moment, terms, box):
    """Return plane area x areal scale at the centroid, which is kept inside the box against the last digit."""
    if plane <= 0.0:
        return 0.0
    x = min(max(x_moment / plane, 0.0), box[2] - box[0])
    y = min(max(y_moment / plane, 0.0), box[3] - box[1])
    return plane * scale_at(terms, box[0] + x, box[1] + y)


@compiled
def shared(p, n, q, m, terms, box, near):
    """Sum the trapezoids under the lower of each two edges on the x that they share: plane area, m².

    `near` is room for m positions: to gather first which edges meet spares the processor wrong guesses.
    """
    plane, x_moment, y_moment = 0.0, 0.0, 0.0
    for i in range(n):
        pxa, pya, pxb, pslope, psign = p[i, 0], p[i, 1], p[i, 2], p[i, 4], p[i, 5]
        meet = 0
        for k in range(m):
            near[meet] = k
            meet += (q[k, 0] < pxb) & (q[k, 2] > pxa)
        for k in near[:meet]:
            qxa, qya, qslope, sign = q[k, 0], q[k, 1], q[k, 4], psign * q[k, 5]
            a, b = max(pxa, qxa), min(pxb, q[k, 2])
            ya, yb = pya + pslope * (a - pxa), pya + pslope * (b - pxa)
            za, zb = qya + qslope * (a - qxa), qya + qslope * (b - qxa)
            da, db = ya - za, yb - zb
            ya, yb = min(ya, za), min(yb, zb)
            if da * db < 0.0:
                t = da / (da - db)
                x = a + t * (b - a)
                y = pya + pslope * (x - pxa)
                half, high, rise = (x - a) / 2, ya + y, y - ya
                area = sign * half * high
                plane += area
                x_moment += area * (a + x) / 2 + sign * rise * half * half / 3
                y_moment += sign * half * (high * high / 4 + rise * rise / 12)
                a, ya = x, y
            half, high, rise = (b - a) / 2, ya + yb, yb - ya
            area = sign * half * high
            plane += area
            x_moment += area * (a + b) / 2 + sign * rise * half * half / 3
            y_moment += sign * half * (high * high / 4 + rise * rise / 12)
    return plane, _ellipsoidal(plane, x_moment, y_moment, terms, box)


@compiled
def shared_far(p, n, q, m, terms, box):
    """Return what `shared` returns, each trapezoid weighed by itself: for boxes too wide for one centroid."""
    plane, m2 = 0.0, 0.0
    for i in range(n):
        for k in range(m):
            a, b = max(p[i, 0], q[k, 0]), min(p[i, 2], q[k, 2])
            if a >= b:
                continue
            sign = p[i, 5] * q[k, 5]
            ya, yb = p[i, 1] + p[i, 4] * (a - p[i, 0]), p[i, 1] + p[i, 4] * (b - p[i, 0])
            za, zb = q[k, 1] + q[k, 4] * (a - q[k, 0]), q[k, 1] + q[k, 4] * (b - q[k, 0])
            da, db = ya - za, yb - zb
            low_a, low_b = min(ya, za), min(yb, zb)
            if da * db < 0.0:
                t = da / (da - db)
                x, y = a + t * (b - a), ya + t * (yb - ya)
                plane += sign * (x - a) * (low_a + y) / 2
                m2 += sign * _weighed(terms, box[0], box[1], a, low_a, x, y)
                a, low_a = x, y
            plane += sign * (b - a) * (low_a + low_b) / 2
            m2 += sign * _weighed(terms, box[0], box[1], a, low_a, b, low_b)
    return plane, m2


@compiled
def _is_far(box, farthest):
    return max(box[2] - box[0], box[3] - box[1]) > farthest


@compiled
def own_areas(edges, start, stop, box, cell, terms, farthest, out):
    """Write plane area and ellipsoidal area of each leaf."""
    for leaf in range(start.shape[0]):
        here, own = box[leaf], terms[cell[leaf]]
        x0, y0 = here[0], here[1]
        plane, x_moment, y_moment, m2 = 0.0, 0.0, 0.0, 0.0
        far = _is_far(here, farthest)
        for k in range(start[leaf], stop[leaf]):
            a, ya, b, yb, sign = edges[k, 0] - x0, edges[k, 1] - y0, edges[k, 2] - x0, edges[k, 3] - y0, edges[k, 5]
            half, high, rise = (b - a) / 2, ya + yb, yb - ya
            area = sign * half * high
            plane += area
            x_moment += area * (a + b) / 2 + sign * rise * half * half / 3
            y_moment += sign * half * (high * high / 4 + rise * rise / 12)
            if far:
                m2 += sign * _weighed(own, x0, y0, a, ya, b, yb)
        out[leaf, 0] = plane
        out[leaf, 1] = m2 if far else _ellipsoidal(plane, x_moment, y_moment, own, here)


@compiled
def overlaps(
    first, last, ledges, lstart, lstop, lbox, lowner, lown, cell, terms,
    redges, rstart, rstop, rbox, rowner, nodes, level, order, farthest, later, least, most
):  # fmt: skip
    """Return the pairs that leaves first to last (whole polygons) share with the right ones: left, right, plane, m².

    `later` asks only for right polygons after the left one. Stops beyond `most` pairs.
    """
    out = np.empty((1024, 4))
    count = 0
    found = np.empty(256, np.int64)
    p, q, near = np.empty((64, 6)), np.empty((64, 6)), np.empty(65, np.int64)
    box = np.empty(4)
    begin, polygon = 0, -1
    for leaf in range(first, last):
        if lowner[leaf] != polygon:
            count = _merged(out, begin, count, least)
            begin, polygon = count, lowner[leaf]
        here, own = lbox[leaf], terms[cell[leaf]]
        found, hits = meeting(nodes, level, order, here[0], here[1], here[2], here[3], found)
        if count + hits > most:
            return out[:0], False
        out = grown(out, count + hits)
        for hit in range(hits):
            other = found[hit]
            if later and rowner[other] <= polygon:
                continue
            there = rbox[other]
            box[0], box[1] = max(here[0], there[0]), max(here[1], there[1])
            box[2], box[3] = min(here[2], there[2]), min(here[3], there[3])
            p, q = grown(p, lstop[leaf] - lstart[leaf]), grown(q, rstop[other] - rstart[other])
            if near.shape[0] <= q.shape[0]:
                near = np.empty(q.shape[0] + 1, np.int64)
            width, height = box[2] - box[0], box[3] - box[1]
            m, other_top = clipped(redges, rstart[other], rstop[other], box, q)
            if m == 0 or misses(other_top, height):
                continue
            covered = there[3] >= here[3] and covers(other_top, width, height)
            if covered and there[0] <= here[0] and there[2] >= here[2] and there[1] <= here[1]:
                plane, m2 = lown[leaf, 0], lown[leaf, 1]
            else:
                n, top = clipped(ledges, lstart[leaf], lstop[leaf], box, p)
                if n == 0 or misses(top, height):
                    continue
                if _is_far(box, farthest):
                    plane, m2 = shared_far(p, n, q, m, own, box)
                elif covered:
                    plane, m2 = alone(p, n, own, box)
                elif here[3] >= there[3] and covers(top, width, height):
                    plane, m2 = alone(q, m, own, box)
                else:
                    plane, m2 = shared(p, n, q, m, own, box, near)
            if plane != 0.0:
                out[count, 0], out[count, 1], out[count, 2], out[count, 3] = polygon, rowner[other], plane, m2
                count += 1
    count = _merged(out, begin, count, least)
    return out[:count].copy(), True


@compiled
def _merged(out, begin, count, least):
    """Sum the leaves of the same right polygon, in order, and drop what is under the least; return the new count."""
    if count == begin:
        return count
    if count - begin > 64:
        out[begin:count] = out[begin + np.argsort(out[begin:count, 1], kind="mergesort")]
    else:
        _sorted_by_right(out, begin, count)
    kept = begin
    for k in range(begin, count):
        if kept > begin and out[kept - 1, 1] == out[k, 1]:
            out[kept - 1, 2] += out[k, 2]
            out[kept - 1, 3] += out[k, 3]
        else:
            if kept > begin and out[kept - 1, 2] <= least:
                kept -= 1
            for column in range(4):
                out[kept, column] = out[k, column]
            kept += 1
    return kept - 1 if kept > begin and out[kept - 1, 2] <= least else kept


@compiled
def _sorted_by_right(out, begin, count):
    for k in range(begin + 1, count):
        left, right, plane, m2 = out[k, 0], out[k, 1], out[k, 2], out[k, 3]
        at = k
        while at > begin and out[at - 1, 1] > right:
            for column in range(4):
                out[at, column] = out[at - 1, column]
            at -= 1
        out[at, 0], out[at, 1], out[at, 2], out[at, 3] = left, right, plane, m2


# --- cover: areas counted once ----------------------------------------------------------------------------------


@compiled
def _cuts(p, n, at):
    """Write where the edges start, end and cross, sorted, in `at` (grown where needed); return how many."""
    count = 0
    at = grown(at, 2 * n)
    for i in range(n):
        at[count, 0], at[count + 1, 0] = p[i, 0], p[i, 2]
        count += 2
    for i in range(n):
        for k in range(i):
            a, b = max(p[i, 0], p[k, 0]), min(p[i, 2], p[k, 2])
            if a >= b:
                continue
            da = p[i, 1] + p[i, 4] * (a - p[i, 0]) - p[k, 1] - p[k, 4] * (a - p[k, 0])
            db = p[i, 1] + p[i, 4] * (b - p[i, 0]) - p[k, 1] - p[k, 4] * (b - p[k, 0])
            if da * db < 0.0:
                at = grown(at, count + 1)
                at[count, 0] = a + da / (da - db) * (b - a)
                count += 1
    at[:count, 0] = np.sort(at[:count, 0])
    return at, count


@compiled
def swept(p, n, kind, asked, at, terms, box, far):
    """Return the m² of what lies in polygon 0, under some polygon 1 where `asked`, and under no polygon 2.

    What is inside down to the bottom of the box ends there, at height 0. Between two neighbouring places where edges
    start, end or cross they keep their order: from the top down, the signs passed tell inside from outside, and what
    is inside is a sum of trapezoids.
    """
    at, cuts = _cuts(p, n, at)
    by_start = np.argsort(p[:n, 0])
    active, level = np.empty(n, np.int64), np.empty(n)
    alive, coming = 0, 0
    plane, x_moment, y_moment, m2 = 0.0, 0.0, 0.0, 0.0
    for cut in range(cuts - 1):
        a, b = at[cut, 0], at[cut + 1, 0]
        if a >= b:
            continue
        middle = (a + b) / 2
        kept = 0
        for k in range(alive):
            if p[active[k], 2] >= b:
                active[kept] = active[k]
                kept += 1
        alive = kept
        while coming < n and p[by_start[coming], 0] <= a:
            if p[by_start[coming], 2] >= b:
                active[alive] = by_start[coming]
                alive += 1
            coming += 1
        for k in range(alive):
            edge = active[k]
            y = p[edge, 1] + p[edge, 4] * (middle - p[edge, 0])
            place = k
            while place > 0 and level[place - 1] < y:
                level[place], active[place] = level[place - 1], active[place - 1]
                place -= 1
            level[place], active[place] = y, edge
        own, under, without = 0.0, 0.0, 0.0
        for k in range(alive):
            edge = active[k]
            before = own > 0.5 and (not asked or under > 0.5) and without < 0.5
            if kind[edge] == 0:
                own += p[edge, 5]
            elif kind[edge] == 1:
                under += p[edge, 5]
            else:
                without += p[edge, 5]
            after = own > 0.5 and (not asked or under > 0.5) and without < 0.5
            if before == after:
                continue
            sign = 1.0 if after else -1.0
            ya = p[edge, 1] + p[edge, 4] * (a - p[edge, 0])
            yb = p[edge, 1] + p[edge, 4] * (b - p[edge, 0])
            half, high, rise = (b - a) / 2, ya + yb, yb - ya
            area = sign * half * high
            plane += area
            x_moment += area * (a + b) / 2 + sign * rise * half * half / 3
            y_moment += sign * half * (high * high / 4 + rise * rise / 12)
            if far:
                m2 += sign * _weighed(terms, box[0], box[1], a, ya, b, yb)
    return m2 if far else _ellipsoidal(plane, x_moment, y_moment, terms, box), at


@compiled
def cover(
    first, last, ledges, lstart, lstop, lbox, lowner, cell, terms, redges, rstart, rstop, nodes, level, order,
    asked, own_nodes, own_level, own_order, earlier, farthest, most, wanted, out
):  # fmt: skip
    """Add to `out` the m² of each wanted left polygon that lies under the right ones together.

    Without `asked` there is no right side; with `earlier` what an earlier left polygon has is left out. A leaf that
    meets more than `most` edges makes its polygon NaN: for another way.
    """
    found, mine = np.empty(256, np.int64), np.empty(256, np.int64)
    p, clip, at = np.empty((256, 6)), np.empty((64, 6)), np.empty((512, 1))
    kind = np.empty(256, np.int64)
    for leaf in range(first, last):
        if not wanted[lowner[leaf]]:
            continue
        here, own = lbox[leaf], terms[cell[leaf]]
        hits, others = 0, 0
        if asked:
            found, hits = meeting(nodes, level, order, here[0], here[1], here[2], here[3], found)
            if hits == 0:
                continue
        if earlier:
            mine, others = meeting(own_nodes, own_level, own_order, here[0], here[1], here[2], here[3], mine)
        p = grown(p, lstop[leaf] - lstart[leaf])
        n, _ = clipped(ledges, lstart[leaf], lstop[leaf], here, p)
        room = n
        for hit in range(hits):
            room += rstop[found[hit]] - rstart[found[hit]]
        for hit in range(others):
            room += lstop[mine[hit]] - lstart[mine[hit]]
        p = grown(p, room)
        if kind.shape[0] < room:
            kind = np.empty(2 * room, np.int64)
        kind[:n] = 0
        under = 0
        for hit in range(hits):
            other = found[hit]
            clip = grown(clip, rstop[other] - rstart[other])
            m, _ = clipped(redges, rstart[other], rstop[other], here, clip)
            p[n : n + m], kind[n : n + m] = clip[:m], 1
            n += m
            under += m
        for hit in range(others):
            other = mine[hit]
            if lowner[other] >= lowner[leaf]:
                continue
            clip = grown(clip, lstop[other] - lstart[other])
            m, _ = clipped(ledges, lstart[other], lstop[other], here, clip)
            p[n : n + m], kind[n : n + m] = clip[:m], 2
            n += m
        if asked and under == 0:
            continue
        if n > most:
            out[lowner[leaf]] = np.nan
            continue
        m2, at = swept(p, n, kind, asked, at, own, here, _is_far(here, farthest))
        out[lowner[leaf]] += m2
