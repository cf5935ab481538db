"""A layer too large to travel whole, in a real browser: pictures from afar, vectors from near."""

import io
import shutil
from collections.abc import Iterator

import geopandas as gpd
import pytest
import shapely
from conftest import PHONE, ROOT, Served
from PIL import Image

LAYER = "revitalised_parcels"
# Squares of 40 m on the plane, so each has 1 600 m² and 2.40 亩; away from all the other layers.
EDGE_M, COLUMNS, ROWS = 40, 100, 50
EAST_M, NORTH_M = 507_000, 3_519_000
KINDS = ("idle", "factory")
PAPER, IDLE = (244, 241, 234), (241, 205, 124)  # #F4F1EA, and #F0B840 on it at 65 %


def _parcels() -> gpd.GeoDataFrame:
    cells = [(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    squares = [
        shapely.box(east, north, east + EDGE_M, north + EDGE_M)
        for east, north in ((EAST_M + EDGE_M * column, NORTH_M + EDGE_M * row) for column, row in cells)
    ]
    told = {
        "parcel_id": [f"T-{row:02d}-{column:02d}" for column, row in cells],
        "name": [f"试验地块{row}排{column}号" for column, row in cells],
        # Blocks of ten columns, so that a block is still of one colour from afar.
        "kind": [KINDS[column // 10 % 2] for column, _ in cells],
        "counted_year": 2017,
        "source": "-",
        "geom_basis": "schematic",
    }
    return gpd.GeoDataFrame(told, geometry=squares, crs=4549).to_crs(4490)


@pytest.fixture(scope="module")
def place() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of a point in each parcel, north of its label."""
    middles = _parcels().set_index("parcel_id").geometry.representative_point()
    return {key: (point.x, point.y + 0.00012) for key, point in middles.items()}


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("large")
    shutil.copytree(ROOT / "data" / "geojson", home / "geojson")
    (home / "geojson" / f"{LAYER}.geojson").write_text(_parcels().to_json(drop_id=True), encoding="utf-8")
    (home / "guatu.toml").write_text('data = "geojson"\n', encoding="utf-8")
    served = Served(home / "guatu.toml")
    yield served
    served.stop()


@pytest.fixture
def look(visit, large, place):
    """Open a screen at a parcel and a zoom; remember what the layer asked the server for."""

    def start(path: str, parcel: str, zoom: float, *size: tuple[int, int]):
        window = visit(*size, served=large)
        window.asked = []
        window.page.on("request", lambda request: window.asked.append(request.url) if LAYER in request.url else None)
        lon, lat = place[parcel]
        window.open(f"{path}?ll={lat},{lon}&z={zoom}")
        window.settle()
        _drawn(window)
        window.sent_before, window.mark = window.sent, window.map("(window.mark = 7)")
        return window

    return start


def _drawn(window) -> None:
    """Wait until the layer stands there, be it as pictures or as vectors, faded in."""
    one = f"guatu.app.entries.get('{LAYER}')"
    window.until(f"{one} && {one}.state === 'ready' && !({one}.near ? {one}.vectors : {one}.overview).isLoading()")
    window.page.wait_for_timeout(700)


def _go(window, parcel: tuple[float, float], zoom: float) -> None:
    window.map(f"void guatu.app.map.setView([{parcel[1]}, {parcel[0]}], {zoom}, {{animate: false}})")
    window.page.wait_for_timeout(200)
    _drawn(window)


def _on_screen(window, at: tuple[float, float]) -> tuple[float, float]:
    box = window.page.locator("iframe").bounding_box()
    x, y = window.map(f"Object.values(guatu.app.map.latLngToContainerPoint([{at[1]}, {at[0]}]))")
    return box["x"] + x, box["y"] + y


def _colour(window, at: tuple[float, float]) -> tuple[int, ...]:
    x, y = _on_screen(window, at)
    shot = window.page.screenshot(clip={"x": x - 1, "y": y - 1, "width": 3, "height": 3})
    return Image.open(io.BytesIO(shot)).convert("RGB").getpixel((1, 1))


def _near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 12


def _same_run(window) -> bool:
    return window.sent == window.sent_before and window.map("window.mark") == 7


def test_from_afar_come_pictures_from_near_vectors_in_the_same_colour_and_nothing_reruns(look, place):
    window = look("", "T-25-44", 13)
    assert window.map(f"guatu.inspect().layers.{LAYER}.count") == 5000
    assert any(".png" in url for url in window.asked)
    assert not any(".mvt" in url or ".geojson" in url for url in window.asked)
    assert _near(_colour(window, place["T-25-44"]), IDLE)
    _go(window, place["T-25-44"], 18.25)
    assert any(".mvt" in url for url in window.asked)
    assert window.map(f"guatu.app.entries.get('{LAYER}').near")
    assert _near(_colour(window, place["T-25-44"]), IDLE)
    window.frame.locator(".guatu-label", has_text="试验地块25排44号").wait_for()
    assert _same_run(window)


def test_what_lies_under_the_pointer_is_told_and_a_click_opens_it_and_its_link_opens_again(look, place):
    window = look("", "T-20-22", 17)
    window.page.mouse.move(*_on_screen(window, place["T-20-22"]))
    window.frame.locator(".guatu-tip", has_text="试验地块20排22号").get_by_text("2.40 亩").wait_for()
    assert _same_run(window)
    window.page.mouse.click(*_on_screen(window, place["T-20-22"]))
    window.frame.locator(".guatu-card").get_by_text("T-20-22").wait_for()
    assert "1,600.0" in window.frame.locator(".guatu-card").inner_text()
    window.open(window.page.url.removeprefix(window.address + "/"))
    window.until("guatu.inspect().selected")
    assert window.map("guatu.inspect().selected") == [LAYER, "T-20-22"]


def test_a_filter_narrows_pictures_and_vectors_and_keeps_the_view(look, place):
    window = look("land", "T-25-49", 14)
    # 44 is idle, 54 a factory.
    assert not _near(_colour(window, place["T-25-54"]), PAPER)
    window.page.get_by_role("button", name="筛选").click()
    window.page.get_by_role("button", name="闲置土地").click()
    window.until(f"guatu.app.entries.get('{LAYER}').filter")
    window.settle()
    _drawn(window)
    assert _near(_colour(window, place["T-25-54"]), PAPER)
    assert _near(_colour(window, place["T-25-44"]), IDLE)
    seen = window.map("guatu.inspect()")
    assert seen["zoom"] == 14
    assert window.map("window.mark") == 7
    _go(window, place["T-25-49"], 17)
    assert _near(_colour(window, place["T-25-50"]), PAPER)
    assert not _near(_colour(window, place["T-25-49"]), PAPER)


def test_a_parcel_of_five_thousand_is_found_by_name_on_a_phone_and_shown(look):
    window = look("", "T-00-00", 13, PHONE)
    search = window.frame.locator("input[type=search]")
    search.fill("试验地块31排7号")
    window.frame.locator(".guatu-result").first.wait_for()
    search.press("Enter")
    window.frame.locator(".guatu-sheet").get_by_text("T-31-07").wait_for()
    assert window.map("guatu.inspect().zoom") > 15


def test_tiles_that_fail_are_said_once_and_come_again_on_demand(look, place):
    window = look("", "T-25-44", 13)
    window.page.route("**/*.mvt*", lambda route: route.fulfill(status=500, json={"zh": "磁盘坏了", "en": "broken"}))
    window.map(f"void guatu.app.map.setView([{place['T-25-44'][1]}, {place['T-25-44'][0]}], 17, {{animate: false}})")
    window.until(f"guatu.inspect().layers.{LAYER}.error")
    assert window.frame.get_by_text("磁盘坏了").count() == 1
    window.page.unroute("**/*.mvt*")
    window.frame.get_by_role("button", name="重试").click()
    _drawn(window)
    assert window.map(f"guatu.inspect().layers.{LAYER}.error") is None
    assert not _near(_colour(window, place["T-25-44"]), PAPER)
