"""A layer too large to travel whole, and a room that has it: stars of twelve corners on a grid, near the office."""

from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.layer import Field, Layer, Paint, Style, completed
from gis.text import Text, same
from guatu.maps.drawings import Drawing

WEST, SOUTH = 119.95, 31.80
LON_M, LAT_M = 94_600.0, 110_900.0
KINDS = ("idle", "used", "queued")

LAYER = Layer(
    key="cadastre",
    title=Text("地籍", "Cadastre"),
    about=same("-"),
    group=Text("土地", "Land"),
    geometry="polygon",
    id="no",
    name="name",
    aliases="alias",
    source=same("-"),
    fields=(
        Field(key="no", label=Text("编号", "No.")),
        Field(key="name", label=Text("名称", "Name")),
        Field(key="alias", label=Text("别名", "Alias")),
        Field(key="kind", label=Text("类别", "Kind"), choices={kind: same(kind) for kind in KINDS}),
        Field(key="floors", label=Text("层数", "Floors"), kind="integer"),
    ),
    style=Style(
        paint=Paint(colour="#101010", fill="#404040", fill_opacity=1),
        by="kind",
        classes={
            "idle": Paint(colour="#800000", fill="#FF0000", fill_opacity=1),
            "used": Paint(colour="#008000", fill="#00FF00", fill_opacity=1),
        },
    ),
)


def stars(n: int, width_m: float, seed: int = 7) -> np.ndarray:
    """Polygons that fill a square of a width, row by row from the south-west, none touching another."""
    random = np.random.default_rng(seed)
    columns = int(np.ceil(np.sqrt(n)))
    step_m = width_m / columns
    k = np.arange(n)
    middle = np.stack([k % columns + 0.5, k // columns + 0.5], axis=1) * step_m
    angle = (np.arange(12) + random.uniform(0, 0.6, (n, 12))) / 12 * 2 * np.pi
    reach = step_m * random.uniform(0.25, 0.45, (n, 12))
    east = middle[:, :1] + reach * np.cos(angle)
    north = middle[:, 1:] + reach * np.sin(angle)
    corners = np.stack([WEST + east / LON_M, SOUTH + north / LAT_M], axis=-1)
    return shapely.polygons(corners)


def frame(shapes: np.ndarray, seed: int = 7) -> gpd.GeoDataFrame:
    """A frame of the layer, as the room hands it out."""
    n = len(shapes)
    random = np.random.default_rng(seed)
    kind = pd.Series(np.array([*KINDS, None], dtype=object)[random.integers(0, 4, n)], dtype="str")
    raw = gpd.GeoDataFrame(
        {
            "no": [f"P{k:05d}" for k in range(n)],
            "name": [f"地块{k}" for k in range(n)],
            "alias": [f"老宅{k}；ＪＱ {k}" if k % 10 == 0 else None for k in range(n)],
            "kind": kind,
            "floors": random.integers(1, 4, n),
            "geom_basis": "schematic",
        },
        geometry=gpd.GeoSeries(shapes, crs=4490),
    )
    raw.index = pd.Index(raw["no"], name=None)
    return completed(LAYER, raw)


def drawing(shapes: np.ndarray) -> Drawing:
    return Drawing(frame=frame(shapes), fields=LAYER.fields, style=LAYER.style, name="name", aliases="alias")


class ParcelRoom:
    """A room of one large layer, `cadastre`, and one small, `few`, whose version is given."""

    def __init__(self, shapes: np.ndarray, stamp: str = "1") -> None:
        self.all = {"cadastre": frame(shapes), "few": frame(shapes[:20])}
        self.given = stamp

    def layers(self):
        return MappingProxyType({key: replace(LAYER, key=key) for key in self.all})

    def layer(self, key):
        return self.layers()[key]

    def frame(self, key):
        return self.all[key]

    def stamp(self, key):
        return f"{id(self)}{key}{self.given}"

    def zones(self):
        return {}
