"""Which shapes of a series are the same: point for point, or on a grid, whatever their start point or direction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
Shapes = NDArray[np.object_]


def firsts(shapes: Shapes, rounded: Callable[[Floats], Floats] | None = None) -> Positions:
    """Return for each shape the position of the first that is the same; missing and empty ones are like none.

    Parameters
    ----------
    rounded
        Brings coordinates to a grid (never one beyond another that it wasn't beyond); start points, directions and
        the order of parts don't count then. Without it, points must be the same in number, order and every bit.
    """
    first = np.arange(len(shapes))
    some = _in_doubt(shapes, rounded)
    if rounded is None:
        same = _codes(shapes[some])
    else:
        drawn = shapely.transform(shapes[some], rounded)
        _, one, drawn_as = np.unique(_codes(drawn), return_index=True, return_inverse=True)
        same = _codes(shapely.normalize(drawn[one]))[drawn_as]
    _, at, back = np.unique(same, return_index=True, return_inverse=True)
    first[some] = some[at[back]]
    return first


def _in_doubt(shapes: Shapes, rounded: Callable[[Floats], Floats] | None) -> Positions:
    """Return the shapes that share their box and their number of points with another one."""
    boxes = shapely.bounds(shapes)
    keys = pd.DataFrame(boxes if rounded is None else rounded(boxes))
    keys["points"] = shapely.get_num_coordinates(shapes)
    return np.flatnonzero(keys.duplicated(keep=False).to_numpy() & np.isfinite(boxes).all(axis=1))


def _codes(shapes: Shapes) -> Positions:
    return pd.factorize(np.asarray(shapely.to_wkb(shapes), dtype=object))[0]
