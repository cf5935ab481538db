"""Small pairs where rational arithmetic, which rounds nothing, has the last word, and shapes that strain the digits."""

import exact
import geopandas as gpd
import nasty
import numpy as np
import pytest
import shapely
import truth
from shapely.geometry import Polygon, box

from gis import overlap

EACH = 12
SMALL = sorted(set(nasty.KINDS) - {"combs", "spirals", "parts", "invalid"})


@pytest.mark.parametrize("code", [4549, 4528])
@pytest.mark.parametrize("kind", SMALL)
def test_shared_areas_are_those_of_rational_arithmetic(kind, code):
    rng = np.random.default_rng([3, len(kind), code])
    left, right = nasty.placed(nasty.KINDS[kind](rng, EACH), code, rng)
    left, right = (side[side.is_valid] for side in (left, right))
    found = overlap.overlaps(left, right).set_index(["left", "right"])["area_m2"]
    for one, other in ((f"L{k}", f"R{k}") for k in range(EACH)):
        if one in left.index and other in right.index:
            check(left[one], right[other], code, found.get((one, other)))


def check(one: Polygon, other: Polygon, code: int, found_m2: float | None) -> None:
    plane = exact.shared_m2(one, other)
    expected = float(plane) * truth.areal_scale(np.array(one.centroid.coords), code)[0]
    if found_m2 is None:
        assert float(plane) < 1e-6 + 1e-9
    else:
        assert float(plane) > 1e-6 - 1e-9
        # The scale moves by up to 1e-9 of itself within 200 m of a centroid 100 m off.
        assert found_m2 == pytest.approx(expected, rel=2e-9, abs=1e-6)


def test_rational_arithmetic_knows_squares_holes_and_parts():
    square, holed = box(0, 0, 10, 10), Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 8, 8).exterior])
    tilted = Polygon([(0, 0), (10, 3), (7, 13), (-3, 10)])
    for one, other in ((square, square), (holed, square), (holed, tilted), (tilted, box(-3, 1, 4, 12))):
        expected = one.intersection(other).area
        assert float(exact.shared_m2(one, other)) == pytest.approx(expected, rel=1e-14)
        assert float(exact.shared_m2(other, one)) == pytest.approx(expected, rel=1e-14)
    parts = shapely.MultiPolygon([square, box(20, 0, 30, 10)])
    assert exact.shared_m2(parts, box(5, -5, 25, 5)) == 50
    assert exact.area_m2(holed) == exact.shared_m2(holed, holed) == 64


WIDE = [100.0, 1_000.0, 10_000.0, 100_000.0]


@pytest.mark.parametrize("east", [500_000.0, 40_500_000.0])
@pytest.mark.parametrize("side", WIDE)
@pytest.mark.parametrize("angle", [0.0, 30.0, 89.999])
def test_neighbours_of_any_size_share_nothing_along_their_edge(side, angle, east):
    """Sums of 1e10 m² that should cancel leave no square millimetre."""
    left, right = box(-side, -side / 2, 0, side / 2), box(0, -side / 2, side, side / 2)
    edge = shapely.get_coordinates(shapely.affinity.rotate(left, angle, origin=(0, 0)))
    other = shapely.get_coordinates(shapely.affinity.rotate(right, angle, origin=(0, 0)))
    other[[0, 4, 3]] = edge[[0, 4, 1]]
    place = [east, 3_520_000.0]
    one, two = Polygon(edge + place), Polygon(other + place)
    code = 4549 if east < 1e6 else 4528
    found = overlap.overlaps(gpd.GeoSeries([one], crs=code), gpd.GeoSeries([two], crs=code))
    shared = float(exact.shared_m2(one, two))
    assert len(found) == 0 or shared > 1e-6
    assert found["area_m2"].sum() == pytest.approx(shared, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("width", [1e-3, 1e-5, 1e-7])
@pytest.mark.parametrize("side", WIDE)
def test_a_strip_shared_by_squares_of_any_size_has_its_area(side, width):
    """A millimetre of 100 km is 100 m² of two squares of 1e10 m² each."""
    x, y = 500_000.0, 3_400_000.0
    left, right = box(x - side, y, x + width, y + side), box(x, y, x + side, y + side)
    code = 4549
    found = overlap.overlaps(gpd.GeoSeries([left], crs=code), gpd.GeoSeries([right], crs=code))
    shared = float(exact.shared_m2(left, right))
    assert found["area_m2"].sum() == pytest.approx(shared if shared > 1e-6 else 0, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(("side", "width"), [(100, 1.5e-8), (1_000, 2e-9), (10_000, 5e-9), (30_000, 2e-8)])
def test_a_hair_that_runs_up_the_side_of_a_wide_square_is_found(side, width):
    """Its other arm lies beyond the square, so that the boxes of the two share the square's whole width."""
    x, y, far = 500_000.0, 3_520_000.0, side + 50
    wide = box(x, y, x + side, y + side)
    steps = [(-100, -100), (width, -100), (width, far), (side, far), (side, far + 50), (-100, far + 50)]
    hook = Polygon([(x + east, y + north) for east, north in steps])
    found = overlap.overlaps(gpd.GeoSeries([wide], crs=4549), gpd.GeoSeries([hook], crs=4549))
    expected = float(exact.shared_m2(wide, hook))
    assert found["area_m2"].tolist() == [pytest.approx(expected, rel=1e-9, abs=1e-6)]


@pytest.mark.parametrize("side", [1e-3, 3e-3, 0.1])
def test_a_square_millimetre_in_a_district_is_found(side):
    district, speck = box(450_000, 3_480_000, 550_000, 3_580_000), box(-side / 2, -side / 2, side / 2, side / 2)
    places = np.array([(500_000, 3_520_000), (450_000, 3_500_000), (550_000, 3_580_000), (473_001.25, 3_512_345.678)])
    layer = gpd.GeoSeries(
        [Polygon(shapely.get_coordinates(speck) + place) for place in places], crs=4549, index=list("abcd")
    )
    expected = {k: float(exact.shared_m2(district, shape)) for k, shape in layer.items()}
    found = overlap.overlaps(gpd.GeoSeries([district], crs=4549), layer).set_index("right")["area_m2"]
    # 50 km from the meridian 1 m² on the plane is 6e-5 less on the ground.
    assert found.to_dict() == {k: pytest.approx(m2, rel=1e-4, abs=1e-9) for k, m2 in expected.items() if m2 > 1e-6}


def test_the_limit_of_a_pair_is_a_square_millimetre_of_the_plane():
    place = np.array([500_000.0, 3_520_000.0])
    sides = np.array([0.9, 0.99, 0.999, 1.001, 1.01, 1.1]) * 1e-3
    # Powers of two near the sides, so that the corners are where they are said to be.
    sides = np.round(sides * 2**31) / 2**31
    specks = [Polygon(np.array([(0, 0), (s, 0), (s, s), (0, s)]) + place) for s in sides]
    found = overlap.overlaps(
        gpd.GeoSeries([box(*(place - 50), *(place + 50))], crs=4549), gpd.GeoSeries(specks, crs=4549)
    )
    assert found["right"].tolist() == [k for k, s in enumerate(specks) if exact.area_m2(s) > 1e-6]
