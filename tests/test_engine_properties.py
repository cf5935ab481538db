"""What holds of overlaps, cover and union whatever the shapes: hypothesis hunts for a counterexample.

On an equal-area plane the area on the ellipsoid is the area on the plane, wherever a shape lies and however it is
turned; so each law holds there to the last digits, and GEOS knows the answer.
"""

import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from gis import area, overlap

EQUAL_AREA = 3035
ORIGIN = np.array([4_321_000.0, 3_210_000.0])
STEP = 2.0**-10
many = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))

whole = st.integers(-200, 200)
fine = st.integers(-200 * 1024, 200 * 1024).map(lambda k: k * STEP)
points = st.tuples(whole, whole) | st.tuples(fine, fine)


@st.composite
def rings(draw) -> Polygon:
    """A valid polygon through some points, in order around one of them: concave, thin, with coinciding numbers."""
    corners = draw(st.lists(points, min_size=4, max_size=14, unique=True))
    centre = np.mean(corners, axis=0)
    around = sorted(corners, key=lambda at: (np.arctan2(at[1] - centre[1], at[0] - centre[0]), at))
    ring = Polygon(around)
    return ring if ring.is_valid and ring.area > 0 else shapely.convex_hull(ring).buffer(0)


@st.composite
def holed(draw) -> Polygon:
    """A box with a box-shaped hole, and at times an island in it."""
    west, south = draw(st.tuples(whole, whole))
    size = draw(st.integers(10, 60))
    outer, hole = (
        box(west, south, west + size, south + size),
        box(west + 3, south + 2, west + size - 3, south + size - 4),
    )
    parts = [Polygon(outer.exterior, [hole.exterior])]
    if draw(st.booleans()):
        parts.append(box(west + 4, south + 3, west + size - 5, south + size - 5))
    return MultiPolygon(parts)


boxes = st.builds(
    lambda west, south, width, height: box(west, south, west + width, south + height),
    whole, whole, st.integers(1, 90), st.integers(1, 90),
)  # fmt: skip
shapes = (rings() | boxes | holed()).filter(lambda shape: shape.area > 1e-3 and shape.is_valid)
layers = st.lists(shapes, min_size=1, max_size=6)


def layer(*drawn: shapely.Geometry | None, index: object = None) -> gpd.GeoSeries:
    """Shapes drawn about the origin, on their place of the equal-area plane: a sum that rounds nothing."""
    placed = np.array(drawn, dtype=object)
    placed = shapely.set_coordinates(placed, shapely.get_coordinates(placed) + ORIGIN)
    return gpd.GeoSeries(placed, crs=EQUAL_AREA, index=index)


def m2(value: object) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-6)


def shared_m2(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(overlap.overlaps(layer(one), layer(other))["area_m2"].sum())


def changed(shape: shapely.Geometry, matrix: list[float], by: tuple[float, float] = (0, 0)) -> shapely.Geometry:
    return shapely.affinity.affine_transform(shape, [*matrix, *by])


@many
@given(shapes, shapes)
def test_what_two_share_is_what_geos_says_and_the_same_from_both_sides(one, other):
    expected = one.intersection(other).area
    assert shared_m2(one, other) == m2(expected)
    assert shared_m2(other, one) == m2(expected)


@many
@given(shapes, shapes, fine, st.sampled_from([0, 1]))
def test_the_halves_of_a_cut_share_what_the_whole_shares(one, other, at, axis):
    reach = 1e4
    low = box(-reach, -reach, at, reach) if axis else box(-reach, -reach, reach, at)
    high = box(at, -reach, reach, reach) if axis else box(-reach, at, reach, reach)
    assert shared_m2(one.intersection(low), other) + shared_m2(one.intersection(high), other) == m2(
        one.intersection(other).area
    )


@many
@given(shapes, shapes, st.integers(-(2**20), 2**20), st.integers(-(2**20), 2**20))
def test_moving_both_changes_nothing(one, other, east, north):
    by = east * STEP, north * STEP
    moved = [changed(shape, [1, 0, 0, 1], by) for shape in (one, other)]
    assert shared_m2(*moved) == m2(shared_m2(one, other))


@many
@given(shapes, shapes, st.sampled_from([[0, -1, 1, 0], [-1, 0, 0, -1], [0, 1, -1, 0], [-1, 0, 0, 1], [0, 1, 1, 0]]))
def test_turning_by_a_right_angle_or_mirroring_changes_nothing(one, other, matrix):
    assert shared_m2(changed(one, matrix), changed(other, matrix)) == m2(shared_m2(one, other))


@many
@given(shapes, shapes, st.integers(0, 13), st.booleans(), st.randoms(use_true_random=False))
def test_start_direction_and_order_of_parts_change_nothing(one, other, start, backwards, random):
    parts = [_again(part, start, backwards) for part in shapely.get_parts(one)]
    random.shuffle(parts)
    again = MultiPolygon(parts)
    assert shared_m2(again, other) == m2(shared_m2(one, other))
    assert area.exact_areas(layer(again))[0] == m2(area.exact_areas(layer(one))[0])


def _again(part: Polygon, start: int, backwards: bool) -> Polygon:
    turned = []
    for ring in (part.exterior, *part.interiors):
        corners = list(ring.coords)[:-1]
        first = start % len(corners)
        corners = corners[first:] + corners[:first]
        turned.append(corners[::-1] if backwards else corners)
    return Polygon(turned[0], turned[1:])


@many
@given(shapes)
def test_a_shape_shares_its_whole_area_with_itself_and_none_with_its_surroundings(shape):
    found = overlap.overlaps(layer(shape), layer(shape))
    assert found["area_m2"].tolist() == [m2(shape.area)]
    assert found[["share_of_left", "share_of_right"]].values.tolist() == [[m2(1), m2(1)]]
    assert area.exact_areas(layer(shape)).tolist() == [pytest.approx(shape.area, rel=1e-9)]
    around = box(-999, -999, 999, 999).difference(shape)
    assert overlap.overlaps(layer(shape), layer(around)).empty
    assert overlap.cover(layer(shape), layer(around)).tolist() == [0.0]


@many
@given(layers, layers)
def test_cover_is_the_area_under_the_union_and_at_most_the_shapes_own(left, right):
    under = shapely.union_all(right)
    cover = overlap.cover(layer(*left), layer(*right))
    assert cover.to_numpy() == m2(np.array([shape.intersection(under).area for shape in left]))
    own = np.array([shape.area for shape in left])
    assert (cover.to_numpy() <= own * (1 + 1e-9) + 1e-6).all()


@many
@given(layers, st.integers(-100, 100), st.integers(-100, 100))
def test_cover_under_disjoint_shapes_is_the_sum_of_the_pairs(left, x, y):
    quarters = [box(-400, -400, x, y), box(x, -400, 400, y), box(-400, y, x, 400), box(x, y, 400, 400)]
    pairs = overlap.overlaps(layer(*left), layer(*quarters)).groupby("left")["area_m2"].sum()
    cover = overlap.cover(layer(*left), layer(*quarters))
    assert cover.to_numpy() == m2(pairs.reindex(cover.index, fill_value=0.0).to_numpy())
    assert cover.to_numpy() == m2(np.array([shape.area for shape in left]))


@many
@given(layers, layers)
def test_the_union_is_that_of_geos(left, right):
    over, under = shapely.union_all(left), shapely.union_all(right)
    assert overlap.union_m2(layer(*left)) == m2(over.area)
    assert overlap.union_m2(layer(*left), layer(*right)) == m2(over.intersection(under).area)


@many
@given(layers)
def test_a_layer_within_itself_is_the_layer_against_itself_off_the_diagonal(drawn):
    series = layer(*drawn)
    every = overlap.overlaps(series, series)
    expected = every[every["left"] < every["right"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(overlap.self_overlaps(series), expected, rtol=1e-9, atol=1e-6)


@many
@given(layers, layers)
def test_shares_lie_between_none_and_all_and_rows_come_in_order(left, right):
    found = overlap.overlaps(layer(*left), layer(*right))
    assert found.columns.tolist() == ["left", "right", "area_m2", "share_of_left", "share_of_right"]
    assert found.index.tolist() == list(range(len(found)))
    for side, own in (("left", left), ("right", right)):
        share = found[f"share_of_{side}"]
        assert share.between(0, 1).all()
        whole = np.array([own[k].area for k in found[side]])
        assert share.to_numpy() == pytest.approx(found["area_m2"].to_numpy() / whole, rel=1e-8, abs=1e-9)
    expected = [
        (i, j) for i, one in enumerate(left) for j, other in enumerate(right) if one.intersection(other).area > 1e-6
    ]
    assert list(zip(found["left"], found["right"], strict=True)) == expected


@many
@given(layers, layers)
def test_the_shared_shape_of_each_pair_has_the_pairs_area(left, right):
    pairs = overlap.overlaps(layer(*left), layer(*right))
    shared = overlap.shared_shapes(layer(*left), layer(*right), pairs)
    assert shared.area.to_numpy() == m2(pairs["area_m2"].to_numpy())


@many
@given(layers, layers)
def test_nothing_that_is_given_is_changed(left, right):
    sides = layer(*left, Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]), None), layer(*right)
    before = [shapely.to_wkb(side.array).tolist() for side in sides]
    overlap.overlaps(*sides)
    overlap.self_overlaps(sides[0])
    overlap.cover(*sides)
    overlap.union_m2(*sides)
    area.exact_areas(sides[0])
    assert [shapely.to_wkb(side.array).tolist() for side in sides] == before
    assert [side.index.tolist() for side in sides] == [list(range(len(side))) for side in sides]


LABELS = {
    "text": ["甲", "乙", "丙"],
    "numbers that fall": [30, 20, 10],
    "used twice": ["a", "b", "a"],
    "fractions": [0.5, 1.5, -2.0],
    "days": [datetime.datetime(2026, 1, day) for day in (3, 1, 2)],
    "pairs": pd.MultiIndex.from_tuples([(1, "x"), (0, "y"), (1, "y")]),
    "categories": pd.CategoricalIndex(["p", "q", "p"]),
    "missing": ["a", None, "c"],
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_labels_of_any_kind_come_back_in_the_order_of_the_shapes(labels):
    stacked = [box(0, 0, 10, 10), box(5, 5, 15, 15), box(-3, -3, 6, 6)]
    bare, labelled = layer(*stacked), layer(*stacked, index=labels)
    expected, found = overlap.overlaps(bare, bare), overlap.overlaps(labelled, labelled)
    assert found["area_m2"].tolist() == expected["area_m2"].tolist()
    for side in ("left", "right"):
        assert pd.Index(found[side]).equals(labelled.index.take(expected[side]))
    once = overlap.self_overlaps(labelled)
    assert pd.Index(once["left"]).equals(labelled.index.take([0, 0, 1]))
    assert pd.Index(once["right"]).equals(labelled.index.take([1, 2, 2]))
    pd.testing.assert_index_equal(overlap.cover(labelled, bare).index, labelled.index)


@many
@given(shapes, st.floats(-0.9, 0.9))
def test_a_line_through_a_shape_leaves_two_parts_that_share_nothing(shape, lean):
    west, south, east, north = shape.bounds
    middle, reach = ((west + east) / 2, (south + north) / 2), 1e3
    line = LineString([(middle[0] - reach * lean, middle[1] - reach), (middle[0] + reach * lean, middle[1] + reach)])
    side = Polygon([*line.coords, (2e3, 2e3), (2e3, -2e3)])
    parts = [part for part in (shape.intersection(side), shape.difference(side)) if part.area > 1e-3]
    parts = [part for part in parts if part.geom_type.endswith("Polygon")]
    # Where the line meets an edge GEOS rounds the new corner to the last digit: 1e-13 m here, 1e-9 m once it is placed.
    assert overlap.self_overlaps(layer(*parts))["area_m2"].sum() < 1e-9 * 2 * reach
    assert overlap.union_m2(layer(*parts)) == m2(sum(part.area for part in parts))
