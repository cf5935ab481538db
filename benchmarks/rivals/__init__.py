"""The rivals: each gives every pair of the ground that shares more than 1e-6 m², with the shared area."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

LEAST_M2 = 1e-6


class AbsentError(Exception):
    """A rival isn't installed on this machine; the message says what is missing."""


@dataclass(frozen=True)
class Rival:
    """One way to find the pairs of a layer, on a ground that it has loaded.

    `pairs` takes the name of a layer and returns left (parcel), right (its shape) and area_m2, everything that the
    layer needs included; `index` is what is done once for all layers, where there is such a thing.
    """

    name: str
    pairs: Callable[[str], pd.DataFrame]
    index: Callable[[], None] | None = None
