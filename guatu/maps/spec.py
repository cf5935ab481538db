"""What the browser is told of a map: language, plane, layers, basemaps; and how that is written into a script."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from pyproj import CRS

from gis.text import Language
from guatu.maps import basemaps as tiles
from guatu.maps.source import Source
from guatu.settings import Basemap


def map_spec(sources: Sequence[Source], language: Language, plane: int, basemaps: Iterable[Basemap]) -> dict[str, Any]:
    """Return the whole of what stays on a map while its screen is open.

    Raises
    ------
    SettingsError
        As `guatu.maps.basemaps.accepted`.
    """
    return {
        "language": language,
        "plane": {"name": f"EPSG:{plane}", "proj": _proj(plane)},
        "sources": [source.spec(language) for source in sources],
        "basemaps": tiles.specs(basemaps),
    }


@lru_cache
def _proj(plane: int) -> str:
    with warnings.catch_warnings():
        # pyproj warns that a PROJ string may say less than the CRS; proj4js reads nothing else.
        warnings.simplefilter("ignore", UserWarning)
        return CRS.from_epsg(plane).to_proj4().replace(" +type=crs", "")


def script(value: object) -> str:
    """Write a value as a JavaScript literal that is safe inside a <script> element."""
    return safe(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def safe(written: str) -> str:
    """Make written JSON safe inside a <script> element: no tag can start, no line separator can end a line."""
    return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
