"""Reading a file of features: whatever GDAL reads, and GeoParquet; refused in a sentence where it can't be."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import GEOSException

from gis.errors import DataError
from gis.text import Text

PARQUET = ".parquet"


def read(path: Path) -> gpd.GeoDataFrame:
    """Return the features of a file, with the CRS it declares, or none.

    Raises
    ------
    DataError
        The file is missing, isn't a format that can be read, has no shapes, or is broken inside.
    """
    if not path.exists():
        raise DataError(
            Text(
                "找不到文件 {path}。请检查路径和文件名。", "There is no file {path}. Check the path and the name."
            ).format(path=path)
        )
    try:
        frame = _parquet(path) if path.suffix.lower() == PARQUET else pyogrio.read_dataframe(_source(path))
    except (DataSourceError, DataLayerError, GEOSException, UnicodeDecodeError, ValueError, OSError) as error:
        raise DataError(
            Text(
                "无法读取 {path}:不是可识别的空间数据文件,或内容已损坏。请重新导出后再试。",
                "Can't read {path}: it is not a spatial file that can be recognised, or it is broken ({why}). "
                "Export it again.",
            ).format(path=path, why=_first_line(error))
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DataError(Text("{path} 中没有图形,只有表格。", "{path} holds a table without shapes.").format(path=path))
    return frame


def _parquet(path: Path) -> pd.DataFrame:
    """Return a GeoParquet file; an index that has a name is a column like another."""
    if b"geo" not in (pq.read_schema(path).metadata or {}):
        return pd.DataFrame()
    frame = gpd.read_parquet(path)
    return frame.reset_index() if frame.index.name else frame


def _source(path: Path) -> str:
    return f"/vsizip/{path}" if path.suffix.lower() == ".zip" else str(path)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
