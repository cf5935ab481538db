"""A headline number: how it is computed, what was reported, and whether the two agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd

from gis.errors import LayerError
from gis.text import Text
from gis.units import UNITS, half_up

Frames = Mapping[str, gpd.GeoDataFrame]
Reading = tuple[float, Iterable[object]]
Verdict = Literal["match", "rounding", "mismatch", "unreported"]

VERDICTS: Mapping[Verdict, Text] = {
    "match": Text("一致", "match"),
    "rounding": Text("取整一致", "agrees when rounded"),
    "mismatch": Text("不一致", "mismatch"),
    "unreported": Text("无上报数", "not reported"),
}


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A number as a report states it.

    `decimals` is how it was written (380 has 0, 108.6 has 1). `tolerance`, relative, is what the word 约 allows.
    """

    value: float
    decimals: int = 0
    tolerance: float = 0.0
    says: Text
    source: Text


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A headline number of a layer.

    `of` takes the frames named in `needs` and the layer's own, and returns the unrounded value in `unit`
    and the ids of the features behind it. `headline` is its place in the row above the map, None for none.
    """

    key: str
    label: Text
    unit: str
    rule: Text
    of: Callable[[Frames], Reading]
    needs: tuple[str, ...] = ()
    reported: Reported | None = None
    decimals: int | None = None
    headline: int | None = 50

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise LayerError(
                Text("指标 {key} 的单位 {unit} 未定义。", "Figure {key} has an unknown unit, {unit}.").format(
                    key=self.key, unit=self.unit
                )
            )

    @property
    def places(self) -> int:
        """Decimal places shown."""
        return UNITS[self.unit].decimals if self.decimals is None else self.decimals

    def show(self, value: float) -> str:
        """Write a value as the figure is displayed: rounded half-up, thousands apart, without its unit."""
        return UNITS[self.unit].show(value, self.places)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A figure's value, traceable to its features, its rule and the version of the data."""

    figure: Figure
    value: float
    features: tuple[str, ...]
    snapshot: str

    @property
    def shown(self) -> float:
        """The value rounded half-up to the figure's decimals: the number that is displayed and exported."""
        return half_up(self.value, self.figure.places)

    @property
    def verdict(self) -> Verdict:
        """Whether computed and reported agree: as shown, when rounded as reported, or not."""
        reported = self.figure.reported
        if reported is None:
            return "unreported"
        if self.shown == reported.value:
            return "match"
        close = abs(self.value - reported.value) <= reported.tolerance * abs(reported.value)
        return "rounding" if close or half_up(self.value, reported.decimals) == reported.value else "mismatch"


def measure(figure: Figure, frames: Frames, snapshot: str) -> Measured:
    """Return a figure's value on these frames, bearing the snapshot they come from."""
    value, features = figure.of(frames)
    return Measured(figure=figure, value=float(value), features=tuple(map(str, features)), snapshot=snapshot)
