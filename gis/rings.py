"""Shapes on a plane, valid, and the rings they consist of: what every calculation starts from."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis import crs
from gis.errors import GeometryError
from gis.text import Text

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
Positions = NDArray[np.intp]


def on_plane(geometry: gpd.GeoSeries, plane: CRS) -> Shapes:
    """Return the shapes on a plane, valid: what every calculation starts from.

    Raises
    ------
    CrsError
        As `gis.crs.to`.
    GeometryError
        A coordinate is not a finite number.
    """
    refuse_infinite(geometry)
    return mended(np.asarray(crs.to(geometry, plane).array))


def mended(shapes: Shapes) -> Shapes:
    """Return valid shapes: rings that cross themselves as `make_valid` reads them, the rest untouched."""
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if not broken.any():
        return shapes
    valid = shapes.copy()
    valid[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return valid


def simple_parts(shapes: Shapes) -> tuple[Shapes, Positions]:
    """Return the points, lines and polygons that shapes consist of, however nested, and the position of their shape.

    Empty parts are left out; GEOS 3.14 crashes when it divides the edges of a shape that has one.
    """
    kind = shapely.get_type_id(shapes)
    if (kind < shapely.GeometryType.MULTIPOINT).all():
        there = np.flatnonzero((kind >= 0) & ~shapely.is_empty(shapes))
        return shapes[there], there
    parts, owner = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts, of = shapely.get_parts(parts, return_index=True)
        owner = owner[of]
    full = ~shapely.is_empty(parts)
    return parts[full], owner[full]


def rings(shapes: Shapes) -> tuple[Shapes, Positions, Floats]:
    """Return every ring, the position of the shape it belongs to, and +1 for a shell or -1 for a hole."""
    parts, owner = simple_parts(shapes)
    closed, part_of = shapely.get_rings(parts, return_index=True)
    first = np.r_[True, part_of[1:] != part_of[:-1]] if len(part_of) else np.zeros(0, bool)
    return closed, owner[part_of], np.where(first, 1.0, -1.0)


def refuse_infinite(geometry: gpd.GeoSeries) -> None:
    """Refuse shapes with a coordinate that is not a finite number, naming the first."""
    xy, owner = shapely.get_coordinates(np.asarray(geometry.array), return_index=True)
    wrong = owner[~np.isfinite(xy).all(axis=1)]
    if len(wrong):
        raise GeometryError(
            Text(
                "要素 {feature} 的坐标含有非数值(NaN 或无穷大),请删除或改正该要素。",
                "Feature {feature} has a coordinate that is not a finite number; correct or remove it.",
            ).format(feature=geometry.index[wrong[0]])
        )
