"""A folder of GeoJSON files, one a layer: where the data live until there is a database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import geopandas as gpd

from gis import crs
from gis.errors import DataError
from gis.layer import Layer, indexed
from gis.text import Text
from guatu.files.reading import read

STAMP_LENGTH = 12


@dataclass(frozen=True)
class Folder:
    """Layers as `<key>.geojson` in one folder."""

    path: Path

    def stamp(self, layer: Layer) -> str:
        """Return the version of a layer's data: a short hash of its content.

        Raises
        ------
        DataError
            The layer has no file.
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
            The layer has no file, or it can't be read.
        CrsError
            The file declares no CRS, or one that can't be brought to EPSG:4490.
        """
        path, _ = self._file(layer)
        return _raw(layer, path, self.stamp(layer))

    def _file(self, layer: Layer) -> tuple[Path, int]:
        path = self.path / f"{layer.key}.geojson"
        try:
            return path, path.stat().st_mtime_ns
        except OSError as error:
            raise DataError(
                Text(
                    "图层“{title}”没有数据文件 {path}。请放入文件,或从图层目录中移除该图层。",
                    "Layer “{title}” has no data: {path} is missing. Put the file there or remove the layer.",
                ).format(title=layer.title, path=path)
            ) from error


@lru_cache(maxsize=256)
def _stamp(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:STAMP_LENGTH]


@lru_cache(maxsize=64)
def _raw(layer: Layer, path: Path, _: str) -> gpd.GeoDataFrame:
    frame = layer.tidy(read(path))
    crs.require(frame.geometry)
    moved = crs.to(frame.geometry, crs.CGCS2000)
    return indexed(frame.set_geometry(moved), layer.id)
