"""One partition of an overlap: the pairs of the left features of one part, written as a file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from gis import crs, overlap
from gis.edges import edges
from guatu.partitions.side import Part, Source, write_parquet


@dataclass(frozen=True, kw_only=True)
class Task:
    """One part of the left side against a whole right side.

    `same`: the sides are one, each pair counts once. `shapes_crs`: write the shared shapes too, in this CRS.
    """

    number: int
    left: Part
    right: Source
    same: bool
    least_m2: float
    shapes_crs: str | None
    file: Path


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What one partition came to, unlisted pairs included in the sum; `cover_m2` as `cover`, None where not given."""

    number: int
    file: str
    pairs: int
    unlisted: int
    sum_m2: float
    cover_m2: float | None


def share(task: Task) -> Tally:
    """Find the pairs of one partition and write them; run twice, it writes the same file in the same place.

    Raises
    ------
    GuatuError
        As `gis.overlap.overlaps`.
    """
    left = task.left.read()
    pairs, right = _pairs(left, task)
    listed = pairs["area_m2"] >= task.least_m2
    write_parquet(_labelled(pairs[listed], left, right, task.shapes_crs), task.file)
    return Tally(
        number=task.number,
        file=task.file.name,
        pairs=int(listed.sum()),
        unlisted=int((~listed).sum()),
        sum_m2=float(pairs["area_m2"].sum()),
        cover_m2=None if task.same else cover_m2(left, right, pairs),
    )


def _pairs(left: gpd.GeoDataFrame, task: Task) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the pairs by row, and the right features in them: never more in memory than one block and these."""
    ours = edges(left.geometry)
    found, partners = [], []
    for block in task.right.blocks(task.left.bounds):
        pairs = overlap.overlaps(ours, block.geometry)
        pairs = pairs[pairs["left"] < pairs["right"]] if task.same else pairs
        found.append(pairs)
        partners.append(block.loc[pairs["right"].unique()])
    if not found:
        return overlap.overlaps(ours, left[:0].geometry), left[:0]
    every = pd.concat(found, ignore_index=True).sort_values(["left", "right"], ignore_index=True)
    return every, gpd.GeoDataFrame(pd.concat(partners))


def cover_m2(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, pairs: pd.DataFrame) -> float:
    """Return the ground (ellipsoidal m²) of left features under right ones, counted once for each left feature.

    A left feature in a single pair is covered by what that pair shares; only the others need `gis.overlap.cover`.
    """
    several = pairs["left"].duplicated(keep=False)
    alone_m2 = float(pairs.loc[~several, "area_m2"].sum())
    if not several.any():
        return alone_m2
    under, over = pairs.loc[several, "left"].unique(), pairs.loc[several, "right"].unique()
    return alone_m2 + float(overlap.cover(left.loc[under].geometry, right.loc[over].geometry).sum())


def _labelled(
    pairs: pd.DataFrame, left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, shapes_crs: str | None
) -> pd.DataFrame:
    named = pairs.assign(
        left=left["label"].loc[pairs["left"]].to_numpy(), right=right["label"].loc[pairs["right"]].to_numpy()
    ).reset_index(drop=True)
    if shapes_crs is None:
        return named
    shapes = overlap.shared_shapes(left.geometry, right.geometry, pairs)
    plane = crs.require(left.geometry)
    return gpd.GeoDataFrame(named, geometry=crs.back(np.asarray(shapes.array), plane, CRS.from_wkt(shapes_crs)))
