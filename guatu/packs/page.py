"""The map as one offline HTML file: every layer inside, no server, no request."""

from __future__ import annotations

from gis.text import Language, Text
from guatu.maps import drawings
from guatu.maps.page import page as written
from guatu.maps.source import Source
from guatu.room import Room

_TITLE = Text("河海街道挂图", "Map of Hehai Subdistrict")
_FOOT = Text(
    "示意数据 非实测 · 范围线不是法定界线 · 车站位置 © OpenStreetMap contributors · 数据版本 {snapshot}",
    "Schematic, not surveyed · the area's outline is no official boundary · "
    "station positions © OpenStreetMap contributors · data version {snapshot}",
)


def page(room: Room, language: Language) -> bytes:
    """Return the map of every layer whose data can be read, bearing the data version."""
    sources = [
        Source.of(layer, room.stamp(key), data=drawings.of_layer(room, key))
        for key, layer in room.layers().items()
        if room.has(key)
    ]
    foot = _FOOT.format(snapshot=room.snapshot())
    return written(sources, language, _TITLE[language], foot[language], plane=room.settings.plane).encode()
