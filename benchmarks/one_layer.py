"""Jobs on one layer, each beside what a planner would use: areas, self-overlap, cover, duplicates, slivers, gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np

from benchmarks import timing
from benchmarks.ground import Ground, flawed
from gis import area, overlap, topology

GEOD, SELF, PARTS = "pyproj.Geod loop", "geopandas.overlay(P, P)", "geopandas.overlay with the union"
PEERS = {
    "areas": GEOD,
    "areas from lon/lat": GEOD,
    "self-overlap": SELF,
    "duplicates": SELF,
    "slivers": SELF,
    "gaps": SELF,
    "cover, queue": PARTS,
}
SLIVER_M, GAP_M = 1.0, 1.0


@dataclass(frozen=True)
class Against:
    """A job of ours beside its peer."""

    job: str
    ours_s: float
    peer: str
    peer_s: float


def jobs(ground: Ground) -> dict[str, Callable[[], Any]]:
    """Return our jobs and the peers', by name. P are the parcels with the faults of a real layer."""
    land, queue, faulty = ground.parcels, ground.layers["queue"], flawed(ground.parcels)
    degrees = land.to_crs(4490)
    geod = degrees.crs.get_geod()
    return {
        "areas": lambda: area.exact_areas(land),
        "areas from lon/lat": lambda: area.exact_areas(degrees),
        GEOD: lambda: [geod.geometry_area_perimeter(shape)[0] for shape in degrees],
        "self-overlap": lambda: overlap.self_overlaps(faulty),
        "duplicates": lambda: topology.duplicates(faulty),
        "slivers": lambda: topology.slivers(faulty, SLIVER_M),
        "gaps": lambda: topology.gaps(faulty, GAP_M),
        SELF: partial(_self_overlay, faulty),
        "cover, queue": lambda: overlap.cover(land, queue),
        PARTS: partial(_cover_by_parts, land, queue),
    }


def contest(ground: Ground, count: int, tell: Callable[[str], None] = lambda _: None) -> list[Against]:
    """Run all jobs in rounds and return each beside its peer."""
    times = timing.rounds(jobs(ground), count, tell)
    return [Against(job, times[job].seconds, peer, times[peer].seconds) for job, peer in PEERS.items()]


def _self_overlay(land: gpd.GeoSeries) -> float:
    left, right = (gpd.GeoDataFrame({side: np.arange(len(land))}, geometry=land.array.copy()) for side in "ab")
    met = gpd.overlay(left, right, keep_geom_type=True)
    return float(met.area[met["a"] < met["b"]].sum())


def _cover_by_parts(land: gpd.GeoSeries, layer: gpd.GeoSeries) -> Any:
    whole = gpd.GeoDataFrame(geometry=gpd.GeoSeries([layer.union_all()], crs=layer.crs).explode(ignore_index=True))
    left = gpd.GeoDataFrame({"left": np.arange(len(land))}, geometry=land.array.copy(), crs=land.crs)
    met = gpd.overlay(left, whole, keep_geom_type=True)
    return met.area.groupby(met["left"]).sum()
