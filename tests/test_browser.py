"""A user's walk through every screen, in both languages, on a desktop and on a phone, with the network shut."""

import io
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import DESKTOP, PHONE, ROOT

SCREENS = ("", "land", "rivers", "overlaps", "checks")
SIZES = {"1440": DESKTOP, "390": PHONE}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_opens_and_fits_its_window(visit, screen, language, size):
    window = visit(SIZES[size]).open(f"{screen}?lang={language}")
    window.until("Object.values(guatu.inspect().layers).every((layer) => layer.state !== 'loading')")
    layers = window.map("guatu.inspect()")["layers"]
    assert all(layer["error"] is None and layer["count"] for layer in layers.values()), layers
    body = window.page.inner_text("body")
    assert ("示意数据 非实测" if language == "zh" else "Schematic, not surveyed") in body
    assert not re.search("Traceback|Error:", body)
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_english_screens_hold_no_stray_chinese_headings(visit):
    window = visit().open("land?lang=en")
    buttons = window.page.locator("button, a, label").all_inner_texts()
    assert [text for text in buttons if re.search("[一-鿿]", text) and text != "中文"] == []


@pytest.mark.parametrize("screen", SCREENS)
def test_the_map_takes_most_of_the_first_screen(visit, screen):
    window = visit().open(screen)
    box = window.page.locator("iframe").bounding_box()
    visible = box["width"] * min(box["height"], 900 - box["y"])
    assert visible >= 0.6 * 1440 * 900


def test_on_a_phone_the_map_is_on_the_first_screen_and_buttons_fit_a_thumb(visit):
    window = visit(PHONE).open("rivers")
    assert window.page.locator("iframe").bounding_box()["y"] < 844 / 2
    heights = [link.bounding_box()["height"] for link in window.page.locator(".st-key-nav a").all()]
    assert min(heights) >= 44


def test_the_figures_stand_above_the_map_with_their_verdicts(visit):
    page = visit().open().page
    shown = page.locator(".figures").inner_text()
    for words in ("380.00", "108.6", "209.00", "55.0", "40,000", "4.16", "上报 380 亩", "✓ 一致"):
        assert words in shown


def test_panning_and_zooming_rerun_nothing_and_write_the_address(visit):
    window = visit().open()
    window.settle()
    sent, frame_mark = window.sent, window.map("(window.mark = 1)")
    box = window.page.locator("iframe").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    window.page.mouse.move(*middle)
    window.page.mouse.down()
    window.page.mouse.move(middle[0] - 150, middle[1] + 60, steps=6)
    window.page.mouse.up()
    window.page.mouse.wheel(0, -400)
    window.page.wait_for_timeout(1500)
    assert window.sent == sent
    assert window.map("window.mark") == frame_mark
    assert "ll=" in window.page.url
    assert "z=" in window.page.url


def test_a_link_opens_the_same_view_and_layers(visit):
    window = visit().open("?ll=31.825,119.985&z=16&off=roads")
    seen = window.map("guatu.inspect()")
    assert seen["center"] == pytest.approx([31.825, 119.985], abs=1e-4)
    assert seen["zoom"] == 16
    assert not seen["layers"]["roads"]["shown"]


def test_the_language_switch_keeps_the_view(visit):
    window = visit().open("?ll=31.825,119.985&z=16")
    window.page.get_by_role("button", name="English").click()
    window.page.wait_for_selector("text=Reported", timeout=30_000) if False else window.page.wait_for_url(
        re.compile("lang=en")
    )
    window.page.get_by_role("button", name="中文").wait_for()
    window.ready()
    assert window.map("guatu.inspect()")["center"] == pytest.approx([31.825, 119.985], abs=1e-4)
    assert "ll=" in window.page.url


@pytest.mark.parametrize("words", ["藻江河", "澡港河", "柴支浜河", "河海大学站", "HH-001"])
def test_search_finds_by_name_alias_and_number(visit, words):
    window = visit().open()
    search = window.frame.locator("input[type=search]")
    search.fill(words)
    search.press("Enter")
    window.until("guatu.inspect().selected")


def test_a_row_of_the_table_shows_on_the_map_and_the_view_stays_in_one_frame(visit):
    window = visit().open("land")
    window.settle()
    window.map("(window.mark = 7)")
    _tick(window, row=3)
    window.until("guatu.inspect().selected && guatu.inspect().selected[0] === 'revitalised_parcels'")
    assert window.map("guatu.inspect().selected") == ["revitalised_parcels", "HH-003"]
    assert window.map("window.mark") == 7
    _tick(window, row=6, column=1)
    window.until("guatu.inspect().selected[1] === 'HH-006'")
    _tick(window, row=9, column=1)
    window.until("guatu.inspect().selected[1] === 'HH-009'")


def _tick(window, row: int, column: int = 0) -> None:
    """Click the check box (0) or the first cell (1) of a row of the first table, a canvas: by place."""
    window.settle()
    box = window.page.locator("[data-testid=stDataFrame]").first.bounding_box()
    window.page.mouse.click(box["x"] + 17 + 45 * column, box["y"] + 35 * row + 17)


def test_a_click_on_the_map_selects_the_row(visit):
    window = visit().open("land?ll=31.8290,119.9823&z=18")
    window.settle()
    target = window.map(
        """(() => { const entry = guatu.app.entries.get('revitalised_parcels');
        const at = entry.items[4].feature.properties._at; guatu.app.map.setView([at[1], at[0]], 18, {animate: false});
        const p = guatu.app.map.latLngToContainerPoint([at[1], at[0]]); return [p.x, p.y]; })()"""
    )
    box = window.page.locator("iframe").bounding_box()
    window.page.wait_for_timeout(500)
    window.page.mouse.click(box["x"] + target[0], box["y"] + target[1])
    window.page.wait_for_function("() => document.querySelector('[aria-selected=true][role=row]')", timeout=30_000)
    layer, feature = window.map("guatu.inspect().selected")
    assert window.page.locator("[role=row][aria-selected=true]").first.inner_text().count(feature) == 1
    assert layer in {"revitalised_parcels", "acquisition_queue"}


def test_a_filter_narrows_map_and_table_and_keeps_the_view(visit):
    window = visit().open("land?ll=31.825,119.985&z=15")
    window.settle()
    window.map("(window.mark = 7)")
    window.page.get_by_role("button", name="筛选").click()
    window.page.get_by_role("button", name="闲置土地").click()
    window.until("guatu.inspect().layers.revitalised_parcels.count < guatu.inspect().layers.revitalised_parcels.all")
    assert window.map("guatu.inspect().layers.revitalised_parcels.count") == 3
    assert window.map("[window.mark, guatu.inspect().zoom]") == [7, 15]
    assert "显示 3 / 32" in window.page.inner_text("body")
    again = visit()
    again.open(window.page.url.removeprefix(window.address + "/"))
    again.until("guatu.inspect().layers.revitalised_parcels.count === 3")


def test_overlaps_show_pairs_union_and_clause_and_draw_them(visit):
    window = visit().open("overlaps")
    body = window.page.inner_text("body")
    assert all(words in body for words in ("对重叠", "并集(不重复计)", "条款与来源"))
    window.until("guatu.inspect().layers.overlap && guatu.inspect().layers.overlap.count > 0")
    window.until("guatu.inspect().layers['zone.rail_control'].count > 0")


def test_lines_inside_a_zone_are_drawn_counted_once_and_found_by_their_row(visit):
    window = visit().open("overlaps?a=river_segments&b=zone:river_management")
    window.until("guatu.inspect().layers.overlap && guatu.inspect().layers.overlap.count > 0")
    assert "12,789.5 米" in window.page.locator(".sums").inner_text()
    _tick(window, row=1)
    window.until("guatu.inspect().selected && guatu.inspect().selected[0] === 'overlap'")


def test_the_coordinates_below_the_map_are_those_of_its_centre(visit):
    window = visit().open("?ll=31.825,119.985&z=16")
    assert "119.985000, 31.825000" in window.frame.locator(".guatu-where").inner_text()
    window.map("guatu.app.map.setView([31.83, 119.98], 15, {animate: false})")
    assert "119.980000, 31.830000" in window.frame.locator(".guatu-where").inner_text()


def test_a_finding_zooms_to_its_place(visit):
    window = visit().open("checks")
    window.settle()
    before = window.map("guatu.inspect().zoom")
    _tick(window, row=1)
    window.until("guatu.inspect().selected")
    window.page.wait_for_timeout(800)
    assert window.map("guatu.inspect().zoom") > before


def test_the_workbook_that_a_click_downloads_opens(visit, tmp_path):
    window = visit().open("land")
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="表格 XLSX").click()
    download.value.save_as(tmp_path / "land.xlsx")
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "land.xlsx").read_bytes()), data_only=True)
    assert [sheet.title for sheet in book] == ["1 指标", "2 盘活存量土地", "3 拟收储地块"]


def test_the_offline_map_that_a_click_downloads_opens_from_disk_and_asks_nobody(visit, tmp_path):
    window = visit().open()
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="离线地图 HTML").click()
    path = tmp_path / "map.html"
    download.value.save_as(path)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.page.goto(path.as_uri())
    window.page.wait_for_function("() => window.guatu && guatu.opened")
    layers = window.page.evaluate("async () => { await guatu.ready; return guatu.inspect().layers; }")
    assert layers["revitalised_parcels"]["count"] == 32
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert "示意数据 非实测" in window.page.inner_text("body")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with its own folders: a copy of the data, no layers yet, and the settings that name them."""
    shutil.copytree(ROOT / "data" / "geojson", tmp_path / "geojson")
    (tmp_path / "layers").mkdir()
    settings = tmp_path / "guatu.toml"
    settings.write_text('data = "geojson"\nlayers = ["layers"]\n', encoding="utf-8")
    return settings


def test_a_sixth_layer_added_while_the_app_runs_is_on_map_checks_figures_and_exports(visit, serve, office):
    window = visit(served=serve(office)).open()
    assert "drains" not in window.map("guatu.inspect()")["layers"]
    sixth = ROOT / "tests" / "sixth_layer"
    shutil.copy(sixth / "drains.geojson", office.parent / "geojson")
    shutil.copy(sixth / "drains.py", office.parent / "layers")
    window.open()
    assert window.map("guatu.inspect()")["layers"]["drains"]["count"] == 2
    assert "疏通管网" in window.page.locator(".figures").inner_text()
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="表格 XLSX").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert any("地下管网" in name for name in book.sheetnames)
    window.open("checks")
    window.until("guatu.inspect().layers['findings.drains'].count === 1")


def _rewrite(office: Path, key: str, change) -> None:
    path = office.parent / "geojson" / f"{key}.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    change(collection)
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def test_hostile_names_are_shown_as_text_everywhere(visit, serve, office):
    script = "<img src=x onerror=alert(1)><script>alert(2)</script>"

    def spoil(collection):
        for feature in collection["features"]:
            feature["properties"]["name"] = script

    _rewrite(office, "revitalised_parcels", spoil)
    _rewrite(office, "roads", spoil)
    served = serve(office)
    window = visit(served=served).open("land?sel=revitalised_parcels:HH-001&z=17")
    window.until("guatu.inspect().selected")
    window.frame.get_by_text("<img src=x onerror").first.wait_for()
    for screen in ("", "overlaps", "checks"):
        visit(served=served).open(screen)


def test_empty_broken_and_missing_layers_are_said_and_the_rest_still_works(visit, serve, office):
    def empty(collection):
        collection["features"] = []

    _rewrite(office, "dredged_stretches", empty)
    (office.parent / "geojson" / "roads.geojson").write_text("{not json", encoding="utf-8")
    (office.parent / "geojson" / "water.geojson").unlink()
    served = serve(office)
    for screen in SCREENS:
        window = visit(served=served).open(screen)
        body = window.page.inner_text("body")
        assert "2 个图层未能载入:水面、道路" in body
        assert "Traceback" not in body
        assert window.map("guatu.inspect()")["layers"]["revitalised_parcels"]["count"] == 32


def test_a_shifted_basemap_is_refused_on_screen_and_the_map_still_opens(visit, serve, office):
    shifted = '[[basemaps]]\ntitle = "高德"\nurl = "x/{z}/{x}/{y}"\nattribution = "-"\ndatum = "GCJ-02"\n'
    office.write_text(office.read_text(encoding="utf-8") + shifted, encoding="utf-8")
    window = visit(served=serve(office)).open()
    assert "约 500 米" in window.page.inner_text("body")


def test_spoilt_settings_are_a_sentence_on_the_screen(visit, serve, office):
    served = serve(office)
    office.write_text("colour = 'red'", encoding="utf-8")
    window = visit(served=served).open(ready=False)
    window.page.get_by_text("未知项").wait_for(timeout=15_000)
    assert "Traceback" not in window.page.inner_text("body")
