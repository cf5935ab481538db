"""Tiles of a room: the index of each subject made once a version, each tile once, both kept in bounded memory."""

from __future__ import annotations

import json

from gis.errors import DataError
from gis.text import Text
from guatu.maps import lookup, overview, vector
from guatu.maps.answers import MVT, PNG, Body, body_of
from guatu.maps.cache import Cache
from guatu.maps.grid import Tile
from guatu.maps.index import Filter, Index, build
from guatu.maps.subject import Subject
from guatu.room import Room

# An index of a million parcels takes 190 MB, a tile some 30 kB.
MOST_INDEX_BYTES = 1 << 30
MOST_NAME_BYTES = 1 << 28
MOST_TILE_BYTES = 1 << 27

_indexes: Cache[Index] = Cache(MOST_INDEX_BYTES, lambda index: index.nbytes)
_names: Cache[lookup.Names] = Cache(MOST_NAME_BYTES, lambda names: names.nbytes)
_tiles: Cache[Body] = Cache(MOST_TILE_BYTES, lambda body: len(body.plain) + len(body.packed or b""))


def index(room: Room, subject: Subject) -> Index:
    """Return a subject's index at its present version; raises as `Subject.drawing`."""
    return _indexes.get((subject, subject.version(room)), lambda: build(subject.drawing(room)))


def vector_tile(room: Room, subject: Subject, at: Tile) -> Body | None:
    """Return a vector tile, or None where the zoom shows the overview or there is no such tile."""
    if not at.exists or at.z < subject.extent(room).first_zoom:
        return None
    key = (subject, subject.version(room), at)
    return _tiles.get(key, lambda: body_of(vector.tile(index(room, subject), at), MVT))


def overview_tile(room: Room, subject: Subject, at: Tile, wanted: str | None) -> Body | None:
    """Return an overview tile of what a filter keeps, or None where the zoom shows vectors or there is no such tile.

    Raises
    ------
    DataError
        The filter is no filter, or names a field that the layer doesn't have.
    """
    if not at.exists or at.z >= subject.extent(room).first_zoom:
        return None
    key = (subject, subject.version(room), at, wanted)
    return _tiles.get(key, lambda: body_of(overview.tile(index(room, subject), at, filter_of(wanted)), PNG))


def at_point(room: Room, subject: Subject, lon: float, lat: float, within_m: float, wanted: str | None) -> bytes:
    """Return the features at a point as GeoJSON; as `lookup.at_point`, with the filter as it is written."""
    return lookup.at_point(index(room, subject), lon, lat, within_m, filter_of(wanted))


def of_id(room: Room, subject: Subject, wanted: str) -> bytes:
    """Return the feature of an id as GeoJSON."""
    return lookup.of_id(index(room, subject), wanted)


def named(room: Room, subject: Subject, text: str) -> bytes:
    """Return the features that answer to a text, as JSON."""
    made = index(room, subject)
    known = _names.get((subject, subject.version(room)), lambda: lookup.names(made))
    return json.dumps(lookup.named(made, known, text), ensure_ascii=False).encode()


def counts(room: Room, subject: Subject, wanted: str | None) -> bytes:
    """Return how many features a filter keeps, in all and by value, as JSON; the filter as it is written."""
    return json.dumps(lookup.counts(index(room, subject), filter_of(wanted)), ensure_ascii=False).encode()


def filter_of(written: str | None) -> Filter:
    """Return the filter that a request writes as JSON: for some fields, the values that stay.

    Raises
    ------
    DataError
        It isn't that.
    """
    try:
        wanted = json.loads(written) if written else {}
    except ValueError:
        wanted = None
    wanted = {} if written == "null" else wanted
    if not isinstance(wanted, dict) or not all(_are_texts(values) for values in wanted.values()):
        raise DataError(
            Text("筛选条件 {written} 无法识别。", "The filter {written} can't be read.").format(written=written)
        )
    return wanted


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)
