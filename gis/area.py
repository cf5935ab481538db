"""Areas and lengths on the ellipsoid. Degrees and Web Mercator never measure anything."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Geod

from gis import crs
from gis.edges import Edges, edges
from gis.rings import Floats, Positions, Shapes, on_plane, refuse_infinite, rings, simple_parts

LONGEST_EDGE_M = 70.0
SECOND_DECIMALS = 6


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


def exact_areas(geometry: gpd.GeoSeries | Edges) -> pd.Series:
    """Return the ellipsoidal area of each shape with nothing rounded: what shared areas are compared with.

    Parameters
    ----------
    geometry
        As `areas`, or the edges made of it.

    Returns
    -------
    Series
        Square metres, indexed as `geometry`; within 1e-9 of the true area between edges straight on the plane.

    Raises
    ------
    CrsError, GeometryError
        As `areas`.

    Notes
    -----
    Plane area weighed with the plane's areal scale (`gis.scale.scales`), not the national formula: see
    `docs/decisions/0004-two-areas.md`.
    """
    own = geometry if isinstance(geometry, Edges) else edges(geometry)
    return pd.Series(own.areas_m2, index=own.index, name="area_m2")


def plane_shapes_m2(shapes: Shapes, plane: CRS) -> Floats:
    """Return the ellipsoidal area (m²) of shapes whose coordinates lie on `plane`."""
    closed, owner, sign = rings(shapes)
    closed = shapely.segmentize(closed, LONGEST_EDGE_M / crs.metres(plane))
    xy, ring_of = shapely.get_coordinates(closed, return_index=True)
    lon, lat = crs.degrees_at(xy, plane)
    start = np.searchsorted(ring_of, np.arange(len(closed)))
    trapezoids = _trapezoids_m2(_from(_kept(lon), start[ring_of]), _kept(lat), plane)
    inside_ring = ring_of[:-1] == ring_of[1:]
    ring_m2 = np.abs(np.bincount(ring_of[:-1][inside_ring], trapezoids[inside_ring], minlength=len(closed)))
    return np.bincount(owner, sign * ring_m2, minlength=len(shapes)).astype(float)


def _from(lon_deg: Floats, start: Positions) -> Floats:
    """Return longitudes counted from the first point of their ring, running on across 180 degrees."""
    turned = lon_deg - lon_deg[start]
    return np.where(np.abs(turned) > 180, turned - np.copysign(360, turned), turned)


def _kept(degrees: Floats) -> Floats:
    """Return angles kept to the decimals of a second that the survey keeps."""
    return np.round(degrees * 3600, SECOND_DECIMALS) / 3600


def _trapezoids_m2(lon_deg: Floats, lat_deg: Floats, plane: CRS) -> Floats:
    """Return the signed area between each pair of consecutive points and the equator.

    S = 2 b² ΔL [A sin ½ΔB cos Bm - B sin 3/2 ΔB cos 3Bm + C sin 5/2 ΔB cos 5Bm - …] is, in the circular, the strip
    between two parallels; with ΔL the mean longitude of the two points, summed around the ring.
    """
    b_m, terms = _constants(*crs.axes_m(plane))
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    mean_lon = (lon[:-1] + lon[1:]) / 2
    half, middle = (lat[1:] - lat[:-1]) / 2, (lat[1:] + lat[:-1]) / 2
    series = np.zeros_like(half)
    for order, term in enumerate(terms):
        n = 2 * order + 1
        series += (-1) ** order * term * np.sin(n * half) * np.cos(n * middle)
    return 2 * b_m**2 * mean_lon * series


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
    a_m, b_m = crs.axes_m(source)
    return Geod(a=a_m, b=b_m)
