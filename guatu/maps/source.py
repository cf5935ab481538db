"""One layer as the map sees it: its words, its paint, and where its features come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from gis.layer import GEOM_BASIS, Field, Geometry, Layer, Paint, Style
from gis.text import Language, Text
from gis.units import UNITS
from guatu.maps import kinds
from guatu.maps.assets import PREFIX
from guatu.maps.extent import Extent
from guatu.maps.subject import Subject
from guatu.maps.versions import version


@dataclass(frozen=True)
class Tiles:
    """Where the browser asks for a layer that is too large to travel whole, at a version, and how much there is."""

    subject: Subject
    version: str
    extent: Extent

    def spec(self) -> dict[str, Any]:
        """Return what the browser needs; {z}, {x} and {y} stand in the tiles' addresses."""
        return {
            "mvt": self._url("tiles", "{z}/{x}/{y}.mvt"),
            "png": self._url("tiles", "{z}/{x}/{y}.png"),
            "from": self.extent.first_zoom,
            "count": self.extent.features,
            "bounds": self.extent.bounds,
            "schematic": self.extent.schematic,
            "at": self._url("features", "at.geojson"),
            "of": self._url("features", "of.geojson"),
            "named": self._url("features", "named.json"),
            "counts": self._url("features", "counts.json"),
        }

    def _url(self, kind: str, rest: str) -> str:
        return f"{PREFIX}{kind}/{quote(self.subject.address, safe='')}/{rest}?{urlencode({'v': self.version})}"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A layer of the map.

    `url` is where the browser fetches its GeoJSON, `tiles` where it asks for a large one instead; `data` is the
    GeoJSON itself, for a page that has no server. Of the three a source has one.
    `refers` is the layer that its features speak of, where they only speak of another layer's.
    """

    key: str
    title: Text
    group: Text
    style: Style
    fields: tuple[Field, ...]
    geometry: Geometry | None = None
    id: str | None = None
    name: str | None = None
    aliases: str | None = None
    order: int = 50
    shown: bool = True
    refers: str | None = None
    url: str | None = None
    tiles: Tiles | None = None
    data: bytes | None = None

    @classmethod
    def of(cls, layer: Layer, stamp: str, *, data: bytes | None = None) -> Source:
        """Return a layer of the catalogue at a version of its data; with `data`, for a page without a server."""
        drawn = version(stamp, layer.fields, layer.style, layer.name, layer.aliases)
        return cls(
            key=layer.key,
            title=layer.title,
            group=layer.group,
            style=layer.style,
            fields=layer.fields,
            geometry=layer.geometry,
            id=layer.id,
            name=layer.name,
            aliases=layer.aliases,
            order=layer.order,
            shown=layer.shown,
            url=None if data is not None else _url("layers", layer.key, version=drawn),
            data=data,
        )

    @classmethod
    def of_zone(cls, key: str, title: Text, stamp: str) -> Source:
        """Return a protection zone at a version of its rules and bases."""
        return cls(
            key=f"zone.{key}",
            title=title,
            group=kinds.ZONES,
            style=kinds.ZONE_STYLE,
            fields=kinds.ZONE_FIELDS,
            geometry="polygon",
            name="structure",
            order=3,
            url=_url("zones", key, version=version(stamp, kinds.ZONE_FIELDS, kinds.ZONE_STYLE)),
        )

    @classmethod
    def of_overlap(cls, left: str, right: str, stamp: str) -> Source:
        """Return the shapes that two sides share; a side is a layer's key or `zone:<key>`."""
        return cls(
            key="overlap",
            title=Text("重叠部分", "Shared ground"),
            group=kinds.RESULTS,
            style=kinds.OVERLAP_STYLE,
            fields=kinds.OVERLAP_FIELDS,
            name="left",
            order=1,
            url=_url("overlaps", left, right, version=version(stamp, kinds.OVERLAP_FIELDS, kinds.OVERLAP_STYLE)),
        )

    @classmethod
    def of_findings(cls, key: str, title: Text, snapshot: str) -> Source:
        """Return the places of a layer's findings at a snapshot of the data."""
        return cls(
            key=f"findings.{key}",
            title=title,
            group=kinds.FINDINGS,
            style=kinds.FINDING_STYLE,
            fields=kinds.FINDING_FIELDS,
            order=0,
            refers=key,
            url=_url("findings", key, version=version(snapshot, kinds.FINDING_FIELDS, kinds.FINDING_STYLE)),
        )

    def spec(self, language: Language) -> dict[str, Any]:
        """Return what the browser needs to draw and describe this layer, in one language; without its `data`."""
        return {
            "key": self.key,
            "title": self.title[language],
            "group": self.group[language],
            "geometry": self.geometry,
            "order": self.order,
            "shown": self.shown,
            "id": self.id,
            "name": self.name,
            "aliases": self.aliases,
            "refers": self.refers,
            "url": self.url,
            "tiles": self.tiles.spec() if self.tiles else None,
            "style": self._style(language),
            "fields": [_field(field, language) for field in self.fields],
        }

    def _style(self, language: Language) -> dict[str, Any]:
        style = self.style
        choices = next((field.choices for field in self.fields if field.key == style.by), {})
        said = {value: paint.label or choices.get(value) for value, paint in style.classes.items()}
        return {
            "paint": _paint(style.paint),
            "by": style.by,
            "classes": [
                {"value": value, "label": words[language] if (words := said[value]) else value, "paint": _paint(paint)}
                for value, paint in style.classes.items()
            ],
            "label": style.label,
            "labelZoom": style.label_zoom,
        }


def _url(kind: str, *keys: str, version: str) -> str:
    path = "/".join(quote(key, safe="") for key in keys)
    return f"{PREFIX}{kind}/{path}.geojson?{urlencode({'v': version})}"


def _paint(paint: Paint) -> dict[str, Any]:
    return {
        "colour": paint.colour,
        "fill": paint.fill or paint.colour,
        "weight": paint.weight,
        "opacity": paint.opacity,
        "fillOpacity": paint.fill_opacity,
        "dash": paint.dash,
        "hatch": paint.hatch,
        "radius": paint.radius,
    }


def _field(field: Field, language: Language) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": field.label[language],
        "kind": field.kind,
        "unit": UNITS[field.unit].label[language] if field.unit else "",
        "choices": {value: words[language] for value, words in field.choices.items()},
        "basis": field.key == GEOM_BASIS.key,
    }
