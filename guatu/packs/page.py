"""The map of a screen as one offline HTML file: every layer inside that a browser can open, no server, no request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from gis.text import Language, Text
from guatu.maps import drawings
from guatu.maps.page import page as written
from guatu.maps.source import Source
from guatu.maps.web import Filters
from guatu.room import Room

Extra = tuple[Source, Callable[[], bytes]]

_TITLE = Text("河海街道挂图", "Map of Hehai Subdistrict")
# Some 15 MB of GeoJSON that the browser reads in four seconds (measured); beyond it a page opens no more.
MOST_FEATURES = 20_000
MOST_VERTICES = 300_000

_LEFT_OUT = Text(
    "图层“{title}”有 {features} 个要素、{vertices} 个节点,超过离线网页的上限({most} 个要素、{most_vertices} 个节点),"
    "未包含在本文件中",
    "Layer “{title}” isn't in this file: it has {features} features and {vertices} vertices, "
    "more than a page without a server can show ({most} and {most_vertices})",
)
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

    `layers` are layers of the catalogue; `extra` are others, each with what makes its GeoJSON. What is too large for
    a page is left out, and the foot of the page says so.
    """
    made: list[Extra] = [*extra, *((source, partial(drawings.of_layer, room, source.key)) for source in layers)]
    inside = [replace(source, url=None, tiles=None, data=data()) for source, data in made if _fits(source)]
    left_out = [_left_out(source)[language] for source, _ in made if not _fits(source)]
    foot = " · ".join([*left_out, _FOOT.format(snapshot=room.snapshot())[language]])
    return written(inside, language, _TITLE[language], foot, plane=room.settings.plane, filters=filters).encode()


def _fits(source: Source) -> bool:
    if source.tiles is None:
        return True
    extent = source.tiles.extent
    return extent.features <= MOST_FEATURES and extent.vertices <= MOST_VERTICES


def _left_out(source: Source) -> Text:
    assert source.tiles is not None  # noqa: S101  what travels whole fits
    extent = source.tiles.extent
    counts = {"features": extent.features, "vertices": extent.vertices}
    most = {"most": MOST_FEATURES, "most_vertices": MOST_VERTICES}
    said = {name: f"{count:,}" for name, count in (counts | most).items()}
    return _LEFT_OUT.format(title=source.title, **said)
