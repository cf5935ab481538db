"""What the engine promises beside right areas: no invalid ring slips by, heaps and crowds end, nothing blocks."""

import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ground import EAST, NORTH, series, square

from gis import area, compiled, edges, kernels, overlap
from gis.errors import GeometryError


def rings(shapes):
    xy, count = shapely.get_coordinates(shapes), shapely.get_num_coordinates(shapes)
    end = np.cumsum(count)
    return xy, end - count, end


def stars(count: int, corners: int) -> gpd.GeoSeries:
    rng = np.random.default_rng(4)
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False) + rng.uniform(0, 1, (count, 1))
    reach = rng.uniform(20, 120, (count, corners))
    xy = np.stack([EAST + reach * np.cos(angle), NORTH + reach * np.sin(angle)], axis=-1)
    return gpd.GeoSeries(shapely.polygons(xy), crs=4549)


@pytest.mark.parametrize("decimals", [0, 1, 3])
@pytest.mark.parametrize("corners", [3, 4, 5, 7, 12])
def test_no_invalid_ring_passes_the_quick_look(corners, decimals):
    rng = np.random.default_rng(corners)
    wild = np.round(rng.uniform(0, 6, (4000, corners, 2)), decimals)
    around = np.sort(rng.uniform(0, 2 * np.pi, (4000, corners)))
    tame = np.round(
        np.stack([np.cos(around), np.sin(around)], axis=-1) * rng.uniform(1, 9, (4000, corners, 1)), decimals
    )
    shapes = shapely.polygons(np.concatenate([wild, tame]) + np.array([EAST, NORTH]))
    xy, start, end = rings(shapes)
    doubt = np.empty(len(shapes), bool)
    kernels.doubtful(xy, start, end, doubt)
    assert not (~shapely.is_valid(shapes) & ~doubt).any()
    assert (~doubt).sum() > 100 or decimals == 0


def test_a_cut_polygon_has_the_area_of_the_whole(monkeypatch):
    whole = stars(1, 4001)
    expected = edges.edges(whole).areas_m2
    assert len(edges.edges(whole).box) > 50
    monkeypatch.setattr(edges, "MOST_EDGES", 10_000)
    assert len(edges.edges(whole).box) == 1
    assert edges.edges(whole).areas_m2 == pytest.approx(expected, rel=2e-10)


def test_a_heap_of_stars_has_the_union_that_geos_finds():
    heap = stars(60, 40)
    united = gpd.GeoSeries([shapely.union_all(heap.array)], crs=4549)
    assert overlap.union_m2(heap) == pytest.approx(area.exact_areas(united)[0], rel=1e-9)
    under = series(square(-50, -50, 100, 100), square(0, 0, 30, 30))
    both = gpd.GeoSeries(shapely.intersection(np.asarray(under.array), united[0]), crs=4549)
    assert overlap.cover(under, heap).to_numpy() == pytest.approx(area.exact_areas(both).to_numpy(), rel=1e-9)


def test_a_million_shapes_on_one_spot_are_refused_at_once():
    heap = gpd.GeoSeries(np.repeat(square(), 100_000), crs=4549)
    started = time.monotonic()
    with pytest.raises(GeometryError, match=r"About 10,000,000,000 pairs"):
        overlap.self_overlaps(heap)
    assert time.monotonic() - started < 60


def test_edges_made_once_answer_like_the_shapes_they_were_made_of():
    left, right = stars(40, 12), stars(40, 9).translate(30, 10)
    made = overlap.overlaps(edges.edges(left), edges.edges(right))
    assert made.equals(overlap.overlaps(left, right))
    assert overlap.overlaps(edges.edges(left), edges.edges(right.to_crs(4490)))["area_m2"].to_numpy() == pytest.approx(
        made["area_m2"].to_numpy(), abs=1e-4
    )


def test_work_inside_work_doesnt_wait_for_itself():
    at = np.array([0, 1000, 2000, 3000])
    inner = edges.in_parts(lambda a, b: b - a + sum(edges.in_parts(lambda c, d: d - c, at)), at)
    assert inner == [4000] * 3


def test_a_full_disk_doesnt_stop_the_engine(monkeypatch, tmp_path):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.FunctionCache.save_overload", full)

    def twice(number):
        return 2 * number

    assert compiled.compiled(twice)(21) == 42
