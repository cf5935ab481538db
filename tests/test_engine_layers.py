"""Whole layers: a huge shape on thousands of small ones, rivers, what is no polygon, cover and union."""

import geopandas as gpd
import judge
import nasty
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import Polygon, box

from gis import overlap

PLACE = np.array([nasty.MIDDLE[4549], nasty.NORTH])


def layer(*shapes: object, code: int = 4549, index: object = None) -> gpd.GeoSeries:
    """Shapes drawn about the origin, on their place of the plane."""
    on_plane = np.array(shapes, dtype=object)
    place = [nasty.MIDDLE[code], nasty.NORTH]
    moved = shapely.set_coordinates(on_plane, shapely.get_coordinates(on_plane) + place)
    return gpd.GeoSeries(moved, crs=code, index=index)


def turned(shape: Polygon, degrees: float) -> Polygon:
    return shapely.affinity.rotate(shape, degrees, origin=(0, 0))


def small(side: int = 45) -> np.ndarray:
    return nasty.moved(nasty.mesh(np.random.default_rng(1), side, side), np.full((side**2, 2), -side * 20.0))


LARGE = {
    "a disc of 2 000 corners": nasty.ragged_disc(np.random.default_rng(2), 2_000, 700),
    "a zigzag river of 10 000 corners": turned(nasty.zigzag_river(10_000, 2_000, 7, 3), 33),
    "a river in bends of 10 000 corners": nasty.meandering_river(10_000, 2_000, 60, 90),
    "a river straight up": turned(nasty.zigzag_river(3_000, 2_000, 0.5, 3), 90),
    "a district": box(-690.5, -700, 710, 701.25),
    "a frame": Polygon(box(-700, -700, 700, 700).exterior, [box(-600, -600, 600, 600).exterior]),
}


@pytest.mark.parametrize("code", [4549, 4528])
@pytest.mark.parametrize("large", LARGE.values(), ids=LARGE)
def test_a_large_shape_shares_with_each_of_two_thousand_small_ones_what_geos_says(large, code):
    left, right = layer(large, code=code), layer(*small(), code=code)
    for one, other in ((left, right), (right, left)):
        assert judge.counterexamples(one, other, overlap.overlaps(one, other)) == []


RIVERS = [large for key, large in LARGE.items() if "river" in key]


@pytest.mark.parametrize("other", [*RIVERS, LARGE["a disc of 2 000 corners"]])
@pytest.mark.parametrize("one", RIVERS)
def test_two_rivers_of_thousands_of_corners_share_what_geos_says(one, other):
    left, right = layer(one), layer(turned(other, 50))
    assert judge.counterexamples(left, right, overlap.overlaps(left, right)) == []


def test_a_parcel_inside_a_shape_of_a_hundred_thousand_corners_is_covered_whole():
    disc = nasty.ragged_disc(np.random.default_rng(3), 100_000, 5_000)
    left, right = layer(box(-3_000, -3_000, 3_000, 3_000), box(-1, -1, 1, 1)), layer(disc)
    found = overlap.overlaps(left, right)
    assert found["share_of_left"].tolist() == pytest.approx([1, 1], rel=1e-9)
    assert found["area_m2"].to_numpy() == pytest.approx(overlap.overlaps(left, left)["area_m2"].iloc[[0, 3]], rel=1e-9)


def test_a_mesh_of_shared_corners_overlaps_itself_nowhere():
    cells = layer(*small())
    assert overlap.self_overlaps(cells).empty
    assert len(overlap.overlaps(cells, cells)) == len(cells)


def test_a_mesh_against_itself_moved_has_every_pair():
    cells, moved = layer(*small(25)), layer(*nasty.moved(small(25), np.full((625, 2), [13.37, 0.001])))
    assert judge.counterexamples(cells, moved, overlap.overlaps(cells, moved)) == []


def test_a_thousand_of_the_same_meet_each_other_once():
    star = nasty.stars(np.random.default_rng(4), 6)[0][3]
    found = overlap.self_overlaps(layer(*[star] * 300))
    assert len(found) == 300 * 299 / 2
    assert found["area_m2"].to_numpy() == pytest.approx(found["area_m2"][0], rel=1e-12)
    assert found[["share_of_left", "share_of_right"]].to_numpy() == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("kind", ["stars", "holes", "islands", "parts", "polyominoes", "boxes", "slivers", "invalid"])
@pytest.mark.parametrize("code", [4549, 4528])
def test_cover_and_union_of_a_heap_are_those_of_geos(kind, code):
    """All shapes of a kind on one spot, so that everything lies on everything."""
    rng = np.random.default_rng([9, len(kind)])
    one, other = nasty.KINDS[kind](rng, 25)
    left, right = layer(*one, code=code), layer(*other, code=code)
    origin = judge.origin_of(left)
    one, other = judge.shapes_about(left, origin), judge.shapes_about(right, origin)
    under, over = shapely.union_all(other), shapely.union_all(one)
    pieces = judge.polygons(np.r_[shapely.intersection(one, under), over, shapely.intersection(over, under)])
    expected = judge.ellipsoidal(pieces, origin, code)
    assert overlap.cover(left, right).to_numpy() == pytest.approx(expected[:-2], rel=1e-9, abs=1e-6)
    assert overlap.union_m2(left) == pytest.approx(expected[-2], rel=1e-9, abs=1e-6)
    assert overlap.union_m2(left, right) == pytest.approx(expected[-1], rel=1e-9, abs=1e-6)
    assert judge.counterexamples(left, right, overlap.overlaps(left, right)) == []


@pytest.mark.parametrize("large", LARGE.values(), ids=LARGE)
def test_the_cover_of_a_large_shape_is_what_its_small_pieces_add_up_to(large):
    left, right = layer(large), layer(*small())
    pieces = overlap.overlaps(left, right)["area_m2"].sum()
    assert overlap.cover(left, right)[0] == pytest.approx(pieces, rel=1e-9, abs=1e-6)
    assert overlap.cover(right, left).sum() == pytest.approx(pieces, rel=1e-9, abs=1e-6)
    assert overlap.union_m2(left, right) == pytest.approx(pieces, rel=1e-9, abs=1e-6)


def test_cells_of_large_boards_share_as_many_cells_as_both_have():
    """Every edge on a grid, where big polygons are cut in two; the answer is a count of cells, GEOS isn't asked."""
    rng, side = np.random.default_rng(6), 20
    west, south = (each.ravel() * 10.0 for each in np.meshgrid(np.arange(side) - 10, np.arange(side) - 10))
    cells = shapely.box(west, south, west + 10, south + 10)
    ours, theirs = rng.random((12, side * side)) < 0.5, rng.random((12, side * side)) < 0.1
    left, right = (layer(*(shapely.union_all(cells[one]) for one in filled)) for filled in (ours, theirs))
    found = overlap.overlaps(left, right).set_index(["left", "right"])["area_m2"].unstack().to_numpy()
    # 100 m from the meridian a square metre is 2.5e-10 less on the ground.
    assert found == pytest.approx((ours[:, None] & theirs).sum(axis=-1) * 100.0, rel=1e-9)
    under = theirs.any(axis=0)
    assert overlap.cover(left, right).to_numpy() == pytest.approx((ours & under).sum(axis=1) * 100.0, rel=1e-9)
    assert overlap.union_m2(right) == pytest.approx(under.sum() * 100.0, rel=1e-9)


def test_needles_that_all_meet_in_one_point_share_what_geos_says():
    """No cut divides them there."""
    angle = np.linspace(0, 2 * np.pi, 2_000, endpoint=False)
    radius = np.where(np.arange(2_000) % 2, 1e-3, 100.0)
    fan = Polygon(np.c_[radius * np.cos(angle), radius * np.sin(angle)])
    left, right = layer(fan), layer(box(-30, -30, 50, 40), box(0, 0, 1e-2, 1e-2))
    assert judge.counterexamples(left, right, overlap.overlaps(left, right)) == []


def test_what_is_no_polygon_shares_nothing_and_moves_no_other():
    odd = gpd.GeoSeries(nasty.odds_and_ends(), crs=4549)
    good = layer(box(-20, -20, 20, 20), Polygon([(0, 0), (20, 20), (20, 0), (0, 20)]))
    mixed = pd.concat([odd, good, odd], ignore_index=True)
    alone = overlap.overlaps(good, good)
    among = overlap.overlaps(mixed, mixed)
    assert (among["left"] - len(odd)).tolist() == alone["left"].tolist()
    assert (among["right"] - len(odd)).tolist() == alone["right"].tolist()
    assert among["area_m2"].tolist() == pytest.approx(alone["area_m2"].tolist(), rel=1e-12)
    assert overlap.cover(odd, good).tolist() == [0.0] * len(odd)
    assert overlap.cover(good, odd).tolist() == [0.0, 0.0]
    assert overlap.cover(mixed, good)[len(odd)] == pytest.approx(1_600, rel=1e-5)
    assert overlap.union_m2(mixed) == pytest.approx(overlap.union_m2(good), rel=1e-12)
    assert overlap.self_overlaps(odd).empty


@pytest.mark.parametrize("place", [(-180_000, -3_000_000), (180_000, -5_000), (0, 0), (-200_000, 5_500_000)])
def test_shapes_far_from_the_office_and_below_zero_meet_the_judge_too(place):
    rng = np.random.default_rng(8)
    left, right = (
        gpd.GeoSeries(nasty.moved(np.asarray(side.array), np.tile(place, (len(side), 1)) - [0, nasty.NORTH]), crs=4549)
        for side in nasty.placed(nasty.stars(rng, 60), 4549, rng)
    )
    found = overlap.overlaps(left, right)
    assert len(found) > 40
    assert judge.counterexamples(left, right, found) == []
