import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ground import EAST, NORTH, bow_tie, geodesic_m2, grid, moved, polygon, series, square, with_coordinate
from shapely.geometry import GeometryCollection, LineString, MultiLineString, MultiPolygon, Point, Polygon

from gis import area, overlap
from gis.errors import CrsError, GeometryError

PAIRWISE = [overlap.overlaps, overlap.cover, overlap.union_m2, overlap.lengths_inside, overlap.points_inside]


def line(*points: tuple[float, float]) -> LineString:
    return LineString([(EAST + east, NORTH + north) for east, north in points])


def scattered(count: int, seed: int) -> gpd.GeoSeries:
    """Rectangles strewn over a square kilometre, many of them on top of each other."""
    rng = np.random.default_rng(seed)
    place, size = rng.uniform(0, 900, (count, 2)), rng.uniform(20, 160, (count, 2))
    return series(*(square(*at, *of) for at, of in zip(place, size, strict=True)))


def by_double_loop(left: gpd.GeoSeries, right: gpd.GeoSeries) -> dict[tuple[object, object], float]:
    shared = {(i, j): a.intersection(b).area for i, a in left.items() for j, b in right.items()}
    return {pair: m2 for pair, m2 in shared.items() if m2 > 1e-6}


def test_a_known_overlap_has_its_area_and_both_shares():
    pairs = overlap.overlaps(series(square(), index=["P1"]), series(square(75, 0, 50, 100), index=["Z9"]))
    assert pairs[["left", "right"]].values.tolist() == [["P1", "Z9"]]
    assert pairs["area_m2"][0] == pytest.approx(geodesic_m2(square(75, 0, 25, 100)), abs=0.01)
    assert pairs["share_of_left"][0] == pytest.approx(0.25, abs=1e-6)
    assert pairs["share_of_right"][0] == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("codes", [(4490, 4490), (4490, 4549), (4528, 4490), (3857, 4326), (4549, 3857)])
def test_two_layers_meet_whatever_the_crs_of_each(codes):
    left, right = series(square()).to_crs(codes[0]), series(square(75, 0)).to_crs(codes[1])
    assert overlap.overlaps(left, right)["area_m2"].tolist() == [pytest.approx(2_500, abs=0.05)]
    assert overlap.cover(left, right).tolist() == [pytest.approx(2_500, abs=0.05)]
    assert overlap.union_m2(left, right) == pytest.approx(2_500, abs=0.05)


def test_pairs_and_areas_agree_with_a_double_loop_over_all_shapes():
    left, right = scattered(60, 1), scattered(50, 2)
    found = overlap.overlaps(left, right)
    expected = by_double_loop(left, right)
    assert dict(zip(zip(found["left"], found["right"], strict=True), found["area_m2"], strict=True)) == {
        pair: pytest.approx(m2, abs=0.02) for pair, m2 in expected.items()
    }
    assert list(expected) == list(zip(found["left"], found["right"], strict=True))
    for side, shapes in (("left", left), ("right", right)):
        share = found["area_m2"] / found[side].map(shapes.area)
        assert found[f"share_of_{side}"].to_numpy() == pytest.approx(share.to_numpy(), abs=1e-4)


def test_pairs_agree_with_the_overlay_of_geopandas():
    left, right = scattered(60, 3), scattered(50, 4)
    frames = [gpd.GeoDataFrame({key: shapes.index}, geometry=shapes) for key, shapes in (("l", left), ("r", right))]
    pieces = gpd.overlay(*frames, how="intersection", keep_geom_type=True)
    expected = pieces.set_index(["l", "r"]).area.sort_index()
    found = overlap.overlaps(left, right).set_index(["left", "right"])["area_m2"].sort_index()
    assert found.index.tolist() == expected.index.tolist()
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=0.02)


def test_each_pair_within_a_layer_is_told_once():
    shapes = scattered(60, 5)
    found = overlap.self_overlaps(shapes)
    expected = {pair: m2 for pair, m2 in by_double_loop(shapes, shapes).items() if pair[0] < pair[1]}
    assert list(zip(found["left"], found["right"], strict=True)) == list(expected)
    assert found["area_m2"].to_numpy() == pytest.approx(np.array(list(expected.values())), abs=0.02)


@pytest.mark.parametrize("crs", [4549, 4490])
@pytest.mark.parametrize("other", [square(100, 0), square(100, 100), square(100.001, 0)])
def test_edges_and_corners_that_touch_are_no_overlap(other, crs):
    left, right = series(square()).to_crs(crs), series(other).to_crs(crs)
    assert overlap.overlaps(left, right).empty
    assert overlap.self_overlaps(pd.concat([left, right], ignore_index=True)).empty
    assert overlap.union_m2(left, right) == 0.0
    assert overlap.cover(left, right).tolist() == [0.0]


def test_a_corner_on_a_neighbours_edge_is_no_overlap_on_the_plane_and_below_the_threshold_in_degrees():
    left, right = series(square()), series(square(100, 30, 40))
    assert overlap.overlaps(left, right).empty
    assert overlap.overlaps(left.to_crs(4490), right.to_crs(4490))["area_m2"].sum() < 0.01


def test_cover_counts_what_lies_under_several_shapes_once():
    left = series(square(), square(1000, 0), None, index=["a", "b", "c"])
    right = series(square(0, 0, 50, 100), square(25, 0, 50, 100), square(25, 0, 50, 100), square(100, 0))
    assert overlap.cover(left, right).to_dict() == {
        "a": pytest.approx(7_500, abs=0.01),
        "b": 0.0,
        "c": 0.0,
    }
    assert overlap.overlaps(left, right)["area_m2"].sum() == pytest.approx(15_000, abs=0.02)


def test_cover_and_union_agree_with_plain_shapely():
    left, right = scattered(50, 6), scattered(40, 7)
    under = shapely.union_all(right.array)
    expected = [shape.intersection(under).area for shape in left]
    assert overlap.cover(left, right).to_numpy() == pytest.approx(np.array(expected), abs=0.03)
    both = shapely.union_all(left.array).intersection(under).area
    assert overlap.union_m2(left, right) == pytest.approx(both, rel=1e-6)
    assert overlap.union_m2(left) == pytest.approx(shapely.union_all(left.array).area, rel=1e-6)


def test_the_union_counts_stacked_shapes_once():
    stacked = series(*[square()] * 11)
    assert overlap.union_m2(stacked) == pytest.approx(area.exact_areas(stacked)[0], abs=1e-6)
    assert len(overlap.self_overlaps(stacked)) == 55


@pytest.mark.parametrize("shape", [square(), shapely.reverse(square()), MultiPolygon([square(), square(300, 0)])])
def test_ring_direction_and_parts_change_nothing(shape):
    pairs = overlap.overlaps(series(shape), series(shapely.reverse(square(75, 0, 50, 100))))
    assert pairs["area_m2"].tolist() == [pytest.approx(2_500, abs=0.01)]


def test_what_lies_in_a_hole_is_no_overlap():
    holed = Polygon(square().exterior, [square(20, 20, 60).exterior])
    assert overlap.overlaps(series(holed), series(square(30, 30, 20))).empty
    assert overlap.overlaps(series(holed), series(square(10, 30, 20)))["area_m2"].tolist() == [
        pytest.approx(200, abs=0.01)
    ]


def test_shared_edge_and_shared_area_together_count_the_area_only():
    hook = polygon((100, 0), (150, 0), (150, 100), (90, 100), (90, 50), (100, 50))
    pairs = overlap.overlaps(series(square()), series(hook))
    assert pairs["area_m2"].tolist() == [pytest.approx(500, abs=0.01)]
    assert overlap.shared_shapes(series(square()), series(hook), pairs)[0].geom_type == "Polygon"


def test_an_invalid_ring_is_intersected_on_a_mended_copy():
    assert overlap.overlaps(series(bow_tie(10)), series(square()))["area_m2"].tolist() == [pytest.approx(50, abs=0.01)]
    assert overlap.union_m2(series(bow_tie(10), square(0, 0, 10))) == pytest.approx(100, abs=0.01)


def test_the_shared_shape_is_where_the_overlap_is():
    left = series(square(), square(500, 0), index=["a", "b"]).to_crs(4490)
    right = series(square(75, 0), square(540, 0), index=["c", "d"])
    pairs = overlap.overlaps(left, right).iloc[::-1]
    shared = overlap.shared_shapes(left, right, pairs)
    assert shared.crs.to_epsg() == 4490
    assert shared.index.tolist() == pairs.index.tolist()
    assert area.areas(shared).to_numpy() == pytest.approx(pairs["area_m2"].to_numpy(), abs=0.02)
    expected = [square(540, 0, 60, 100), square(75, 0, 25, 100)]
    for found, wanted in zip(shared.to_crs(4549), expected, strict=True):
        assert found.symmetric_difference(wanted).area < 0.001


def test_labels_used_twice_are_refused_where_a_label_must_name_a_shape():
    twice = series(square(), square(50, 0), index=["a", "a"])
    pairs = overlap.self_overlaps(twice)
    assert pairs[["left", "right"]].values.tolist() == [["a", "a"]]
    with pytest.raises(GeometryError, match="labels are missing or used twice"):
        overlap.shared_shapes(twice, twice, pairs)


def test_metres_of_a_line_inside_each_polygon():
    lines = series(line((-50, 50), (150, 50)), line((0, 500), (10, 500)), index=["river", "far"])
    polygons = series(square(), square(100, 0), index=["east", "further"])
    found = overlap.lengths_inside(lines, polygons)
    assert found[["left", "right"]].values.tolist() == [["river", "east"], ["river", "further"]]
    assert found["length_m"].tolist() == pytest.approx([100, 50], abs=1e-3)
    assert found["share_of_left"].tolist() == pytest.approx([0.5, 0.25], abs=1e-6)


def test_metres_inside_agree_with_plain_shapely_and_with_degrees():
    rng = np.random.default_rng(8)
    lines = series(*(line(*map(tuple, rng.uniform(0, 1000, (6, 2)))) for _ in range(20)))
    polygons = scattered(30, 9)
    expected = {
        (i, j): a.intersection(b).length for i, a in lines.items() for j, b in polygons.items() if a.intersects(b)
    }
    for one, other in ((lines, polygons), (lines.to_crs(4490), polygons.to_crs(4490))):
        found = overlap.lengths_inside(one, other).set_index(["left", "right"])["length_m"]
        assert found.to_dict() == {pair: pytest.approx(m, abs=0.01) for pair, m in expected.items()}


def test_a_line_that_touches_in_a_point_is_not_inside_but_one_along_the_edge_is():
    touching, along = line((100, 50), (200, 50)), line((100, 0), (100, 100))
    found = overlap.lengths_inside(series(touching, along), series(square()))
    assert found["left"].tolist() == [1]
    assert found["length_m"].tolist() == [pytest.approx(100, abs=1e-3)]


def test_a_line_in_parts_counts_each():
    parts = MultiLineString([line((10, 10), (20, 10)), line((10, 20), (20, 20)), line((900, 0), (910, 0))])
    assert overlap.lengths_inside(series(parts), series(square()))["length_m"].tolist() == [pytest.approx(20, abs=1e-4)]


def test_points_lie_in_or_on_their_polygons():
    points = series(*(Point(EAST + x, NORTH + 50) for x in (50, 100, 150, 500)), index=["in", "on", "next", "out"])
    found = overlap.points_inside(points, series(square(), square(100, 0), index=["a", "b"]))
    assert found.values.tolist() == [["in", "a"], ["on", "a"], ["on", "b"], ["next", "b"]]


@pytest.mark.parametrize("of", PAIRWISE)
@pytest.mark.parametrize("crs", [4490, 4549])
@pytest.mark.parametrize("shapes", [[], [None], [Polygon()]], ids=["no rows", "missing", "empty"])
def test_nothing_overlaps_nothing(of, crs, shapes):
    nothing, something = series(*shapes, crs=crs), series(square()).to_crs(crs)
    for left, right in ((nothing, something), (something, nothing), (nothing, nothing)):
        found = of(left, right)
        if isinstance(found, pd.DataFrame):
            assert found.empty
        else:
            assert np.sum(found) == 0.0


@pytest.mark.parametrize("of", PAIRWISE)
def test_an_empty_layer_meets_a_layer_anywhere_on_earth(of):
    anywhere = series(shapely.box(90, -0.1, 90.1, 0.1), crs=4326)
    assert np.sum(getattr(of(series(crs=4490), anywhere), "size", 0)) == 0


@pytest.mark.parametrize("of", PAIRWISE)
def test_without_a_crs_nothing_is_compared(of):
    bare, good = series(square(), crs=None), series(square())
    for left, right in ((bare, good), (good, bare), (series(crs=None), good), (good, series(crs=None))):
        with pytest.raises(CrsError, match="no coordinate system"):
            of(left, right)


@pytest.mark.parametrize("of", PAIRWISE)
def test_old_and_new_datum_are_not_compared(of):
    old = series(moved(square(), 40_000_000, 0), crs=2364)
    with pytest.raises(CrsError, match="different datums"):
        of(series(square()), old)


@pytest.mark.parametrize("of", PAIRWISE)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_coordinate_that_is_no_number_is_refused(of, value):
    with pytest.raises(GeometryError, match="Feature 0 has a coordinate that is not a finite number"):
        of(series(with_coordinate(value)), series(square()))
    with pytest.raises(GeometryError, match="Feature 0 has a coordinate that is not a finite number"):
        of(series(square()), series(with_coordinate(value)))


def test_three_dimensions_overlap_as_two():
    raised = series(shapely.force_3d(square(75, 0), 12.0))
    assert overlap.overlaps(series(square()), raised)["area_m2"].tolist() == [pytest.approx(2_500, abs=0.01)]


def test_a_collection_overlaps_by_its_polygons():
    mixed = GeometryCollection([square(), Polygon(), line((0, 0), (300, 0)), Point(EAST, NORTH)])
    assert overlap.overlaps(series(mixed), series(square(75, 0)))["area_m2"].tolist() == [pytest.approx(2500, abs=0.01)]
    assert overlap.cover(series(mixed), series(square(75, 0))).tolist() == [pytest.approx(2500, abs=0.01)]
    assert overlap.union_m2(series(mixed)) == pytest.approx(10_000, abs=0.01)


def test_a_layer_tells_whether_it_holds_areas_lines_or_points():
    assert overlap.dimension(series(None, Polygon(), square())) == 2
    assert overlap.dimension(series(line((0, 0), (1, 1)))) == 1
    assert overlap.dimension(series(Point(EAST, NORTH))) == overlap.dimension(series()) == 0
    with pytest.raises(GeometryError, match="mixes points, lines and polygons"):
        overlap.dimension(series(square(), Point(EAST, NORTH)))


def test_ten_thousand_touching_squares_have_no_overlap_and_full_cover():
    squares = grid(100, 100)
    assert overlap.self_overlaps(squares).empty
    assert overlap.cover(squares, squares).sum() == pytest.approx(area.areas(squares).sum(), rel=1e-9)
    assert overlap.union_m2(squares) == pytest.approx(area.areas(squares).sum(), rel=1e-7)
