"""What holds for any shapes: found by hypothesis, not by example."""

import numpy as np
import pytest
import shapely
from ground import EAST, NORTH, geodesic_m2, moved, series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from gis import area, overlap, topology

ROUNDING_M = 5e-5
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def stars(draw, reach_m: float = 1500.0) -> Polygon:
    """Any polygon that is star-shaped about a point near the office: concave, thin or long, never self-crossing."""
    corners = draw(st.integers(3, 12))
    turns = draw(st.lists(st.floats(0.05, 1), min_size=corners, max_size=corners))
    radii = draw(st.lists(st.floats(5, reach_m / 3), min_size=corners, max_size=corners))
    east, north = (draw(st.floats(-reach_m / 2, reach_m / 2)) for _ in range(2))
    angle = np.cumsum(turns) / (np.sum(turns) + 0.01) * 2 * np.pi
    x, y = EAST + east + radii * np.cos(angle), NORTH + north + radii * np.sin(angle)
    return shapely.make_valid(Polygon(np.c_[x, y]), method="structure", keep_collapsed=False)


layers_of_stars = st.lists(stars(), min_size=1, max_size=6)


def rounding_m2(*shapes: shapely.Geometry) -> float:
    """What keeping a millionth of a second may move at most: half a step on each metre of boundary."""
    return ROUNDING_M * sum(shape.length for shape in shapes) + 1e-3


@few
@given(stars())
def test_the_area_is_positive_and_that_of_geographiclib(shape):
    measured = area.areas(series(shape))[0]
    assert measured >= 0
    assert measured == pytest.approx(geodesic_m2(shape), abs=rounding_m2(shape))


@few
@given(stars(), st.integers(0, 11))
def test_start_point_and_direction_change_no_area(shape, start):
    if shape.geom_type != "Polygon":
        return
    ring = list(shape.exterior.coords)[:-1]
    turned = ring[start % len(ring) :] + ring[: start % len(ring)]
    measured = area.areas(series(shape, Polygon(turned), Polygon(turned[::-1])))
    assert measured.to_numpy() == pytest.approx(measured[0], abs=1e-5)


@few
@given(stars(), st.floats(-5_000, 5_000), st.floats(-5_000, 5_000))
def test_a_shape_has_nearly_the_same_area_a_few_kilometres_on(shape, east, north):
    here, there = area.areas(series(shape, moved(shape, east, north)))
    assert here == pytest.approx(there, rel=5e-6, abs=2 * rounding_m2(shape))


@few
@given(stars(), stars())
def test_an_overlap_is_the_same_from_both_sides(one, other):
    there = overlap.overlaps(series(one), series(other))
    back = overlap.overlaps(series(other), series(one))
    assert there["area_m2"].to_numpy() == pytest.approx(back["area_m2"].to_numpy(), abs=rounding_m2(one))
    assert there["share_of_left"].to_numpy() == pytest.approx(back["share_of_right"].to_numpy(), abs=1e-3)
    if len(there):
        assert there["area_m2"][0] <= min(area.areas(series(one, other))) + rounding_m2(one, other)
        assert there["area_m2"][0] == pytest.approx(
            one.intersection(other).area, rel=1e-5, abs=rounding_m2(one.intersection(other))
        )


@few
@given(stars(), stars())
def test_shares_under_disjoint_shapes_add_up_to_one_at_most(shape, cut):
    pieces = [shape.intersection(cut), shape.difference(cut)]
    pieces = [piece for piece in pieces if piece.area > 1]
    found = overlap.overlaps(series(shape), series(*pieces))
    slack = rounding_m2(*pieces) / max(shape.area, 1e-9)
    assert found["share_of_left"].sum() <= 1 + slack
    assert found["share_of_left"].between(0, 1).all()
    assert found["share_of_right"].to_numpy() == pytest.approx(1, abs=rounding_m2(*pieces))


@few
@given(layers_of_stars, layers_of_stars)
def test_cover_lies_between_the_largest_overlap_and_the_sum_of_all(left, right):
    slack = rounding_m2(*left, *right)
    by_left = overlap.overlaps(series(*left), series(*right)).groupby("left")["area_m2"]
    cover = overlap.cover(series(*left), series(*right))
    own = area.areas(series(*left))
    assert (cover <= by_left.sum().reindex(cover.index, fill_value=0) + slack).all()
    assert (cover >= by_left.max().reindex(cover.index, fill_value=0) - slack).all()
    assert (cover <= own + slack).all()


@few
@given(layers_of_stars)
def test_the_union_is_the_largest_at_least_and_the_sum_at_most(shapes):
    measured = area.areas(series(*shapes))
    union = overlap.union_m2(series(*shapes))
    assert measured.max() - rounding_m2(*shapes) <= union <= measured.sum() + rounding_m2(*shapes)
    overlapping = overlap.self_overlaps(series(*shapes))["area_m2"].sum()
    assert union >= measured.sum() - overlapping - rounding_m2(*shapes)


@few
@given(layers_of_stars)
def test_degrees_and_plane_give_the_same_overlaps(shapes):
    slack = rounding_m2(*shapes) + 1e-4 * sum(shape.length for shape in shapes)
    on_plane = overlap.self_overlaps(series(*shapes))["area_m2"].sum()
    in_degrees = overlap.self_overlaps(series(*shapes).to_crs(4490))["area_m2"].sum()
    assert on_plane == pytest.approx(in_degrees, abs=slack)


@few
@given(stars(), st.integers(2, 5))
def test_a_shape_repeated_is_found_as_often_as_it_is_repeated(shape, times):
    assert len(topology.duplicates(series(*[shape] * times))) == times - 1
    assert len(overlap.self_overlaps(series(*[shape] * times))) == times * (times - 1) / 2
