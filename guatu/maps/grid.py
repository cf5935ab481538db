"""The grid that tiles are drawn on: Web Mercator in whole numbers. It draws; nothing is ever measured on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# At zoom 20 a tile has 4096 units, the extent of a vector tile: its coordinates are these, cut off (1 cm at 32° N).
LAST_ZOOM = 20
BITS = 32
EXTENT = 4096
FARTHEST_LAT = 85.0511287798066

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tile:
    """A tile of the usual scheme; zoom 0 is the world, y counts from the north."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Tell whether the address is one of the map's."""
        return 0 <= self.z <= LAST_ZOOM and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z

    @property
    def side(self) -> int:
        """The tile's side in grid units."""
        return 1 << (BITS - self.z)

    @property
    def corner(self) -> tuple[int, int]:
        """The tile's north-west corner in grid units."""
        return self.x * self.side, self.y * self.side


def on_grid(lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes in grid units, x eastwards and y southwards; the poles end at 85.05°."""
    lat = np.radians(np.clip(lat_deg, -FARTHEST_LAT, FARTHEST_LAT))
    x = (lon_deg + 180) / 360
    y = 0.5 - np.arctanh(np.sin(lat)) / (2 * np.pi)
    return _within(x), _within(y)


def _within(share: Floats) -> Floats:
    return np.clip(share * 2.0**BITS, 0, 2.0**BITS - 1)
