"""Guatu itself, asked as the rivals are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from benchmarks.ground import Ground, yardstick
from benchmarks.rivals import Rival
from gis import overlap

NAME = "Guatu"
SMALL = 1_000


@contextmanager
def opened(ground: Ground) -> Iterator[list[Rival]]:
    """Open it; the engine has nothing to load."""

    def pairs(layer: str) -> pd.DataFrame:
        return overlap.overlaps(ground.parcels, ground.layers[layer])

    yield [Rival(NAME, pairs)]


def warm() -> None:
    """Ask once on a small ground: what is compiled at the first call is compiled now."""
    ground = yardstick(SMALL)
    for layer in ground.layers.values():
        overlap.overlaps(ground.parcels, layer)
