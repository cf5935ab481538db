import numpy as np
import pytest
import shapely
from ground import EAST, NORTH, bow_tie, grid, moved, polygon, series, square, with_coordinate
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon

from gis import overlap, topology
from gis.errors import CrsError, GeometryError

CHECKS = {
    "overlapping": lambda shapes: topology.overlapping(shapes, 0.01),
    "gaps": lambda shapes: topology.gaps(shapes, 0.5),
    "slivers": lambda shapes: topology.slivers(shapes, 0.5),
    "invalid": topology.invalid,
    "duplicates": topology.duplicates,
}
MEASURING = [check for name, check in CHECKS.items() if name != "invalid"]


def pairs(found):
    return list(zip(found["feature"], found["other"], strict=True))


def test_overlapping_pairs_come_largest_first_with_their_place():
    shapes = series(square(), square(90, 0), square(189.9999, 0), square(500, 0), index=["a", "b", "c", "d"])
    found = topology.overlapping(shapes, 0.0)
    assert pairs(found) == [("a", "b"), ("b", "c")]
    assert found["area_m2"].tolist() == [pytest.approx(1000, abs=0.01), pytest.approx(0.01, abs=0.002)]
    assert found.geometry[0].symmetric_difference(square(90, 0, 10, 100)).area < 1e-6


def test_overlaps_below_the_threshold_are_left_out():
    shapes = series(square(), square(99, 0), square(198.999, 0))
    assert pairs(topology.overlapping(shapes, 0.01)) == [(0, 1), (1, 2)]
    assert pairs(topology.overlapping(shapes, 1.0)) == [(0, 1)]


@pytest.mark.parametrize("crs", [4549, 4490, 4528, 3857])
@pytest.mark.parametrize("width", [0.1, 0.3, 0.45])
def test_a_gap_narrower_than_the_width_is_found_in_any_crs(crs, width):
    shapes = series(square(), square(100 + width, 0), index=["w", "e"]).to_crs(crs)
    found = topology.gaps(shapes, 0.5)
    assert pairs(found) == [("w", "e")]
    assert found.crs == shapes.crs
    assert found["area_m2"].tolist() == [pytest.approx(100 * width, abs=0.01)]
    place = found.to_crs(4549).geometry[0]
    assert place.symmetric_difference(square(100, 0, width, 100)).area < 0.01


@pytest.mark.parametrize("east", [100.0, 100.51, 130.0])
def test_touching_shapes_and_a_wider_street_are_no_gap(east):
    assert topology.gaps(series(square(), square(east, 0)), 0.5).empty


def test_a_notch_and_a_hole_within_one_shape_are_no_gap_between_shapes():
    notched = polygon((0, 0), (100, 0), (100, 50), (10, 50), (10, 50.2), (100, 50.2), (100, 100), (0, 100))
    holed = Polygon(square(300, 0).exterior, [square(320, 20, 0.2, 40).exterior])
    assert topology.gaps(series(notched, holed), 0.5).empty


def test_a_gap_names_the_two_shapes_that_it_touches_longest():
    shapes = series(square(0, 0), square(100.2, 0, 100, 90), square(100.2, 90, 100, 10), index=["w", "long", "short"])
    assert pairs(topology.gaps(shapes, 0.5)) == [("w", "long")]


def test_a_slit_between_four_parcels_is_one_gap():
    shapes = series(square(0, 0), square(100.2, 0), square(0, 100.2), square(100.2, 100.2))
    found = topology.gaps(shapes, 0.5)
    assert len(found) == 1
    assert found["area_m2"][0] == pytest.approx(4 * 100 * 0.2 + 0.04, abs=0.05)


def test_a_gap_in_feet_is_measured_in_metres():
    metre = 3937 / 1200
    west, south = 984_250, 200_000
    shapes = [shapely.box(west + x, south, west + x + 100 * metre, south + 100 * metre) for x in (0, 100.3 * metre)]
    assert len(topology.gaps(series(*shapes, crs=2263), 0.5)) == 1
    assert topology.gaps(series(*shapes, crs=2263), 0.25).empty


@pytest.mark.parametrize(("width", "found"), [(0.3, 1), (0.49, 1), (0.52, 0), (30, 0)])
def test_a_strip_is_a_sliver_below_the_mean_width(width, found):
    assert len(topology.slivers(series(square(0, 0, width, 100)), 0.5)) == found


def test_a_sliver_is_told_by_part_and_by_place():
    parts = MultiPolygon([square(), square(300, 0, 0.2, 80)])
    found = topology.slivers(series(square(900, 0), parts, index=["a", "b"]).to_crs(4490), 0.5)
    assert found["feature"].tolist() == ["b"]
    assert found["area_m2"].tolist() == [pytest.approx(16, abs=0.01)]
    assert found.to_crs(4549).geometry[0].symmetric_difference(parts.geoms[1]).area < 0.01


@pytest.mark.parametrize(
    ("shape", "reason", "place"),
    [
        (bow_tie(10), "Self-intersection", (5, 5)),
        (polygon((0, 0), (4, 0), (2, 2), (4, 4), (0, 4), (2, 2)), "Ring Self-intersection", (2, 2)),
        (Polygon(square().exterior, [square(200, 0, 10).exterior]), "Hole lies outside shell", (200, 0)),
        (MultiPolygon([square(), square(10, 10, 10)]), "Nested shells", (10, 10)),
    ],
)
def test_an_invalid_ring_is_told_with_its_reason_and_place(shape, reason, place):
    for dimensions in (shape, shapely.force_3d(shape, 7.0)):
        found = topology.invalid(series(square(), dimensions, index=["good", "bad"]))
        assert found["feature"].tolist() == ["bad"]
        assert found["reason"].tolist() == [reason]
        at = found.geometry[0]
        assert at.distance(Point(EAST + place[0], NORTH + place[1])) < 15


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_coordinate_that_is_no_number_is_invalid_and_refused_elsewhere(value):
    shapes = series(square(), with_coordinate(value))
    assert topology.invalid(shapes)["feature"].tolist() == [1]
    for check in MEASURING:
        with pytest.raises(GeometryError, match="Feature 1 has a coordinate"):
            check(shapes)


def test_a_repeated_shape_is_a_duplicate_whatever_its_start_and_direction():
    turned = polygon((100, 100), (100, 0), (0, 0), (0, 100))
    nearly = shapely.transform(square(), lambda xy: xy + 0.0001)
    shapes = series(
        square(), turned, shapely.reverse(square()), square(0, 0, 99.9), nearly, square(), index=list("abcdef")
    )
    assert pairs(topology.duplicates(shapes)) == [("a", "b"), ("a", "c"), ("a", "e"), ("a", "f")]
    assert topology.duplicates(shapes)["area_m2"].tolist() == [pytest.approx(10_000, abs=0.01)] * 4


def test_missing_and_empty_shapes_repeat_nothing():
    assert topology.duplicates(series(None, None, Polygon(), Polygon(), square())).empty


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("shapes", [[], [None], [Polygon(), None], [square()]], ids=["none", "missing", "empty", "one"])
@pytest.mark.parametrize("crs", [4549, 4490])
def test_nothing_is_wrong_with_nothing(check, shapes, crs):
    found = check(series(*shapes).to_crs(crs))
    assert found.empty
    assert found.columns.tolist()[:4] == ["feature", "other", "area_m2", "geometry"]
    assert found.crs.to_epsg() == crs


@pytest.mark.parametrize("check", MEASURING)
def test_without_a_crs_nothing_is_checked(check):
    with pytest.raises(CrsError, match="no coordinate system"):
        check(series(square(), square(), crs=None))


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_labels_used_twice_are_told_as_they_are(check):
    shapes = series(square(), square(), square(100.2, 0), bow_tie(), square(0, 300, 0.2), index=["x"] * 5)
    assert set(check(shapes)["feature"]) == {"x"}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_the_same_answer_comes_each_time(check):
    rng = np.random.default_rng(3)
    shapes = series(*(square(*rng.uniform(0, 600, 2), 80) for _ in range(60)), bow_tie(), square(700, 0, 0.2), square())
    first, again = check(shapes), check(shapes)
    assert first.drop(columns="geometry").equals(again.drop(columns="geometry"))
    assert first.geometry.to_wkb().tolist() == again.geometry.to_wkb().tolist()


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_ten_thousand_touching_squares_have_nothing_wrong(check):
    assert check(grid(100, 100)).empty


def repeated_shapes(shapes, metre=1.0):
    """The slow truth: every shape rounded to 1 mm and normalised by GEOS, each with the first of its like."""
    first, found = {}, []
    for at, shape in enumerate(shapes):
        snapped = shapely.transform(shape, lambda xy: np.round(xy * metre / 1e-3) + 0.0)
        before = first.setdefault(shapely.normalize(snapped).wkb, at)
        if before < at:
            found.append((before, at))
    return found


@st.composite
def nearly_alike(draw):
    """Corners up to a millimetre apart, so that rounding decides; any start, direction and order of parts."""
    step = st.sampled_from([0, 0.0002, 0.0004999, 0.0005, 0.0005001, 0.001])
    parts = [
        square(draw(st.sampled_from([0, 200])) + draw(step), draw(step), 100 + draw(step))
        for _ in range(draw(st.integers(1, 2)))
    ]
    corners = [np.roll(np.array(part.exterior.coords[:-1]), draw(st.integers(0, 3)), axis=0) for part in parts]
    turned = [Polygon(corner[:: draw(st.sampled_from([1, -1]))]) for corner in corners]
    return turned[0] if len(turned) == 1 else MultiPolygon(turned)


@settings(max_examples=100, deadline=None)
@given(st.lists(nearly_alike(), min_size=2, max_size=12), st.sampled_from([4549, 2263]))
def test_duplicates_are_those_of_comparing_every_shape_in_full(shapes, crs):
    metre = {4549: 1.0, 2263: 12 / 39.37}[crs]
    assert pairs(topology.duplicates(series(*shapes, crs=crs))) == repeated_shapes(shapes, metre)


def test_shapes_that_differ_at_a_border_of_rounding_are_no_duplicates():
    at = EAST + 100
    border = np.round(at * 1000) / 1000 + 0.0005
    below, above = (shapely.box(EAST, NORTH, border + by, NORTH + 10) for by in (-1e-5, 1e-5))
    assert topology.duplicates(series(below, above)).empty
    assert len(topology.duplicates(series(above, above))) == 1


def test_two_holes_in_any_order_make_a_duplicate():
    holes = [square(10, 10, 20).exterior, square(50, 50, 20).exterior]
    shapes = series(*(Polygon(square().exterior, order) for order in (holes, holes[::-1], holes[:1])))
    assert pairs(topology.duplicates(shapes)) == [(0, 1)]


def test_copies_in_great_number_are_each_told_once():
    found = topology.duplicates(series(*[square()] * 20_000, square(200, 0)))
    assert found["feature"].unique().tolist() == [0]
    assert found["other"].tolist() == list(range(1, 20_000))


def test_a_shared_shape_is_cut_on_the_plane_of_the_whole_layer():
    far = [moved(square(k * 200, 0), 300_000, 0) for k in range(2)]
    layer = series(*(square(k * 200, 0) for k in range(5)), *far, moved(square(50, 0), 300_000, 0)).to_crs(4490)
    found = topology.overlapping(layer, 0.01)
    assert pairs(found) == [(5, 7)]
    truth = overlap.shared_shapes(layer, layer, overlap.self_overlaps(layer))
    assert found.geometry.to_wkb().tolist() == truth.to_wkb().tolist()


def test_more_overlaps_than_can_be_listed_are_refused_with_the_number(monkeypatch):
    monkeypatch.setattr(topology, "MOST_ROWS", 40)
    with pytest.raises(GeometryError, match="45 pairs of shapes overlap, more than the 40 that can be listed"):
        topology.overlapping(series(*[square()] * 10), 0.01)
