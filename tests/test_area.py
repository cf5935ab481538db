import geopandas as gpd
import numpy as np
import pytest
import shapely
from ground import EAST, NORTH, bow_tie, geodesic_m2, moved, polygon, series, square, with_coordinate
from pyproj import Geod
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from gis import area
from gis.errors import CrsError, GeometryError

L_SHAPE = ((0, 0), (233.412, 0), (233.412, 120.5), (90.25, 120.5), (90.25, 301.777), (0, 301.777))
RIVER_NORTH_EAST = ((0, 0), (2080, 1500), (3900, 1650), (3900, 1662), (2078, 1512), (-6, 10))
HOLED = Polygon(square().exterior, [square(20, 20, 30).exterior])


def vector(*corners):
    """(east, north) steps from the start of DOMAIN 3.3, on the plane with the zone number in front, EPSG:4528."""
    return Polygon([(40_497_159.682 + east, 3_521_893.484 + north) for east, north in corners])


VECTORS = {
    "100 x 100": (vector((0, 0), (100, 0), (100, 100), (0, 100)), 10_000.0, 9_999.9982),
    "380 mu": (vector((0, 0), (500, 0), (500, 506.6667), (0, 506.6667)), 253_333.35, 253_333.3080),
    "L": (vector(*L_SHAPE), 44_486.3953, 44_486.3880),
    "river": (vector(*((east, north) for north, east in RIVER_NORTH_EAST)), 50_908.0, 50_907.9806),
}


@pytest.mark.parametrize(("shape", "plane_m2", "ellipsoid_m2"), VECTORS.values(), ids=VECTORS)
def test_the_published_parcels_have_their_published_areas(shape, plane_m2, ellipsoid_m2):
    assert area.plane_areas(series(shape, crs=4528))[0] == pytest.approx(plane_m2, abs=0.0001)
    assert area.areas(series(shape, crs=4528))[0] == pytest.approx(ellipsoid_m2, abs=0.01)


@pytest.mark.parametrize("shape", [each[0] for each in VECTORS.values()], ids=VECTORS)
@pytest.mark.parametrize("crs", [4490, 4549, 4528])
def test_the_published_areas_hold_in_degrees_and_with_or_without_the_zone_number(shape, crs):
    here = series(shape, crs=4528).to_crs(crs)
    assert area.areas(here)[0] == pytest.approx(geodesic_m2(shape, 4528), abs=0.02)


def test_a_parcel_at_the_edge_of_the_zone_differs_by_a_sixth_of_a_mu():
    lonlat = gpd.GeoSeries([Point(118.55, 31.82)], crs=4490).to_crs(4549)[0]
    parcel = series(box(lonlat.x, lonlat.y, lonlat.x + 500, lonlat.y + 506.6667))
    assert area.plane_areas(parcel)[0] == pytest.approx(253_333.35, abs=0.001)
    assert area.areas(parcel)[0] == pytest.approx(geodesic_m2(parcel[0]), abs=0.01)
    assert area.areas(parcel)[0] == pytest.approx(253_216.09, abs=1.0)


def test_a_long_edge_is_straight_on_the_plane(monkeypatch):
    river = series(VECTORS["river"][0], crs=4528)
    divided = area.areas(river)[0]
    monkeypatch.setattr(area, "LONGEST_EDGE_M", 1e9)
    assert area.areas(river)[0] == pytest.approx(50_908.9463, abs=0.01)
    assert area.areas(river)[0] - divided == pytest.approx(0.9657, abs=0.02)


@pytest.mark.parametrize("side", [1, 30, 100, 500, 3000])
@pytest.mark.parametrize("east", [-140_000, 0, 60_000])
def test_a_square_has_the_area_of_geographiclib(side, east):
    shape = square(east, 1000, side)
    rounding_m2 = 3e-5 * side
    assert area.areas(series(shape))[0] == pytest.approx(geodesic_m2(shape), abs=rounding_m2 + 1e-4)


def test_keeping_a_millionth_of_a_second_moves_a_hectare_by_a_ten_millionth():
    squares = series(*(square(k * 137.31, k * 59.77) for k in range(200)))
    exact = np.array([geodesic_m2(shape) for shape in squares])
    off = np.abs(area.areas(squares).to_numpy() - exact) / exact
    assert np.sqrt(np.mean(off**2)) < 2e-7
    assert off.max() < 5e-7


def test_a_square_of_any_crs_has_the_same_area():
    degrees = series(square(0, 0, 60)).to_crs(4490)
    for crs in (4490, 4326, 4549, 4528, 32650, 3857, 3395, 4979, 4480, "EPSG:4549+3855", "EPSG:4326+3855"):
        assert area.areas(degrees.to_crs(crs))[0] == pytest.approx(geodesic_m2(square(0, 0, 60)), abs=0.02), crs


def test_web_mercator_is_never_measured_as_it_is():
    stretched = series(square()).to_crs(3857)
    assert stretched.area[0] > 13_000
    for measured in (area.areas(stretched)[0], area.plane_areas(stretched)[0]):
        assert measured == pytest.approx(10_000, abs=0.02)
    assert area.lengths(stretched)[0] == pytest.approx(400, abs=0.01)


def test_feet_are_measured_in_square_metres():
    foot = 1200 / 3937
    shape = box(984_250, 200_000, 984_250 + 1000, 200_000 + 1000)
    assert area.plane_areas(series(shape, crs=2263))[0] == pytest.approx((1000 * foot) ** 2, rel=1e-12)
    assert area.areas(series(shape, crs=2263))[0] == pytest.approx(geodesic_m2(shape, 2263), rel=1e-6)
    assert area.lengths(series(shape, crs=2263))[0] == pytest.approx(4000 * foot, rel=1e-3)


def test_a_datum_that_counts_in_grads_is_measured_in_square_metres():
    shape = box(600_000, 200_000, 600_100, 200_100)
    assert area.areas(series(shape, crs=27561))[0] == pytest.approx(10_000, rel=2e-3)
    assert area.areas(series(shape, crs=27561).to_crs(4807))[0] == pytest.approx(10_000, rel=2e-3)
    assert area.lengths(series(shape, crs=27561))[0] == pytest.approx(400, rel=1e-3)


def test_a_hole_is_subtracted():
    for hole in (HOLED, shapely.reverse(HOLED), Polygon(HOLED.exterior, [list(HOLED.interiors[0].coords)[::-1]])):
        assert area.areas(series(hole))[0] == pytest.approx(geodesic_m2(HOLED), abs=0.005)
        assert area.plane_areas(series(hole))[0] == pytest.approx(9_100)


def test_parts_are_added():
    parts = MultiPolygon([HOLED, square(500, 0, 30), square(0, 500, 10)])
    assert area.areas(series(parts))[0] == pytest.approx(geodesic_m2(parts), abs=0.01)
    assert area.plane_areas(series(parts))[0] == pytest.approx(10_100)


def test_a_reversed_ring_has_the_same_area():
    shape = polygon(*L_SHAPE)
    assert area.areas(series(shapely.reverse(shape)))[0] == pytest.approx(area.areas(series(shape))[0], abs=1e-6)


def test_a_feature_has_the_same_area_whatever_its_neighbours():
    shape = square(0, 0, 60)
    alone = area.areas(series(shape).to_crs(4490))[0]
    others = [square(0, 500), moved(square(), 80_000, 900_000)]
    assert area.areas(series(shape, *others).to_crs(4490))[0] == pytest.approx(alone, abs=1e-9)


def test_one_feature_at_null_island_moves_no_other():
    parcel = series(square()).to_crs(4490)[0]
    measured = series(parcel, parcel, parcel, Point(0, 0).buffer(0.001), crs=4490)
    assert area.areas(measured)[0] == area.areas(series(parcel, crs=4490))[0]
    assert area.plane_areas(measured)[0] == pytest.approx(10_000, abs=1e-4)


def test_three_dimensions_measure_as_two():
    flat, raised = series(square()), series(shapely.force_3d(square(), 8848.0))
    assert area.areas(raised)[0] == area.areas(flat)[0]
    assert area.lengths(raised)[0] == area.lengths(flat)[0]
    assert area.areas(raised.to_crs(4979))[0] == pytest.approx(area.areas(flat)[0], abs=0.01)


def test_a_shape_across_the_date_line_is_measured_as_a_whole():
    across, here = box(179.99, 31.8, 180.01, 31.82), box(119.99, 31.8, 120.01, 31.82)
    expected = area.areas(series(here, crs=4326))[0]
    assert area.areas(series(across, crs=4326))[0] == pytest.approx(expected, rel=1e-6)
    both_sides = series(box(179.99, 31.8, 180, 31.82), box(-180, 31.8, -179.99, 31.82), crs=4326)
    assert area.areas(both_sides).sum() == pytest.approx(expected, rel=1e-6)
    on_plane = series(across, crs=4326).to_crs("+proj=tmerc +lon_0=180 +x_0=500000 +datum=WGS84")
    assert area.areas(on_plane)[0] == pytest.approx(expected, rel=1e-6)
    assert area.areas(series(box(359.5, 31, 359.9, 31.2), crs=4326))[0] == pytest.approx(
        area.areas(series(box(-0.5, 31, -0.1, 31.2), crs=4326))[0], rel=1e-9
    )


def test_a_feature_around_half_the_earth_is_refused():
    with pytest.raises(CrsError, match="more than 60 degrees of longitude"):
        area.areas(series(box(-170, -10, 170, 10), crs=4326))


def test_an_invalid_ring_is_measured_on_a_mended_copy():
    spike = polygon((0, 0), (100, 0), (100, 100), (150, 100), (100, 100), (0, 100))
    assert area.plane_areas(series(bow_tie(10), spike)).tolist() == pytest.approx([50, 10_000])
    assert area.areas(series(bow_tie(10), spike)).tolist() == pytest.approx([50, 10_000], abs=0.01)


@pytest.mark.parametrize(
    "shape",
    [None, Polygon(), MultiPolygon(), GeometryCollection(), Point(EAST, NORTH), LineString([(EAST, NORTH), (EAST, 1)])],
    ids=["missing", "empty", "no parts", "no members", "point", "line"],
)
def test_what_has_no_area_measures_zero_beside_its_neighbours(shape):
    for crs in (4549, 4490):
        mixed = series(square(), crs=4549).to_crs(crs).tolist()
        place = shape if shape is None or shape.is_empty else series(shape).to_crs(crs)[0]
        measured = area.areas(series(place, *mixed, crs=crs))
        assert measured.tolist() == [0.0, pytest.approx(9_999.998, abs=0.01)]
        assert area.plane_areas(series(place, crs=crs)).tolist() == [0.0]


@pytest.mark.parametrize(
    "shape",
    [
        GeometryCollection([square(), Polygon()]),
        GeometryCollection([square(), MultiPolygon()]),
        GeometryCollection([GeometryCollection([MultiPolygon([square()])]), Point(EAST, NORTH)]),
    ],
    ids=["an empty part", "an empty multi-part", "nested"],
)
def test_a_collection_has_the_area_of_its_polygons(shape):
    assert area.areas(series(shape))[0] == area.areas(series(square()))[0]
    assert area.plane_areas(series(shape))[0] == pytest.approx(10_000)
    assert area.lengths(series(shape))[0] == pytest.approx(400, abs=1e-3)


@pytest.mark.parametrize("crs", [4490, 4549, 3857])
def test_an_empty_layer_measures_to_an_empty_series(crs):
    empty = series(crs=crs)
    for measure in (area.areas, area.plane_areas, area.lengths):
        assert measure(empty).tolist() == []
        assert measure(empty).sum() == 0.0


def test_results_carry_the_labels_of_the_features():
    labelled = series(square(), None, index=["P-7", "P-7"])
    for measure in (area.areas, area.plane_areas, area.lengths):
        assert measure(labelled).index.tolist() == ["P-7", "P-7"]
        assert measure(labelled).dtype == "float64"


@pytest.mark.parametrize("measure", [area.areas, area.plane_areas, area.lengths])
def test_without_a_crs_nothing_is_measured(measure):
    with pytest.raises(CrsError, match="no coordinate system"):
        measure(series(square(), crs=None))


@pytest.mark.parametrize("measure", [area.areas, area.plane_areas, area.lengths])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_coordinate_that_is_no_number_is_refused_with_the_feature_named(measure, value):
    with pytest.raises(GeometryError, match="Feature B2 has a coordinate that is not a finite number"):
        measure(series(square(), with_coordinate(value), index=["A1", "B2"]))


def test_a_line_has_its_geodesic_length():
    line = LineString([(119.95, 31.80), (119.96, 31.81), (119.99, 31.81)])
    expected = Geod(a=6_378_137, rf=298.257222101).geometry_length(line)
    assert area.lengths(series(line, crs=4490))[0] == pytest.approx(expected, abs=1e-6)
    assert area.lengths(series(line, crs=4490).to_crs(4549))[0] == pytest.approx(expected, abs=1e-4)


def test_a_length_counts_every_part_ring_and_nested_line():
    line = LineString([(EAST, NORTH), (EAST + 100, NORTH)])
    nested = GeometryCollection([GeometryCollection([line]), shapely.MultiLineString([line, line]), Point(EAST, NORTH)])
    ring = shapely.LinearRing(square().exterior)
    measured = area.lengths(series(line, nested, HOLED, ring, Point(EAST, NORTH), None, LineString()))
    assert measured.tolist() == pytest.approx([100, 300, 520, 400, 0, 0, 0], abs=1e-3)


def test_the_smallest_and_the_largest_parcel_are_measured():
    tiny, district = square(0, 0, 0.01), square(-25_000, -25_000, 50_000)
    measured = area.areas(series(tiny, district))
    assert measured[0] == pytest.approx(1e-4, rel=0.05)
    assert measured[1] == pytest.approx(geodesic_m2(district), rel=1e-9)


def test_a_polygon_of_a_million_vertices_is_measured():
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    circle = Polygon(np.c_[EAST + 5000 * np.cos(angle), NORTH + 5000 * np.sin(angle)])
    measured = area.areas(series(circle))[0]
    assert area.plane_areas(series(circle))[0] == pytest.approx(np.pi * 5000**2, rel=1e-9)
    assert measured == pytest.approx(np.pi * 5000**2, rel=5e-6)


def test_measuring_leaves_the_data_as_it_was():
    before = series(bow_tie(), None)
    after = before.copy()
    area.areas(after)
    assert after.geom_equals_exact(before, 0).tolist() == [True, False]
    assert not after.is_valid[0]
