"""Features of a large layer one by one: those at a point, the one of an id, those of a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from guatu.maps import kernels
from guatu.maps.features import DECIMALS
from guatu.maps.grid import on_grid
from guatu.maps.index import Filter, Index, texts

MOST = 20
FARTHEST_M = 1000.0
_M_PER_DEGREE = 111_320.0
# Among more boxes at one spot, only the smallest are looked at.
_TRIED = 2_000
_ALIAS = "[;；,，、]"


def at_point(index: Index, lon: float, lat: float, within_m: float, wanted: Filter) -> bytes:
    """Return the features at a point, or so near, as GeoJSON: points, lines, then polygons, the smallest first.

    Parameters
    ----------
    lon, lat
        Degrees.
    within_m
        Distance that still counts, in metres, up to 1 000; good enough for a pointer, never for a statement.
    wanted
        As `Index.kept`.

    Raises
    ------
    DataError
        As `Index.kept`.
    """
    within_m = min(max(within_m, 0.0), FARTHEST_M)
    metres = np.array([_M_PER_DEGREE * np.cos(np.radians(lat)), _M_PER_DEGREE])
    reach = within_m / metres
    (west, east), (north, south) = on_grid(
        np.array([lon - reach[0], lon + reach[0]]), np.array([lat + reach[1], lat - reach[1]])
    )
    found = index.found(west - 1, north - 1, east + 1, south + 1)
    if wanted:
        found = found[index.kept(wanted)[found]]
    if len(found) > _TRIED:
        found = found[np.argpartition(index.area[found], _TRIED)[:_TRIED]]
    found = found[np.lexsort((index.row[found], index.area[found]))]
    shapes = shapely.force_2d(np.asarray(index.frame.geometry.array)[index.row[found]])
    plane = shapely.transform(shapes, lambda xy: (xy - [lon, lat]) * metres)
    near = shapely.dwithin(plane, shapely.Point(0, 0), max(within_m, 1e-6))
    return index.drawing.geojson(index.row[found[near]][:MOST].tolist())


def of_id(index: Index, wanted: str) -> bytes:
    """Return the feature of an id as a GeoJSON collection, or an empty one."""
    k = kernels.equal_to(index.ids.text, index.ids.start, np.frombuffer(wanted.encode(), np.uint8))
    return index.drawing.geojson([int(index.row[k])] if k >= 0 else [])


def counts(index: Index, wanted: Filter) -> Mapping[str, Any]:
    """Return how many features a filter keeps, and how many of them bear each value of the field that colours them.

    Raises
    ------
    DataError
        As `Index.kept`.
    """
    kept = index.kept(wanted)
    coded = index.coded.get(index.drawing.style.by or "")
    found = [] if coded is None else np.bincount(coded.of[kept & (coded.of >= 0)], minlength=len(coded.values)).tolist()
    return {"count": int(kept.sum()), "by": dict(zip(() if coded is None else coded.values, found, strict=True))}


@dataclass(frozen=True, eq=False)
class Names:
    """What the features of an index answer to, each word made plain as in search.js: name, id, aliases."""

    words: tuple[pa.Array, ...]
    plain: tuple[pa.Array, ...]
    owner: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return int(self.owner.nbytes) + sum(int(array.nbytes) for array in (*self.words, *self.plain))


def names(index: Index) -> Names:
    """Return what the features of an index answer to; a second for a million."""
    ids = _array(index.ids.text, index.ids.start)
    called = _array(index.names.text, index.names.start)
    aliases = index.drawing.aliases
    further, owner = pa.array([], pa.large_string()), np.zeros(0, np.int64)
    if aliases is not None and aliases in index.frame:
        split = pc.split_pattern_regex(texts(index.frame[aliases].iloc[index.row]), _ALIAS)
        further, owner = pc.list_flatten(split), pc.list_parent_indices(split).to_numpy()
    words = (called, ids, further)
    return Names(words, tuple(map(_plain_all, words)), owner)


def _array(text: NDArray[np.uint8], start: NDArray[np.int64]) -> pa.Array:
    return pa.Array.from_buffers(pa.large_string(), len(start) - 1, [None, pa.py_buffer(start), pa.py_buffer(text)])


def _plain_all(words: pa.Array) -> pa.Array:
    normal = pc.utf8_lower(pc.utf8_normalize(words, form="NFKC"))
    return pc.replace_substring_regex(normal, r"\s+", "")


def plain(text: str) -> str:
    """Return a text as it is compared: full-width as half-width, in lower case, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())


def named(index: Index, of: Names, text: str) -> list[Mapping[str, Any]]:
    """Return the features that answer to a text, the best first, scored as in search.js."""
    wanted = plain(text)
    if not wanted:
        return []
    hits = [_matching(plain, wanted, 1 if k == 2 else 0) for k, plain in enumerate(of.plain)]
    slots = np.concatenate([of.owner[at] if k == 2 else at for k, (at, _) in enumerate(hits)])
    which = np.concatenate([np.full(len(at), k) for k, (at, _) in enumerate(hits)])
    at = np.concatenate([at for at, _ in hits])
    score = np.concatenate([score for _, score in hits])
    best = np.lexsort((which, index.row[slots], score))
    _, first = np.unique(slots[best], return_index=True)
    chosen = best[np.sort(first)[:MOST]]
    by = [of.words[which[k]][int(at[k])].as_py() for k in chosen]
    return [
        _told(index, slot, word, points)
        for slot, word, points in zip(slots[chosen].tolist(), by, score[chosen].tolist(), strict=True)
    ]


def _matching(words: pa.Array, wanted: str, worse: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where a text occurs, and how well: 0 alone, 2 at the start, 4 elsewhere; an alias is worse."""
    at = np.flatnonzero(pc.match_substring(words, wanted).to_numpy(zero_copy_only=False))
    found = words.take(pa.array(at))
    starts = pc.starts_with(found, wanted).to_numpy(zero_copy_only=False)
    alone = pc.equal(found, wanted).to_numpy(zero_copy_only=False)
    return at, np.where(alone, 0, np.where(starts, 2, 4)) + worse


def _told(index: Index, slot: int, by: str, score: int) -> Mapping[str, Any]:
    at = shapely.point_on_surface(index.frame.geometry.iloc[int(index.row[slot])])
    coded = index.coded.get(index.drawing.style.by or "")
    code = -1 if coded is None else int(coded.of[slot])
    return {
        "id": index.ids[slot],
        "name": index.names[slot],
        "by": by,
        "at": [round(at.x, DECIMALS), round(at.y, DECIMALS)],
        "score": score,
        "value": None if coded is None or code < 0 else coded.values[code],
    }
