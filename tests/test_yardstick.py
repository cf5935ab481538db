"""The ground that speed is measured on, and that every rival on it finds the same."""

import os

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geoseries_equal

from benchmarks import blocks, ground, huge, overlay, timing
from benchmarks.rivals import AbsentError, guatu
from gis import area

SMALL = ground.yardstick(1_000)
ZONES = [SMALL.layers["zones"].translate(east_m, east_m / 2) for east_m in (0, 90, -140)]
CROWDED = ground.Ground(SMALL.parcels, SMALL.layers | {"zones": pd.concat(ZONES, ignore_index=True)})
TENTH = {"queue": 9_683, "rivers": 1_264, "rail": 172, "zones": 2_880}  # of what MEASURED.md counts at 100 000


@pytest.fixture(scope="module")
def land():
    return ground.parcels(10_000)


def test_the_same_seed_gives_the_same_ground_and_another_seed_another():
    again = ground.yardstick(1_000)
    assert_geoseries_equal(SMALL.parcels, again.parcels)
    for name, layer in SMALL.layers.items():
        assert_geoseries_equal(layer, again.layers[name])
        assert not layer.geom_equals(ground.layers(1_000, seed=1)[name]).any()
    assert not SMALL.parcels.geom_equals(ground.parcels(1_000, seed=1)).any()


def test_stretches_of_the_ground_are_the_whole():
    stretches = list(ground.chunks(13_000, 6_000))
    assert [len(stretch) for stretch in stretches] == [6_000, 6_000, 1_000]
    whole = ground.parcels(13_000)
    assert_geoseries_equal(pd.concat(stretches), whole, check_index_type=False)
    vertices = shapely.get_num_coordinates(whole.to_numpy())
    assert (vertices[:3_000] != vertices[10_000:]).any()


def test_everything_is_valid_and_on_the_plane(land):
    for shapes in (land, *ground.layers(10_000).values()):
        assert shapes.is_valid.all()
        assert (shapes.geom_type == "Polygon").all()
        assert shapes.crs.to_epsg() == 4549


def test_neighbours_share_every_vertex_of_their_edge():
    block = ground.parcels(10_000)[: blocks.BLOCK].to_numpy()
    assert shapely.coverage_is_valid(block)
    one, other = shapely.STRtree(block).query(block, predicate="touches")
    edges = shapely.shared_paths(shapely.boundary(block[one]), shapely.boundary(block[other]))
    assert (shapely.length(edges[one < other]) > 30).sum() == 9 * 5 + 10 * 4


def test_blocks_are_kept_apart_by_roads(land):
    block = np.array([shapely.union_all(land[at : at + blocks.BLOCK]) for at in range(0, 1_000, blocks.BLOCK)])
    one, other = shapely.STRtree(block).query(block, predicate="dwithin", distance=2.0)
    assert (one == other).all()


def test_parcels_have_8_to_60_vertices_and_23_in_the_mean():
    vertices = shapely.get_num_coordinates(ground.parcels(50_000).to_numpy()) - 1
    assert vertices.min() >= 8
    assert vertices.max() <= 60
    assert vertices.mean() == pytest.approx(23, abs=0.8)


def test_the_ground_grows_with_the_parcels_and_the_layers_with_the_ground():
    for n in (1_000, 15_000):
        west, south, east, north = ground.parcels(n).total_bounds
        assert (east - west) * (north - south) / n == pytest.approx(1_750, rel=0.1)
        assert len(ground.layers(n)["queue"]) == n // 20


def test_a_layer_meets_about_as_many_parcels_as_in_the_measurements(land):
    for name, layer in ground.layers(10_000).items():
        parcel, _ = shapely.STRtree(layer.to_numpy()).query(land.to_numpy(), predicate="intersects")
        assert len(parcel) == pytest.approx(TENTH[name], rel=0.25), name


def test_flaws_are_duplicates_and_overlaps():
    faulty = ground.flawed(SMALL.parcels)
    assert len(faulty) == 1_005
    assert faulty.normalize().duplicated().sum() == 5
    assert not shapely.coverage_is_valid(faulty.to_numpy()[:1_000])


@pytest.mark.parametrize("name", overlay.RIVALS)
def test_every_rival_finds_the_same_pairs_and_areas(name):
    try:
        with overlay.RIVALS[name](CROWDED) as rivals, guatu.opened(CROWDED) as [ours, _]:
            for rival in rivals:
                if rival.index:
                    rival.index()
                for layer in CROWDED.layers:
                    assert overlay.difference(CROWDED.parcels, ours.pairs(layer), rival.pairs(layer)) == "", rival.name
    except AbsentError as absent:
        if os.environ.get("GUATU_CI"):
            raise
        pytest.skip(str(absent))


def test_streaming_finds_every_pair_once():
    whole = ground.yardstick(2_500)
    found = huge.measured(2_500, stretch=1_000)
    with guatu.opened(whole) as [ours, _]:
        assert found.pairs == {layer: len(ours.pairs(layer)) for layer in whole.layers}


def test_a_difference_between_systems_is_told():
    with guatu.opened(SMALL) as [ours, ready]:
        pairs = ours.pairs("zones")
        assert overlay.difference(SMALL.parcels, pairs, ready.pairs("zones")) == ""
    larger = pairs.assign(area_m2=pairs["area_m2"] + np.eye(1, len(pairs), 3)[0])
    assert overlay.difference(SMALL.parcels, pairs, pairs[1:]) == "0 pairs more, 1 less"
    assert overlay.difference(SMALL.parcels, pairs, larger) == "1 areas, the worst by 1 m²"


def test_areas_on_the_plane_are_brought_to_the_ellipsoid_before_they_are_compared():
    far = SMALL.parcels.translate(90_000)
    theirs = pd.DataFrame({"left": far.index, "right": 0, "area_m2": far.area})
    ours = theirs.assign(area_m2=area.areas(far))
    assert not np.allclose(ours["area_m2"], theirs["area_m2"], rtol=1e-4)
    assert overlay.difference(far, ours, theirs) == ""


def test_jobs_take_turns_and_a_long_one_runs_once(monkeypatch):
    order = []
    clock = iter(np.cumsum([0, 1, 0, 70, 0, 3, 0, 2]))
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(clock))
    times = timing.rounds({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 3)
    assert order == ["a", "b", "a", "a"]
    assert (times["a"].seconds, times["a"].runs) == (2, 3)
    assert (times["b"].seconds, times["b"].runs) == (70, 1)
