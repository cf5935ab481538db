"""Measures drawn shapes as they will be read from the file, and finds the size that meets a reported figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapely.geometry.base import BaseGeometry

from data.drawing.plane import series
from gis import area


def area_m2(shapes: Sequence[BaseGeometry]) -> float:
    """Return the ellipsoidal area of the shapes together, after their coordinates are rounded."""
    return float(area.areas(series(shapes)).sum())


def root(excess: Callable[[float], float], low: float, high: float, steps: int = 50) -> float:
    """Return where `excess`, which grows from `low` to `high`, passes zero; bisection, so the same on every run."""
    if excess(low) > 0 or excess(high) < 0:
        raise ValueError(f"no root between {low} and {high}: {excess(low):.1f}, {excess(high):.1f}")
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) > 0 else (middle, high)
    return (low + high) / 2
