"""What the overlaps of two layers are, by GEOS near the origin, by rational arithmetic where the two differ."""

from collections.abc import Iterator
from dataclasses import dataclass

import exact
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import truth
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]

LEAST_M2 = 1e-6
RELATIVE, ABSOLUTE_M2 = 1e-9, 1e-6
MOST_EDGE_PAIRS = 40_000


@dataclass(frozen=True)
class Verdict:
    """One pair on which an engine and the judge disagree, as WKB that draws it again."""

    left: str
    right: str
    expected_m2: float
    found_m2: float


def counterexamples(left: gpd.GeoSeries, right: gpd.GeoSeries, found: pd.DataFrame) -> list[Verdict]:
    """Return the pairs of two layers whose presence or area in an engine's answer is wrong.

    An area may be off by 1e-9 of itself or by 1e-6 m²; a pair within 1e-6 m² of the limit of 1e-6 m² by less than
    1e-9 m² may be there or not. GEOS rounds each crossing to the last digit of its coordinates: 7e-9 m at an easting
    of 4.0e7, so up to 7e-9 m² for each metre of the shared shape's boundary. That bound is not granted to the engine:
    GEOS gets the layers about an origin between them (a subtraction without rounding), and each pair on which the two
    still differ is computed without rounding.
    """
    expected = _expected(left, right)
    both = expected.join(_answer(left, right, found), how="outer").fillna({"m2": 0.0, "found": 0.0, "plane": 0.0})
    off = _is_off(both["m2"], both["found"], both["plane"])
    return list(_wrong(left, right, both[off]))


def _wrong(left: gpd.GeoSeries, right: gpd.GeoSeries, doubtful: pd.DataFrame) -> Iterator[Verdict]:
    code = left.crs.to_epsg()
    for (i, j), row in doubtful.iterrows():
        one, other = mended(np.array([left.array[i], right.array[j]], dtype=object))
        plane, m2 = row["plane"], row["m2"]
        if shapely.get_num_coordinates(one) * shapely.get_num_coordinates(other) <= MOST_EDGE_PAIRS:
            plane = float(exact.shared_m2(one, other))
            scale = m2 / row["plane"] if row["plane"] else truth.areal_scale(shapely.get_coordinates(one)[:1], code)[0]
            m2 = plane * scale
        if _is_off(m2, row["found"], plane):
            yield Verdict(shapely.to_wkb(one, hex=True), shapely.to_wkb(other, hex=True), m2, row["found"])


def _is_off(m2, found, plane):
    """Tell which pairs are there and shouldn't be, are not and should, or have another area."""
    strange = (found > 0) & (plane < LEAST_M2 - 1e-9)
    missed = (found == 0) & (plane > LEAST_M2 + 1e-9)
    return strange | missed | ((found > 0) & (np.abs(found - m2) > np.maximum(RELATIVE * m2, ABSOLUTE_M2)))


def _expected(left: gpd.GeoSeries, right: gpd.GeoSeries) -> pd.DataFrame:
    origin = origin_of(left)
    one, other = shapes_about(left, origin), shapes_about(right, origin)
    j, i = shapely.STRtree(one).query(other)
    pieces = polygons(shapely.intersection(one[i], other[j]))
    m2 = ellipsoidal(pieces, origin, left.crs.to_epsg())
    return pd.DataFrame({"m2": m2, "plane": shapely.area(pieces)}, index=pd.MultiIndex.from_arrays([i, j]))


def _answer(left: gpd.GeoSeries, right: gpd.GeoSeries, found: pd.DataFrame) -> pd.Series:
    at = left.index.get_indexer(pd.Index(found["left"])), right.index.get_indexer(pd.Index(found["right"]))
    return pd.Series(found["area_m2"].to_numpy(), index=pd.MultiIndex.from_arrays(at), name="found")


def origin_of(layer: gpd.GeoSeries) -> Floats:
    """Return whole metres in the middle of a layer: coordinates counted from there lose no digit."""
    west, south, east, north = layer.total_bounds
    return np.round([(west + east) / 2, (south + north) / 2])


def shapes_about(layer: gpd.GeoSeries, origin: Floats) -> Shapes:
    """Return the valid polygons of a layer, counted from an origin."""
    shapes = mended(np.asarray(layer.array))
    return shapely.set_coordinates(shapes.copy(), shapely.get_coordinates(shapes) - origin)


def ellipsoidal(pieces: Shapes, origin: Floats, code: int) -> Floats:
    """Return the area on the ellipsoid of shapes counted from an origin on a transverse Mercator plane.

    The areal scale s of a conformal plane is smooth. About the centroid of a shape of up to 3 km its second-order
    Taylor polynomial is off by less than 1e-13, and the integral of that is s·A plus half of s'' times the second
    moments of area.
    """
    m2 = shapely.area(pieces)
    centre = np.zeros((len(pieces), 2))
    centre[m2 > 0] = shapely.get_coordinates(shapely.centroid(pieces[m2 > 0]))
    second = _second_moments(pieces, centre)
    at, step = origin + centre, 2_000.0
    around = np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)]) * step
    s, east, west, north, south, northeast, southwest = truth.areal_scale(at + around[:, None], code)
    xx, yy = (east + west - 2 * s) / step**2, (north + south - 2 * s) / step**2
    xy = (northeast + southwest - east - west - north - south + 2 * s) / (2 * step**2)
    return s * m2 + (xx * second[0] + 2 * xy * second[1] + yy * second[2]) / 2


def _second_moments(shapes: Shapes, centre: Floats) -> tuple[Floats, Floats, Floats]:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    first = np.r_[True, part_of[1:] != part_of[:-1]][: len(rings)]
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    xy = xy - centre[owner[part_of[ring_of]]]
    inside = ring_of[:-1] == ring_of[1:]
    (x1, y1), (x2, y2) = xy[:-1][inside].T, xy[1:][inside].T
    of, cross = ring_of[:-1][inside], x1 * y2 - x2 * y1
    # A hole subtracts, whichever way each ring runs.
    sign = np.sign(np.bincount(of, cross, minlength=len(rings))) * np.where(first, 1, -1)
    xx, yy = (a * a + a * b + b * b for a, b in ((x1, x2), (y1, y2)))
    xy = (x1 * y2 + 2 * x1 * y1 + 2 * x2 * y2 + x2 * y1) / 2
    of, cross = owner[part_of[of]], sign[of] * cross / 12
    return tuple(np.bincount(of, cross * each, minlength=len(shapes)) for each in (xx, xy, yy))


def mended(shapes: Shapes) -> Shapes:
    """Return shapes with invalid ones mended as the engine promises to, and nothing but polygons."""
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    valid = shapes.copy()
    valid[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return polygons(valid)


def polygons(shapes: Shapes) -> Shapes:
    """Return the polygons of each shape; nothing of a point or a line."""
    kept = shapes.copy()
    kept[shapely.get_dimensions(shapes) < 2] = shapely.Polygon()
    mixed = shapely.get_type_id(kept) == shapely.GeometryType.GEOMETRYCOLLECTION
    for at in np.flatnonzero(mixed):
        members = shapely.get_parts(kept[at])
        kept[at] = shapely.multipolygons(shapely.get_parts(members[shapely.get_dimensions(members) == 2]))
    return kept
