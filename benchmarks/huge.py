"""More parcels than fit: made, measured and forgotten stretch by stretch, the layers held whole.

The process: `python -m benchmarks.huge 10000000` prints what it took as one line of JSON, its progress on stderr.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import geopandas as gpd
import numpy as np
import shapely

from benchmarks import ground, timing
from benchmarks.rivals import guatu
from gis import edges, overlap

PARCELS = 10_000_000
STRETCH = 250_000


@dataclass(frozen=True)
class Huge:
    """What the engine took, making the ground apart; `peak_bytes` is all that the process ever held, ground and all."""

    n: int
    stretch: int
    engine_s: float
    making_s: float
    peak_bytes: int
    pairs: dict[str, int]


def streamed(n: int = PARCELS) -> Huge:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.huge", str(n)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  ourselves
    return Huge(**json.loads(done.stdout))


def measured(n: int, stretch: int = STRETCH) -> Huge:
    """Stream in this process; finding the shapes of a layer that reach into a stretch counts as the engine's time."""
    guatu.warm()
    timing.forget_peak()
    began = time.perf_counter()
    layers = ground.layers(n)
    engine_s, pairs = 0.0, dict.fromkeys(layers, 0)
    for parcels in ground.chunks(n, stretch):
        start = time.perf_counter()
        land = edges.edges(parcels)
        for name, layer in layers.items():
            pairs[name] += len(overlap.overlaps(land, _within(layer, parcels)))
        engine_s += time.perf_counter() - start
        print(f"{parcels.index[-1] + 1:,} of {n:,}: engine {engine_s:.1f} s", file=sys.stderr)
    making_s = time.perf_counter() - began - engine_s
    return Huge(n, stretch, engine_s, making_s, timing.peak_bytes(), pairs)


def _within(layer: gpd.GeoSeries, parcels: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the shapes of a layer that reach into the parcels' ground; its index is built once and kept."""
    near = layer.sindex.query(shapely.box(*parcels.total_bounds))
    return gpd.GeoSeries(layer.iloc[np.sort(near)])


if __name__ == "__main__":
    print(json.dumps(asdict(measured(int(sys.argv[1])))))
