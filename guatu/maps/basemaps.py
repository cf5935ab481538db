"""Basemaps of the office's own, and the refusal of those that would lie half a kilometre off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from gis.errors import SettingsError
from gis.text import Text
from guatu.settings import Basemap

DATUMS = frozenset({"CGCS2000", "WGS84"})
SHIFTED = {"GCJ-02": "GCJ-02", "BD-09": "BD-09"}
SHIFTED_HOSTS = {
    "autonavi": "GCJ-02",
    "amap": "GCJ-02",
    "map.qq": "GCJ-02",
    "gtimg": "GCJ-02",
    "google.cn": "GCJ-02",
    "bdimg": "BD-09",
    "baidu": "BD-09",
}


def refusals(basemaps: Iterable[Basemap]) -> dict[str, SettingsError]:
    """Return why each basemap that can't be laid under the data is refused, by title."""
    refused = {}
    for one in basemaps:
        try:
            accepted(one)
        except SettingsError as error:
            refused[one.title] = error
    return refused


def specs(basemaps: Iterable[Basemap]) -> list[dict[str, Any]]:
    """Return the basemaps as the browser needs them.

    Raises
    ------
    SettingsError
        As `accepted`.
    """
    return [
        {"title": one.title, "url": one.url, "attribution": one.attribution, "maxZoom": one.max_zoom}
        for one in map(accepted, basemaps)
    ]


def accepted(basemap: Basemap) -> Basemap:
    """Return the basemap, after refusing one whose datum doesn't fit the data.

    Raises
    ------
    SettingsError
        It is in GCJ-02 or BD-09, by its own word or by its host; its datum is unknown; or its URL is no template.
    """
    datum = basemap.datum.upper().replace(" ", "").replace("_", "-")
    shifted = SHIFTED.get(datum) or _known_host(basemap.url)
    if shifted:
        raise SettingsError(
            Text(
                "底图“{title}”采用 {datum} 加偏坐标,与 CGCS2000 数据相差约 500 米,不能叠加。"
                "请改用天地图等未加偏的底图。",
                "Basemap “{title}” is in {datum}, which is shifted by some 500 m against CGCS2000 data. "
                "Use one that isn't shifted, such as Tianditu.",
            ).format(title=basemap.title, datum=shifted)
        )
    if datum not in DATUMS:
        raise SettingsError(
            Text(
                "底图“{title}”的坐标基准 {datum} 未知,应为 CGCS2000 或 WGS84。",
                "Basemap “{title}” names an unknown datum, {datum}; it must be CGCS2000 or WGS84.",
            ).format(title=basemap.title, datum=basemap.datum)
        )
    if not all(part in basemap.url for part in ("{x}", "{y}", "{z}")):
        raise SettingsError(
            Text(
                "底图“{title}”的地址须含 {{x}}、{{y}}、{{z}}。",
                "Basemap “{title}”: its URL needs {{x}}, {{y}} and {{z}}.",
            ).format(title=basemap.title)
        )
    return basemap


def _known_host(url: str) -> str | None:
    host = (urlsplit(url).hostname or "").lower()
    return next((datum for part, datum in SHIFTED_HOSTS.items() if part in host), None)
