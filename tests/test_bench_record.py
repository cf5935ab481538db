"""What a benchmark run found, as it is kept and told."""

import xml.etree.ElementTree as ElementTree

import pytest
import typer
from typer.testing import CliRunner

from benchmarks import growth, plot, record, tables
from benchmarks.__main__ import main
from benchmarks.growth import Size

OVERLAY = {
    "n": 1_000,
    "rounds": 3,
    "taken_s": {"Guatu": {"queue": 0.5, "zones": 0.5}, "PostGIS, GiST": {"index": 1.0, "queue": 10.0, "zones": 9.0}},
    "pairs": {"queue": 9, "zones": 4},
    "load_s": {"PostGIS, GiST": 3.0},
    "absent": ["duckdb: not installed"],
    "differ": [],
}
GROWTH = {
    "systems": {
        "Guatu": [{"n": n, "seconds": n / 1e6, "grown_bytes": n**2} for n in (10_000, 100_000)],
        "PostGIS, ST_Subdivide": [{"n": 10_000, "seconds": 2.0, "grown_bytes": None}],
        "DuckDB, grid": [],
    }
}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    for name in ("LAST", "README", "CHART"):
        monkeypatch.setattr(record, name, tmp_path / getattr(record, name).name)
    return tmp_path


def test_an_index_made_once_counts_in_all_of_a_rivals_seconds():
    _, [ours, theirs] = tables.overlay_rows(OVERLAY, {})
    assert ours == ["Guatu", "", "0.5", "0.5", "1", "1", "", ""]
    assert theirs == ["PostGIS, GiST", "1", "10", "9", "20", "20", "", "3.0"]


def test_a_ratio_that_has_fallen_is_marked_and_one_of_another_size_is_not_compared():
    before = OVERLAY | {"taken_s": OVERLAY["taken_s"] | {"Guatu": {"queue": 0.25, "zones": 0.25}}}
    assert tables.overlay_rows(OVERLAY, before)[1][1][-2] == "40 ▼ slower"
    assert tables.overlay_rows(before, OVERLAY)[1][1][-2] == "20"
    assert tables.overlay_rows(OVERLAY, before | {"n": 2_000})[1][1][-2] == ""
    rows = [{"job": "areas", "ours_s": 1.0, "peer": "loop", "peer_s": 90.0}]
    was = [rows[0] | {"ours_s": 0.5}]
    assert tables.layer_rows({"n": 1, "rows": rows}, {"n": 1, "rows": was})[1][0][-1] == "180 ▼ slower"


def test_the_exponent_of_what_grows_with_the_square_is_two():
    sizes = [Size(n, 3 * n**2, 1) for n in (10, 100, 1_000)]
    assert growth.exponent(sizes, lambda size: size.seconds) == pytest.approx(2)


def test_growth_leaves_out_what_is_not_known():
    head, rows = tables.growth_rows(GROWTH)
    at = head.index("time ~ n^")
    assert [row[at:] for row in rows] == [["1.00", "9,537 MiB at 100,000", "2.00"], ["", "", ""], ["", "", ""]]


def test_a_section_is_replaced_and_the_others_stay(kept):
    record.write({"overlay": OVERLAY, "growth": GROWTH}, record.machine())
    record.write(
        {"overlay": OVERLAY | {"differ": ["DuckDB, rail: 1 pairs more, 0 less"]}},
        {"when": "then", "machine": "9 cores", "versions": ""},
    )
    text = (kept / "README.md").read_text()
    assert "| system | index | queue | zones | all | times ours | load apart |" in text
    assert "| PostGIS, GiST | 1 | 10 | 9 | 20 | 20 | 3.0 |" in text
    assert "Other pairs: DuckDB, rail: 1 pairs more, 0 less" in text
    assert "Absent: duckdb: not installed" in text
    assert "then · 9 cores" in text
    assert "| Guatu | 0.01 |" in text
    assert set(record.read()) == {"overlay", "growth"}
    ElementTree.parse(kept / "growth.svg")  # noqa: S314  our own file


def test_the_record_is_not_written_over_with_some_rivals_alone(kept):
    done = CliRunner().invoke(app(), ["--only", "shapely", "--write"])
    assert done.exit_code == 2
    assert "all rivals or none" in done.output
    assert not (kept / "last.json").exists()


def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(main)
    return made


def test_a_chart_has_a_line_a_system_and_every_point():
    chart = plot.svg({"Seconds": {"a & b": [(10.0, 0.5), (1_000.0, 50.0)], "c": [(10.0, 2.0), (100.0, 3.0)]}})
    root = ElementTree.fromstring(chart)  # noqa: S314  our own file
    space = "{http://www.w3.org/2000/svg}"
    points = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in root.iter(f"{space}circle")]
    assert len(points) == 4
    assert points[0][0] < points[1][0]
    assert points[0][1] > points[1][1]
    assert "a & b" in [text.text for text in root.iter(f"{space}text")]
