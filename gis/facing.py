"""Where the boundary of what shapes cover faces itself across a short distance: the only places where gaps can be."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gis import facing_kernels as kernels
from gis.errors import GeometryError
from gis.rings import Floats, Shapes, simple_parts
from gis.text import Text

MOST_COMPARISONS = 5_000_000_000
LONGEST_REACHES = 16
MOST_PIECES = 1_000_000
TOUCHING_M = 1e-7

Positions = NDArray[np.int64]


def places(shapes: Shapes, reach: float, metre: float) -> Floats:
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
    pieces = kernels.pieces_of(edges, max(LONGEST_REACHES * reach, total / (MOST_PIECES + 4 * len(edges))))
    cell = 2 * (total / len(pieces) + reach)
    keys, piece = kernels.entries(pieces, cell, reach)
    order = np.argsort(keys, kind="stable")
    keys, piece = keys[order], piece[order]
    _refuse_heaps(keys)
    return np.asarray(kernels.facing(pieces, keys, piece, reach, TOUCHING_M / metre))


def boundary(shapes: Shapes) -> Floats:
    """Return the edges, (n, 4), that have covered ground on their left and no twin that has it on its right.

    Each is there once, however many shapes have it.
    """
    plain = (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON) & (
        shapely.get_num_interior_rings(shapes) == 0
    )
    parts, _ = simple_parts(shapes[~plain])
    inner, part_of = shapely.get_rings(parts, return_index=True)
    shell = np.r_[np.ones(plain.sum() + min(len(inner), 1), bool), part_of[1:] != part_of[:-1]]
    rings = np.r_[shapes[plain], inner]
    xy = shapely.get_coordinates(rings) + 0.0  # no negative zero: equal points have equal bits
    ends = np.r_[0, np.cumsum(shapely.get_num_coordinates(rings))]
    return np.asarray(kernels.alone(xy, xy.view(np.uint64), ends, shell))


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
