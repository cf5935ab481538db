"""Overview tiles: from afar, every feature as the share of each pixel that it covers, in its class's colour.

No sample, no pyramid: the coverage of all polygons is one sum over their edges (`guatu.maps.kernels.covered`), a
polygon inside one pixel adds its area at once, so a tile that holds a million parcels costs a quarter of a second.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gis.layer import Paint
from guatu.maps import kernels
from guatu.maps.grid import Tile
from guatu.maps.index import Filter, Index

PIXELS = 256
# A pixel that holds anything is at least this opaque, or a lone small parcel would vanish.
LEAST = 0.15
# From afar there are no outlines; a fill that is nearly clear because its outline speaks would vanish, too.
FAINTEST = 0.55
COLOURS = 128


def tile(index: Index, at: Tile, wanted: Filter | None = None) -> bytes:
    """Return an overview tile as PNG, 256 pixels wide, of what a filter keeps.

    A pixel is as opaque as its covered share times its class's opacity; where classes share a pixel, their colours mix
    by their shares.

    Raises
    ------
    DataError
        The filter asks for a field that the layer doesn't declare.
    """
    x, y = at.corner
    found = index.found(x, y, x + at.side, y + at.side)
    if wanted:
        found = found[index.kept(wanted)[found]]
    style = index.drawing.style
    paints = (style.paint, *style.classes.values())
    groups = np.flatnonzero(np.bincount(index.group_of[found])).tolist()
    looks = [(paints[group // 2], bool(group % 2)) for group in groups]
    shares = [
        kernels.covered(
            found, index.group_of, group, np.array([x, y]), PIXELS / at.side, _width(*look),
            index.xy, index.ring_start, index.kind_of, index.first_ring, index.boxes, index.area, PIXELS,
        )
        for group, look in zip(groups, looks, strict=True)
    ]  # fmt: skip
    inks = [_ink(*look) for look in looks]
    return _png(kernels.mixed(np.array(shares).reshape(-1, PIXELS, PIXELS), np.array(inks).reshape(-1, 4), LEAST))


def _width(paint: Paint, linear: bool) -> float:
    """Return how wide a line is drawn, or a point, in pixels: from afar markers shrink, as in layers.js."""
    return max(1.0, paint.weight) if linear else max(2.0, 0.45 * paint.radius)


def _ink(paint: Paint, linear: bool) -> tuple[float, ...]:
    colour, opacity = (paint.colour, paint.opacity) if linear else (paint.fill or paint.colour, paint.fill_opacity)
    return (*(float(int(colour[k : k + 2], 16)) for k in (1, 3, 5)), max(opacity, FAINTEST))


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Return pixels as PNG: by a palette of the tile's own, at a third of the bytes of full colour."""
    whole = Image.fromarray(pixels, "RGBA")
    written = BytesIO()
    whole.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(written, "PNG", compress_level=6)
    return written.getvalue()
