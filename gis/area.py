"""Areas and lengths on the ellipsoid. Degrees and Web Mercator never measure anything."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis import crs
from gis.errors import GeometryError
from gis.text import Text

LONGEST_EDGE_M = 70.0
SECOND_DECIMALS = 6

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


def areas(geometry: gpd.GeoSeries) -> pd.Series:
    """Return the ellipsoidal area of each shape: the area of record.

    Parameters
    ----------
    geometry
        Polygons in any measurable CRS; holes are subtracted, parts added, ring direction doesn't matter.
        Points and lines have area 0, missing and empty shapes too. Invalid rings are measured on a mended copy.

    Returns
    -------
    Series
        Square metres, indexed as `geometry`.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    GeometryError
        A coordinate is not a finite number.

    Notes
    -----
    The national formula of 国土调查办发〔2008〕32号, trapezoids between neighbouring boundary points and the
    equator, on the ellipsoid of the data's own datum (CGCS2000: a = 6 378 137 m, 1/f = 298.257222101).
    As the third national land survey computes it: edges are straight on the plane of `gis.crs.plane`, those over
    70 m are divided there, and latitudes and longitudes are kept to 0.000 001 second (0.03 mm). That rounding moves
    the result by about 1e-7 of itself for a parcel of a hectare, 0.02 m² for a river strip of 4 km; without it our
    number would differ from the one on the survey office's paper.
    """
    plane = crs.plane(geometry)
    _refuse_infinite(geometry)
    on_plane = mended(np.asarray(crs.to(geometry, plane).array))
    return pd.Series(plane_shapes_m2(on_plane, plane), index=geometry.index, name="area_m2")


def mended(shapes: Shapes) -> Shapes:
    """Return valid shapes: rings that cross themselves as `make_valid` reads them, the rest untouched."""
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if not broken.any():
        return shapes
    valid = shapes.copy()
    valid[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return valid


def plane_shapes_m2(shapes: NDArray[np.object_], plane: CRS) -> Floats:
    """Return the ellipsoidal area (m²) of shapes whose coordinates lie on `plane`."""
    metre = plane.axis_info[0].unit_conversion_factor
    rings, owner, sign = _rings(shapely.segmentize(shapes, LONGEST_EDGE_M / metre))
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    lon, lat = crs.lonlat(plane).transform(xy[:, 0], xy[:, 1])
    trapezoids = _trapezoids_m2(_kept(lon), _kept(lat), plane)
    inside_ring = ring_of[:-1] == ring_of[1:]
    ring_m2 = np.abs(np.bincount(ring_of[:-1][inside_ring], trapezoids[inside_ring], minlength=len(rings)))
    return np.bincount(owner, sign * ring_m2, minlength=len(shapes)).astype(float)


def _kept(degrees: Floats) -> Floats:
    """Return angles in radians, kept to the decimals of a second that the survey keeps."""
    return np.radians(np.round(np.asarray(degrees) * 3600, SECOND_DECIMALS) / 3600)


def _rings(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp], Floats]:
    """Return every ring, the position of the shape it belongs to, and +1 for a shell or -1 for a hole."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, owner = parts[areal & ~shapely.is_empty(parts)], owner[areal & ~shapely.is_empty(parts)]
    rings, part_of = shapely.get_rings(parts, return_index=True)
    first = np.r_[True, part_of[1:] != part_of[:-1]] if len(part_of) else np.zeros(0, bool)
    return rings, owner[part_of], np.where(first, 1.0, -1.0)


def _trapezoids_m2(lon: Floats, lat: Floats, plane: CRS) -> Floats:
    """Return the signed area between each pair of consecutive points (radians) and the equator.

    S = 2 b² ΔL [A sin ½ΔB cos Bm - B sin 3/2 ΔB cos 3Bm + C sin 5/2 ΔB cos 5Bm - …] is, in the circular, the strip
    between two parallels; with ΔL the mean longitude of the two points, summed around the ring.
    """
    b_m, terms = _constants(*_ellipsoid(plane))
    mean_lon = (lon[:-1] + lon[1:]) / 2 - (lon.mean() if len(lon) else 0.0)
    half, middle = (lat[1:] - lat[:-1]) / 2, (lat[1:] + lat[:-1]) / 2
    series = np.zeros_like(half)
    for order, term in enumerate(terms):
        n = 2 * order + 1
        series += (-1) ** order * term * np.sin(n * half) * np.cos(n * middle)
    return 2 * b_m**2 * mean_lon * series


def _ellipsoid(plane: CRS) -> tuple[float, float]:
    ellipsoid = plane.ellipsoid
    assert ellipsoid is not None  # noqa: S101  a projected or geographic CRS always has one
    return ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre


@lru_cache
def _constants(a_m: float, b_m: float) -> tuple[float, tuple[float, ...]]:
    """Return b and the constants A to E of 国土调查办发〔2008〕32号 for an ellipsoid."""
    e2 = 1 - (b_m / a_m) ** 2
    e4, e6, e8 = e2**2, e2**3, e2**4
    return b_m, (
        1 + 3 / 6 * e2 + 30 / 80 * e4 + 35 / 112 * e6 + 630 / 2304 * e8,
        1 / 6 * e2 + 15 / 80 * e4 + 21 / 112 * e6 + 420 / 2304 * e8,
        3 / 80 * e4 + 7 / 112 * e6 + 180 / 2304 * e8,
        1 / 112 * e6 + 45 / 2304 * e8,
        5 / 2304 * e8,
    )


def plane_areas(geometry: gpd.GeoSeries) -> pd.Series:
    """Return the planar area of each shape on its plane (`gis.crs.plane`), in m²; stands beside, never instead.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    """
    plane = crs.plane(geometry)
    metre = plane.axis_info[0].unit_conversion_factor
    shapes = mended(np.asarray(crs.to(geometry, plane).array))
    return pd.Series(shapely.area(shapes) * metre**2, index=geometry.index, name="plane_m2").fillna(0.0)


def lengths(geometry: gpd.GeoSeries) -> pd.Series:
    """Return the ellipsoidal length of each line, or of each polygon's boundary.

    Geodesic segments between the vertices, on the ellipsoid of the data's own datum (GeographicLib by pyproj).

    Parameters
    ----------
    geometry
        Any measurable CRS; missing, empty and point shapes have length 0.

    Returns
    -------
    Series
        Metres, indexed as `geometry`.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    GeometryError
        A coordinate is not a finite number.
    """
    source = crs.require(geometry)
    _refuse_infinite(geometry)
    degrees = crs.to(geometry, source.geodetic_crs.to_2d())
    parts, owner = shapely.get_parts(np.asarray(degrees.array), return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    linear = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    lines = np.concatenate([parts[linear], rings])
    line_owner = np.concatenate([owner[linear], owner[ring_of]]).astype(np.intp)
    xy, line_of = shapely.get_coordinates(lines, return_index=True)
    within = line_of[:-1] == line_of[1:]
    start, end = xy[:-1][within], xy[1:][within]
    metres = source.get_geod().inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2] if len(start) else np.zeros(0)
    total = np.bincount(line_owner[line_of[:-1][within]], metres, minlength=len(geometry)).astype(float)
    return pd.Series(total, index=geometry.index, name="length_m")


def _refuse_infinite(geometry: gpd.GeoSeries) -> None:
    xy, owner = shapely.get_coordinates(np.asarray(geometry.array), return_index=True)
    wrong = owner[~np.isfinite(xy).all(axis=1)]
    if len(wrong):
        raise GeometryError(
            Text(
                "要素 {feature} 的坐标含有非数值(NaN 或无穷大),请删除或改正该要素。",
                "Feature {feature} has a coordinate that is not a finite number; correct or remove it.",
            ).format(feature=geometry.index[wrong[0]])
        )
