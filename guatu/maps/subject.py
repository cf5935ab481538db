"""What an address of the map stands for: a layer, a zone, what two sides share, or the findings of a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from guatu.maps import drawings, kinds
from guatu.maps.drawings import Drawing
from guatu.maps.extent import Extent, extent
from guatu.maps.versions import version
from guatu.room import ZONE, Room

Kind = Literal["layer", "zone", "overlap", "findings"]
FINDINGS = "findings:"
OVERLAP = "overlap:"
_BETWEEN = "|"


@dataclass(frozen=True)
class Subject:
    """One thing that can be drawn: a kind, and the key of a layer or zone, or of both sides."""

    kind: Kind
    keys: tuple[str, ...]

    @classmethod
    def at(cls, address: str) -> Subject:
        """Return what an address names, whether there is such a thing or not."""
        if address.startswith(ZONE):
            return cls("zone", (address.removeprefix(ZONE),))
        if address.startswith(FINDINGS):
            return cls("findings", (address.removeprefix(FINDINGS),))
        if address.startswith(OVERLAP):
            return cls("overlap", tuple(address.removeprefix(OVERLAP).split(_BETWEEN)))
        return cls("layer", (address,))

    @property
    def address(self) -> str:
        """The subject in one word, as tiles are asked for."""
        start = {"layer": "", "zone": ZONE, "findings": FINDINGS, "overlap": OVERLAP}[self.kind]
        return start + _BETWEEN.join(self.keys)

    def exists(self, room: Room) -> bool:
        """Tell whether the room has it."""
        if self.kind == "overlap":
            return len(self.keys) == 2 and all(_is_side(room, side) for side in self.keys)
        return self.keys[0] in (room.zones() if self.kind == "zone" else room.layers())

    def layers(self, room: Room) -> tuple[str, ...]:
        """Return the keys of the layers whose features it shows: who may see it is who may see them all."""
        sides = [f"{ZONE}{self.keys[0]}"] if self.kind == "zone" else self.keys
        found = [
            (rule.layer for rule in room.zones()[side.removeprefix(ZONE)].rules) if side.startswith(ZONE) else (side,)
            for side in sides
        ]
        return tuple(dict.fromkeys(key for some in found for key in some))

    def stamp(self, room: Room) -> str:
        """Return the version of its data."""
        if self.kind == "findings":
            return room.snapshot()
        if self.kind == "layer":
            return room.stamp(self.keys[0])
        if self.kind == "zone":
            return room.version(f"{ZONE}{self.keys[0]}")
        return "".join(room.version(side) for side in self.keys)

    def version(self, room: Room) -> str:
        """Return the version of everything that its drawing is made of."""
        if self.kind == "layer":
            of = room.layer(self.keys[0])
            return version(self.stamp(room), of.fields, of.style, of.name, of.aliases)
        fields, style = {
            "zone": (kinds.ZONE_FIELDS, kinds.ZONE_STYLE),
            "overlap": (kinds.OVERLAP_FIELDS, kinds.OVERLAP_STYLE),
            "findings": (kinds.FINDING_FIELDS, kinds.FINDING_STYLE),
        }[self.kind]
        return version(self.stamp(room), fields, style)

    def drawing(self, room: Room) -> Drawing:
        """Return what is drawn.

        Raises
        ------
        DataError, CrsError, GeometryError
            As the functions of `guatu.maps.drawings`.
        """
        return _drawing(self, room, self.version(room))

    def extent(self, room: Room) -> Extent:
        """Return how much there is to draw; raises as `drawing`."""
        return _extent(self, room, self.version(room))


def _is_side(room: Room, key: str) -> bool:
    return key.removeprefix(ZONE) in room.zones() if key.startswith(ZONE) else key in room.layers()


@lru_cache(maxsize=32)
def _drawing(subject: Subject, room: Room, _: str) -> Drawing:
    return _MAKERS[subject.kind](room, *subject.keys)


_MAKERS: Mapping[Kind, Callable[..., Drawing]] = {
    "layer": drawings.layer,
    "zone": drawings.zone,
    "overlap": drawings.overlap,
    "findings": drawings.findings,
}


@lru_cache(maxsize=256)
def _extent(subject: Subject, room: Room, _: str) -> Extent:
    return extent(subject.drawing(room).frame)
