"""The engine made ready before anyone asks."""

from __future__ import annotations

import geopandas as gpd
import shapely
import shapely.affinity

from gis import overlap, topology


def warm() -> None:
    """Compile every loop of the engine, or load it from disk, so that no user waits for it."""
    disc = shapely.Point(500_000, 3_500_000).buffer(400, quad_segs=32)
    beside = shapely.box(500_400.1, 3_499_990, 500_500, 3_500_010)
    shapes = gpd.GeoSeries([disc, shapely.affinity.translate(disc, 1), shapely.box(*disc.bounds), beside], crs=4549)
    overlap.overlaps(shapes, shapes.copy())
    overlap.union_m2(shapes, shapes.copy())
    topology.gaps(shapes, 0.5)
    topology.duplicates(shapes)
