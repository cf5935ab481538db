"""One thing that is wrong with a layer: which feature, by which rule, how badly, in words, how much, where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gis.layer import Level
from gis.text import Text

COLUMNS = ("layer", "feature", "rule", "level", "says", "area_m2")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding; `feature` is empty where the whole layer is meant."""

    layer: str
    feature: str
    rule: str
    level: Level
    says: Text
    area_m2: float | None = None
    place: shapely.Geometry | None = None


def as_frame(found: Iterable[Finding], source: CRS | None) -> gpd.GeoDataFrame:
    """Return findings as a frame, errors first, otherwise in the order found."""
    order: tuple[Level, ...] = ("error", "warning", "notice")
    ranked = sorted(found, key=lambda one: order.index(one.level))
    rows = {column: [getattr(one, column) for one in ranked] for column in COLUMNS}
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"area_m2": float})
    places = np.array([one.place for one in ranked], dtype=object)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(places, crs=source))
