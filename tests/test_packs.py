"""Quick exports: what they hold when another program opens them."""

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import box

from gis.units import half_up
from guatu import tables
from guatu.packs.geojson import geojson
from guatu.packs.workbook import workbook
from guatu.room import open_room

ROOM = open_room()
LAYERS = list(ROOM.layers())


def book_of(key: str, language: str = "zh") -> bytes:
    table = tables.of_layer(ROOM.layer(key), ROOM.frame(key), language)
    return workbook([table], ROOM.snapshot(), language)


@pytest.mark.parametrize("key", LAYERS)
def test_every_layer_exports_as_a_workbook_with_one_row_a_feature(key):
    sheet = openpyxl.load_workbook(io.BytesIO(book_of(key)), data_only=True).worksheets[0]
    assert ROOM.snapshot() in sheet["A2"].value
    ids = [row[0] for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]]
    assert ids[: len(ROOM.frame(key))] == list(ROOM.frame(key).index)


def test_a_schematic_layer_says_so_on_the_sheet():
    assert "示意数据 非实测" in openpyxl.load_workbook(io.BytesIO(book_of("roads"))).worksheets[0]["A2"].value


def test_the_total_is_a_formula_with_its_value_cached_and_the_residue_stands_below():
    rows = pd.read_excel(io.BytesIO(book_of("revitalised_parcels")), header=3)
    total = rows[rows.iloc[:, 0] == "合计"].iloc[0]
    residue = rows[rows.iloc[:, 0].astype(str).str.startswith("尾差")].iloc[0]
    parcels = rows["面积 (亩)"].iloc[: len(ROOM.frame("revitalised_parcels"))]
    assert half_up(total["面积 (亩)"], 2) == 380.00
    shown = sum(half_up(value, 2) for value in parcels)
    assert residue["面积 (亩)"] == pytest.approx(380.00 - shown, abs=1e-9)


def test_libreoffice_opens_the_workbook_and_shows_the_total(tmp_path: Path):
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("GUATU_CI"):
            pytest.fail("LibreOffice isn't installed: .ci/run installs it")
        pytest.skip("LibreOffice isn't installed")
    path = tmp_path / "book.xlsx"
    path.write_bytes(book_of("revitalised_parcels"))
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true",
            "--outdir",
            tmp_path,
            path,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    line = next(
        line for line in (tmp_path / "book.csv").read_text(encoding="utf-8").splitlines() if line.startswith("合计")
    )
    assert "380.00" in line


def test_text_that_looks_like_a_formula_stays_text():
    frame = ROOM.frame("roads").head(1).assign(name='=HYPERLINK("x")')
    book = workbook([tables.of_layer(ROOM.layer("roads"), frame, "zh")], "v", "zh")
    cell = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]["B5"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def test_an_empty_table_is_still_a_workbook():
    frame = ROOM.frame("roads").head(0)
    book = workbook([tables.of_layer(ROOM.layer("roads"), frame, "zh")], "v", "zh")
    assert openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].max_row == 4


@pytest.mark.parametrize("key", LAYERS)
def test_every_layer_reads_back_from_geojson_as_it_was(key):
    frame = ROOM.frame(key)
    back = gpd.read_file(io.BytesIO(geojson(ROOM.layer(key), frame, "v1")))
    assert back.crs.to_epsg() == 4490
    assert list(back[ROOM.layer(key).id]) == list(frame.index)
    moved_m = back.geometry.to_crs(4549).hausdorff_distance(gpd.GeoSeries(frame.geometry.to_crs(4549).array, crs=4549))
    assert moved_m.max() < 0.001


def test_geojson_names_its_version_and_basis():
    about = json.loads(geojson(ROOM.layer("roads"), ROOM.frame("roads"), "abc"))["guatu"]
    assert about["snapshot"] == "abc"
    assert about["notes"] == ["示意数据 非实测"]


def test_sheet_names_survive_forbidden_letters_and_length():
    table = tables.Table(
        title="a/b:c*" + "长" * 40, columns=(tables.Column(key="x", label="x"),), rows=pd.DataFrame({"x": []})
    )
    names = openpyxl.load_workbook(io.BytesIO(workbook([table, table], "v", "zh"))).sheetnames
    assert len(set(names)) == 2


def test_numbers_in_a_table_of_a_square_are_those_of_the_square():
    layer = ROOM.layer("study_area")
    frame = gpd.GeoDataFrame(
        {"area_id": ["a"], "name": ["n"], "source": [None], "note": [None], "geom_basis": ["surveyed"]},
        geometry=gpd.GeoSeries([box(500_000, 3_500_000, 500_100, 3_500_100)], crs=4549).to_crs(4490),
    )
    table = tables.of_layer(layer, frame, "en")
    assert table.rows["mu"].iloc[0] == pytest.approx(15, abs=1e-5)
    assert table.notes == ()
