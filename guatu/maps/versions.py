"""The version of what the browser keeps: of the data, of the declaration, and of the code that writes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from gis.layer import Field, Style

LENGTH = 12
_WRITERS = ("drawings.py", "features.py", "grid.py", "index.py", "kernels.py", "lookup.py", "overview.py", "vector.py")


def version(stamp: str, fields: Iterable[Field], style: Style, *roles: str | None) -> str:
    """Return the version of a drawn layer: an answer kept for good must change with whatever it is made of.

    `roles` are the fields with a part to play beside the declared ones: name, aliases.
    """
    told = [f"{field.key}:{field.kind}:{','.join(field.choices)}" for field in fields]
    return hashlib.sha256(repr([stamp, _writers(), told, style, roles]).encode()).hexdigest()[:LENGTH]


@lru_cache(maxsize=1)
def _writers() -> str:
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / name).read_bytes() for name in _WRITERS)).hexdigest()
