"""Coordinate systems: where a frame's numbers live, and on which plane its edges are straight.

Stored and exchanged data are CGCS2000 longitude/latitude (EPSG:4490), always in lon, lat order.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.transformer import AreaOfInterest, TransformerGroup

from gis.errors import CrsError
from gis.text import Text

CGCS2000 = CRS.from_epsg(4490)
_SAME_DATUM_M = 1.0
_SHIFT_KNOWN_TO_M = 5.0
_FARTHEST_M = 1e8  # eastings with a zone number in front reach 4.6e7
_FROM_MERIDIAN_M = 1.5e6
_WIDEST_DEG = 60.0

_NO_DEGREES = Text(
    "坐标系为经纬度({crs}),但坐标值超出范围:x {west:.1f} 至 {east:.1f},y {south:.1f} 至 {north:.1f}。"
    "数据可能是平面坐标(米),请改正坐标系。",
    "The coordinate system is in degrees ({crs}), but x runs from {west:.1f} to {east:.1f} "
    "and y from {south:.1f} to {north:.1f}. They may be metres on a plane; correct the coordinate system.",
)
_NO_PLANE = Text(
    "坐标值不可能属于 {crs}:x(东){west:.1f} 至 {east:.1f},y(北){south:.1f} 至 {north:.1f}。"
    "请检查坐标系、带号,以及 x、y 是否颠倒。",
    "The numbers can't belong to {crs}: x (east) runs from {west:.1f} to {east:.1f} and y (north) from {south:.1f} "
    "to {north:.1f}. Check the coordinate system, the zone number, and whether x and y are swapped.",
)
_TOO_WIDE = Text(
    "有要素跨越经度 60° 以上,无法在平面上计算。请检查坐标,或拆分该要素。",
    "A feature spans more than 60 degrees of longitude, too many for a plane. Check its coordinates, or split it.",
)
_LOST = Text(
    "部分坐标不在 {crs} 的适用范围内,无法换算。请检查数据的坐标系({source})是否正确。",
    "Some coordinates lie outside the area of {crs}. Check whether {source} is really their system.",
)


def require(geometry: gpd.GeoSeries) -> CRS:
    """Return the CRS of a series, after refusing what can't be measured.

    Raises
    ------
    CrsError
        There is no CRS, it is neither longitude/latitude nor a plane on an ellipsoid, or the numbers can't be what
        the CRS says (a latitude of 3 521 893 "degrees").
    """
    crs = geometry.crs
    if crs is None:
        raise CrsError(
            Text(
                "数据没有坐标系,无法计算。请在来源软件中指定坐标系(如 CGCS2000 / EPSG:4490)后重新导出。",
                "The data has no coordinate system, so nothing can be measured. "
                "Set one in the software it came from (such as EPSG:4490) and export again.",
            )
        )
    _refuse_unmeasurable(crs)
    _refuse_impossible_numbers(geometry, crs)
    return crs


def _refuse_unmeasurable(crs: CRS) -> None:
    """Refuse geocentric, local and engineering systems, and the sphere, on which areas are up to 0.5 % off."""
    on_earth = crs.is_geographic or crs.is_projected
    if not on_earth or crs.ellipsoid is None or crs.ellipsoid.inverse_flattening == 0:
        raise CrsError(
            Text(
                "坐标系 {crs} 不是椭球上的经纬度或投影坐标,无法量算。请转换为 CGCS2000(如 EPSG:4490)后重新导出。",
                "Nothing can be measured in {crs}: it is neither longitude/latitude nor a plane on an ellipsoid. "
                "Convert the data (such as to EPSG:4490) and export again.",
            ).format(crs=name(crs))
        )


def _refuse_impossible_numbers(geometry: gpd.GeoSeries, crs: CRS) -> None:
    west, south, east, north = _finite_bounds(geometry)
    if crs.is_geographic:
        x = 2 * np.pi / crs.axis_info[0].unit_conversion_factor
        possible = -x <= west and east <= x and -x / 4 <= south and north <= x / 4
    else:
        middle, reach = _reach(crs)
        possible = middle - reach <= west and east <= middle + reach and max(-south, north) <= _FARTHEST_M
        possible = possible and not _are_degrees(crs, west, south, east, north)
    if not possible:
        says = _NO_DEGREES if crs.is_geographic else _NO_PLANE
        raise CrsError(says.format(crs=name(crs), west=west, east=east, south=south, north=north))


def _reach(plane: CRS) -> tuple[float, float]:
    """Return the middle easting of a plane, and how far from it numbers make sense, in its units.

    On a Gauss-Krüger plane a northing in the place of the easting, or a zone number in front of it that the CRS
    doesn't have, lies thousands of kilometres from the central meridian, where areas come out some 20 % wrong.
    """
    operation = _horizontal(plane).coordinate_operation
    if operation is None or "transverse mercator" not in operation.method_name.lower():
        return 0.0, _FARTHEST_M / metres(plane)
    false = [float(each.value) * each.unit_conversion_factor for each in operation.params if each.code == "8806"]
    return sum(false) / metres(plane), _FROM_MERIDIAN_M / metres(plane)


def _are_degrees(plane: CRS, west: float, south: float, east: float, north: float) -> bool:
    """Tell whether numbers said to be metres are the longitudes and latitudes where the plane is used."""
    place = plane.area_of_use
    return (
        place is not None and place.west <= west <= east <= place.east and place.south <= south <= north <= place.north
    )


def _finite_bounds(geometry: gpd.GeoSeries) -> tuple[float, float, float, float]:
    """Return west, south, east, north over what is finite; +inf and -inf, which break no bound, where nothing is."""
    bounds = np.ascontiguousarray(shapely.bounds(np.asarray(geometry.array)).T)
    finite = np.isfinite(bounds.sum(axis=0))
    west, south, east, north = bounds if finite.all() else bounds[:, finite]
    return (
        float(west.min(initial=np.inf)),
        float(south.min(initial=np.inf)),
        float(east.max(initial=-np.inf)),
        float(north.max(initial=-np.inf)),
    )


def name(crs: CRS) -> str:
    """Return the short name of a CRS: its EPSG code where it has one, else its own name."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name


def is_web_mercator(crs: CRS) -> bool:
    """Tell whether lengths on this plane are stretched with latitude, so that it measures nothing."""
    operation = _horizontal(crs).coordinate_operation
    method = operation.method_name.lower() if operation else ""
    return crs.is_projected and "mercator" in method and "transverse" not in method and "oblique" not in method


def _horizontal(crs: CRS) -> CRS:
    """Return what lies under heights and a datum shift: the plane or the longitude/latitude alone."""
    if crs.is_compound:
        return _horizontal(crs.sub_crs_list[0])
    return _horizontal(crs.source_crs) if crs.is_bound and crs.source_crs else crs


@lru_cache(maxsize=256)
def geodetic(crs: CRS) -> CRS:
    """Return the longitude/latitude on the datum of a CRS, without height."""
    base = crs.geodetic_crs
    assert base is not None  # noqa: S101  `require` lets no CRS through that has none
    return base.to_2d()


@lru_cache(maxsize=256)
def degrees(crs: CRS) -> float:
    """Return what one unit of the longitude/latitude of this datum is in degrees: 1, or 0.9 where it counts grads."""
    return float(np.degrees(geodetic(crs).axis_info[0].unit_conversion_factor))


@lru_cache(maxsize=256)
def metres(plane: CRS) -> float:
    """Return what one unit of a plane is in metres: 1, or 0.3048 where it counts feet."""
    return float(_horizontal(plane).axis_info[0].unit_conversion_factor)


def axes_m(crs: CRS) -> tuple[float, float]:
    """Return the semi-major and semi-minor axis of the ellipsoid, in metres."""
    ellipsoid = crs.ellipsoid
    assert ellipsoid is not None  # noqa: S101  a projected or geographic CRS always has one
    return ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre


def plane(geometry: gpd.GeoSeries) -> CRS:
    """Return the plane on which the edges of these shapes are straight.

    A projected CRS is that plane itself: the survey was computed on it. Longitude/latitude and Web Mercator
    get the Gauss-Krüger plane of their 3-degree zone (CM = 3 x round(lon / 3), false easting 500 km, as EPSG:4534
    to 4554 number them) on their own datum; for Changzhou that is EPSG:4549, CM 120 E. The zone is that of the
    middle feature (median longitude): one feature at 0, 0 by mistake doesn't move the others.

    Raises
    ------
    CrsError
        As `require`, or a feature spans more than 60 degrees of longitude.
    """
    crs = require(geometry)
    if crs.is_projected and not is_web_mercator(crs):
        return crs
    return plane_over(shapely.bounds(np.asarray(geometry.array)), crs)


def plane_over(bounds: NDArray[np.float64], crs: CRS) -> CRS:
    """Return the `plane` of shapes of which only the bounds are at hand: west, south, east, north, one row a shape.

    Raises
    ------
    CrsError
        As `plane`.
    """
    if crs.is_projected and not is_web_mercator(crs):
        return crs
    lon = _longitudes(bounds[np.isfinite(bounds).all(axis=1)], crs)
    if len(lon) == 0:
        return gauss_kruger(0, crs)
    start = lon[0, 0]
    middle = float(start + np.median(_turned(lon.mean(axis=1) - start)))
    meridian = 3 * round(float(_turned(np.array(middle))) / 3)
    if (np.ptp(lon, axis=1) > _WIDEST_DEG).any():
        raise CrsError(_TOO_WIDE)
    return gauss_kruger(meridian, crs)


def _longitudes(bounds: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """Return the western and eastern ends of bounds in degrees."""
    if crs.is_geographic:
        return bounds[:, [0, 2]] * degrees(crs)
    west_east = [lonlat(crs).transform(bounds[:, at], bounds[:, at + 1])[0] for at in (0, 2)]
    return np.column_stack(west_east) * degrees(crs)


def _turned(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return angles between -180 and 180."""
    return (degrees + 180) % 360 - 180


def gauss_kruger(central_meridian_deg: float, like: CRS = CGCS2000) -> CRS:
    """Return the Gauss-Krüger plane with this central meridian, on the datum of `like`."""
    base = geodetic(like)
    zone, rest = divmod(central_meridian_deg - 75, 3)
    if base == CGCS2000 and rest == 0 and 0 <= zone <= 20:
        return CRS.from_epsg(4534 + int(zone))
    return CRS.from_json_dict(
        {
            "type": "ProjectedCRS",
            "name": f"{base.name} / Gauss-Kruger CM {central_meridian_deg:g}E",
            "base_crs": base.to_json_dict(),
            "conversion": {
                "name": f"Gauss-Kruger CM {central_meridian_deg:g}E",
                "method": {"name": "Transverse Mercator", "id": {"authority": "EPSG", "code": 9807}},
                "parameters": [
                    _parameter("Latitude of natural origin", 0, "degree", 8801),
                    _parameter("Longitude of natural origin", central_meridian_deg, "degree", 8802),
                    _parameter("Scale factor at natural origin", 1, "unity", 8805),
                    _parameter("False easting", 500_000, "metre", 8806),
                    _parameter("False northing", 0, "metre", 8807),
                ],
            },
            "coordinate_system": {
                "subtype": "Cartesian",
                "axis": [
                    {"name": "Easting", "abbreviation": "E", "direction": "east", "unit": "metre"},
                    {"name": "Northing", "abbreviation": "N", "direction": "north", "unit": "metre"},
                ],
            },
        }
    )


def _parameter(label: str, value: float, unit: str, code: int) -> dict[str, object]:
    return {"name": label, "value": value, "unit": unit, "id": {"authority": "EPSG", "code": code}}


def to(geometry: gpd.GeoSeries, crs: CRS) -> gpd.GeoSeries:
    """Return the shapes in another CRS; refuse where only a guess would lead there.

    Raises
    ------
    CrsError
        No CRS; two datums whose ellipsoids differ and between which no published shift is known
        (Beijing 54 or Xi'an 80 to CGCS2000: the parameters belong to the surveying authority);
        or coordinates outside the area where the target is defined.
    """
    source = require(geometry)
    if source == crs:
        return geometry
    _refuse_guessed_shift(geometry, source, crs)
    return _moved(geometry, source, crs)


def back(shapes: NDArray[np.object_], plane: CRS, crs: CRS, index: pd.Index | None = None) -> gpd.GeoSeries:
    """Return shapes computed on a plane in the CRS of the data that the plane was made for."""
    on_plane = gpd.GeoSeries(shapes, index=index, crs=plane)
    return on_plane if plane == crs else _moved(on_plane, plane, crs)


def _moved(geometry: gpd.GeoSeries, source: CRS, crs: CRS) -> gpd.GeoSeries:
    moved = geometry.to_crs(crs)
    _refuse_lost(geometry, moved, source, crs)
    return moved


def _refuse_lost(geometry: gpd.GeoSeries, moved: gpd.GeoSeries, source: CRS, crs: CRS) -> None:
    before, after = (np.isfinite(shapely.bounds(np.asarray(each.array))).all(axis=1) for each in (geometry, moved))
    if (before & ~after).any():
        raise CrsError(_LOST.format(crs=name(crs), source=name(source)))


def _refuse_guessed_shift(geometry: gpd.GeoSeries, source: CRS, target: CRS) -> None:
    one, other = source.ellipsoid, target.ellipsoid
    if one is None or other is None or abs(one.semi_major_metre - other.semi_major_metre) < _SAME_DATUM_M:
        return
    west, south, east, north = _finite_bounds(geometry.to_crs(geodetic(source)))
    if west > east or _is_known(geodetic(source), geodetic(target), np.array([west, south, east, north])):
        return
    raise CrsError(
        Text(
            "{source} 与 {target} 属于不同的大地基准,之间没有公开的转换参数。请由测绘主管部门转换后再导入。",
            "{source} and {target} stand on different datums with no published shift between them. "
            "Have the surveying authority convert the data first.",
        ).format(source=name(source), target=name(target))
    )


def _is_known(source: CRS, target: CRS, bounds: NDArray[np.float64]) -> bool:
    """Tell whether a shift between two datums is published for this place, to a few metres, and can be made here."""
    place = AreaOfInterest(*(bounds * degrees(source)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a better shift needs a grid that isn't installed
        known = TransformerGroup(source, target, always_xy=True, area_of_interest=place).transformers
    return any(0 <= step.accuracy <= _SHIFT_KNOWN_TO_M for step in known)


def lost(plane: CRS) -> Text:
    """Return the sentence for coordinates that lie where a plane is not defined."""
    return _LOST.format(crs=name(geodetic(plane)), source=name(plane))


def degrees_at(xy: NDArray[np.float64], plane: CRS) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes and latitudes in degrees, on a plane's own datum, of points x, y on it.

    Raises
    ------
    CrsError
        A point lies where the plane is not defined.
    """
    lon, lat = lonlat(plane).transform(xy[:, 0], xy[:, 1])
    if not np.isfinite(lon).all():
        raise CrsError(lost(plane))
    return np.asarray(lon) * degrees(plane), np.asarray(lat) * degrees(plane)


@lru_cache(maxsize=256)
def lonlat(crs: CRS) -> Transformer:
    """Return the transformer from a plane to longitude and latitude on its own datum (x, y order, see `degrees`)."""
    return Transformer.from_crs(crs, geodetic(crs), always_xy=True)
