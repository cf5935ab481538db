"""The map of a screen as one offline HTML file: every layer inside, no server, no request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from gis.text import Language, Text
from guatu.maps import drawings
from guatu.maps.page import page as written
from guatu.maps.source import Source
from guatu.maps.web import Filters
from guatu.room import Room

Extra = tuple[Source, Callable[[], bytes]]

_TITLE = Text("河海街道挂图", "Map of Hehai Subdistrict")
_FOOT = Text(
    "示意数据 非实测 · 范围线不是法定界线 · 车站位置 © OpenStreetMap contributors · 数据版本 {snapshot}",
    "Schematic, not surveyed · the area's outline is no official boundary · "
    "station positions © OpenStreetMap contributors · data version {snapshot}",
)


def page(
    room: Room,
    language: Language,
    layers: Sequence[Source],
    extra: Sequence[Extra] = (),
    filters: Filters | None = None,
) -> bytes:
    """Return the map of these layers as the screen shows it, bearing the data version.

    `layers` are layers of the catalogue; `extra` are others, each with what makes its GeoJSON.
    """
    own = [replace(source, url=None, tiles=None, data=drawings.of_layer(room, source.key)) for source in layers]
    beside = [replace(source, url=None, tiles=None, data=made()) for source, made in extra]
    foot = _FOOT.format(snapshot=room.snapshot())[language]
    sources = [*beside, *own]
    return written(sources, language, _TITLE[language], foot, plane=room.settings.plane, filters=filters).encode()
