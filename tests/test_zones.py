import numpy as np
import pytest
import shapely
from ground import EAST, NORTH, bow_tie, frame, series, square, with_coordinate
from shapely.geometry import LineString, Point, Polygon

from gis import area
from gis.errors import CrsError, GeometryError, SettingsError
from gis.text import same
from gis.zones import ZoneRule, zones

LINE = LineString([(EAST, NORTH), (EAST + 1000, NORTH)])
POINT = Point(EAST, NORTH)


def rule(distance_m: float = 50, **others: object) -> ZoneRule:
    words = dict.fromkeys(("title", "clause", "source"), same("…"))
    return ZoneRule(key="r", zone="z", layer="base", distance_m=distance_m, sure="unconfirmed", **words, **others)


def test_a_zone_reaches_its_distance_beyond_the_edge_of_a_footprint():
    zone = zones(frame(square()), rule(50))
    rounded = 10_000 + 4 * 100 * 50 + np.pi * 50**2
    assert zone.area[0] == pytest.approx(rounded, rel=2e-4)
    assert zone.geometry[0].bounds == pytest.approx((EAST - 50, NORTH - 50, EAST + 150, NORTH + 150))
    assert zone["approximate"].tolist() == [False]


def test_a_circle_lacks_four_hundredths_of_a_percent():
    lacking = 1 - zones(frame(POINT), rule(50)).area[0] / (np.pi * 50**2)
    assert lacking == pytest.approx(0.0004, rel=0.01)


def test_a_zone_around_a_point_is_approximate():
    assert zones(frame(POINT, shapely.MultiPoint([POINT]), square(), LINE), rule())["approximate"].tolist() == [
        True,
        True,
        False,
        False,
    ]


def test_half_the_structures_width_comes_before_the_distance():
    zone = zones(frame(LINE, width_m=[12.0]), rule(30, width_field="width_m"))
    assert zone.geometry[0].bounds[1] == pytest.approx(NORTH - 36)
    assert zone["approximate"].tolist() == [False]


@pytest.mark.parametrize("width", [None, np.nan, -4.0, "wide", np.inf])
def test_an_unknown_width_counts_as_none_and_makes_the_zone_approximate(width):
    zone = zones(frame(LINE, LINE, width_m=[width, "12"]), rule(30, width_field="width_m"))
    assert zone.geometry[0].bounds[1] == pytest.approx(NORTH - 30)
    assert zone["approximate"].tolist() == [True, False]


@pytest.mark.parametrize("crs", [4490, 4326, 3857, 4528, 4979])
def test_a_zone_is_as_wide_in_any_crs(crs):
    base = frame(square()).to_crs(crs)
    zone = zones(base, rule(50))
    assert zone.crs == base.crs
    expected = area.areas(zones(frame(square()), rule(50)).geometry)[0]
    assert area.areas(zone.geometry)[0] == pytest.approx(expected, abs=0.1)


def test_a_zone_in_feet_is_as_many_metres_wide():
    base = frame(Point(984_250, 200_000), crs=2263)
    assert area.plane_areas(zones(base, rule(50)).geometry)[0] == pytest.approx(np.pi * 50**2, rel=5e-4)


def test_a_stray_feature_leaves_the_others_zones_as_wide():
    base = frame(square(), square(300, 0), Point(EAST, NORTH)).to_crs(4490)
    base.geometry = series(*base.geometry[:2], Point(0.5, 0.5), crs=4490)
    zone = zones(base, rule(50))
    assert area.areas(zone.geometry)[0] == pytest.approx(10_000 + 20_000 + np.pi * 2500, rel=2e-4)


def test_only_the_features_that_the_rule_names_are_protected():
    base = frame(
        square(), square(300, 0), square(600, 0), index=["a", "b", "c"], form=["underground", "elevated", None]
    )
    assert zones(base, rule(where={"form": ("underground",)})).index.tolist() == ["a"]
    assert zones(base, rule(where={"form": ("nothing",)})).empty


def test_features_without_a_shape_have_no_zone():
    base = frame(None, Polygon(), square(), index=["a", "b", "c"])
    assert zones(base, rule()).index.tolist() == ["c"]


def test_an_empty_base_has_no_zones():
    for crs in (4549, 4490):
        assert zones(frame(crs=crs), rule()).empty


def test_an_invalid_footprint_keeps_both_its_halves():
    lobes = bow_tie(100)
    zone = zones(frame(lobes), rule(1))
    assert all(
        zone.covers(Point(EAST + x, NORTH + y))[0]
        for x, y in ((5, 95), (5, 60), (95, 5), (95, 60), (60, 60))
        if lobes.buffer(1e-9).covers(Point(EAST + x, NORTH + y))
    )
    assert zone.area[0] > 5_000


@pytest.mark.parametrize("distance", [0, -5, 10_001, float("nan"), float("inf")])
def test_a_distance_that_makes_no_sense_is_refused(distance):
    with pytest.raises(SettingsError, match="it must lie between 0 and 10 000 m"):
        rule(distance)


@pytest.mark.parametrize("others", [{"where": {"form": ("a",)}}, {"width_field": "form"}], ids=["filter", "width"])
def test_a_rule_that_reads_an_unknown_column_is_refused(others):
    with pytest.raises(SettingsError, match="Rule r reads form, a field that layer base lacks"):
        zones(frame(square()), rule(**others))


def test_without_a_crs_there_is_no_zone():
    with pytest.raises(CrsError, match="no coordinate system"):
        zones(frame(square(), crs=None), rule())


def test_a_coordinate_that_is_no_number_is_refused():
    with pytest.raises(GeometryError, match="Feature 1 has a coordinate"):
        zones(frame(square(), with_coordinate(np.nan)), rule())
