"""A layer of a thousand parcels and a check that takes its time, as the browser shows them."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from conftest import PHONE, ROOT, Served, Visit
from ground import grid

from guatu.paging import PAGE_ROWS

COUNT, SIDE = 1000, 40
TURNED_S = 30_000
IDS = [f"HH-{number:04d}" for number in range(COUNT)]


@pytest.fixture(scope="module")
def parcels() -> gpd.GeoDataFrame:
    told = {"name": [f"地块{number}" for number in range(COUNT)], "kind": "idle", "counted_year": 2017}
    shapes = grid(25, COUNT // 25, SIDE).to_crs(4490)
    return gpd.GeoDataFrame({"parcel_id": IDS, **told, "source": "-", "geom_basis": "surveyed"}, geometry=shapes)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory, parcels: gpd.GeoDataFrame) -> Iterator[Served]:
    """An office whose only layer holds a thousand parcels, in a GeoParquet file."""
    home = tmp_path_factory.mktemp("office")
    parcels.to_parquet(home / "revitalised_parcels.parquet")
    (home / "guatu.toml").write_text('data = "."\n', encoding="utf-8")
    served = Served(home / "guatu.toml")
    yield served
    served.stop()


def first_row(window: Visit, holds: str) -> None:
    """Wait until the first row of the table holds a text."""
    rows = "document.querySelectorAll('[data-testid=stDataFrame] tbody [role=row]')"
    window.page.wait_for_function(f"() => {rows}[0] && {rows}[0].innerText.includes('{holds}')", timeout=TURNED_S)


def click_cell(window: Visit, row: int) -> None:
    """Click the first cell of a row of the table, a canvas: by place; row 0 is the head."""
    window.settle()
    box = window.page.locator("[data-testid=stDataFrame]").first.bounding_box()
    window.page.mouse.click(box["x"] + 62, box["y"] + 35 * row + 17)


def says(window: Visit, words: str) -> None:
    window.page.get_by_text(words, exact=False).first.wait_for(timeout=TURNED_S)


def test_a_long_table_comes_page_by_page_and_its_total_is_of_all_rows(visit, long):
    window = visit(served=long).open("land")
    says(window, f"第 1–{PAGE_ROWS} 行,共 1,000 行")
    says(window, "显示 1,000 / 1,000 个,合计 2,4")
    first_row(window, "HH-0000")
    window.page.get_by_test_id("stPagination").get_by_role("button", name="5").click()
    says(window, "第 801–1,000 行,共 1,000 行")
    first_row(window, "HH-0800")
    click_cell(window, row=3)
    window.until("guatu.inspect().selected && guatu.inspect().selected[1] === 'HH-0802'")
    says(window, "第 801–1,000 行,共 1,000 行")


def test_a_search_and_a_sort_reach_every_page(visit, long):
    window = visit(served=long).open("land")
    first_row(window, "HH-0000")
    click_cell(window, row=0)
    head = "document.querySelector('[data-testid=stDataFrame] [role=columnheader]')"
    window.page.wait_for_function(f"() => {head} && {head}.innerText.includes('▲')", timeout=TURNED_S)
    click_cell(window, row=0)
    first_row(window, "HH-0999")
    search = window.page.get_by_placeholder("在全部 1,000 行中查找")
    search.fill("地块77")
    search.press("Enter")
    says(window, "第 1–11 行,共 11 行")
    first_row(window, "HH-0779")
    search.fill("<img src=x onerror=alert(1)>")
    search.press("Enter")
    says(window, "没有找到“<img src=x")


def test_the_page_turns_to_what_is_selected_on_the_map(visit, long, parcels):
    window = visit(served=long).open("land")
    first_row(window, "HH-0000")
    window.until("guatu.inspect().layers.revitalised_parcels.state !== 'loading'")
    window.settle()
    at = parcels.geometry.iloc[700].centroid
    target = window.map(
        f"""(() => {{ const at = [{at.y}, {at.x}]; guatu.app.map.setView(at, 18, {{animate: false}});
        const p = guatu.app.map.latLngToContainerPoint(at); return [p.x, p.y]; }})()"""
    )
    window.page.wait_for_timeout(500)
    box = window.page.locator("iframe").bounding_box()
    window.page.mouse.click(box["x"] + target[0], box["y"] + target[1])
    says(window, "第 601–800 行,共 1,000 行")
    assert window.map("guatu.inspect().selected[1]") in IDS[600:800]


def test_the_workbook_holds_all_rows_and_not_only_the_page(visit, long):
    window = visit(served=long).open("land")
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="表格 XLSX").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()), data_only=True).worksheets[1]
    column = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert [value for value in column if str(value).startswith("HH-")] == IDS


def test_a_long_table_fits_a_phone_and_its_buttons_a_thumb(visit, long):
    window = visit(PHONE, served=long).open("land?lang=en")
    says(window, "rows 1–200 of 1,000")
    buttons = window.page.get_by_test_id("stPagination").get_by_role("button").all()
    assert min(button.bounding_box()["height"] for button in buttons) >= 44
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


RULE = """
def _opened(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    with (Path(__file__).parent / "runs").open("a") as runs:
        runs.write("run ")
    with (Path(__file__).parent / "gate").open() as gate:
        gate.readline()
    return frame.index


"""
DECLARED = """rules=(
        Rule(key="gate", title=Text("闸门", "Gate"), says=Text("开了闸。", "The gate was opened."),
             reason=REPORT, source=REPORT, broken=_opened),
    ),
    style=Style("""


class Gate:
    """A check that ends each time the gate is opened."""

    def __init__(self, home: Path) -> None:
        self.home = home
        os.mkfifo(home / "gate")
        self.pipe = os.open(home / "gate", os.O_RDWR)

    def open(self) -> None:
        os.write(self.pipe, b"open\n")

    @property
    def runs(self) -> int:
        path = self.home / "runs"
        return path.read_text(encoding="utf-8").count("run") if path.exists() else 0


@pytest.fixture
def gated(tmp_path: Path, serve: Callable[[Path], Served]) -> Iterator[tuple[Served, Gate]]:
    """An office with a small layer and a larger one whose check waits at a gate."""
    sixth = (ROOT / "tests" / "sixth_layer" / "drains.py").read_text(encoding="utf-8")
    head = "from pathlib import Path\nimport geopandas as gpd\nimport pandas as pd\nfrom gis.layer import Rule\n"
    slow = sixth.replace("\nLAYER =", f"{RULE}\nLAYER =").replace("style=Style(", DECLARED)
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "drains.py").write_text(
        slow.replace("from gis import area\n", f"from gis import area\n{head}")
    )
    (tmp_path / "geojson").mkdir()
    shutil.copy(ROOT / "tests" / "sixth_layer" / "drains.geojson", tmp_path / "geojson")
    shutil.copy(ROOT / "data" / "geojson" / "study_area.geojson", tmp_path / "geojson")
    settings = tmp_path / "guatu.toml"
    settings.write_text('data = "geojson"\nlayers = ["layers"]\n', encoding="utf-8")
    gate = Gate(tmp_path / "layers")
    yield serve(settings), gate
    os.close(gate.pipe)


def test_checks_run_once_behind_the_screens_and_show_what_is_ready_and_how_far_they_are(visit, gated):
    served, gate = gated
    window = visit(served=served).open("checks")
    says(window, "正在检查")
    says(window, "地下管网 · 闸门")
    says(window, "(尚未查完)")
    assert window.page.get_by_text("没有发现问题").count() == 0
    other = visit(served=served).open()
    other.page.locator(".figures").wait_for()
    other.open("checks")
    says(other, "地下管网 · 闸门")
    gate.open()
    for one in (window, other):
        one.page.get_by_role("button", name="地下管网").wait_for(timeout=TURNED_S)
        one.page.get_by_text("正在检查").wait_for(state="detached", timeout=TURNED_S)
        one.page.get_by_text("(尚未查完)").wait_for(state="detached", timeout=TURNED_S)
    assert gate.runs == 1


def test_a_check_can_be_stopped_and_gone_on_with(visit, gated):
    served, gate = gated
    window = visit(served=served).open("checks")
    says(window, "地下管网 · 闸门")
    window.page.get_by_role("button", name="停止检查").click()
    says(window, "检查已停止,以下图层没有查完:地下管网")
    window.page.get_by_text("正在检查").wait_for(state="detached", timeout=TURNED_S)
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="表格 XLSX").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()), data_only=True)
    assert "以下图层尚未查完:地下管网" in book.worksheets[1].cell(2, 1).value
    gate.open()
    gate.open()
    window.page.get_by_role("button", name="继续检查").click()
    window.page.get_by_role("button", name="地下管网").wait_for(timeout=TURNED_S)
    window.page.get_by_text("检查已停止").wait_for(state="detached", timeout=TURNED_S)
