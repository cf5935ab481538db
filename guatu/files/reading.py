"""Reading a file of features: whatever GDAL reads and GeoParquet, refused in a sentence where it can't be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import GEOSException

from gis.errors import DataError, GuatuError
from gis.text import Text

PARQUET = (".parquet", ".geoparquet")


def read(path: Path) -> gpd.GeoDataFrame:
    """Return the features of a file, or of a folder of GeoParquet parts, with the CRS it declares, or none.

    Raises
    ------
    DataError
        The file is missing, isn't a format that can be read, has no shapes, or is broken inside.
    """
    with readable(path):
        parts = parquet_parts(path)
        frame = _joined([_parquet(part) for part in parts]) if parts else pyogrio.read_dataframe(source(path))
    if not isinstance(frame, gpd.GeoDataFrame):
        raise no_shapes(path)
    return frame


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what can go wrong while `path` is read into a `DataError`."""
    if not path.exists():
        raise DataError(
            Text(
                "找不到文件 {path}。请检查路径和文件名。", "There is no file {path}. Check the path and the name."
            ).format(path=path)
        )
    try:
        yield
    except GuatuError:
        raise
    except (DataSourceError, DataLayerError, GEOSException, pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            Text(
                "无法读取 {path}:不是可识别的空间数据文件,或内容已损坏。请重新导出后再试。",
                "Can't read {path}: it is not a spatial file that can be recognised, or it is broken ({why}). "
                "Export it again.",
            ).format(path=path, why=_first_line(error))
        ) from error


def no_shapes(path: Path) -> DataError:
    """Return the error that a file holds a table alone."""
    return DataError(Text("{path} 中没有图形,只有表格。", "{path} holds a table without shapes.").format(path=path))


def parquet_parts(path: Path) -> list[Path]:
    """Return the Parquet files that `path` is or, as a folder, holds, in the order of their names; or none."""
    if path.is_dir():
        return sorted(part for part in path.rglob("*") if part.suffix.lower() in PARQUET)
    return [path] if path.suffix.lower() in PARQUET else []


def source(path: Path) -> str:
    """Return the name under which GDAL reads a file."""
    return f"/vsizip/{path}" if path.suffix.lower() == ".zip" else str(path)


def _parquet(part: Path) -> gpd.GeoDataFrame:
    """Return a GeoParquet file; an index that has a name is a column like another."""
    if b"geo" not in (pq.read_schema(part).metadata or {}):
        raise no_shapes(part)
    with np.errstate(invalid="ignore"):  # NaN among the coordinates is told where it is measured, in a sentence
        frame = gpd.read_parquet(part)
    return frame.reset_index() if frame.index.name else frame


def _joined(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return parts[0] if len(parts) == 1 else gpd.GeoDataFrame(pd.concat(parts, ignore_index=True))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
