"""geopandas: `overlay` as a planner writes it, and the same with what an expert knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.ground import Ground
from benchmarks.rivals import LEAST_M2, Rival


@contextmanager
def opened(ground: Ground) -> Iterator[list[Rival]]:
    """Open the two; geopandas has nothing to load."""

    def overlay(layer: str) -> pd.DataFrame:
        left, right = _frame("left", ground.parcels), _frame("right", ground.layers[layer])
        met = gpd.overlay(left, right, how="intersection", keep_geom_type=True)
        met["area_m2"] = met.area
        return pd.DataFrame(met.loc[met["area_m2"] > LEAST_M2, ["left", "right", "area_m2"]])

    def expert(layer: str) -> pd.DataFrame:
        return _expert(gpd.GeoSeries(ground.parcels.to_numpy()), gpd.GeoSeries(ground.layers[layer].to_numpy()))

    yield [Rival("geopandas.overlay", overlay), Rival("geopandas, expert", expert)]


def _frame(name: str, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return a frame of its own, so that no index of an earlier job is left in it."""
    return gpd.GeoDataFrame({name: np.arange(len(shapes))}, geometry=shapes.to_numpy(), crs=shapes.crs)


def _expert(parcels: gpd.GeoSeries, layer: gpd.GeoSeries) -> pd.DataFrame:
    """Index the small shapes, prepare the large ones, and cut only the parcels that aren't covered."""
    right, left = parcels.sindex.query(layer, predicate="intersects")
    inside_right, inside_left = parcels.sindex.query(layer, predicate="covers")
    inside = np.isin(right * len(parcels) + left, inside_right * len(parcels) + inside_left)
    shared = parcels.area.to_numpy()[left]
    one, other = parcels.to_numpy()[left[~inside]], layer.to_numpy()[right[~inside]]
    shared[~inside] = shapely.area(shapely.intersection(one, other))
    found = pd.DataFrame({"left": left, "right": right, "area_m2": shared})
    return found[found["area_m2"] > LEAST_M2]
