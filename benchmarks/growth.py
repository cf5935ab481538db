"""How time and memory grow with the number of parcels: each system and size in a process of its own.

The process: `python -m benchmarks.growth Guatu 100000` prints what it took as one line of JSON.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from benchmarks import timing
from benchmarks.ground import Ground, yardstick
from benchmarks.overlay import RIVALS
from benchmarks.rivals import AbsentError, Rival, guatu

SYSTEMS = {
    guatu.NAME: guatu.opened,
    "shapely, tiles": RIVALS["shapely"],
    "PostGIS, ST_Subdivide": RIVALS["postgis"],
    "DuckDB, grid": RIVALS["duckdb"],
    "geopandas.overlay": RIVALS["geopandas"],
}
SERVERS = {"PostGIS, ST_Subdivide"}
SIZES = 10_000, 30_000, 100_000, 300_000, 1_000_000
SHORT_S = 5.0
PATIENCE_S = 150.0
LIKELY_EXPONENT = 1.2


@dataclass(frozen=True)
class Size:
    """What the four jobs over `n` parcels took, and how far the process grew beyond what it held with no ground.

    A database server's memory is its own: there it isn't known.
    """

    n: int
    seconds: float
    grown_bytes: int | None


def grown(system: str, patience_s: float, tell: Callable[[str], None] = lambda _: None) -> list[Size]:
    """Measure a system at each size, up to where the next would be likely to take more than `patience_s`."""
    sizes: list[Size] = []
    for n in SIZES:
        if sizes and sizes[-1].seconds * (n / sizes[-1].n) ** LIKELY_EXPONENT > patience_s:
            break
        tell(f"{system}: {n:,} parcels")
        command = [sys.executable, "-m", "benchmarks.growth", system, str(n)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  ourselves
        found = json.loads(done.stdout)
        if found is None:
            break
        sizes.append(Size(**found))
    return sizes


def exponent(sizes: list[Size], value: Callable[[Size], float]) -> float:
    """Return the slope of log(value) over log(n): 1 is linear."""
    return float(np.polyfit(np.log([size.n for size in sizes]), np.log([value(size) for size in sizes]), 1)[0])


def measured(system: str, n: int) -> Size:
    """Run the four jobs of one system in this process; short ones three times, of which the median."""
    guatu.warm()
    timing.forget_peak()
    empty_bytes = timing.peak_bytes()
    ground = yardstick(n)
    with SYSTEMS[system](ground) as opened:
        rival = next(rival for rival in opened if rival.name == system)
        timing.forget_peak()
        runs = [timing.seconds(lambda: _all(rival, ground))[0]]
        peak_bytes = timing.peak_bytes()
        while runs[0] < SHORT_S and len(runs) < 3:
            runs.append(timing.seconds(lambda: _all(rival, ground))[0])
    return Size(n, statistics.median(runs), None if system in SERVERS else max(peak_bytes - empty_bytes, 1))


def _all(rival: Rival, ground: Ground) -> None:
    if rival.index:
        rival.index()
    for layer in ground.layers:
        rival.pairs(layer)


def main(system: str, n: str) -> None:
    """Print what a system took, or null where it is absent."""
    try:
        print(json.dumps(asdict(measured(system, int(n)))))
    except AbsentError:
        print("null")


if __name__ == "__main__":
    main(*sys.argv[1:])
