"""DuckDB with its spatial extension: large polygons cut on a grid, covered parcels not cut, two threads."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.ground import Ground
from benchmarks.rivals import LEAST_M2, AbsentError, Rival

if TYPE_CHECKING:
    import duckdb

THREADS = 2
CELL_M = 250
LARGE_VERTICES = 256

# A shape is cut into strips first and the strips into cells: cells at once would walk a whole river for each.
TILES = f"""
CREATE OR REPLACE TEMP TABLE tiles AS
WITH large AS (SELECT id, g FROM layer WHERE ST_NPoints(g) > {LARGE_VERTICES}),
strips AS (
  SELECT id, ST_Intersection(g, ST_MakeEnvelope(ST_XMin(g), y, ST_XMax(g), y + {CELL_M})) AS g
  FROM (SELECT id, g, unnest(range(floor(ST_YMin(g))::BIGINT, ceil(ST_YMax(g))::BIGINT, {CELL_M})) AS y FROM large)),
cells AS (
  SELECT id, ST_Intersection(g, ST_MakeEnvelope(x, ST_YMin(g), x + {CELL_M}, ST_YMax(g))) AS g
  FROM (SELECT id, g, unnest(range(floor(ST_XMin(g))::BIGINT, ceil(ST_XMax(g))::BIGINT, {CELL_M})) AS x
        FROM strips WHERE NOT ST_IsEmpty(g)))
SELECT id, g FROM cells WHERE NOT ST_IsEmpty(g)
UNION ALL SELECT id, g FROM layer WHERE ST_NPoints(g) <= {LARGE_VERTICES}
"""
PAIRS = f"""
SELECT p.id AS left, t.id AS right,
  sum(CASE WHEN ST_Covers(t.g, p.g) THEN ST_Area(p.g) ELSE ST_Area(ST_Intersection(p.g, t.g)) END) AS area_m2
FROM parcels p JOIN tiles t ON ST_Intersects(p.g, t.g)
GROUP BY p.id, t.id HAVING area_m2 > {LEAST_M2}
"""


@contextmanager
def opened(ground: Ground) -> Iterator[list[Rival]]:
    """Load the ground into a database in memory."""
    extension = _extension()
    import duckdb

    with duckdb.connect(config={"threads": THREADS}) as database:
        database.execute(f"LOAD '{extension}'")
        _load(database, "parcels", ground.parcels)
        for name, layer in ground.layers.items():
            _load(database, name, layer)

        def pairs(layer: str) -> pd.DataFrame:
            database.execute(TILES.replace("FROM layer", f"FROM {layer}"))
            return database.execute(PAIRS).df()

        yield [Rival("DuckDB, grid", pairs)]


def _extension() -> Path:
    """Return the file that the wheel brings: nothing is downloaded."""
    found = importlib.util.find_spec("duckdb_extension_spatial")
    if found is None or found.origin is None or importlib.util.find_spec("duckdb") is None:
        raise AbsentError("DuckDB or its spatial extension isn't installed (wheels duckdb, duckdb-extension-spatial)")
    return next(Path(found.origin).parent.rglob("spatial.duckdb_extension"))


def _load(database: duckdb.DuckDBPyConnection, name: str, shapes: gpd.GeoSeries) -> None:
    rows = pd.DataFrame({"id": np.arange(len(shapes)), "wkb": shapely.to_wkb(shapes.to_numpy())})
    database.register("rows", rows)
    database.execute(f"CREATE TABLE {name} AS SELECT id, ST_GeomFromWKB(wkb) AS g FROM rows")
    database.unregister("rows")
