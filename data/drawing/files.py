"""Writes the layers: GeoJSON in CGCS2000 degrees, one feature a line, the same bytes on every run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import shapely
from shapely.geometry.base import BaseGeometry

from data.drawing import dredging, parcels, plane, queue, rail, rivers, roads, segments, study_area, water
from layers import catalogue

Row = dict[str, object]

DRAWINGS: MappingProxyType[str, Callable[[], list[Row]]] = MappingProxyType(
    {
        "acquisition_queue": queue.features,
        "dredged_stretches": dredging.features,
        "rail_entrances": rail.entrance_features,
        "rail_lines": rail.line_features,
        "rail_stations": rail.station_features,
        "revitalised_parcels": parcels.features,
        "river_segments": segments.features,
        "rivers": rivers.features,
        "roads": roads.features,
        "study_area": study_area.features,
        "water": water.features,
    }
)


def draw(folder: Path) -> list[Path]:
    """Draw every layer and write it to `folder` as `<key>.geojson`; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for key, features in DRAWINGS.items():
        path = folder / f"{key}.geojson"
        path.write_text(_collection(key, features()), encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _collection(key: str, rows: list[Row]) -> str:
    declared = [field.key for field in catalogue()[key].fields]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    head = f'{{\n"type": "FeatureCollection",\n"name": "{key}",\n"crs": {_json(crs)},\n"features": [\n'
    return head + ",\n".join(_feature(row, declared) for row in rows) + "\n]\n}\n"


def _feature(row: Row, declared: list[str]) -> str:
    row = {**row, "geom_basis": "schematic"}
    shape = row.pop("geometry")
    if foreign := set(row) - set(declared):
        raise KeyError(f"not declared by the layer: {sorted(foreign)}")
    assert isinstance(shape, BaseGeometry)  # noqa: S101
    geometry = shapely.geometry.mapping(shapely.orient_polygons(plane.degrees(shape)))
    properties = {field: row.get(field) for field in declared}
    return _json({"type": "Feature", "properties": properties, "geometry": geometry})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
