"""The first pass over a side: where its features lie, how heavy they are, and which part each belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis import crs, rings
from gis.errors import GeometryError, GuatuError
from gis.text import Text
from guatu.files.stream import Batch, Stream

CHUNK = 100_000
SHAPE_VERTICES = 16
POLYGONS = 2

Bounds = NDArray[np.float64]


@dataclass(frozen=True)
class Survey:
    """What is kept in memory of a whole side: some 60 bytes a feature.

    `bounds` (n, 4) in the CRS of the side, NaN for no shape; `weight` (n,) in vertices; `labelled` where the ids are
    complete and unique, else features go by their row.
    """

    crs: CRS
    bounds: Bounds
    weight: NDArray[np.int32]
    labelled: bool


def survey(stream: Stream) -> Survey:
    """Read a side once and refuse what can't be measured.

    Raises
    ------
    CrsError, GeometryError, DataError
        As `gis.crs.require`, `gis.rings.refuse_infinite`, `guatu.files.stream.stream`, with the name of the side; or it
        holds points or lines.
    """
    bounds, weights, hashes = [np.empty((0, 4))], [np.empty(0, np.int32)], []
    with naming(stream.name):
        declared = crs.require(gpd.GeoSeries([], crs=stream.crs))
        for batch in stream.batches():
            shapes = np.asarray(batch.shapes.array)
            _refuse(batch, sum(map(len, weights)))
            bounds.append(shapely.bounds(shapes))
            weights.append(shapely.get_num_coordinates(shapes) + np.int32(SHAPE_VERTICES))
            hashes.append(_hashes(batch.ids))
    return Survey(declared, np.concatenate(bounds), np.concatenate(weights), _are_labels(hashes))


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Put the name of a side before the sentence that stops the work."""
    try:
        yield
    except GuatuError as error:
        if name in error.says.zh:
            raise
        raise type(error)(Text("{name}:{says}", "{name}: {says}").format(name=name, says=error.says)) from error


def _refuse(batch: Batch, rows_before: int) -> None:
    labels = pd.RangeIndex(rows_before, rows_before + len(batch.shapes)) if batch.ids is None else pd.Index(batch.ids)
    named = batch.shapes.set_axis(labels)
    crs.require(named)
    rings.refuse_infinite(named)
    shapes = np.asarray(named.array)
    full = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    other = np.flatnonzero(full & (shapely.get_dimensions(shapes) != POLYGONS))
    if len(other):
        raise GeometryError(
            Text(
                "要素 {feature} 不是面。分区计算只适用于面,请只保留面要素。",
                "Feature {feature} is no polygon. In partitions only polygons are compared; keep polygons alone.",
            ).format(feature=labels[other[0]])
        )


def _hashes(ids: pd.Series | None) -> NDArray[np.uint64] | None:
    return None if ids is None else np.asarray(pd.util.hash_pandas_object(ids, index=False), np.uint64)


def _are_labels(hashes: list[NDArray[np.uint64] | None]) -> bool:
    """Tell whether ids are complete and unique. 64-bit hashes stand for them: ids taken for twins go by row."""
    complete = [one for one in hashes if one is not None]
    if not hashes or len(complete) < len(hashes):
        return False
    every = np.sort(np.concatenate(complete))
    return bool((every[1:] != every[:-1]).all())


def divided(of: Survey, part_vertices: int) -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
    """Return the part of each feature (-1: it has no shape) and its place on the Hilbert curve.

    Features go in the order of the curve into parts of about `part_vertices`; each belongs to exactly one.
    """
    full = np.flatnonzero(np.isfinite(of.bounds).all(axis=1))
    code = np.zeros(len(of.bounds), np.uint32)
    part = np.full(len(of.bounds), -1, np.int32)
    if len(full):
        code[full] = _hilbert(of.bounds[full])
        order = full[np.argsort(code[full], kind="stable")]
        until = np.cumsum(of.weight[order], dtype=np.int64)
        part[order] = (until - of.weight[order]) // part_vertices
        part[order] = np.unique(part[order], return_inverse=True)[1]
    return part, code


def _hilbert(bounds: Bounds) -> NDArray[np.uint32]:
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    west, south = middles.min(axis=0)
    extent = np.array([west, south, *np.maximum(middles.max(axis=0), [west + 1e-9, south + 1e-9])])
    codes = [
        gpd.GeoSeries(shapely.points(middles[at : at + CHUNK])).hilbert_distance(total_bounds=extent)
        for at in range(0, len(middles), CHUNK)
    ]
    return np.concatenate([code.to_numpy(np.uint32) for code in codes])
