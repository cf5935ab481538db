"""The four layers against the parcels: every system, job by job, and whether all say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks import timing
from benchmarks.ground import Ground
from benchmarks.rivals import AbsentError, Rival, duckdb_spatial, geopandas_overlay, guatu, postgis, shapely_tiles

RIVALS: dict[str, Callable[[Ground], AbstractContextManager[list[Rival]]]] = {
    "geopandas": geopandas_overlay.opened,
    "shapely": shapely_tiles.opened,
    "postgis": postgis.opened,
    "duckdb": duckdb_spatial.opened,
}
INDEX = "index"
FALSE_EAST_M, EARTH_M = 500_000.0, 6_371_000.0
SAME_SHARE, SAME_M2 = 1e-5, 5e-3

Tell = Callable[[str], None]


@dataclass
class Contest:
    """What every system took for each layer, what loading took before, who was absent, and who gave other pairs."""

    taken_s: dict[str, dict[str, float]] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=dict)
    load_s: dict[str, float] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)


def contest(ground: Ground, names: Iterable[str], count: int, tell: Tell = lambda _: None) -> Contest:
    """Run ours and the named rivals over all layers, in rounds."""
    result = Contest()
    with ExitStack() as stack:
        systems = stack.enter_context(guatu.opened(ground))
        for name in names:
            tell(f"{name}: load")
            try:
                load_s, opened = timing.seconds(partial(stack.enter_context, RIVALS[name](ground)))
            except AbsentError as absent:
                result.absent.append(f"{name}: {absent}")
                continue
            systems = systems + opened
            result.load_s |= {rival.name: load_s for rival in opened}
        jobs = {key: job for rival in systems for key, job in _jobs(rival, ground).items()}
        times = timing.rounds(jobs, count, lambda key: tell(": ".join(key)))
    for (system, job), timed in times.items():
        result.taken_s.setdefault(system, {})[job] = timed.seconds
    result.pairs = {layer: len(times[guatu.NAME, layer].first) for layer in ground.layers}
    result.differ = [
        f"{system}, {layer}: {wrong}"
        for (system, layer), timed in times.items()
        if layer != INDEX and (wrong := difference(ground.parcels, times[guatu.NAME, layer].first, timed.first))
    ]
    return result


def _jobs(rival: Rival, ground: Ground) -> dict[tuple[str, str], Callable[[], Any]]:
    jobs = {(rival.name, INDEX): rival.index} if rival.index else {}
    return jobs | {(rival.name, layer): partial(rival.pairs, layer) for layer in ground.layers}


def difference(parcels: gpd.GeoSeries, ours: pd.DataFrame, theirs: pd.DataFrame) -> str:
    """Return what the pairs of two systems differ in, "" where they are the same.

    Rivals measure on the plane; there an area is too large by k² = 1 + (y / R)², y metres from the central meridian.
    """
    one, other = (frame.set_index(["left", "right"])["area_m2"].sort_index() for frame in (ours, theirs))
    if not one.index.equals(other.index):
        return f"{len(other.index.difference(one.index))} pairs more, {len(one.index.difference(other.index))} less"
    if theirs is ours:
        return ""
    west, _, east, _ = shapely.bounds(parcels.to_numpy()[one.index.get_level_values(0)]).T
    plain = other / (1 + (((west + east) / 2 - FALSE_EAST_M) / EARTH_M) ** 2)
    wrong = ~np.isclose(one, plain, SAME_SHARE, SAME_M2)
    return f"{wrong.sum()} areas, the worst by {np.abs(one - plain)[wrong].max():.3g} m²" if wrong.any() else ""
