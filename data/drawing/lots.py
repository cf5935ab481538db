"""Lots along a street: an outline in metres along the street and back from its edge, laid onto the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Polygon

from data.drawing import water
from data.drawing.plane import beside
from data.drawing.roads import BY_NAME, Road

Outline = tuple[tuple[float, float], ...]
SETBACK_M = {"arterial": 12.0, "collector": 8.0, "local": 5.0}
LEFT = {"north", "west"}


def rectangle(front: float, deep: float, corner: str = "", cut: float = 9.0) -> Outline:
    """Return a plain lot; `corner` names the end of its front ("start", "end") that is cut off at a crossing."""
    start = ((0.0, cut), (cut, 0.0)) if corner == "start" else ((0.0, 0.0),)
    end = ((front - cut, 0.0), (front, cut)) if corner == "end" else ((front, 0.0),)
    return (*start, *end, (front, deep), (0.0, deep))


def ell(front: float, deep: float, notch_front: float, notch_deep: float) -> Outline:
    """Return an L: a rectangle that lacks its back corner at the end."""
    kept, shallow = front - notch_front, deep - notch_deep
    return ((0.0, 0.0), (front, 0.0), (front, shallow), (kept, shallow), (kept, deep), (0.0, deep))


def trapezium(front: float, deep_start: float, deep_end: float) -> Outline:
    """Return a lot whose back runs askew to the street."""
    return ((0.0, 0.0), (front, 0.0), (front, deep_end), (0.0, deep_start))


@dataclass(frozen=True)
class Place:
    """Where a lot lies: on which side of which street, `at` metres beyond the street it crosses.

    `bank` names a river that bounds the lot at the back, `bank_gap` how far from the water it ends.
    """

    street: str
    side: str
    crossing: str
    at: float
    outline: Outline
    setback: float | None = None
    bank: str | None = None
    bank_gap: float = 4.0

    @property
    def road(self) -> Road:
        """The street itself."""
        return BY_NAME[self.street]

    def with_outline(self, outline: Outline) -> Place:
        """Return the same place with another outline."""
        return replace(self, outline=outline)

    def shape(self) -> Polygon:
        """Return the lot on the map."""
        lot = Polygon(_on_map(self, self.outline))
        if self.bank is None:
            return lot
        landward = lot.difference(water.beyond(self.bank, self.bank_gap))
        return max(shapely.get_parts(landward), key=lambda part: part.area)

    def within(self, outline: Outline) -> Polygon:
        """Return another outline laid from this lot's corner: a courtyard, a part, an extension."""
        return Polygon(_on_map(self, outline))


def _on_map(place: Place, outline: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    road = place.road
    base = road.crossing(BY_NAME[place.crossing]) + place.at
    edge = road.width_m / 2 + (SETBACK_M[road.rank] if place.setback is None else place.setback)
    ring = [*outline, outline[0]]
    points: list[tuple[float, float]] = []
    for (along, deep), (next_along, next_deep) in pairwise(ring):
        steps = max(2, int(abs(next_along - along) / 12) + 1)
        # Rounded, so that neighbours that name the same corner in two ways get the same point.
        s = np.round(base + np.linspace(along, next_along, steps), 3)
        d = edge + np.round(np.linspace(deep, next_deep, steps), 3)
        side = beside(road.line, s, d if place.side in LEFT else -d)
        points += list(LineString(side).simplify(0.15).coords)[:-1]
    return points
