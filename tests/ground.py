"""Known shapes near the office, and area by another road than the engine's: GeographicLib on rings divided here."""

from collections.abc import Iterator
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer
from shapely.geometry import Polygon, box

NORTH, EAST = 3_521_893.484, 497_159.682
BOUNDARY = 70.0


def square(east: float = 0, north: float = 0, width: float = 100, height: float | None = None) -> Polygon:
    """A rectangle whose south-west corner lies so many metres from the reference point, on EPSG:4549."""
    west, south = EAST + east, NORTH + north
    return box(west, south, west + width, south + (width if height is None else height))


def polygon(*corners: tuple[float, float]) -> Polygon:
    """A polygon from (east, north) metres beyond the reference point, on EPSG:4549."""
    return Polygon([(EAST + east, NORTH + north) for east, north in corners])


def series(*shapes: object, crs: object = 4549, index: list[object] | None = None) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=crs, index=index)


def frame(
    *shapes: object, crs: object = 4549, index: list[object] | None = None, **columns: object
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=series(*shapes, crs=crs, index=index), index=index)


def moved(shape: shapely.Geometry, east: float, north: float) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: xy + np.array([east, north]))


def with_coordinate(value: float) -> Polygon:
    """A square one of whose corners has this number for its easting."""
    corners = shapely.get_coordinates(square())
    corners[2, 0] = value
    with np.errstate(all="ignore"):
        return shapely.set_coordinates(square(), corners)


def bow_tie(side: float = 10) -> Polygon:
    """Two triangles of a quarter of the square each: half its area, and a boundary that crosses itself."""
    return polygon((0, 0), (side, side), (side, 0), (0, side))


def grid(columns: int, rows: int, side: float = 100) -> gpd.GeoSeries:
    """Squares that touch all their neighbours."""
    east, north = np.meshgrid(np.arange(columns) * side + EAST, np.arange(rows) * side + NORTH)
    west, south = east.ravel(), north.ravel()
    return gpd.GeoSeries(shapely.box(west, south, west + side, south + side), crs=4549)


def geodesic_m2(shape: shapely.Geometry, crs: object = 4549, longest_m: float = BOUNDARY) -> float:
    """The oracle: geodesic area of the rings, their edges divided on the plane."""
    plane = CRS.from_user_input(crs)
    assert plane.ellipsoid is not None
    geod = Geod(a=plane.ellipsoid.semi_major_metre, b=plane.ellipsoid.semi_minor_metre)
    to_lonlat = Transformer.from_crs(plane, plane.geodetic_crs, always_xy=True)
    unit_m = plane.axis_info[0].unit_conversion_factor
    total = 0.0
    for ring, sign in _rings(shape):
        lon, lat = to_lonlat.transform(*zip(*_divided(ring, longest_m / unit_m), strict=True))
        total += sign * abs(geod.polygon_area_perimeter(lon, lat)[0])
    return total


def _rings(shape: shapely.Geometry) -> Iterator[tuple[list[tuple[float, float]], int]]:
    for part in getattr(shape, "geoms", [shape]):
        yield list(part.exterior.coords), 1
        for hole in part.interiors:
            yield list(hole.coords), -1


def _divided(ring: list[tuple[float, float]], longest: float) -> Iterator[tuple[float, float]]:
    for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
        pieces = int(np.hypot(x2 - x1, y2 - y1) / longest) + 1
        for k in range(pieces):
            yield x1 + (x2 - x1) * k / pieces, y1 + (y2 - y1) * k / pieces
