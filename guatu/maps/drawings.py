"""What the room can put on a map beside its layers: zones, shared ground, the places of findings; each as GeoJSON."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from guatu.maps.features import features
from guatu.maps.kinds import FINDING_FIELDS, OVERLAP_FIELDS, ZONE_FIELDS
from guatu.room import ZONE, Room


def of_layer(room: Room, key: str) -> bytes:
    """Return a layer's features.

    Raises
    ------
    DataError, CrsError
        As `Room.frame`.
    """
    layer = room.layer(key)
    return features(room.frame(key), layer.fields, name=layer.name)


def of_zone(room: Room, key: str) -> bytes:
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
    return features(told, ZONE_FIELDS, name="structure")


def of_overlap(room: Room, left: str, right: str) -> bytes:
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
    return features(told, OVERLAP_FIELDS, name="left")


def of_findings(room: Room, key: str) -> bytes:
    """Return the places where a layer departs from its declaration; `_feature` is the feature that each speaks of.

    Raises
    ------
    DataError, CrsError
        As `Room.findings`.
    """
    found = room.findings(key)
    told = found.assign(_feature=found["feature"])
    return features(told, FINDING_FIELDS, name="feature", extra=("_feature",))
