"""Areas and lengths on the ellipsoid. Degrees and Web Mercator never measure anything."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod

from gis import crs
from gis.errors import GeometryError
from gis.text import Text

LONGEST_EDGE_M = 70.0
SECOND_DECIMALS = 6

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
Positions = NDArray[np.intp]


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
    return pd.Series(plane_shapes_m2(on_plane(geometry, plane), plane), index=geometry.index, name="area_m2")


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


def plane_shapes_m2(shapes: Shapes, plane: CRS) -> Floats:
    """Return the ellipsoidal area (m²) of shapes whose coordinates lie on `plane`."""
    rings, owner, sign = _rings(shapes)
    rings = shapely.segmentize(rings, LONGEST_EDGE_M / crs.metres(plane))
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    lon, lat = crs.degrees_at(xy, plane)
    start = np.searchsorted(ring_of, np.arange(len(rings)))
    trapezoids = _trapezoids_m2(_from(_kept(lon), start[ring_of]), _kept(lat), plane)
    inside_ring = ring_of[:-1] == ring_of[1:]
    ring_m2 = np.abs(np.bincount(ring_of[:-1][inside_ring], trapezoids[inside_ring], minlength=len(rings)))
    return np.bincount(owner, sign * ring_m2, minlength=len(shapes)).astype(float)


def _from(lon_deg: Floats, start: Positions) -> Floats:
    """Return longitudes counted from the first point of their ring, running on across 180 degrees."""
    turned = lon_deg - lon_deg[start]
    return np.where(np.abs(turned) > 180, turned - np.copysign(360, turned), turned)


def _kept(degrees: Floats) -> Floats:
    """Return angles kept to the decimals of a second that the survey keeps."""
    return np.round(degrees * 3600, SECOND_DECIMALS) / 3600


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


def _rings(shapes: Shapes) -> tuple[Shapes, Positions, Floats]:
    """Return every ring, the position of the shape it belongs to, and +1 for a shell or -1 for a hole."""
    parts, owner = simple_parts(shapes)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    first = np.r_[True, part_of[1:] != part_of[:-1]] if len(part_of) else np.zeros(0, bool)
    return rings, owner[part_of], np.where(first, 1.0, -1.0)


def _trapezoids_m2(lon_deg: Floats, lat_deg: Floats, plane: CRS) -> Floats:
    """Return the signed area between each pair of consecutive points and the equator.

    S = 2 b² ΔL [A sin ½ΔB cos Bm - B sin 3/2 ΔB cos 3Bm + C sin 5/2 ΔB cos 5Bm - …] is, in the circular, the strip
    between two parallels; with ΔL the mean longitude of the two points, summed around the ring.
    """
    b_m, terms = _constants(*_ellipsoid(plane))
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    mean_lon = (lon[:-1] + lon[1:]) / 2
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
    CrsError, GeometryError
        As `areas`.
    """
    plane = crs.plane(geometry)
    planar = shapely.area(on_plane(geometry, plane)) * crs.metres(plane) ** 2
    return pd.Series(planar, index=geometry.index, name="plane_m2").fillna(0.0)


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
    refuse_infinite(geometry)
    parts, owner = simple_parts(np.asarray(crs.to(geometry, crs.geodetic(source)).array))
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    linear = shapely.get_dimensions(parts) == 1
    line_owner = np.concatenate([owner[linear], owner[ring_of]]).astype(np.intp)
    angles, line_of = shapely.get_coordinates(np.concatenate([parts[linear], rings]), return_index=True)
    degrees = angles * crs.degrees(source)
    within = line_of[:-1] == line_of[1:]
    start, end = degrees[:-1][within], degrees[1:][within]
    metres = _geod(source).inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2] if len(start) else np.zeros(0)
    total = np.bincount(line_owner[line_of[:-1][within]], metres, minlength=len(geometry)).astype(float)
    return pd.Series(total, index=geometry.index, name="length_m")


def _geod(source: CRS) -> Geod:
    a_m, b_m = _ellipsoid(source)
    return Geod(a=a_m, b=b_m)


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
