"""One office's map room: its layers, their data, its zones, and every number it shows, each cached by version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from gis import check, zones
from gis.check import quiet
from gis.errors import DataError, GuatuError
from gis.figure import Frames, Measured, measure
from gis.layer import GEOM_BASIS, Layer, completed
from gis.text import Text
from guatu import settings as office
from guatu.encroachment import Encroachment, between
from guatu.once import once
from guatu.settings import Settings, Zone
from guatu.stores.folder import STAMP_LENGTH, Folder
from layers import catalogue

ZONE = "zone:"
LAST = 1000


@dataclass(frozen=True)
class Room:
    """The map room under one set of settings. Frames it hands out are shared: read them, don't change them."""

    settings: Settings

    @property
    def store(self) -> Folder:
        """Where the layers live."""
        return Folder(self.settings.data)

    def layers(self) -> Mapping[str, Layer]:
        """Return the catalogue, in the order of lists and legends."""
        return catalogue(self.settings.layers)

    def layer(self, key: str) -> Layer:
        """Return one layer's declaration.

        Raises
        ------
        DataError
            There is no such layer.
        """
        try:
            return self.layers()[key]
        except KeyError as error:
            raise DataError(
                Text("没有图层 {key}。现有图层:{known}。", "There is no layer {key}. Layers: {known}.").format(
                    key=key, known=", ".join(self.layers())
                )
            ) from error

    def stamp(self, key: str) -> str:
        """Return the version of a layer's data."""
        return self.store.stamp(self.layer(key))

    def snapshot(self) -> str:
        """Return the version of everything the room shows; layers without data are left out."""
        return self.store.snapshot(self.readable().values())

    def readable(self) -> Mapping[str, Layer]:
        """Return the layers of the catalogue whose data can be read, in its order."""
        return {key: layer for key, layer in self.layers().items() if self._trouble(layer) is None}

    def has(self, key: str) -> bool:
        """Tell whether a layer's data can be read."""
        layer = self.layers().get(key)
        return layer is not None and self._trouble(layer) is None

    def trouble(self, key: str) -> GuatuError | None:
        """Return why a layer's data can't be read, or None where they can."""
        return self._trouble(self.layer(key))

    def _trouble(self, layer: Layer) -> GuatuError | None:
        try:
            self._frame(layer)
        except GuatuError as error:
            return error
        return None

    def frame(self, key: str) -> gpd.GeoDataFrame:
        """Return a layer's features with every declared field, in EPSG:4490, indexed by feature id.

        Raises
        ------
        DataError, CrsError
            As `guatu.stores.folder.Folder.raw`.
        """
        return self._frame(self.layer(key))

    def _frame(self, layer: Layer) -> gpd.GeoDataFrame:
        return _frame(self.store, layer, self.store.stamp(layer))

    def frames(self, keys: Iterable[str]) -> Frames:
        """Return several frames by key; those without data are left out."""
        there = self.readable()
        return {key: self._frame(there[key]) for key in keys if key in there}

    def figures(self) -> tuple[Measured, ...]:
        """Return every figure of every layer whose data are there, headlines first, bearing the snapshot."""
        return _figures(self, tuple(self.layers().values()), self.snapshot())

    def schematic(self, keys: Iterable[str] | None = None) -> bool:
        """Tell whether any shape, of these layers or of all, is schematic: whatever is made of them says so."""
        there = self.readable()
        asked = [there[key] for key in (there if keys is None else keys) if key in there]
        return any(_schematic(self.store, layer, self.store.stamp(layer)) for layer in asked)

    def warm(self) -> None:
        """Compute what the first screen asks for."""
        self.figures()

    def findings(self, key: str, told: Callable[[Text], None] = quiet) -> gpd.GeoDataFrame:
        """Return what is wrong with a layer (`gis.check.findings`); where it isn't known, `told` hears each step."""
        return _findings(self, self.layer(key), self.behind(key), _Listener(told))

    def behind(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return the key and version of all data that a layer's findings are made of."""
        there = self.readable()
        return tuple((each, self.store.stamp(there[each])) for each in self.layer(key).needs if each in there)

    def zones(self) -> Mapping[str, Zone]:
        """Return the zones of the office's rule file."""
        return office.zones(self.settings.zones)

    def zone(self, key: str) -> gpd.GeoDataFrame:
        """Return a zone's shapes: base (layer), feature, rule, approximate, geometry; one row a structure and rule.

        Raises
        ------
        DataError
            There is no such zone.
        """
        return _zone(self, self._zone_named(key), self.snapshot())

    def _zone_named(self, key: str) -> Zone:
        try:
            return self.zones()[key]
        except KeyError as error:
            raise DataError(
                Text("没有保护范围 {key}。现有:{known}。", "There is no zone {key}. Zones: {known}.").format(
                    key=key, known=", ".join(self.zones())
                )
            ) from error

    def side(self, key: str) -> gpd.GeoDataFrame:
        """Return one side of an overlap: a layer, or a zone as `zone:<key>`."""
        return self.zone(key.removeprefix(ZONE)) if key.startswith(ZONE) else self.frame(key)

    def names(self, key: str) -> Mapping[object, str]:
        """Return what each feature of a side is called; in a zone, the structure that it protects."""
        if not key.startswith(ZONE):
            return _names(self.store, self.layer(key), self.stamp(key))
        shapes = self.zone(key.removeprefix(ZONE))
        bases = {base: self.names(base) for base in shapes["base"].unique()}
        behind = zip(shapes["base"], shapes["feature"], strict=True)
        return dict(zip(shapes.index, (bases[base][feature] for base, feature in behind), strict=True))

    def version(self, key: str) -> str:
        """Return the version of one side of an overlap: of the layer's data, or of the zone's rules and bases."""
        if not key.startswith(ZONE):
            return self.stamp(key)
        zone = self._zone_named(key.removeprefix(ZONE))
        bases = [self.stamp(rule.layer) for rule in zone.rules if self.has(rule.layer)]
        return hashlib.sha256(f"{zone!r} {bases}".encode()).hexdigest()[:STAMP_LENGTH]

    def encroachment(self, left: str, right: str) -> Encroachment:
        """Return what two sides share (`guatu.encroachment.between`); a side with itself gives its own overlaps."""
        return _encroachment(self, left, right, self.version(left), self.version(right))


def open_room() -> Room:
    """Return the room under the settings in force."""
    return Room(office.load())


@once(maxsize=64)
def _frame(store: Folder, layer: Layer, _: str) -> gpd.GeoDataFrame:
    return completed(layer, store.raw(layer))


@once(maxsize=4)
def _figures(room: Room, layers: tuple[Layer, ...], snapshot: str) -> tuple[Measured, ...]:
    every = [
        measure(figure, room.frames((layer.key, *figure.needs)), snapshot)
        for layer in layers
        for figure in layer.figures
        if all(room.has(key) for key in (layer.key, *figure.needs))
    ]
    return tuple(sorted(every, key=lambda one: one.figure.headline or LAST))


@dataclass(frozen=True)
class _Listener:
    """Who hears how far a check is. That is no part of what is found: all listeners are equal."""

    told: Callable[[Text], None] = field(compare=False)


@once(maxsize=64)
def _findings(room: Room, layer: Layer, _: tuple[tuple[str, str], ...], listener: _Listener) -> gpd.GeoDataFrame:
    frames = {**room.frames(layer.needs), layer.key: room.store.raw(layer)}
    return check.findings(layer, frames, listener.told)


@once(maxsize=64)
def _names(store: Folder, layer: Layer, stamp: str) -> Mapping[object, str]:
    names = _frame(store, layer, stamp)[layer.name]
    return dict(zip(names.index, names.astype(str), strict=True))


@once(maxsize=64)
def _schematic(store: Folder, layer: Layer, stamp: str) -> bool:
    return bool((_frame(store, layer, stamp)[GEOM_BASIS.key] == "schematic").any())


@once(maxsize=16)
def _zone(room: Room, zone: Zone, _: str) -> gpd.GeoDataFrame:
    parts = [
        zones.zones(room.frame(rule.layer), rule).assign(base=rule.layer, rule=rule.key)
        for rule in zone.rules
        if room.has(rule.layer)
    ]
    if not parts:
        raise DataError(Text("该保护范围没有可用的基础图层。", "None of the layers this zone stands on has data."))
    whole = pd.concat([part.rename_axis("feature").reset_index() for part in parts], ignore_index=True)
    return whole.set_index(whole["rule"] + "/" + whole["feature"].astype(str)).rename_axis(None)


@once(maxsize=64)
def _encroachment(room: Room, left: str, right: str, *_: str) -> Encroachment:
    return between(room.side(left).geometry, room.side(right).geometry, same=left == right)
