"""Areas on the ellipsoid against formulas of our own in 40 digits (`truth`): no PROJ, no GeographicLib."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
import truth
from pyproj import CRS, Geod, Transformer
from shapely.geometry import Polygon, box

from gis import area, overlap

# (EPSG, x, y): CGCS2000 at 0.03°, 0.5°, 1.5° and 3° from the meridian, either side, with and without the zone number,
# in the south; UTM, Lambert-93, the equal-area plane of Europe, New York in feet.
PLACES = {
    "at the meridian": (4549, 500_000.0, 3_521_000.0),
    "0.03 degrees": (4549, 502_840.0, 3_521_893.484),
    "0.5 degrees": (4549, 547_350.25, 3_521_893.484),
    "1.5 degrees": (4549, 642_050.5, 3_521_893.484),
    "1.5 degrees west": (4549, 357_949.5, 3_521_893.484),
    "3 degrees": (4549, 784_100.0, 3_521_893.484),
    "zone number": (4528, 40_547_350.25, 3_521_893.484),
    "zone number, 1.5 degrees": (4528, 40_642_050.5, 3_521_893.484),
    "tropics": (4549, 620_000.0, 2_000_000.0),
    "far north": (4549, 620_000.0, 5_900_000.0),
    "equator": (4549, 620_000.0, -5_000.0),
    "UTM": (32651, 310_000.0, 3_521_000.0),
    "UTM at its edge": (32651, 200_000.0, 3_521_000.0),
    "Lambert-93": (2154, 700_000.0, 6_600_000.0),
    "Lambert-93, Brest": (2154, 145_000.0, 6_837_000.0),
    "LAEA": (3035, 4_321_000.0, 3_210_000.0),
    "LAEA, Lisbon": (3035, 2_660_000.0, 1_950_000.0),
    "New York feet": (2263, 984_250.0, 200_000.0),
}
SIDES = [10.0, 100.0, 1_000.0, 20_000.0]


def l_shape(x: float, y: float, side: float) -> Polygon:
    steps = [(0, 0), (1, 0.11), (0.93, 0.52), (0.39, 0.41), (0.33, 1.27), (-0.05, 1.21)]
    return Polygon([(x + east * side, y + north * side) for east, north in steps])


def exact_areas(*shapes: Polygon, code: int) -> np.ndarray:
    return area.exact_areas(gpd.GeoSeries(list(shapes), crs=code)).to_numpy()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("code", "x", "y"), PLACES.values(), ids=PLACES)
def test_squares_and_tilted_ells_have_their_area_to_a_billionth(code, x, y, side):
    shapes = box(x, y, x + side, y + side), l_shape(x, y, side), l_shape(x, y, -side)
    expected = [truth.ellipsoidal_m2(shape, code) for shape in shapes]
    assert exact_areas(*shapes, code=code) == pytest.approx(np.array(expected), rel=1e-9, abs=0)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("code", "x", "y"), PLACES.values(), ids=PLACES)
def test_rectangles_share_the_area_of_the_rectangle_between_them(code, x, y, side):
    left = box(x, y, x + side, y + side)
    right = box(x + side / 2, y - side / 4, x + 2 * side, y + side * 0.75)
    between = box(x + side / 2, y, x + side, y + side * 0.75)
    found = overlap.overlaps(gpd.GeoSeries([left], crs=code), gpd.GeoSeries([right], crs=code))
    expected = truth.ellipsoidal_m2(between, code)
    assert found["area_m2"].tolist() == [pytest.approx(expected, rel=1e-9, abs=1e-6)]
    assert found["share_of_left"].tolist() == [pytest.approx(expected / truth.ellipsoidal_m2(left, code), rel=1e-6)]
    for single in (
        overlap.cover(gpd.GeoSeries([left], crs=code), gpd.GeoSeries([right], crs=code))[0],
        overlap.union_m2(gpd.GeoSeries([left], crs=code), gpd.GeoSeries([right], crs=code)),
    ):
        assert single == pytest.approx(expected, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(("code", "x", "y"), PLACES.values(), ids=PLACES)
def test_a_layer_strewn_over_a_zone_is_measured_as_each_shape_alone(code, x, y):
    rng = np.random.default_rng(5)
    shapes = [l_shape(x + east, y + north, 60) for east, north in rng.uniform(-40_000, 40_000, (12, 2))]
    expected = [truth.ellipsoidal_m2(shape, code, nodes=4) for shape in shapes]
    assert exact_areas(*shapes, code=code) == pytest.approx(np.array(expected), rel=1e-9, abs=0)


@pytest.mark.parametrize("code", [4549, 4528, 2154])
def test_holes_and_parts_are_measured_to_a_billionth(code):
    x, y = {4549: (560_000.0, 3.52e6), 4528: (40_560_000.0, 3.52e6), 2154: (5e5, 6.5e6)}[code]
    holed = Polygon(box(x, y, x + 900, y + 700).exterior, [l_shape(x + 100, y + 100, 300).exterior])
    parts = shapely.MultiPolygon([holed, box(x + 120, y + 200, x + 150, y + 230), l_shape(x + 9_000, y, 50)])
    both = [truth.ellipsoidal_m2(each, code) for each in (holed, parts)]
    assert exact_areas(holed, parts, code=code) == pytest.approx(np.array(both), rel=1e-9, abs=0)


def test_a_whole_degree_is_measured_on_the_plane_of_its_zone():
    """Degrees are brought to the plane first: there the edges are straight, so the truth starts from the plane."""
    lonlat = gpd.GeoSeries([box(119.9, 31.7, 119.95, 31.75), box(121.0, 31.7, 121.001, 31.701)], crs=4490)
    on_plane = lonlat.to_crs(4549)
    expected = [truth.ellipsoidal_m2(shape, 4549) for shape in on_plane]
    assert area.exact_areas(lonlat).to_numpy() == pytest.approx(np.array(expected), rel=1e-9, abs=0)


@pytest.mark.parametrize("code", [4549, 32651, 2154, 2263])
def test_the_truth_is_that_of_proj_and_geographiclib_to_their_last_digits(code):
    crs = CRS.from_epsg(code)
    x, y = {4549: (6e5, 3.52e6), 32651: (6e5, 3.52e6), 2154: (8e5, 6.6e6), 2263: (984_250.0, 200_000.0)}[code]
    shape = shapely.segmentize(l_shape(x, y, 5_000), 20)
    lon, lat = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(
        *shapely.get_coordinates(shape.exterior).T
    )
    assert crs.ellipsoid is not None
    geod = Geod(a=crs.ellipsoid.semi_major_metre, b=crs.ellipsoid.semi_minor_metre)
    theirs = abs(geod.polygon_area_perimeter(lon, lat)[0])
    assert truth.ellipsoidal_m2(l_shape(x, y, 5_000), code) == pytest.approx(theirs, rel=1e-10)


def test_the_truth_knows_the_whole_earth():
    half = truth.band_m2(truth.mp.mpf(1), 6_378_137, truth.eccentricity(298.257223563)) * 2 * truth.mp.pi
    # WGS 84 by the documentation of GeographicLib: 510 065 621 724 088.44 m²
    assert float(2 * half) == pytest.approx(510_065_621_724_088.44, rel=1e-15)


def test_what_has_no_area_measures_zero_and_labels_stay():
    shapes = [None, Polygon(), shapely.Point(5e5, 3.52e6), box(5e5, 3.52e6, 5e5 + 10, 3.52e6 + 10)]
    measured = area.exact_areas(gpd.GeoSeries(shapes, crs=4549, index=["a", "b", "b", "d"]))
    assert measured.index.tolist() == ["a", "b", "b", "d"]
    assert measured.tolist() == [0, 0, 0, pytest.approx(100, rel=1e-6)]


def test_the_area_of_record_lies_within_the_surveys_rounding_of_the_truth():
    side = 400.0
    shape = box(560_000, 3_520_000, 560_000 + side, 3_520_000 + side)
    assert area.areas(gpd.GeoSeries([shape], crs=4549))[0] == pytest.approx(
        truth.ellipsoidal_m2(shape, 4549), abs=3e-5 * 4 * side
    )
