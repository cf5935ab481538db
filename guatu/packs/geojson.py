"""A layer as a GeoJSON file: raw values, EPSG:4490, saying what it is and which version."""

from __future__ import annotations

import json
from io import BytesIO

import geopandas as gpd
import pyogrio

from gis.layer import Layer
from guatu.tables import basis_notes

DECIMALS = 9


def geojson(layer: Layer, frame: gpd.GeoDataFrame, snapshot: str) -> bytes:
    """Return the frame as GeoJSON with 9 decimals (0.1 mm); the collection names layer, version and basis."""
    buffer = BytesIO()
    pyogrio.write_dataframe(
        frame.reset_index(drop=True), buffer, driver="GeoJSON", layer=layer.key, COORDINATE_PRECISION=DECIMALS
    )
    collection = json.loads(buffer.getvalue())
    about = {"title": layer.title.zh, "snapshot": snapshot, "notes": list(basis_notes(frame, "zh"))}
    ordered = {"type": collection.pop("type"), "guatu": about, **collection}
    return json.dumps(ordered, ensure_ascii=False).encode()
