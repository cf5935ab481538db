"""The command line: its JSON shapes, its exit codes, its sentences."""

import json
import math
from contextlib import nullcontext
from pathlib import Path

import geopandas as gpd
import pytest
from pyproj import Geod
from shapely.geometry import Point, Polygon, box
from typer.testing import CliRunner

from guatu.cli import app

EAST, NORTH = 497_000.0, 3_521_000.0


def run(*arguments: object):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def said(*arguments: object):
    result = run(*arguments, "--json")
    return result.exit_code, json.loads(result.stdout)


def square(east: float, north: float, side: float = 100.0) -> Polygon:
    return box(EAST + east, NORTH + north, EAST + east + side, NORTH + north + side)


@pytest.fixture
def written(tmp_path: Path):
    def write(shapes: list, name: str = "shapes.gpkg", crs: int | None = 4549, **columns: list) -> Path:
        path = tmp_path / name
        with pytest.warns(UserWarning, match="crs") if crs is None else nullcontext():
            gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=crs)).to_file(path)
        return path

    return write


def test_figures_are_the_ones_of_the_report():
    code, figures = said("figures")
    shown = {one["key"]: (one["value"], one["reported"], one["verdict"]) for one in figures}
    assert code == 0
    assert shown["revitalised_mu"] == (pytest.approx(380, abs=0.005), 380, "match")
    assert shown["target_percent"] == (pytest.approx(108.57, abs=0.01), 108.6, "match")
    assert 207.1 <= shown["queued_mu"][0] <= 210.9
    assert shown["queued_percent"] == (pytest.approx(55, abs=0.5), 55, "match")
    assert shown["silt_m3"] == (pytest.approx(40_000), 40_000, "match")
    assert shown["entrances"] == (9, 9, "match")
    assert shown["rivers"] == (3, 3, "match")
    assert shown["chaizhi_km"] == (pytest.approx(4.16, rel=0.01), 4.16, "match")


def test_each_figure_names_the_features_behind_it():
    _, figures = said("figures")
    assert {one["key"] for one in figures if not one["features"]} == set()
    assert all(set(one) == {"key", "label", "value", "unit", "reported", "verdict", "features"} for one in figures)


def test_measure_gives_the_geodesic_area_of_each_feature(written):
    path = written([square(0, 0), square(500, 0, 50)], id=["a", "b"])
    code, answer = said("measure", path)
    ring = gpd.GeoSeries([square(0, 0)], crs=4549).to_crs(4490).iloc[0]
    geodesic = abs(Geod(ellps="GRS80").geometry_area_perimeter(ring)[0])
    assert code == 0
    assert [one["id"] for one in answer["features"]] == ["a", "b"]
    assert answer["features"][0]["area_m2"] == pytest.approx(geodesic, abs=0.01)
    assert answer["features"][0]["plane_m2"] == pytest.approx(10_000)
    assert answer["area_m2"] == pytest.approx(12_500, abs=0.02)
    assert answer["mu"] == pytest.approx(answer["area_m2"] * 3 / 2000)
    assert answer["crs"] == "EPSG:4549"


def test_features_without_unique_ids_go_by_row_number(written):
    _, answer = said("measure", written([square(0, 0), square(200, 0)], id=["a", "a"]))
    assert [one["id"] for one in answer["features"]] == [0, 1]


def test_overlap_lists_pairs_sum_and_union(written):
    left = written([square(0, 0), square(200, 0)], "left.gpkg", id=["a", "b"])
    right = written([square(50, 0), square(60, 0)], "right.gpkg", id=["x", "y"])
    code, answer = said("overlap", left, right)
    assert code == 0
    assert [(pair["left"], pair["right"]) for pair in answer["pairs"]] == [("a", "x"), ("a", "y")]
    assert answer["pairs"][0]["area_m2"] == pytest.approx(5_000, rel=1e-6)
    assert answer["pairs"][0]["share_of_left"] == pytest.approx(0.5)
    assert answer["sum_m2"] == pytest.approx(9_000, rel=1e-6)
    assert answer["union_m2"] == pytest.approx(5_000, rel=1e-6)


def test_pairs_too_small_to_list_are_counted_in_the_sum(written):
    left = written([square(0, 0), square(200, 0)], "left.gpkg", id=["a", "b"])
    right = written([square(99.99995, 0), square(150, 0)], "right.gpkg", id=["x", "y"])
    _, answer = said("overlap", left, right)
    assert [(pair["left"], pair["right"]) for pair in answer["pairs"]] == [("b", "y")]
    assert 5_000.002 < answer["sum_m2"] < 5_000.008


def test_a_file_against_itself_lists_each_pair_once(written):
    path = written([square(0, 0), square(50, 0)], id=["a", "b"])
    _, answer = said("overlap", path, path)
    assert [(pair["left"], pair["right"]) for pair in answer["pairs"]] == [("a", "b")]


def test_squares_that_touch_do_not_overlap(written):
    left, right = written([square(0, 0)], "l.gpkg"), written([square(100, 0)], "r.gpkg")
    assert said("overlap", left, right) == (0, {"pairs": [], "sum_m2": 0.0, "union_m2": 0.0})


def test_layers_and_zones_go_by_key():
    code, answer = said("overlap", "revitalised_parcels", "zone:river_management")
    assert code == 0
    assert answer["pairs"]
    assert answer["union_m2"] <= answer["sum_m2"] + 1e-6


def test_points_and_lines_meet_polygons_too(written):
    points = written([Point(EAST + 50, NORTH + 50), Point(EAST + 500, NORTH)], "points.gpkg", id=["in", "out"])
    polygons = written([square(0, 0)], "polygons.gpkg", id=["p"])
    assert said("overlap", points, polygons)[1] == {"pairs": [{"left": "in", "right": "p"}]}


def test_check_finds_the_deliberate_faults_of_the_demonstration_and_says_so_by_its_code():
    code, answer = said("check")
    assert code == 1
    assert {(one["layer"], one["rule"]) for one in answer["findings"]} >= {("acquisition_queue", "overlap")}
    assert all(set(one) == {"layer", "feature", "rule", "level", "says", "area_m2"} for one in answer["findings"])


def test_no_finding_touches_the_380_mu():
    assert said("check", "revitalised_parcels") == (0, {"findings": []})


def test_check_of_a_file_tells_overlaps_duplicates_and_missing_shapes(written):
    path = written([square(0, 0), square(50, 0), square(50, 0), None], id=["a", "b", "c", "d"])
    code, answer = said("check", path)
    rules = [one["rule"] for one in answer["findings"]]
    assert code == 1
    assert rules.count("overlap") == 3
    assert rules.count("duplicate") == 1
    assert rules.count("no_geometry") == 1


@pytest.mark.parametrize("command", [["measure"], ["check"], ["overlap", "revitalised_parcels"]])
def test_a_missing_file_is_a_sentence_and_code_2(command, tmp_path):
    result = run(*command, tmp_path / "nowhere.gpkg")
    assert result.exit_code == 2
    assert "找不到文件" in result.stderr
    assert "Traceback" not in result.output


def test_the_sentence_follows_the_language(tmp_path):
    assert "There is no file" in run("measure", tmp_path / "nowhere.gpkg", "--lang", "en").stderr


def test_a_file_without_crs_is_refused(written):
    result = run("measure", written([square(0, 0)], "bare.gpkg", crs=None))
    assert result.exit_code == 2
    assert "没有坐标系" in result.stderr


def test_a_text_file_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("不是空间数据", encoding="utf-8")
    result = run("check", path)
    assert result.exit_code == 2
    assert "无法读取" in result.stderr


def test_invalid_rings_are_measured_on_a_mended_copy_and_told(written):
    bow_tie = Polygon([(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100)])
    path = written([bow_tie], id=["x"])
    code, answer = said("measure", path)
    assert code == 1
    assert answer["area_m2"] == pytest.approx(5_000, rel=1e-4)


def test_a_file_without_features_is_said_and_not_passed_over(tmp_path):
    path = tmp_path / "nothing.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    assert said("measure", path)[0] == 1
    assert [one["rule"] for one in said("check", path)[1]["findings"]] == ["empty"]
    assert "没有一个要素" in run("measure", path).stderr


def test_json_holds_no_nan(written):
    result = run("check", written([None, square(0, 0)]), "--json")
    assert not any(
        isinstance(one["area_m2"], float) and math.isnan(one["area_m2"])
        for one in json.loads(result.stdout)["findings"]
    )
    assert "NaN" not in result.stdout


def test_tables_show_markup_in_names_as_it_is(written):
    path = written([square(0, 0)], id=["[red]<script>alert(1)</script>"])
    assert "[red]<script>" in run("measure", path).stdout


def test_an_empty_side_shares_nothing_in_the_shape_of_an_answer(written, tmp_path):
    path = tmp_path / "nothing.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    right = written([square(0, 0)])
    assert said("overlap", path, right) == (0, {"pairs": [], "sum_m2": 0.0, "union_m2": 0.0})
