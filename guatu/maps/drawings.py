"""What the room can put on a map beside its layers: zones, shared ground, the places of findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from gis.layer import Field, Style
from guatu.maps.features import features
from guatu.maps.kinds import (
    FINDING_FIELDS,
    FINDING_STYLE,
    OVERLAP_FIELDS,
    OVERLAP_STYLE,
    ZONE_FIELDS,
    ZONE_STYLE,
)
from guatu.room import ZONE, Room


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawing:
    """What is drawn, before it is known whether whole or as tiles: a frame in EPSG:4490 and how it is told.

    Parameters as `guatu.maps.features.features`; `aliases` is the column of further names.
    """

    frame: gpd.GeoDataFrame
    fields: tuple[Field, ...]
    style: Style
    name: str | None = None
    aliases: str | None = None
    extra: tuple[str, ...] = ()

    @property
    def coded(self) -> tuple[str, ...]:
        """The fields that colour or narrow the layer on the map."""
        return tuple(field.key for field in self.fields if field.choices or field.key == self.style.by)

    def geojson(self, rows: Sequence[int] | None = None) -> bytes:
        """Return all of it, or some of its rows, as a GeoJSON collection."""
        frame = self.frame if rows is None else self.frame.iloc[list(rows)]
        return features(frame, self.fields, name=self.name, extra=self.extra)


def layer(room: Room, key: str) -> Drawing:
    """Return a layer's features.

    Raises
    ------
    DataError, CrsError
        As `Room.frame`.
    """
    of = room.layer(key)
    return Drawing(frame=room.frame(key), fields=of.fields, style=of.style, name=of.name, aliases=of.aliases)


def zone(room: Room, key: str) -> Drawing:
    """Return a zone's shapes, each with the clause that makes it.

    Raises
    ------
    DataError
        As `Room.zone`.
    """
    shapes = room.zone(key)
    rules = {rule.key: rule for rule in room.zones()[key].rules}
    behind = shapes["rule"].map(rules.__getitem__)
    told = shapes.assign(
        structure=pd.Series(room.names(f"{ZONE}{key}"), dtype=str),
        distance_m=behind.map(lambda rule: rule.distance_m),
        clause=behind.map(lambda rule: rule.clause),
        source=behind.map(lambda rule: rule.source),
        sure=behind.map(lambda rule: rule.sure),
        approximate=shapes["approximate"].map({True: "yes", False: None}),
        rule=behind.map(lambda rule: rule.title),
    )
    return Drawing(frame=told, fields=ZONE_FIELDS, style=ZONE_STYLE, name="structure")


def overlap(room: Room, left: str, right: str) -> Drawing:
    """Return the ground that two sides share, pair by pair, with both shares; ids are the pairs' positions.

    Raises
    ------
    DataError, GeometryError
        As `Room.encroachment`.
    """
    shared = room.encroachment(left, right)
    first, second = room.names(left), room.names(right)
    told = gpd.GeoDataFrame(
        {
            "left": [first[label] for label in shared.pairs["left"]],
            "right": [second[label] for label in shared.pairs["right"]],
            **{
                side: (shared.pairs[side] * 100).round(1).to_numpy()
                for side in ("share_of_left", "share_of_right")
                if side in shared.pairs
            },
        },
        geometry=shared.shapes.array,
        crs=shared.shapes.crs,
        index=shared.pairs.index,
    )
    return Drawing(frame=told, fields=OVERLAP_FIELDS, style=OVERLAP_STYLE, name="left")


def findings(room: Room, key: str) -> Drawing:
    """Return the places where a layer departs from its declaration; `_feature` is the feature that each speaks of.

    Raises
    ------
    DataError, CrsError
        As `Room.findings`.
    """
    found = room.findings(key)
    told = found.assign(_feature=found["feature"])
    return Drawing(frame=told, fields=FINDING_FIELDS, style=FINDING_STYLE, name="feature", extra=("_feature",))


def of_layer(room: Room, key: str) -> bytes:
    """Return a layer as GeoJSON; raises as `layer`."""
    return layer(room, key).geojson()


def of_zone(room: Room, key: str) -> bytes:
    """Return a zone as GeoJSON; raises as `zone`."""
    return zone(room, key).geojson()


def of_overlap(room: Room, left: str, right: str) -> bytes:
    """Return shared ground as GeoJSON; raises as `overlap`."""
    return overlap(room, left, right).geojson()


def of_findings(room: Room, key: str) -> bytes:
    """Return findings as GeoJSON; raises as `findings`."""
    return findings(room, key).geojson()
