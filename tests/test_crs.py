import numpy as np
import pytest
import shapely
from ground import EAST, NORTH, series, square, with_coordinate
from pyproj import CRS, Transformer
from shapely.geometry import Point, Polygon, box

from gis import crs
from gis.errors import CrsError

XIAN_80 = box(40_497_159, 3_521_893, 40_497_259, 3_521_993)
DEGREES = box(119.96, 31.81, 119.97, 31.82)


@pytest.mark.parametrize(("code", "x"), [(4549, 497_159.682), (4528, 40_497_159.682)])
def test_the_published_point_lies_where_it_was_published(code, x):
    moved = crs.to(series(Point(119.97, 31.82), crs=4490), CRS.from_epsg(code))[0]
    assert (moved.x, moved.y) == pytest.approx((x, 3_521_893.484), abs=0.001)


@pytest.mark.parametrize(
    ("lon", "code"), [(119.97, 4549), (118.4, 4548), (118.6, 4549), (121.6, 4550), (75.2, 4534), (135, 4554)]
)
def test_degrees_lie_on_the_plane_of_their_three_degree_zone(lon, code):
    assert crs.plane(series(Point(lon, 31.8), crs=4490)).to_epsg() == code


def test_a_projected_system_is_its_own_plane():
    for code in (4549, 4528, 2364, 2263, 32650):
        middle = {2263: (984_250, 200_000), 32650: (500_000, 3_500_000), 4549: (EAST, NORTH)}.get(code, (40.5e6, 3.5e6))
        assert crs.plane(series(Point(middle), crs=code)).to_epsg() == code


@pytest.mark.parametrize("code", [3857, 3395])
def test_web_mercator_goes_to_a_gauss_kruger_plane(code):
    assert crs.is_web_mercator(CRS.from_epsg(code))
    plane = crs.plane(series(DEGREES, crs=4326).to_crs(code))
    assert not crs.is_web_mercator(plane)
    assert "CM 120E" in plane.name


@pytest.mark.parametrize("code", [4549, 32650, 2263, 4490, "EPSG:4549+3855", "EPSG:4326+3855"])
def test_other_planes_are_no_web_mercator(code):
    assert not crs.is_web_mercator(CRS.from_user_input(code))


def test_a_central_meridian_in_minutes_is_possible():
    plane = crs.gauss_kruger(120 + 47 / 60)
    x, y = Transformer.from_crs(4490, plane, always_xy=True).transform(120 + 47 / 60, 31.3)
    by_epsg = Transformer.from_crs(4490, 4549, always_xy=True).transform(120, 31.3)
    assert (x, y) == pytest.approx(by_epsg, abs=1e-6)
    assert plane.geodetic_crs == crs.CGCS2000


def test_a_home_made_plane_equals_the_registered_one():
    wgs = crs.gauss_kruger(120, CRS.from_epsg(4326))
    assert wgs.to_epsg() is None
    one, other = (Transformer.from_crs(4326, each, always_xy=True) for each in (wgs, 4549))
    assert one.transform(119.97, 31.82) == pytest.approx(other.transform(119.97, 31.82), abs=1e-3)


def test_the_middle_feature_chooses_the_plane():
    stray = [Point(0, 0), *[Point(119.97, 31.82)] * 3, None, Polygon()]
    assert crs.plane(series(*stray, crs=4490)).to_epsg() == 4549
    assert "CM 180E" in crs.plane(series(Point(179.9, 0), Point(-179.9, 0), Point(179.8, 0), crs=4326)).name


@pytest.mark.parametrize("shapes", [[], [None], [Polygon()]], ids=["no rows", "missing", "empty"])
@pytest.mark.parametrize("code", [4490, 4549, 3857])
def test_nothing_at_all_has_a_plane_and_can_be_moved(shapes, code):
    nothing = series(*shapes, crs=code)
    assert crs.plane(nothing).is_projected
    assert len(crs.to(nothing, CRS.from_epsg(4528))) == len(shapes)


def test_data_without_a_crs_is_refused():
    with pytest.raises(CrsError, match=r"数据没有坐标系.*no coordinate system"):
        crs.require(series(square(), crs=None))


@pytest.mark.parametrize("code", [4490, 4326, 4979, "EPSG:4326+3855"])
def test_metres_said_to_be_degrees_are_refused(code):
    with pytest.raises(CrsError, match="They may be metres on a plane"):
        crs.require(series(DEGREES, square(), crs=code))


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (DEGREES, 4549),
        (box(NORTH, EAST, NORTH + 100, EAST + 100), 4549),
        (box(NORTH, 40e6 + EAST, NORTH + 100, 40e6 + EAST + 100), 4528),
        (XIAN_80, 4549),
        (square(), 4528),
        (box(1e200, 0, 1e300, 1), 4549),
        (box(0, 0, 1, 1e12), 3857),
    ],
    ids=["degrees", "x and y swapped", "swapped with zone", "zone number", "no zone number", "huge", "far"],
)
def test_numbers_that_cannot_belong_to_a_plane_are_refused(shape, code):
    with pytest.raises(CrsError, match=r"The numbers can't belong to EPSG:\d+: .*x and y are swapped"):
        crs.require(series(shape, crs=code))


def test_a_plane_with_a_datum_shift_attached_is_judged_as_the_plane():
    shifted = "+proj=tmerc +lon_0=120 +x_0=500000 +ellps=krass +towgs84=15.8,-154.4,-82.3 +units=m +type=crs"
    assert crs.require(series(square(), crs=shifted)).is_bound
    with pytest.raises(CrsError, match="x and y are swapped"):
        crs.require(series(box(NORTH, EAST, NORTH + 100, EAST + 100), crs=shifted))


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        (4479, DEGREES),
        ('LOCAL_CS["local",UNIT["metre",1]]', square()),
        ("+proj=longlat +R=6371000 +type=crs", DEGREES),
        ("+proj=merc +R=6378137 +type=crs", square()),
    ],
    ids=["geocentric", "local", "sphere", "plane of a sphere"],
)
def test_what_is_neither_degrees_nor_a_plane_on_an_ellipsoid_is_refused(code, shape):
    with pytest.raises(CrsError, match="Nothing can be measured in"):
        crs.require(series(shape, crs=code))


def test_a_coordinate_that_is_no_number_is_left_for_others_to_name():
    assert crs.require(series(with_coordinate(np.inf), with_coordinate(np.nan))).to_epsg() == 4549


@pytest.mark.parametrize("target", [4490, 4549, 4326])
@pytest.mark.parametrize(
    ("code", "shape"),
    [(2364, XIAN_80), (4610, DEGREES), (2437, square()), (4214, DEGREES)],
    ids=["Xi'an 80 zone 40", "Xi'an 80", "Beijing 54 CM 120", "Beijing 54"],
)
def test_an_old_datum_is_not_shifted_by_guess(code, shape, target):
    with pytest.raises(CrsError, match="different datums with no published shift"):
        crs.to(series(shape, crs=code), CRS.from_epsg(target))


def test_a_shift_that_the_target_would_ignore_is_refused():
    krassovsky = "+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3 +type=crs"
    with pytest.raises(CrsError, match="no published shift"):
        crs.to(series(DEGREES, crs=krassovsky), crs.CGCS2000)


def test_a_published_shift_is_used():
    moved = crs.to(series(Point(600_000, 200_000), crs=27561), CRS.from_epsg(4326))[0]
    assert (moved.x, moved.y) == pytest.approx((2.3365, 49.5), abs=0.01)


@pytest.mark.parametrize(("one", "other"), [(4326, 4490), (4490, 4326)])
def test_wgs84_and_cgcs2000_are_one_to_a_millimetre(one, other):
    moved = crs.to(series(DEGREES, crs=one), CRS.from_epsg(other))
    assert moved.crs.to_epsg() == other
    assert shapely.equals_exact(moved[0], DEGREES, 1e-8)


def test_the_order_is_longitude_then_latitude_and_east_then_north():
    assert crs.to(series(square()), crs.CGCS2000)[0].bounds[0] == pytest.approx(119.97, abs=1e-6)
    lon, lat = crs.lonlat(CRS.from_epsg(4549)).transform(EAST, NORTH)
    assert (lon, lat) == pytest.approx((119.97, 31.82), abs=1e-7)


def test_there_and_back_is_the_same_place():
    there = crs.to(series(square(), None), crs.CGCS2000)
    back = crs.back(np.asarray(there.array), crs.CGCS2000, CRS.from_epsg(4549), there.index)
    assert shapely.equals_exact(back[0], square(), 1e-6)
    assert back[1] is None


def test_a_place_where_the_target_is_not_defined_is_refused():
    with pytest.raises(CrsError, match="outside the area of EPSG:4549"):
        crs.to(series(Point(-150, 0), crs=4490), CRS.from_epsg(4549))


def test_a_crs_is_named_by_its_code_where_it_has_one():
    assert crs.name(crs.CGCS2000) == "EPSG:4490"
    assert "CM 120.5E" in crs.name(crs.gauss_kruger(120.5))


@pytest.mark.parametrize(("code", "metre"), [(4549, 1), (2263, 1200 / 3937), ("EPSG:2263+6360", 1200 / 3937)])
def test_a_plane_knows_its_metres(code, metre):
    assert crs.metres(CRS.from_user_input(code)) == pytest.approx(metre, rel=1e-12)


def test_a_datum_knows_its_degrees():
    assert crs.degrees(CRS.from_epsg(27561)) == pytest.approx(0.9)
    assert crs.degrees(CRS.from_epsg(4549)) == pytest.approx(1)
