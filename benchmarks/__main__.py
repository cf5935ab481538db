"""`make bench`: how the engine's times stand to geopandas.overlay and a pyproj.Geod loop, A B A B, medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import shapely
from rich.console import Console
from rich.table import Table

from gis import area, overlap

ROUNDS = 3
SIDE_M = 40.0
SEED = 20171231


def parcels(count: int) -> gpd.GeoSeries:
    """Return touching parcels of 8 to 20 vertices in blocks with roads between, around 120°E 31.8°N."""
    random = np.random.default_rng(SEED)
    columns = int(np.sqrt(count))
    at = np.arange(count)
    east = 500_000 + (at % columns) * SIDE_M + (at % columns) // 10 * 12
    north = 3_520_000 + (at // columns) * SIDE_M + (at // columns) // 5 * 12
    boxes = shapely.box(east, north, east + SIDE_M, north + SIDE_M)
    return gpd.GeoSeries([shapely.segmentize(box, random.uniform(8, 20)) for box in boxes], crs=4549)


def zones(parcels_: gpd.GeoSeries, count: int) -> gpd.GeoSeries:
    """Return ragged zones of 80 to 250 m, a vertex every few metres, over the parcels' ground."""
    random = np.random.default_rng(SEED + 1)
    west, south, east, north = parcels_.total_bounds
    points = shapely.points(random.uniform(west, east, count), random.uniform(south, north, count))
    return gpd.GeoSeries(shapely.buffer(points, random.uniform(40, 125, count), quad_segs=16), crs=4549)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ratio(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    pairs = [(_seconds(ours), _seconds(peer)) for _ in range(ROUNDS)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def main(count: int = 10_000) -> None:
    """Print the table."""
    land = parcels(count)
    over = zones(land, count // 20)
    geod = land.to_crs(4490)
    left, right = (gpd.GeoDataFrame({"at": range(len(side))}, geometry=side) for side in (land, over))
    jobs = {
        "overlaps / geopandas.overlay": (
            lambda: overlap.overlaps(land, over),
            lambda: gpd.overlay(left, right, keep_geom_type=True).area.sum(),
        ),
        "self_overlaps / geopandas.overlay(P, P)": (
            lambda: overlap.self_overlaps(land),
            lambda: gpd.overlay(left, left, keep_geom_type=True).area.sum(),
        ),
        "areas / pyproj.Geod loop": (
            lambda: area.areas(geod),
            lambda: [geod.crs.get_geod().geometry_area_perimeter(shape)[0] for shape in geod],
        ),
    }
    table = Table("job", "ours s", "peer s", "peer / ours", title=f"{count:,} parcels, median of {ROUNDS}")
    for name, (ours, peer) in jobs.items():
        a, b = _ratio(ours, peer)
        table.add_row(name, f"{a:.2f}", f"{b:.2f}", f"{b / a:.1f}x")
    Console().print(table)


if __name__ == "__main__":
    main()
