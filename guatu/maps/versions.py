"""The version of what the browser keeps: of the data, of the declaration, and of the code that writes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from gis.layer import Field

LENGTH = 12
_WRITERS = ("drawings.py", "features.py")


def version(stamp: str, fields: Iterable[Field]) -> str:
    """Return the version of a drawn layer: an answer kept for good must change with whatever it is made of."""
    told = " ".join([stamp, _writers(), *(f"{field.key}:{field.kind}" for field in fields)])
    return hashlib.sha256(told.encode()).hexdigest()[:LENGTH]


@lru_cache(maxsize=1)
def _writers() -> str:
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / name).read_bytes() for name in _WRITERS)).hexdigest()
