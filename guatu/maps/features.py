"""A frame as GeoJSON for the browser: declared fields, and what was measured of record, rounded here and not there."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis import area, units
from gis.layer import Field
from gis.text import Text
from gis.units import UNITS

DECIMALS = 7
Shapes = NDArray[np.object_]


def features(
    frame: gpd.GeoDataFrame, fields: Iterable[Field], *, name: str | None = None, extra: Iterable[str] = ()
) -> bytes:
    """Return the frame as a GeoJSON collection.

    Parameters
    ----------
    frame
        Features in EPSG:4490, indexed by feature id. Missing and empty shapes, and those with a coordinate that
        is no number, are left out: the check lists them.
    fields
        The columns that are told, by their declaration; missing values are left out, a `Text` keeps both languages.
    name
        The column that features are called by.
    extra
        Further columns to pass on as they are.

    Returns
    -------
    bytes
        Coordinates with 7 decimals (1 cm). Beside the fields: `_id`, `_name`; for polygons `_m2`, `_mu`, `_ha`;
        for lines `_m` (ellipsoidal, rounded half-up by the unit's profile); `_at`, a point inside a polygon.
    """
    drawn = frame[drawable(np.asarray(frame.geometry.array))]
    columns = {field.key: told(drawn[field.key]) for field in fields if field.key in drawn}
    columns |= {key: told(drawn[key]) for key in extra if key in drawn}
    columns |= {"_id": [str(label) for label in drawn.index]}
    if name in drawn:
        columns["_name"] = told(drawn[name])
    columns |= _measured(drawn.geometry)
    shapes = shapely.to_geojson(_rounded(np.asarray(drawn.geometry.array)))
    rows = zip(shapes, zip(*columns.values(), strict=True), strict=True)
    written = ",\n".join(_feature(shape, columns, values) for shape, values in rows)
    return f'{{"type":"FeatureCollection","features":[\n{written}\n]}}'.encode()


def _feature(shape: str, keys: Iterable[str], values: Iterable[Any]) -> str:
    kept = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
    return f'{{"type":"Feature","properties":{_json(kept)},"geometry":{shape}}}'


_json: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def drawable(shapes: Shapes, bounds: NDArray[np.float64] | None = None) -> NDArray[np.bool_]:
    """Tell of each shape whether it can be drawn: it is there, not empty, and every coordinate is a number.

    `bounds` are the shapes' (`shapely.bounds`), where the caller has them.
    """
    bounds = shapely.bounds(shapes) if bounds is None else bounds
    with np.errstate(all="ignore"):
        # Bounds pass over a NaN, the length of what has edges doesn't; bounds of nothing are NaN.
        there: NDArray[np.bool_] = np.isfinite(bounds).all(axis=1) & np.isfinite(shapely.length(shapes))
    pointed = np.flatnonzero(there & (shapely.get_dimensions(shapes) == 0))
    xy, owner = shapely.get_coordinates(shapes[pointed], return_index=True)
    there[pointed[owner[~np.isfinite(xy).all(axis=1)]]] = False
    return there


def _rounded(shapes: Shapes) -> Shapes:
    rounded: Shapes = shapely.transform(shapely.force_2d(shapes), lambda xy: np.round(xy, DECIMALS))
    return rounded


def told(column: pd.Series) -> list[Any]:
    """Return a column as values that JSON can hold: no NaN, no infinity, dates as ISO, `Text` in both languages."""
    return [_value(value) for value in column.astype(object)]


def _value(value: Any) -> Any:
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        return (int(number) if number.is_integer() else number) if math.isfinite(number) else None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return str(value)


def _measured(geometry: gpd.GeoSeries) -> dict[str, list[Any]]:
    shapes = np.asarray(geometry.array)
    kinds = shapely.get_dimensions(shapes)
    found: dict[str, list[Any]] = {}
    if (kinds == 2).any():
        m2 = area.areas(geometry).to_numpy()
        areal = kinds == 2
        found["_m2"] = _shown(m2, areal, "m2")
        found["_mu"] = _shown(np.array([units.mu(one) for one in m2]), areal, "mu")
        found["_ha"] = _shown(np.array([units.hectares(one) for one in m2]), areal, "hectare")
        found["_at"] = _inside(shapes, areal)
    if (kinds == 1).any():
        found["_m"] = _shown(area.lengths(geometry).to_numpy(), kinds == 1, "m")
    return found


def _shown(values: NDArray[np.float64], wanted: NDArray[np.bool_], unit: str) -> list[float | None]:
    places = UNITS[unit].decimals
    return [units.half_up(value, places) if here else None for value, here in zip(values, wanted, strict=True)]


def _inside(shapes: Shapes, wanted: NDArray[np.bool_]) -> list[list[float] | None]:
    """Return a point inside each polygon for its label: the centroid where that lies inside."""
    centres = shapely.centroid(shapes)
    outside = wanted & ~shapely.contains(shapes, centres)
    centres[outside] = shapely.point_on_surface(shapes[outside])
    xy = np.round(np.column_stack([shapely.get_x(centres), shapely.get_y(centres)]), DECIMALS).tolist()
    return [point if here else None for point, here in zip(xy, wanted, strict=True)]
