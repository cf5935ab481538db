"""Guatu itself, asked as the rivals are: with two series, and with the parcels made ready once for all layers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from benchmarks.ground import Ground, yardstick
from benchmarks.rivals import Rival
from gis import edges, overlap

NAME = "Guatu"
READY = "Guatu, parcels ready"
SMALL = 1_000


@contextmanager
def opened(ground: Ground) -> Iterator[list[Rival]]:
    """Open the two; the engine has nothing to load."""
    ready = edges.edges(ground.parcels)

    def index() -> None:
        nonlocal ready
        ready = edges.edges(ground.parcels)

    def pairs(layer: str) -> pd.DataFrame:
        return overlap.overlaps(ground.parcels, ground.layers[layer])

    def pairs_ready(layer: str) -> pd.DataFrame:
        return overlap.overlaps(ready, ground.layers[layer])

    yield [Rival(NAME, pairs), Rival(READY, pairs_ready, index)]


def warm() -> None:
    """Ask once on a small ground: what is compiled at the first call is compiled now."""
    ground = yardstick(SMALL)
    for layer in ground.layers.values():
        overlap.overlaps(ground.parcels, layer)
