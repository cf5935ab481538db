import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ground import EAST, NORTH, bow_tie, frame, grid, polygon, square, with_coordinate
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon
from test_layer import ID, KIND, NUMBER, WHOLE, layer, rule

import layers
from gis import area, check
from gis.errors import CrsError, DataError
from gis.layer import Field, Topology
from gis.text import Text, same

BOUNDED = Field(key="n", label=same("N"), kind="number", lowest=0, highest=10)
STRICT = Topology(gap_m=0.5)
CATALOGUE = layers.catalogue()
COMPLETE = {"id": ["a", "b"], "n": [1.0, 2.0], "w": [1, 2], "kind": ["idle", "used"], "geom_basis": ["surveyed"] * 2}


def found(plots: gpd.GeoDataFrame, of=None, **frames: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return check.findings(of or layer(topology=STRICT), {"plots": plots, **frames})


def rules(result: gpd.GeoDataFrame, *names: str) -> list[tuple[str, str]]:
    pairs = list(zip(result["feature"], result["rule"], strict=True))
    return [pair for pair in pairs if not names or pair[1] in names]


def plots(*shapes: object, **columns: object) -> gpd.GeoDataFrame:
    shapes = shapes or (square(), square(500, 0))
    return frame(*shapes, **{key: value[: len(shapes)] for key, value in {**COMPLETE, **columns}.items()})


def test_a_frame_as_declared_has_no_finding():
    result = found(plots())
    assert result.empty
    assert result.columns.tolist() == [*check.COLUMNS, "geometry"]
    assert result.crs.to_epsg() == 4549


def test_an_undeclared_column_is_noticed_and_a_missing_one_told_by_how_much_it_matters():
    result = found(plots(extra=[1, 2]).drop(columns=["id", "n"]))
    assert list(zip(result["rule"], result["level"], strict=True)) == [
        ("missing_column", "error"),
        ("unknown_column", "notice"),
        ("missing_column", "notice"),
    ]


@pytest.mark.parametrize("empty", [None, np.nan, "", "   ", pd.NA])
def test_a_required_value_that_is_empty_is_an_error(empty):
    result = found(plots(id=["a", empty]))
    assert rules(result) == [("1", "required")]
    assert result.geometry[0].equals(square(500, 0))


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_a_value_out_of_the_choices_is_an_error(dtype):
    result = found(plots(kind=pd.Series(["idle", "sold"], dtype=dtype)))
    assert rules(result) == [("1", "choice")]
    assert "“sold”" in result["says"][0].en


@pytest.mark.parametrize("value", ["12x", "1,234", np.inf, "-inf", "nan?", "１２３x"])
def test_a_value_that_is_no_number_is_an_error(value):
    assert rules(found(plots(n=[1, value]))) == [("1", "type")]
    assert rules(found(plots(w=[1, value]))) == [("1", "type")]


def test_a_fraction_is_no_whole_number():
    assert rules(found(plots(w=["3.0", "3.5"]))) == [("1", "type")]


@pytest.mark.parametrize(
    ("lowest", "highest", "value", "says"),
    [
        (0, 10, 10.001, "is 10.001, outside 0 to 10"),
        (0, 10, -0.001, "outside 0 to 10"),
        (0, None, -1, "below 0"),
        (None, 10, "11", "above 10"),
    ],
)
def test_a_number_out_of_bounds_is_an_error(lowest, highest, value, says):
    bounded = layer(fields=(ID, Field(key="n", label=same("N"), kind="number", lowest=lowest, highest=highest)))
    result = found(frame(square(), square(500, 0), id=["a", "b"], n=[5, value], geom_basis=["surveyed"] * 2), bounded)
    assert rules(result) == [("1", "bounds")]
    assert says in result["says"][0].en


def test_both_bounds_are_allowed():
    bounded = layer(fields=(ID, BOUNDED))
    assert found(frame(square(), square(500, 0), id=["a", "b"], n=[0, 10], geom_basis=["surveyed"] * 2), bounded).empty


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [("date", "2017-12-31", "31 下旬"), ("date", pd.Timestamp(2017, 1, 1), "2017-13-01"), ("flag", True, "maybe")],
)
def test_dates_and_flags_are_read_or_told(kind, good, bad):
    typed = layer(fields=(ID, Field(key="v", label=same("V"), kind=kind)))
    result = found(frame(square(), square(500, 0), id=["a", "b"], v=[good, bad], geom_basis=["surveyed"] * 2), typed)
    assert rules(result) == [("1", "type")]


@pytest.mark.parametrize("ids", [["a", "a"], [1, 1], [1, "1"]])
def test_ids_used_twice_are_told_at_each_feature(ids):
    assert rules(found(plots(id=ids))) == [("0", "unique_id"), ("1", "unique_id")]


def test_two_columns_of_one_name_are_refused():
    twins = pd.concat([plots(), plots()[["n"]]], axis=1)
    with pytest.raises(DataError, match="Two columns are named n"):
        found(twins)


def test_a_script_in_an_attribute_stays_a_text():
    script = "<script>alert('{id}')</script>{0}"
    result = found(plots(id=["a", script], kind=["idle", script]), layer(rules=(rule("{id} {kind}"),)))
    assert set(result["rule"]) == {"choice", "r"}
    assert all("<script>alert('{id}')</script>{0}" in says.en for says in result["says"][result["feature"] == "1"])


@pytest.mark.parametrize("shape", [None, Polygon(), MultiPolygon(), GeometryCollection()])
def test_a_feature_without_a_shape_is_an_error(shape):
    assert rules(found(plots(square(), shape))) == [("1", "no_geometry")]


@pytest.mark.parametrize(
    "shape",
    [
        Point(EAST, NORTH),
        GeometryCollection([square(), Point(EAST, NORTH)]),
        LineString([(EAST, NORTH), (EAST + 9, NORTH)]),
    ],
)
def test_a_shape_of_another_kind_is_an_error(shape):
    result = found(plots(square(500, 500), shape))
    assert rules(result, "geometry_kind") == [("1", "geometry_kind")]
    assert set(result["rule"]) <= {"geometry_kind"}


@pytest.mark.parametrize("topology", [None, STRICT])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_coordinate_that_is_no_number_is_a_finding_and_the_rest_is_checked(value, topology):
    result = found(plots(bow_tie(), with_coordinate(value)), layer(topology=topology))
    assert sorted(rules(result)) == [("0", "invalid"), ("1", "invalid")]
    assert {"Invalid boundary: its boundary crosses itself. A mended copy is measured."} < {
        says.en for says in result["says"]
    }


def test_an_invalid_ring_is_told_in_both_languages_with_its_place():
    result = found(plots(bow_tie(10), square(500, 0)))
    assert rules(result) == [("0", "invalid")]
    assert "自相交" in result["says"][0].zh
    assert result.geometry[0].distance(Point(EAST + 5, NORTH + 5)) < 1e-6


def test_topology_is_told_by_name_with_areas_and_places():
    cases = {
        "overlap": (square(90, 0), 1000),
        "gap": (square(100.2, 0), 20),
        "sliver": (square(500, 0, 0.2, 100), 20),
        "duplicate": (shapely.reverse(square()), 10_000),
    }
    for name, (other, m2) in cases.items():
        result = found(plots(square(), other))
        mine = result[result["rule"] == name]
        assert len(mine) == 1, name
        assert mine["area_m2"].tolist() == [pytest.approx(m2, abs=0.05)]
        assert mine.area.tolist() == [pytest.approx(m2, abs=0.05)]
        assert set(result["rule"]) == {name, "overlap"} if name == "duplicate" else {name}


def test_a_layer_that_asks_for_nothing_has_no_topology_checked():
    lax = Topology(overlap_m2=None, sliver_m=None, duplicate=False)
    assert found(plots(square(), square()), layer(topology=lax)).empty
    assert found(plots(square(), square()), layer(topology=None)).empty


def test_labels_used_twice_break_nothing():
    twice = plots(square(), square(50, 0), id=["a", "a"]).set_index(pd.Index(["a", "a"]))
    result = found(twice, layer(topology=STRICT, rules=(rule("{id}"),)))
    assert set(rules(result)) == {("a", "unique_id"), ("a", "overlap"), ("a", "r")}


def test_a_broken_rule_is_told_in_the_words_of_the_layer():
    old = rule("{kind}: {n} {w}", needs=("others",))
    result = found(plots(n=[1.0, None], w=[2017.0, 2]), layer(rules=(old,)), others=plots())
    assert [says.en for says in result["says"]] == ["idle: 1 2017", "used: (empty) 2"]
    assert result["level"].tolist() == ["warning", "warning"]


def test_a_rule_whose_layer_is_missing_is_noticed():
    result = found(plots(), layer(rules=(rule(needs=("others",)),)))
    assert rules(result) == [("", "r")]
    assert "layer others is missing" in result["says"][0].en


def test_a_rule_that_cannot_be_followed_is_a_warning():
    def stopped(*_):
        raise CrsError(Text("不行", "no way"))

    result = found(plots(), layer(rules=(dataclasses.replace(rule(), broken=stopped),)))
    assert [(says.zh, says.en) for says in result["says"]] == [("“…”无法检查:不行", "“…” couldn't be checked: no way")]


def test_a_rule_judges_the_others_where_one_shape_has_a_coordinate_that_is_no_number():
    large = dataclasses.replace(rule(), broken=lambda plots, _: plots.index[area.areas(plots.geometry) > 5_000])
    result = found(plots(square(), with_coordinate(np.nan)), layer(rules=(large,)))
    assert rules(result) == [("1", "invalid"), ("0", "r")]


def test_errors_come_first_and_the_answer_is_the_same_each_time():
    wrong = plots(bow_tie(), square(3, 3), kind=["sold", "idle"], extra=[1, 2])
    results = [found(wrong, layer(topology=STRICT, rules=(rule(),))) for _ in range(2)]
    order = ["error", "warning", "notice"]
    assert results[0]["level"].map(order.index).is_monotonic_increasing
    assert set(results[0]["level"]) == set(order)
    assert results[0].drop(columns="geometry").equals(results[1].drop(columns="geometry"))


def test_without_a_crs_a_frame_is_refused():
    bare = frame(square(), crs=None)
    with pytest.raises(CrsError, match="no coordinate system"):
        found(bare)
    with pytest.raises(CrsError, match="no coordinate system"):
        check.file_findings("file", bare, STRICT)


def test_a_file_without_a_declaration_has_its_shapes_checked():
    mixed = frame(square(), square(90, 0), None, LineString([(EAST, NORTH), (EAST, NORTH)]), with_coordinate(np.nan))
    result = check.file_findings("file", mixed, STRICT)
    assert sorted(rules(result)) == [("0", "overlap"), ("2", "no_geometry"), ("3", "invalid"), ("4", "invalid")]


def test_three_dimensions_are_checked_as_two():
    raised = plots(shapely.force_3d(square(), 3.0), shapely.force_3d(square(90, 0), 9.0))
    assert rules(found(raised)) == [("0", "overlap")]


def test_ten_thousand_plots_are_checked():
    many = gpd.GeoDataFrame({"id": range(10_000), "geom_basis": "nonsense"}, geometry=grid(100, 100))
    result = found(many, layer(fields=(ID, KIND, NUMBER, WHOLE)))
    assert (result["rule"] == "choice").sum() == 10_000
    assert set(result["rule"]) == {"choice", "missing_column"}


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=CATALOGUE)
@pytest.mark.parametrize(
    "shapes",
    [[], [None], [Polygon()], [bow_tie()], [Point(EAST, NORTH)], [with_coordinate(np.nan)], [square(), square()],
     [polygon((0, 0), (1, 0), (0, 0))]],
    ids=["empty", "missing", "no parts", "invalid", "point", "not a number", "twice", "collapsed"],
)  # fmt: skip
def test_no_layer_of_the_catalogue_breaks_on_bad_input(one, shapes):
    result = check.findings(one, {one.key: frame(*shapes, index=["x"] * len(shapes))})
    assert len(result) > 0
    assert {"error", "notice"} >= set(result["level"]) - {"warning"}
    assert all(says.zh and says.en for says in result["says"])
