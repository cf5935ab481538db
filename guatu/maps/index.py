"""A frame made ready for tiles: its vertices on the grid, its features in the order of the ground, its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from gis.errors import DataError
from gis.layer import Style
from gis.text import Text
from guatu.maps import kernels
from guatu.maps.drawings import Drawing
from guatu.maps.extent import interleaved
from guatu.maps.features import drawable, told
from guatu.maps.grid import on_grid
from guatu.maps.kernels import F64, I64, U8, U32

_BATCH = 50_000
# What JavaScript calls the value of a property that isn't there; a filter may ask for it (layers.js, `matches`).
_MISSING = "undefined"

Filter = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Words:
    """Texts laid end to end, in UTF-8."""

    text: U8
    start: I64

    @classmethod
    def of(cls, texts: pa.Array) -> Words:
        """Return the texts of an array; a missing one is empty."""
        filled = pc.fill_null(texts.cast(pa.large_string()), "")
        whole = pa.concat_arrays(filled.chunks) if isinstance(filled, pa.ChunkedArray) else filled
        _, start, text = whole.buffers()
        data = np.frombuffer(text, np.uint8) if text is not None and text.size else np.zeros(1, np.uint8)
        return cls(data, np.frombuffer(start, np.int64)[whole.offset : whole.offset + len(whole) + 1])

    def __getitem__(self, k: int) -> str:
        return bytes(self.text[self.start[k] : self.start[k + 1]]).decode()

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return int(self.text.nbytes + self.start.nbytes)


@dataclass(frozen=True)
class Codes:
    """A column as a table of texts and, for each feature, the position of its own there; -1 where it is missing."""

    of: NDArray[np.int32]
    values: tuple[str, ...]

    def among(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """Tell of each feature whether its value is wanted."""
        # Code -1 looks up the last entry.
        return np.array([*(value in wanted for value in self.values), _MISSING in wanted])[self.of]


@dataclass(frozen=True, kw_only=True, eq=False)
class Index:
    """The drawn features of a frame, ordered along a Morton curve; arrays as `guatu.maps.kernels` describes them.

    `row` is each feature's row in the frame, `area` its area in square grid units (for pixels only). `coded` are the
    fields that colour or narrow the layer, each a line of `table`. `group_of` is twice the position of its paint (0
    the layer's own, then the classes'), plus one for a line.
    """

    drawing: Drawing
    row: NDArray[np.int64]
    xy: U32
    ring_start: I64
    kind_of: U8
    first_ring: I64
    area: NDArray[np.float32]
    boxes: U32
    blocks: U32
    ids: Words
    names: Words
    table: NDArray[np.int32]
    coded: Mapping[str, Codes]
    group_of: NDArray[np.int16]
    _more: dict[str, Codes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row)

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The frame that is drawn."""
        return self.drawing.frame

    @property
    def nbytes(self) -> int:
        """Size in bytes, without the frame, which is the room's."""
        arrays = (self.row, self.xy, self.ring_start, self.kind_of, self.first_ring, self.area, self.boxes)
        more = sum(codes.of.nbytes for codes in self._more.values())
        small = self.table.nbytes + self.group_of.nbytes + self.ids.nbytes + self.names.nbytes + more
        return sum(array.nbytes for array in arrays) + small

    def found(self, west: float, north: float, east: float, south: float) -> I64:
        """Return the features whose box meets a box of the grid, in the order in which they are drawn."""
        edges = (int(np.clip(edge, 0, 0xFFFFFFFF)) for edge in (west, north, east, south))
        return np.asarray(kernels.hits(self.boxes, self.blocks, *edges))

    def codes(self, key: str) -> Codes:
        """Return a column's codes.

        Raises
        ------
        DataError
            The layer declares no such field.
        """
        if key in self.coded:
            return self.coded[key]
        if key not in {each.key for each in self.drawing.fields} or key not in self.frame:
            raise DataError(Text("没有字段 {key}。", "There is no field {key}.").format(key=key))
        if key not in self._more:
            self._more[key] = _codes(self.frame[key], self.row)
        return self._more[key]

    def kept(self, wanted: Filter) -> NDArray[np.bool_]:
        """Tell of each feature whether a filter keeps it, as `matches` in layers.js does.

        Raises
        ------
        DataError
            As `codes`.
        """
        kept = np.ones(len(self), bool)
        for key, values in wanted.items():
            kept &= self.codes(key).among(values)
        return kept


def build(drawing: Drawing) -> Index:
    """Return the index of a drawing; some three seconds for a million parcels."""
    frame = drawing.frame
    shapes = np.asarray(frame.geometry.array)
    rows = np.flatnonzero(drawable(shapes))
    xy, ring_start, kind_of, first_ring = _rings(shapes[rows])
    boxes = kernels.boxes_of(xy, ring_start, first_ring)
    middle = (boxes[:, :2].astype(np.uint64) + boxes[:, 2:]) // np.uint64(2)
    order = np.argsort(interleaved(middle[:, 0], middle[:, 1]), kind="stable")
    xy, ring_start, kind_of, first_ring, area = kernels.arranged(order, xy, ring_start, kind_of, first_ring)
    row = rows[order]
    boxes = boxes[order]
    columns = {key: _codes(frame[key], row) for key in drawing.coded if key in frame}
    table = np.array([each.of for each in columns.values()], np.int32).reshape(len(columns), len(row))
    coded = {key: Codes(table[k], each.values) for k, (key, each) in enumerate(columns.items())}
    return Index(
        drawing=drawing, row=row, xy=xy, ring_start=ring_start, kind_of=kind_of, first_ring=first_ring, area=area,
        boxes=boxes, blocks=kernels.blocks_of(boxes),
        ids=Words.of(texts(frame.index.to_series().iloc[row])),
        names=Words.of(texts(frame[drawing.name].iloc[row]) if drawing.name in frame else pa.nulls(len(row))),
        table=table, coded=coded, group_of=_groups(drawing.style, coded, kind_of, first_ring),
    )  # fmt: skip


def _groups(style: Style, coded: Mapping[str, Codes], kind_of: U8, first_ring: I64) -> NDArray[np.int16]:
    linear = kind_of[first_ring[:-1]] == kernels.LINE
    if style.by is None or style.by not in coded:
        return np.asarray(linear, np.int16)
    painted = {value: 1 + k for k, value in enumerate(style.classes)}
    by = coded[style.by]
    paint = np.array([*(painted.get(value, 0) for value in by.values), 0])[by.of]
    return np.asarray(2 * paint + linear, np.int16)


def _rings(shapes: NDArray[np.object_]) -> tuple[U32, I64, U8, I64]:
    """Return the rings of shapes in degrees, batch by batch, so that WKB and degrees never stand there as a whole."""
    parts = [_batch(shapes[k : k + _BATCH]) for k in range(0, len(shapes), _BATCH)] or [_batch(shapes)]
    xy, ring_start, kind_of, first_ring = zip(*parts, strict=True)
    return np.concatenate(xy), _joined(ring_start), np.concatenate(kind_of), _joined(first_ring)


def _joined(starts: Sequence[I64]) -> I64:
    """Return starts that each count from 0, the last being the end, as one run of them."""
    before = np.cumsum([0, *(start[-1] for start in starts)])
    return np.concatenate([*(start[:-1] + n for start, n in zip(starts, before, strict=False)), before[-1:]])


def _batch(shapes: NDArray[np.object_]) -> tuple[U32, I64, U8, I64]:
    written = shapely.to_wkb(shapes, output_dimension=2, byte_order=1, flavor="iso")
    start = np.cumsum([0, *map(len, written)], dtype=np.int64)
    wkb = np.frombuffer(b"".join(written) or b"\0", np.uint8)
    rings, points = kernels.counted(wkb, start)
    degrees, ring_start = np.empty((points, 2)), np.zeros(rings + 1, np.int64)
    kind_of, first_ring = np.empty(rings, np.uint8), np.zeros(len(start), np.int64)
    window: F64 = np.empty(1)
    _, used = kernels.read(wkb, start, window, degrees, ring_start, kind_of, first_ring)
    x, y = on_grid(degrees[:used, 0], degrees[:used, 1])
    return np.rint(np.column_stack([x, y])).astype(np.uint32), ring_start, kind_of, first_ring


def texts(column: pd.Series) -> pa.Array:
    """Return a column as the texts that JavaScript's `String` makes of what the GeoJSON tells."""
    if isinstance(column.dtype, pd.StringDtype):
        return pa.array(column, type=pa.large_string(), from_pandas=True)
    return pa.array([_text(value) for value in told(column)], type=pa.large_string())


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values())
    return None if value is None else str(value)


def _codes(column: pd.Series, row: NDArray[np.int64]) -> Codes:
    coded = texts(column).dictionary_encode()
    of = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Codes(of[row], tuple(coded.dictionary.to_pylist()))
