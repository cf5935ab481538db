"""Coordinate systems: where a frame's numbers live, and on which plane its edges are straight.

Stored and exchanged data are CGCS2000 longitude/latitude (EPSG:4490), always in lon, lat order.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from gis.errors import CrsError
from gis.text import Text

CGCS2000 = CRS.from_epsg(4490)
_DATUM_SHIFT_M = 1.0


def require(geometry: gpd.GeoSeries) -> CRS:
    """Return the CRS of a series, after refusing what can't be measured.

    Raises
    ------
    CrsError
        There is no CRS, or the numbers can't be what the CRS says (a latitude of 3 521 893 "degrees").
    """
    if geometry.crs is None:
        raise CrsError(
            Text(
                "数据没有坐标系,无法计算。请在来源软件中指定坐标系(如 CGCS2000 / EPSG:4490)后重新导出。",
                "The data has no coordinate system, so nothing can be measured. "
                "Set one in the software it came from (such as EPSG:4490) and export again.",
            )
        )
    _refuse_impossible_degrees(geometry)
    return geometry.crs


def _refuse_impossible_degrees(geometry: gpd.GeoSeries) -> None:
    if not geometry.crs.is_geographic or geometry.empty:
        return
    west, south, east, north = geometry.total_bounds
    if west < -360 or east > 360 or south < -90 or north > 90:
        raise CrsError(
            Text(
                "坐标系为经纬度({crs}),但坐标值超出范围:x {west:.1f} 至 {east:.1f},y {south:.1f} 至 {north:.1f}。"
                "数据可能是平面坐标(米),请改正坐标系。",
                "The coordinate system is in degrees ({crs}), but x runs from {west:.1f} to {east:.1f} "
                "and y from {south:.1f} to {north:.1f}. They may be metres on a plane; correct the coordinate system.",
            ).format(crs=name(geometry.crs), west=west, east=east, south=south, north=north)
        )


def name(crs: CRS) -> str:
    """Return the short name of a CRS: its EPSG code where it has one, else its own name."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name


def is_web_mercator(crs: CRS) -> bool:
    """Tell whether lengths on this plane are stretched with latitude, so that it measures nothing."""
    return (
        crs.is_projected
        and "mercator" in (crs.coordinate_operation.method_name or "").lower()
        and ("transverse" not in crs.coordinate_operation.method_name.lower())
    )


def plane(geometry: gpd.GeoSeries) -> CRS:
    """Return the plane on which the edges of these shapes are straight.

    A projected CRS is that plane itself: the survey was computed on it. Longitude/latitude and Web Mercator
    get the Gauss-Krüger plane of their 3-degree zone (CM = 3 x round(lon / 3), false easting 500 km, as EPSG:4534
    to 4554 number them) on their own datum; for Changzhou that is EPSG:4549, CM 120 E.

    Raises
    ------
    CrsError
        As `require`.
    """
    crs = require(geometry)
    if crs.is_projected and not is_web_mercator(crs):
        return crs
    degrees = geometry if crs.is_geographic else geometry.to_crs(crs.geodetic_crs)
    west, _, east, _ = degrees.total_bounds
    middle = (west + east) / 2 if np.isfinite(west) else 0.0
    return gauss_kruger(3 * round(middle / 3), crs)


def gauss_kruger(central_meridian_deg: float, like: CRS = CGCS2000) -> CRS:
    """Return the Gauss-Krüger plane with this central meridian, on the datum of `like`."""
    base = like.geodetic_crs or CGCS2000
    zone, rest = divmod(central_meridian_deg - 75, 3)
    if base == CGCS2000 and rest == 0 and 0 <= zone <= 20:
        return CRS.from_epsg(4534 + int(zone))
    return CRS.from_json_dict(
        {
            "type": "ProjectedCRS",
            "name": f"{base.name} / Gauss-Kruger CM {central_meridian_deg:g}E",
            "base_crs": base.to_2d().to_json_dict(),
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
    _refuse_guessed_shift(source, crs)
    moved = geometry.to_crs(crs)
    if not np.isfinite(moved.total_bounds).all() and np.isfinite(geometry.total_bounds).all():
        raise CrsError(
            Text(
                "部分坐标不在 {crs} 的适用范围内,无法换算。请检查数据的坐标系({source})是否正确。",
                "Some coordinates lie outside the area of {crs}. Check whether {source} is really their system.",
            ).format(crs=name(crs), source=name(source))
        )
    return moved


def _refuse_guessed_shift(source: CRS, target: CRS) -> None:
    one, other = source.ellipsoid, target.ellipsoid
    if one is None or other is None or abs(one.semi_major_metre - other.semi_major_metre) < _DATUM_SHIFT_M:
        return
    known = TransformerGroup(source, target, always_xy=True).transformers
    if any(step.accuracy >= 0 for step in known):
        return
    raise CrsError(
        Text(
            "{source} 与 {target} 属于不同的大地基准,之间没有公开的转换参数。请由测绘主管部门转换后再导入。",
            "{source} and {target} stand on different datums with no published shift between them. "
            "Have the surveying authority convert the data first.",
        ).format(source=name(source), target=name(target))
    )


def lonlat(crs: CRS) -> Transformer:
    """Return the transformer from a plane to longitude and latitude on its own datum (x, y order)."""
    return Transformer.from_crs(crs, crs.geodetic_crs.to_2d(), always_xy=True)
