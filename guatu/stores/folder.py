"""A folder of GeoJSON or GeoParquet files, one a layer: where the data live until there is a database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from gis import crs
from gis.errors import DataError
from gis.layer import Layer, indexed
from gis.text import Text
from guatu.files.reading import read
from guatu.once import once

STAMP_LENGTH = 12
KINDS = ("geojson", "parquet")


@dataclass(frozen=True)
class Folder:
    """Layers in one folder, as `<key>.geojson` or, where there are very many features, `<key>.parquet`."""

    path: Path

    def stamp(self, layer: Layer) -> str:
        """Return the version of a layer's data: a short hash of its content.

        Raises
        ------
        DataError
            The layer has no file, or two.
        """
        return _stamp(*self._file(layer))

    def snapshot(self, layers: Iterable[Layer]) -> str:
        """Return the version of several layers together, in whatever order: a short hash of their stamps."""
        stamps = "\n".join(sorted(f"{layer.key} {self.stamp(layer)}" for layer in layers))
        return hashlib.sha256(stamps.encode()).hexdigest()[:STAMP_LENGTH]

    def raw(self, layer: Layer) -> gpd.GeoDataFrame:
        """Return a layer's features as they are in the file, tidied, in EPSG:4490, indexed by feature id.

        Raises
        ------
        DataError
            The layer has no file, or two, or it can't be read.
        CrsError
            The file declares no CRS, or one that can't be brought to EPSG:4490.
        """
        path, _ = self._file(layer)
        return _raw(layer, path, self.stamp(layer))

    def _file(self, layer: Layer) -> tuple[Path, int]:
        there = [
            (path, time_ns) for kind in KINDS if (time_ns := _time_ns(path := self._path(layer, kind))) is not None
        ]
        if len(there) == 1:
            return there[0]
        if there:
            raise DataError(_TWO.format(title=layer.title, one=there[0][0], other=there[1][0].name))
        raise DataError(_NONE.format(title=layer.title, path=self._path(layer, KINDS[0])))

    def _path(self, layer: Layer, kind: str) -> Path:
        return self.path / f"{layer.key}.{kind}"


_NONE = Text(
    "图层“{title}”没有数据文件 {path}。请放入文件,或从图层目录中移除该图层。",
    "Layer “{title}” has no data: {path} is missing. Put the file there or remove the layer.",
)
_TWO = Text(
    "图层“{title}”有两个数据文件:{one} 和 {other},无法判断以哪个为准。请只保留一个。",
    "Layer “{title}” has two files of data, {one} and {other}; which one is meant can't be told. Keep only one.",
)


def _time_ns(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


@once(maxsize=256)
def _stamp(path: Path, _: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:STAMP_LENGTH]


@once(maxsize=64)
def _raw(layer: Layer, path: Path, _: str) -> gpd.GeoDataFrame:
    frame = layer.tidy(_plain(read(path)))
    crs.require(frame.geometry)
    moved = crs.to(frame.geometry, crs.CGCS2000)
    return indexed(frame.set_geometry(moved), layer.id)


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with texts as texts, also where the file keeps them as codes."""
    coded = [column for column, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]
    return frame.astype(dict.fromkeys(coded, "str")) if coded else frame
