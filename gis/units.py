"""Units of land and how they are rounded: one place for 亩, 公顷, m² and their decimals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import overload

import pandas as pd

from gis.text import Text, same

M2_PER_HECTARE = 10_000


@overload
def mu(area_m2: float) -> float: ...
@overload
def mu(area_m2: pd.Series) -> pd.Series: ...
def mu(area_m2: float | pd.Series) -> float | pd.Series:
    """Return an area in 亩. 15 亩 make one hectare, so 1 亩 = 2000/3 m² exactly.

    The rounded factor 0.0015 is exact as a fraction (3/2000); 666.67 or 667 are not.
    """
    return area_m2 * 3 / 2000


def hectares(area_m2: float) -> float:
    """Return an area in hectares (公顷, hm²)."""
    return area_m2 / M2_PER_HECTARE


def half_up(value: float, decimals: int) -> float:
    """Round half away from zero, as Chinese reports do (Python's `round` is half-even).

    Parameters
    ----------
    value
        The number; the shortest decimal that denotes it is what gets rounded,
        so 2.675 gives 2.68 although its binary value lies below. NaN and infinity stay as they are.
    decimals
        Decimal places kept.
    """
    number = float(value)
    if not math.isfinite(number):
        return number
    exact = Context(prec=400, rounding=ROUND_HALF_UP).quantize(Decimal(repr(number)), Decimal(1).scaleb(-decimals))
    return float(exact) + 0.0  # -0.0 becomes 0.0


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit and its rounding profile: the decimals that offices show."""

    key: str
    label: Text
    decimals: int

    def show(self, value: float, decimals: int | None = None) -> str:
        """Write a value in this unit, rounded half-up, with thousands apart."""
        places = self.decimals if decimals is None else decimals
        return f"{half_up(value, places):,.{places}f}"


UNITS = MappingProxyType(
    {
        unit.key: unit
        for unit in (
            Unit(key="mu", label=Text("亩", "mu"), decimals=2),
            Unit(key="m2", label=same("m²"), decimals=2),
            Unit(key="hectare", label=Text("公顷", "ha"), decimals=4),
            Unit(key="m", label=Text("米", "m"), decimals=1),
            Unit(key="km", label=Text("公里", "km"), decimals=2),
            Unit(key="m3", label=Text("方", "m³"), decimals=0),
            Unit(key="percent", label=same("%"), decimals=1),
            Unit(key="entrance", label=Text("个", "entrances"), decimals=0),
            Unit(key="river", label=Text("条", "rivers"), decimals=0),
            Unit(key="feature", label=Text("个", "features"), decimals=0),
            Unit(key="household", label=Text("户", "households"), decimals=0),
        )
    }
)


def residue(values: Iterable[float], decimals: int) -> float:
    """Return the 尾差: the rounded total less the sum of the rounded parts.

    A ledger's total comes from unrounded values; this is what its column of rounded rows lacks to it.
    """
    parts = list(values)
    shown = sum(Decimal(repr(half_up(part, decimals))) for part in parts)
    return float(Decimal(repr(half_up(math.fsum(parts), decimals))) - shown)
