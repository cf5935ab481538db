"""Everything compiled made ready: run once at set-up, so that neither the first screen nor the first map waits."""

from __future__ import annotations

from contextlib import suppress

from gis import warm as engine
from gis.errors import GuatuError
from guatu.maps import lookup, overview, tiling, vector
from guatu.maps.grid import Tile
from guatu.maps.subject import Subject
from guatu.room import open_room

_NEAR_CHANGZHOU = Tile(13, 6826, 3326)


def warm() -> None:
    """Compile the engine's loops and those of the tiles, on the office's own layers."""
    engine.warm()
    room = open_room()
    for key in room.readable():
        with suppress(GuatuError):  # a layer that can't be drawn is told on the screens
            index = tiling.index(room, Subject("layer", (key,)))
            vector.tile(index, _NEAR_CHANGZHOU)
            overview.tile(index, _NEAR_CHANGZHOU, {})
            lookup.of_id(index, "")
            lookup.at_point(index, 119.97, 31.82, 10, {})


if __name__ == "__main__":
    warm()
