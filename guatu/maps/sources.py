"""The sources of a room's maps: each whole where it is small, as tiles where it is large, by its extent alone."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

from guatu.maps.source import Source, Tiles
from guatu.maps.subject import Subject
from guatu.room import ZONE, Room


def of_layer(room: Room, key: str) -> Source:
    """Return a layer of the catalogue; raises as `Subject.drawing`."""
    return _sized(room, Subject("layer", (key,)), Source.of(room.layer(key), room.stamp(key)))


def of_zone(room: Room, key: str) -> Source:
    """Return a protection zone; raises as `Subject.drawing`."""
    source = Source.of_zone(key, room.zones()[key].title, room.version(f"{ZONE}{key}"))
    return _sized(room, Subject("zone", (key,)), source)


def of_overlap(room: Room, left: str, right: str) -> Source:
    """Return the shapes that two sides share; raises as `Subject.drawing`."""
    both = f"{room.version(left)}{room.version(right)}"
    return _sized(room, Subject("overlap", (left, right)), Source.of_overlap(left, right, both))


def of_findings(room: Room, key: str) -> Source:
    """Return the places of a layer's findings; raises as `Subject.drawing`."""
    source = Source.of_findings(key, room.layer(key).title, room.snapshot())
    return _sized(room, Subject("findings", (key,)), source)


def _sized(room: Room, subject: Subject, source: Source) -> Source:
    extent = subject.extent(room)
    if not extent.large:
        return source
    Thread(target=_prepare, args=(room, subject), daemon=True).start()
    return replace(source, url=None, tiles=Tiles(subject, subject.version(room), extent))


def _prepare(room: Room, subject: Subject) -> None:
    """Make the index beside the screen's run; importing the compiler is part of what it needn't wait for."""
    from guatu.maps import tiling

    tiling.index(room, subject)
