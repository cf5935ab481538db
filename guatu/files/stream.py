"""Reading features in batches, so that files larger than memory can pass through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis.errors import CrsError
from gis.text import Text
from guatu.files.reading import no_shapes, parquet_parts, readable, source

BATCH = 50_000
ID = "id"
GDAL_SHAPES = "wkb_geometry"


@dataclass(frozen=True)
class Batch:
    """Some features in the order of their file: shapes with the CRS of the stream, ids as text where all have one."""

    shapes: gpd.GeoSeries
    ids: pd.Series | None


@dataclass(frozen=True)
class Stream:
    """Features in batches, as often as asked; `fingerprint` tells whether the content is still the same."""

    name: str
    crs: CRS | None
    batches: Callable[[], Iterator[Batch]]
    fingerprint: str


def stream(path: Path) -> Stream:
    """Return the features of a file, or of a folder of GeoParquet parts, as a stream.

    Raises
    ------
    DataError
        As `guatu.files.reading.read`; while the stream is read, too.
    CrsError
        The parts of a folder have different coordinate systems.
    """
    with readable(path):
        parts = parquet_parts(path)
        crs = _parquet_crs(parts) if parts else _gdal_crs(path)
        return Stream(
            name=str(path),
            crs=crs,
            batches=lambda: _guarded(path, _parquet(parts, crs) if parts else _gdal(path, crs)),
            fingerprint=_fingerprint(_files(path)),
        )


def size_bytes(path: Path) -> int:
    """Return how large a data set is on disk; 0 where there is none."""
    return sum(file.stat().st_size for file in _files(path)) if path.exists() else 0


def stream_of(name: str, frame: gpd.GeoDataFrame) -> Stream:
    """Return features that are in memory, indexed by their labels, as a stream."""
    shapes = gpd.GeoSeries(np.asarray(frame.geometry.array), crs=frame.crs)
    ids = None if isinstance(frame.index, pd.RangeIndex) else frame.index.to_series().astype(str)
    content = hashlib.blake2b(repr((str(frame.crs), None if ids is None else list(ids))).encode())
    for shape in shapely.to_wkb(np.asarray(shapes.array)):
        content.update(shape or b"-")
    return Stream(
        name=name,
        crs=frame.crs,
        batches=lambda: iter([Batch(shapes, ids)]),
        fingerprint=content.hexdigest(),
    )


def _guarded(path: Path, batches: Iterator[Batch]) -> Iterator[Batch]:
    with readable(path):
        yield from batches


def _geo(part: Path) -> tuple[str, dict[str, object]]:
    """Return the name of a GeoParquet file's shapes and what it says of them."""
    metadata = pq.read_schema(part).metadata or {}
    if b"geo" not in metadata:
        raise no_shapes(part)
    geo = json.loads(metadata[b"geo"])
    column = geo["primary_column"]
    return column, geo["columns"][column]


def _parquet_crs(parts: list[Path]) -> CRS | None:
    # The format: no entry is longitude/latitude, an entry of null is no CRS.
    declared = [_geo(part)[1].get("crs", "OGC:CRS84") for part in parts]
    crs = [None if one is None else CRS.from_user_input(one) for one in declared]
    for part, one in zip(parts, crs, strict=True):
        if one != crs[0]:
            raise CrsError(
                Text(
                    "{part} 与 {first} 的坐标系不同。请统一后再试。",
                    "{part} and {first} have different coordinate systems. Bring them to one.",
                ).format(part=part, first=parts[0])
            )
    return crs[0]


def _parquet(parts: list[Path], crs: CRS | None) -> Iterator[Batch]:
    for part in parts:
        column, about = _geo(part)
        with pq.ParquetFile(part) as file:
            columns = [name for name in (column, ID) if name in file.schema_arrow.names]
            for batch in file.iter_batches(BATCH, columns=columns):
                yield Batch(gpd.GeoSeries(_shapes(batch[column], str(about["encoding"])), crs=crs), _ids(batch))


def _shapes(column: pa.Array, encoding: str) -> NDArray[np.object_]:
    """Return shapes from WKB or from one of GeoArrow's own layouts."""
    field = pa.field("geometry", column.type, metadata={"ARROW:extension:name": f"geoarrow.{encoding.lower()}"})
    table = pa.Table.from_arrays([column], schema=pa.schema([field]))
    with np.errstate(invalid="ignore"):  # NaN among the coordinates is told by the survey, in a sentence
        return np.asarray(gpd.GeoDataFrame.from_arrow(table).geometry.array)


def _gdal_crs(path: Path) -> CRS | None:
    info = pyogrio.read_info(source(path))
    if not info["geometry_type"]:
        raise no_shapes(path)
    return None if info["crs"] is None else CRS.from_user_input(info["crs"])


def _gdal(path: Path, crs: CRS | None) -> Iterator[Batch]:
    columns = [ID] if ID in pyogrio.read_info(source(path))["fields"] else []
    with pyogrio.open_arrow(source(path), columns=columns, batch_size=BATCH, use_pyarrow=True) as (about, reader):
        for batch in reader:
            shapes = _shapes(batch[about["geometry_name"] or GDAL_SHAPES], "WKB")
            yield Batch(gpd.GeoSeries(shapes, crs=crs), _ids(batch))


def _ids(batch: pa.RecordBatch) -> pd.Series | None:
    if ID not in batch.schema.names or batch[ID].null_count:
        return None
    ids = batch[ID].to_pandas()
    return ids.astype(str) if ids.notna().all() else None


def _files(path: Path) -> list[Path]:
    """Return the files that a data set consists of: a folder's, or those beside a Shapefile with its name."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    return sorted(path.parent.glob(f"{path.stem}.*")) if path.suffix.lower() == ".shp" else [path]


def _fingerprint(files: list[Path]) -> str:
    whole = hashlib.blake2b(digest_size=16)
    for file in files:
        with file.open("rb") as opened:
            whole.update(hashlib.file_digest(opened, "blake2b").digest())
    return whole.hexdigest()
