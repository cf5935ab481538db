"""A side of an overlap as GeoParquet parts along a Hilbert curve, read by bounding box."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis import crs
from guatu.files.stream import Batch, Stream
from guatu.partitions.survey import Survey, divided, naming

ROW_GROUP = 4096
PIECES = "pieces"
SIDE = "side.json"

Box = tuple[float, float, float, float]


class Source(Protocol):
    """Where shapes are read from by bounding box: parts on disk here; a spatial database can be another."""

    def blocks(self, bounds: Box) -> Iterator[gpd.GeoDataFrame]:
        """Yield what meets the bounds, in blocks that fit memory, each feature once.

        Columns label and geometry, on the plane of the run; indexed by row: a number unique in the side.
        """


@dataclass(frozen=True)
class Part:
    """Some neighbouring features in a file."""

    file: Path
    bounds: Box
    features: int

    def meets(self, bounds: Box) -> bool:
        """Tell whether any feature may meet the bounds."""
        west, south, east, north = self.bounds
        return west <= bounds[2] and bounds[0] <= east and south <= bounds[3] and bounds[1] <= north

    def read(self, bounds: Box | None = None) -> gpd.GeoDataFrame:
        """Return the features, or those that meet the bounds: only their row groups are read from the disk."""
        frame = gpd.read_parquet(self.file, bbox=bounds, columns=["row", "label", "geometry"])
        return frame.set_index("row")


@dataclass(frozen=True)
class Side:
    """A whole side in parts, all on one plane."""

    parts: tuple[Part, ...]

    def blocks(self, bounds: Box) -> Iterator[gpd.GeoDataFrame]:
        """Yield what meets the bounds, as `Source`."""
        return (part.read(bounds) for part in self.parts if part.meets(bounds))

    def write(self, folder: Path) -> None:
        """Write down which parts there are: only now is the side complete."""
        parts = [{"file": part.file.name, "bounds": part.bounds, "features": part.features} for part in self.parts]
        atomically(folder / SIDE, json.dumps(parts).encode())


def side_in(folder: Path) -> Side | None:
    """Return the side that a folder holds complete, or None."""
    if not (folder / SIDE).exists():
        return None
    parts = json.loads((folder / SIDE).read_text(encoding="utf-8"))
    return Side(tuple(Part(folder / one["file"], tuple(one["bounds"]), one["features"]) for one in parts))


def scatter(stream: Stream, surveyed: Survey, plane: CRS, folder: Path, part_vertices: int) -> int:
    """Read a side again and append each feature, on the plane, to the pieces of its part; return how many parts.

    Raises
    ------
    CrsError, DataError
        As `gis.crs.to`, with the name of the side; the file has changed since the first pass.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / PIECES).mkdir(parents=True)
    part, code = divided(surveyed, part_vertices)
    row = 0
    with naming(stream.name):
        for batch in stream.batches():
            rows = np.arange(row, row + len(batch.shapes))
            row += len(rows)
            _append(_table(batch, rows, code[rows], plane, surveyed.labelled), part[rows], folder / PIECES)
    return int(part.max(initial=-1)) + 1


def _table(batch: Batch, rows: NDArray[np.intp], code: NDArray[np.uint32], plane: CRS, labelled: bool) -> pa.Table:
    labels = pa.array(batch.ids, pa.string()) if labelled and batch.ids is not None else pa.array(rows, pa.int64())
    wkb = shapely.to_wkb(np.asarray(crs.to(batch.shapes, plane).array))
    return pa.table({"row": rows, "label": labels, "code": code, "wkb": pa.array(wkb, pa.binary())})


def _append(table: pa.Table, part: NDArray[np.int32], folder: Path) -> None:
    order = np.argsort(part, kind="stable")
    ordered = table.take(order)
    numbers, start = np.unique(part[order], return_index=True)
    for number, at, until in zip(numbers, start, [*start[1:], len(order)], strict=True):
        if number >= 0:
            with (folder / f"{number}").open("ab") as file, pa.ipc.new_stream(file, table.schema) as writer:
                writer.write_table(ordered.slice(at, until - at))


def settle(folder: Path, number: int, plane_wkt: str) -> Part:
    """Sort the pieces of one part along the curve and write them as GeoParquet; done twice, it is the same file."""
    with (folder / PIECES / f"{number}").open("rb") as file:
        table = pa.concat_tables(_streams(file)).sort_by("code")
    frame = gpd.GeoDataFrame(
        table.select(["row", "label"]).to_pandas(),
        geometry=shapely.from_wkb(table["wkb"].to_numpy()),
        crs=CRS.from_wkt(plane_wkt),
    )
    path = folder / f"part-{number:05d}.parquet"
    write_parquet(frame, path)
    west, south, east, north = (float(each) for each in frame.total_bounds)
    return Part(path, (west, south, east, north), len(frame))


def _streams(file: IO[bytes]) -> Iterator[pa.Table]:
    size = os.fstat(file.fileno()).st_size
    while file.tell() < size:
        with pa.ipc.open_stream(file) as reader:
            yield reader.read_all()


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table whole or not at all; shapes with the bounding box of each, so that they can be read by box."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    if isinstance(frame, gpd.GeoDataFrame):
        frame.to_parquet(
            aside, index=False, compression="zstd", row_group_size=ROW_GROUP, schema_version="1.1.0",
            write_covering_bbox=True,
        )  # fmt: skip
    else:
        frame.to_parquet(aside, index=False, compression="zstd")
    aside.replace(path)


def atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    aside.write_bytes(content)
    aside.replace(path)
