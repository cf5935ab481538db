import json
import socket
import threading
import time
from types import MappingProxyType, SimpleNamespace
from urllib.parse import parse_qsl

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import uvicorn
from pyproj import Geod
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit_folium import _get_feature_group_string, _get_map_string

from gis import area, units
from gis.errors import DataError, SettingsError
from gis.layer import Field, Layer, Paint, Style
from gis.text import Text, same
from guatu.maps import assets, basemaps, drawings, web
from guatu.maps.features import features
from guatu.maps.page import page
from guatu.maps.routes import routes
from guatu.maps.source import Source
from guatu.maps.spec import script
from guatu.settings import Basemap

EVIL = "<img src=x onerror=window.hacked=1>"
WEST, SOUTH = 119.98, 31.82
STEP = 0.001


def square(column, row, size=STEP * 0.9):
    return shapely.box(WEST + column * STEP, SOUTH + row * STEP, WEST + column * STEP + size, SOUTH + row * STEP + size)


PARCELS = Layer(
    key="parcels",
    title=Text("地块", "Parcels"),
    about=same("-"),
    group=Text("土地", "Land"),
    geometry="polygon",
    id="no",
    name="name",
    aliases="aliases",
    source=same("-"),
    fields=(
        Field(key="no", label=Text("编号", "No.")),
        Field(key="name", label=Text("名称", "Name")),
        Field(key="aliases", label=Text("别名", "Aliases")),
        Field(
            key="kind", label=Text("类别", "Kind"), choices={"idle": Text("闲置", "Idle"), "used": Text("在用", "Used")}
        ),
        Field(key="price", label=Text("价格", "Price"), kind="number", unit="m3"),
        Field(key="day", label=Text("日期", "Day"), kind="date"),
    ),
    style=Style(
        paint=Paint(colour="#4D4D4D"),
        by="kind",
        classes={
            "idle": Paint(colour="#8A5A00", fill="#F0B840", hatch="/"),
            "used": Paint(colour="#00523C", dash="4 2"),
        },
        label="name",
        label_zoom=12,
    ),
)
GATES = Layer(
    key="gates",
    title=Text("出入口", "Gates"),
    about=same("-"),
    group=Text("轨道", "Rail"),
    geometry="point",
    id="no",
    name="name",
    source=same("-"),
    order=5,
    shown=False,
    fields=(Field(key="no", label=same("no")), Field(key="name", label=same("name"))),
    style=Style(paint=Paint(colour="#FFFFFF", fill="#4B2E83")),
)
MANY = Layer(
    key="many",
    title=Text("众多", "Many"),
    about=same("-"),
    group=Text("土地", "Land"),
    geometry="polygon",
    id="no",
    name="no",
    source=same("-"),
    order=70,
    fields=(Field(key="no", label=same("no")),),
    style=Style(paint=Paint(colour="#777777")),
)
BROKEN = Layer(
    key="broken",
    title=Text("坏图层", "Broken"),
    about=same("-"),
    group=Text("土地", "Land"),
    geometry="polygon",
    id="no",
    name="no",
    source=same("-"),
    fields=(Field(key="no", label=same("no")),),
    style=Style(paint=Paint(colour="#777777")),
)


def parcels():
    rows = {
        "no": ["P1", "P2", "P3"],
        "name": ["藻江河边", EVIL, "中间地块"],
        "aliases": ["澡港河;老藻江河", None, None],
        "kind": ["idle", "used", "used"],
        "price": [1234.5, np.nan, np.inf],
        "day": ["2017-05-01", None, None],
        "geom_basis": ["schematic"] * 3,
    }
    return gpd.GeoDataFrame(
        rows, geometry=[square(0, 0), square(2, 0), square(1, 2)], index=pd.Index(rows["no"]), crs="EPSG:4490"
    )


def gates():
    rows = {"no": ["G1", "G2"], "name": ["一号口", "二号口"], "geom_basis": ["surveyed"] * 2}
    places = [shapely.Point(WEST + 0.004, SOUTH), shapely.Point(WEST + 0.004, SOUTH + 0.002)]
    return gpd.GeoDataFrame(rows, geometry=places, index=pd.Index(rows["no"]), crs="EPSG:4490")


def many(count=2100):
    side = int(np.ceil(np.sqrt(count)))
    shapes = [square(6 + i % side / 20, i // side / 20, STEP / 25) for i in range(count)]
    return gpd.GeoDataFrame(
        {"no": [f"M{i}" for i in range(count)], "geom_basis": "schematic"},
        geometry=shapes,
        index=pd.Index([f"M{i}" for i in range(count)]),
        crs="EPSG:4490",
    )


class TryRoom:
    """As much of a room as the map's routes ask for, with frames made in code."""

    frames = MappingProxyType({"parcels": parcels(), "gates": gates(), "many": many()})

    def layers(self):
        return {layer.key: layer for layer in (PARCELS, GATES, MANY, BROKEN)}

    def layer(self, key):
        return self.layers()[key]

    def zones(self):
        return {}

    def stamp(self, key):
        if key == "broken":
            raise DataError(Text("图层没有数据文件。", "The layer has no data."))
        return f"stamp-{key}"

    def frame(self, key):
        return self.frames[key]


ROOM = TryRoom()
SOURCES = [Source.of(PARCELS, "stamp-parcels"), Source.of(GATES, "stamp-gates"), Source.of(BROKEN, "none")]


def collection(frame, layer):
    return json.loads(features(frame, layer.fields, name=layer.name))["features"]


# --- features -------------------------------------------------------------------------------------------------------


def test_the_numbers_of_a_feature_are_those_of_the_engine():
    found = collection(parcels(), PARCELS)
    for feature, m2 in zip(found, area.areas(parcels().geometry), strict=True):
        told = feature["properties"]
        assert told["_m2"] == units.half_up(m2, 2)
        assert told["_mu"] == units.half_up(units.mu(m2), 2)
        assert told["_ha"] == units.half_up(units.hectares(m2), 4)


def test_a_line_tells_its_length():
    line = gpd.GeoDataFrame(
        {"no": ["L"]}, geometry=[shapely.LineString([(WEST, SOUTH), (WEST + 0.01, SOUTH)])], crs="EPSG:4490"
    )
    told = collection(line, MANY)[0]["properties"]
    assert told["_m"] == units.half_up(area.lengths(line.geometry).iloc[0], 1)
    assert "_m2" not in told


def test_missing_values_are_left_out_and_no_number_is_invalid():
    first, second, third = (feature["properties"] for feature in collection(parcels(), PARCELS))
    assert first["price"] == 1234.5
    assert first["day"] == "2017-05-01"
    assert "price" not in second
    assert "price" not in third
    assert "aliases" not in second
    assert second["_name"] == EVIL
    assert first["kind"] == "idle"


def test_shapes_that_are_missing_empty_or_not_finite_stay_off_the_map():
    frame = parcels()
    frame.geometry = [None, shapely.Polygon(), square(0, 0)]
    assert [feature["properties"]["_id"] for feature in collection(frame, PARCELS)] == ["P3"]
    with np.errstate(invalid="ignore"):
        unplaced = shapely.Polygon([(0, 0), (np.nan, 1), (1, 1), (0, 0)])
    frame.geometry = [square(0, 0), unplaced, square(2, 0)]
    assert [feature["properties"]["_id"] for feature in collection(frame, PARCELS)] == ["P1", "P3"]
    assert collection(parcels().iloc[:0], PARCELS) == []


def test_coordinates_have_at_most_seven_decimals():
    shape = shapely.box(WEST + 1e-9, SOUTH, WEST + 1 / 3, SOUTH + 1 / 7)
    frame = gpd.GeoDataFrame({"no": ["A"]}, geometry=[shape], crs="EPSG:4490")
    ring = collection(frame, MANY)[0]["geometry"]["coordinates"][0]
    assert all(round(value, 7) == value for point in ring for value in point)


def test_a_label_stands_inside_its_polygon():
    bent = shapely.Polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (0, 1)])
    shape = shapely.affinity.affine_transform(bent, [0.001, 0, 0, 0.001, WEST, SOUTH])
    frame = gpd.GeoDataFrame({"no": ["A"]}, geometry=[shape], crs="EPSG:4490")
    at = collection(frame, MANY)[0]["properties"]["_at"]
    assert shape.contains(shapely.Point(at))


def test_ten_thousand_features_are_written_within_two_seconds():
    frame = many(10_000)
    start = time.process_time()
    features(frame, MANY.fields, name="no")
    assert time.process_time() - start < 2


def test_a_finding_tells_its_place_in_both_languages_and_the_feature_it_speaks_of():
    found = gpd.GeoDataFrame(
        {
            "layer": ["parcels"], "feature": ["P1"], "rule": ["r"], "level": ["error"],
            "says": [Text("缺名称。", "No name.")], "area_m2": [1.0],
        },
        geometry=[shapely.Point(WEST, SOUTH)],
        crs="EPSG:4490",
    )  # fmt: skip
    room = SimpleNamespace(findings=lambda _: found)
    told = json.loads(drawings.of_findings(room, "parcels"))["features"][0]["properties"]
    assert told["says"] == {"zh": "缺名称。", "en": "No name."}
    assert (told["_feature"], told["level"]) == ("P1", "error")
    assert Source.of_findings("parcels", PARCELS.title, "v").spec("en")["refers"] == "parcels"


# --- the factory ----------------------------------------------------------------------------------------------------


def test_a_map_names_no_other_host():
    chart = web.build(SOURCES, "zh")
    state = web.state(selected=("parcels", "P1"), extra=[Source.of_zone("rail", same("z"), "v")])
    text = _get_map_string(chart) + _get_feature_group_string(state, chart)
    links = [url for _, url in (*chart.default_js, *chart.default_css)]
    assert "http" not in text + "".join(links)
    assert "//" not in "".join(links).replace("../../", "")
    assert not any(word in "".join(links) for word in ("jquery", "bootstrap", "awesome"))


def test_the_same_arguments_build_the_same_text():
    one, other = web.build(SOURCES, "zh"), web.build(SOURCES, "zh")
    assert _get_map_string(one) == _get_map_string(other)
    assert _get_map_string(web.build(SOURCES, "en")) != _get_map_string(web.build(SOURCES, "zh"))


def test_what_changes_is_told_in_the_state():
    chart = web.build(SOURCES, "zh")
    text = _get_feature_group_string(web.state(filters={"parcels": {"kind": ["idle"]}}, fit=(1, 2, 3, 4)), chart)
    assert '"filters":{"parcels":{"kind":["idle"]}}' in text
    assert '"fit":[1,2,3,4]' in text
    assert text.index("guatu.state(") < text.index("addLayer")


def test_nothing_said_can_close_the_script():
    assert "<" not in script({"title": "</script><script>alert(1)</script>"})
    assert json.loads(script(["</script>\u2028"])) == ["</script>\u2028"]


def test_every_asset_of_the_map_is_there():
    for name in (*assets.SCRIPTS, *assets.STYLES):
        assert assets.url(name).startswith(f"../../guatu/{name}?v=")


def test_an_asset_that_set_up_has_not_fetched_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "MODULES", tmp_path)
    with pytest.raises(DataError, match="make setup"):
        assets.url("assets/leaflet/leaflet.js")


@pytest.mark.parametrize(
    ("datum", "url"),
    [
        ("GCJ-02", "/tiles/{z}/{x}/{y}.png"),
        ("gcj_02", "/tiles/{z}/{x}/{y}.png"),
        ("BD-09", "/tiles/{z}/{x}/{y}.png"),
        ("WGS84", "https://webrd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}"),
        ("CGCS2000", "https://rt0.map.gtimg.com/tile?z={z}&x={x}&y={y}"),
        ("WGS84", "https://maponline0.bdimg.com/tile/?x={x}&y={y}&z={z}"),
    ],
)
def test_a_shifted_basemap_is_refused(datum, url):
    with pytest.raises(SettingsError, match="500"):
        basemaps.specs([Basemap(title="图", url=url, attribution="-", datum=datum)])


def test_a_basemap_that_fits_is_offered_and_one_of_unknown_datum_is_not():
    fits = Basemap(title="图", url="/tiles/{z}/{x}/{y}.png", attribution="©", datum="CGCS2000")
    assert basemaps.specs([fits])[0]["url"] == fits.url
    with pytest.raises(SettingsError, match="基准"):
        basemaps.specs([Basemap(title="图", url=fits.url, attribution="©", datum="西安80")])
    with pytest.raises(SettingsError, match="x"):
        basemaps.specs([Basemap(title="图", url="/tiles", attribution="©", datum="WGS84")])


# --- in the browser -------------------------------------------------------------------------------------------------

OUTER = """<!doctype html><title>host</title><meta name="viewport" content="width=device-width,initial-scale=1">
<body style="margin:0"><iframe src="component/st/index.html" style="width:100%;height:100vh;border:0"></iframe>"""
INNER = """<!doctype html><meta name="viewport" content="width=device-width,initial-scale=1"><body>
<div id="root"><div id="parent"><div class="float-child"><div id="map_div" style="height:700px"></div></div></div></div>
<span>&nbsp;</span><script>
window.sent = []; window.Streamlit = {{ setComponentValue: (value) => sent.push(value) }};
const add = (tag, parent, values) => parent.append(Object.assign(document.createElement(tag), values));
(async () => {{
  for (const src of {js}) await new Promise((onload, onerror) =>
    add('script', document.body, {{ src, async: false, onload, onerror }}));
  for (const href of {css}) add('link', document.head, {{ rel: 'stylesheet', href }});
  add('script', document.body, {{ textContent: {map} + '\\nwindow.map = map_div;' }});
  window.tell = (text) => (0, eval)(text);
  tell({state});
}})();
</script>"""


def state_text(**told):
    return _get_feature_group_string(web.state(**told), web.build(SOURCES, "zh")).replace(
        "var feature_group", "feature_group"
    )


def inner(request):
    tiles = [Basemap(title="内网影像", url="../../tiles/{z}/{x}/{y}.png", attribution="© 测绘院", datum="CGCS2000")]
    chart = web.build(
        [*SOURCES, Source.of(MANY, "stamp-many")], "zh", basemaps=tiles if "basemap" in request.query_params else []
    )
    js, css = ([url for _, url in links] for links in (chart.default_js, chart.default_css))
    text = json.dumps(_get_map_string(chart))
    return HTMLResponse(INNER.format(js=js, css=css, map=text, state=json.dumps(state_text())))


@pytest.fixture(scope="module")
def base():
    hosts = [Route("/", lambda _: HTMLResponse(OUTER)), Route("/component/st/index.html", inner)]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[*hosts, *routes(lambda: ROOM)]), port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def opened(browser, base):
    """Open the map as streamlit-folium would; afterwards no other host was asked and no script failed."""
    contexts, foreign, failures = [], [], []

    def open_(query="", **options):
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        contexts.append(context)
        tab = context.new_page()
        tab.on("request", lambda r: foreign.append(r.url) if not r.url.startswith((base, "data:")) else None)
        tab.on("pageerror", lambda error: failures.append(str(error)))
        tab.goto(f"{base}/{query}")
        frame = tab.frame_locator("iframe")
        frame.locator(".guatu-panel").wait_for()
        inside = tab.frames[1]
        inside.evaluate("guatu.ready.then(() => 1)")
        return SimpleNamespace(tab=tab, frame=inside, inspect=lambda: inside.evaluate("guatu.inspect()"))

    yield open_
    for context in contexts:
        context.close()
    assert foreign == []
    assert failures == []


def click_at(shown, lon, lat, **options):
    point = shown.frame.evaluate(
        "([x, y]) => { const p = guatu.app.map.latLngToContainerPoint([y, x]); return [p.x, p.y]; }", [lon, lat]
    )
    shown.frame.locator("#map_div").click(position={"x": point[0], "y": point[1]}, **options)


def test_every_layer_loads_and_a_broken_one_says_why_without_blanking_the_map(opened):
    shown = opened()
    layers = shown.inspect()["layers"]
    assert {key: one["count"] for key, one in layers.items()} == {"parcels": 3, "gates": 2, "broken": 0, "many": 2100}
    assert layers["broken"]["error"] == "图层没有数据文件。"
    trouble = shown.frame.locator('[data-layer="broken"] .guatu-trouble')
    assert "未能载入: 图层没有数据文件。" in trouble.inner_text()
    assert trouble.get_by_role("button").is_visible()
    assert not layers["gates"]["shown"]


def test_text_from_data_is_never_markup(opened):
    shown = opened("?ll=31.8205,119.9815&z=17")
    click_at(shown, WEST + 2.4 * STEP, SOUTH + 0.4 * STEP)
    assert shown.frame.locator(".guatu-card h2").inner_text() == EVIL
    shown.frame.locator(".guatu-search input").fill("img")
    assert EVIL in shown.frame.locator(".guatu-result").inner_text()
    shown.tab.wait_for_timeout(200)
    assert shown.frame.evaluate("window.hacked") is None
    assert shown.frame.locator(".guatu-map img").count() == 0


def test_a_click_tells_python_and_the_answer_does_not_move_the_map(opened):
    shown = opened("?ll=31.8205,119.9810&z=16")
    click_at(shown, WEST + 0.4 * STEP, SOUTH + 0.4 * STEP)
    assert shown.frame.evaluate("sent") == [{"layer": "parcels", "feature": "P1", "count": 1}]
    card = shown.frame.locator(".guatu-card").inner_text()
    for words in ("1,234.5 方", "闲置", "2017-05-01", "示意数据 非实测", "亩", "公顷"):
        assert words in card
    shown.tab.wait_for_timeout(400)
    before = shown.inspect()
    shown.frame.evaluate(f"tell({json.dumps(state_text(selected=('parcels', 'P1')))})")
    assert shown.inspect() == before
    assert shown.frame.locator(".guatu-card").is_visible()


def test_a_selection_from_python_shows_the_layer_and_goes_there(opened):
    shown = opened()
    shown.frame.evaluate(f"tell({json.dumps(state_text(selected=('gates', 'G2')))})")
    shown.frame.wait_for_function("guatu.inspect().selected")
    now = shown.inspect()
    assert now["selected"] == ["gates", "G2"]
    assert now["layers"]["gates"]["shown"]
    assert now["zoom"] <= 18
    assert now["center"] == pytest.approx([SOUTH + 0.002, WEST + 0.004], abs=0.002)
    assert shown.frame.evaluate("sent") == []
    shown.frame.evaluate(f"tell({json.dumps(state_text())})")
    shown.frame.wait_for_function("!guatu.inspect().selected")


@pytest.mark.parametrize("query", ["藻江河", "澡港河", "老藻江河", "p1"])
def test_search_finds_by_name_number_and_alias(opened, query):
    shown = opened()
    box = shown.frame.locator(".guatu-search input")
    box.fill(query)
    assert "藻江河边" in shown.frame.locator(".guatu-result").first.inner_text()
    box.press("Enter")
    assert shown.inspect()["selected"] == ["parcels", "P1"]
    assert shown.frame.locator(".guatu-card h2").inner_text() == "藻江河边"


def test_search_reaches_hidden_layers_and_says_when_nothing_is_found(opened):
    shown = opened()
    box = shown.frame.locator(".guatu-search input")
    box.fill("没有这样的")
    assert "没有找到“没有这样的”" in shown.frame.locator(".guatu-results").inner_text()
    box.fill("二号口")
    shown.frame.locator(".guatu-result").click()
    assert shown.inspect()["layers"]["gates"]["shown"]


def test_search_waits_for_the_input_method(opened):
    shown = opened()
    shown.frame.evaluate(
        """() => { const box = document.querySelector('.guatu-search input'); box.focus(); box.value = 'zhong';
        box.dispatchEvent(new InputEvent('input', { isComposing: true, bubbles: true }));
        box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })); }"""
    )
    assert shown.frame.locator(".guatu-results").is_hidden()
    assert shown.inspect()["selected"] is None
    shown.frame.evaluate(
        """() => { const box = document.querySelector('.guatu-search input'); box.value = '中间';
        box.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true })); }"""
    )
    assert "中间地块" in shown.frame.locator(".guatu-result").inner_text()


def test_a_filter_hides_features_and_the_legend_counts_what_is_left(opened):
    shown = opened()
    shown.frame.evaluate(f"tell({json.dumps(state_text(filters={'parcels': {'kind': ['used']}}))})")
    shown.frame.wait_for_function("guatu.inspect().layers.parcels.count === 2")
    assert shown.frame.locator('[data-layer="parcels"] label .guatu-count').inner_text() == "2 / 3"
    shown.frame.evaluate(f"tell({json.dumps(state_text())})")
    shown.frame.wait_for_function("guatu.inspect().layers.parcels.count === 3")


def test_a_known_square_measures_within_a_ten_thousandth(opened):
    shown = opened("?ll=31.8205,119.9805&z=18")
    shown.frame.get_by_title("量算").click()
    corners = [(WEST + x, SOUTH + y) for x, y in ((0, 0), (0.0009, 0), (0.0009, 0.0009), (0, 0.0009))]
    for corner in corners:
        click_at(shown, *corner, delay=10)
    found = shown.inspect()
    ring = shapely.Polygon(found["points"])
    expected, length = Geod(ellps="GRS80").geometry_area_perimeter(ring)
    assert len(found["points"]) == 4
    assert found["measured"]["area"] == pytest.approx(abs(expected), rel=1e-9)
    assert found["measured"]["length"] < length
    whole = shown.frame.evaluate(
        "p => guatu.measure.of(p.map(([lng, lat]) => ({ lng, lat })))", [list(c) for c in corners]
    )
    frame = gpd.GeoSeries([shapely.Polygon(corners)], crs="EPSG:4490")
    assert whole["area"] == pytest.approx(area.areas(frame).iloc[0], rel=1e-4)
    assert "亩" in shown.frame.locator(".guatu-measured").inner_text()
    assert shown.frame.get_by_text("图上量算,仅供参考").is_visible()
    assert shown.frame.evaluate("sent") == []
    shown.tab.keyboard.press("Escape")
    assert shown.frame.locator(".guatu-measure").is_hidden()


def test_quick_taps_in_different_places_are_points_of_one_path_until_it_is_done(opened):
    shown = opened("?ll=31.8205,119.9805&z=17", viewport={"width": 390, "height": 700}, is_mobile=True, has_touch=True)
    shown.frame.get_by_title("量算").tap()
    for x, y in ((150, 200), (250, 200), (250, 300), (150, 300)):
        shown.frame.locator("#map_div").tap(position={"x": x, "y": y})
    assert len(shown.inspect()["points"]) == 4
    shown.frame.get_by_text("完成").tap()
    shown.frame.locator("#map_div").tap(position={"x": 200, "y": 250})
    assert len(shown.inspect()["points"]) == 1


def test_the_view_and_the_toggles_live_in_the_address(opened):
    shown = opened("?lang=zh&other=1")
    shown.frame.evaluate("void guatu.app.map.setView([31.8210, 119.9830], 17, { animate: false })")
    shown.frame.locator('[data-layer="parcels"] input').uncheck()
    shown.frame.locator('[data-layer="gates"] input').check()
    query = shown.tab.url.split("?")[1]
    told = dict(parse_qsl(query))
    assert [float(part) for part in told.pop("ll").split(",")] == pytest.approx([31.821, 119.983], abs=1e-5)
    assert told == {"lang": "zh", "other": "1", "z": "17", "off": "parcels", "on": "gates"}
    again = opened(f"?{query}")
    now = again.inspect()
    assert now["center"] == pytest.approx([31.821, 119.983], abs=1e-5)
    assert now["zoom"] == 17
    assert not now["layers"]["parcels"]["shown"]
    assert now["layers"]["gates"]["shown"]
    assert again.frame.evaluate("sent") == []


def test_a_link_reopens_the_selection(opened):
    shown = opened("?sel=parcels:P3")
    assert shown.inspect()["selected"] == ["parcels", "P3"]
    assert shown.frame.locator(".guatu-card h2").inner_text() == "中间地块"


def test_the_pointer_reads_degrees_and_plane_metres(opened):
    shown = opened("?ll=31.8205,120&z=16")
    shown.frame.locator("#map_div").hover(position={"x": 600, "y": 400})
    shown.frame.wait_for_function("!document.querySelector('.guatu-where').textContent.includes('中心')")
    words = shown.frame.locator(".guatu-where").inner_text()
    assert "EPSG:4549" in words
    assert float(words.split(" Y ")[1]) == pytest.approx(500_000, abs=3)


def test_a_large_layer_is_drawn_on_canvas_and_still_answers_a_click(opened):
    shown = opened("?ll=31.8210,119.9871&z=18")
    assert shown.frame.locator(".leaflet-guatu-many-pane canvas").count() == 1
    click_at(shown, WEST + 6 * STEP + STEP / 50, SOUTH + STEP / 50)
    assert shown.inspect()["selected"] == ["many", "M0"]


def test_the_badge_says_that_data_are_schematic(opened):
    assert opened().frame.locator(".guatu-badge").inner_text() == "示意数据 非实测"


def test_a_phone_gets_a_folded_panel_large_targets_and_a_sheet(opened):
    shown = opened("?ll=31.8205,119.9805&z=17", viewport={"width": 390, "height": 700}, is_mobile=True, has_touch=True)
    assert shown.frame.locator(".guatu-body").is_hidden()
    small = shown.frame.evaluate(
        """[...document.querySelectorAll('.guatu-tools button, .guatu-fold')].map((b) => b.getBoundingClientRect())
        .filter((b) => b.width < 44 || b.height < 44).length"""
    )
    assert small == 0
    click_at(shown, WEST + 0.4 * STEP, SOUTH + 0.4 * STEP)
    box = shown.frame.locator(".guatu-sheet").bounding_box()
    assert box["width"] == pytest.approx(390, abs=2)
    assert box["height"] <= 352
    assert shown.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_basemap_is_off_until_chosen_and_says_when_it_fails(browser, base):
    tab = browser.new_page()
    tiles = []
    tab.on("request", lambda request: tiles.append(request.url) if "/tiles/" in request.url else None)
    tab.goto(f"{base}/component/st/index.html?basemap=1")
    tab.evaluate("guatu.ready.then(() => 1)")
    assert tiles == []
    tab.get_by_label("内网影像").check()
    tab.get_by_text("底图未能载入").wait_for()
    assert tiles
    assert tab.locator(".guatu-credit").inner_text() == "© 测绘院"
    tab.get_by_label("无底图").check()
    assert tab.locator(".leaflet-tile-pane img").count() == 0
    tab.close()


def test_a_missing_script_is_said_and_not_left_blank(browser, base):
    tab = browser.new_page()
    tab.route("**/bundle.js*", lambda route: route.abort())
    tab.goto(f"{base}/component/st/index.html")
    tab.get_by_text("地图脚本未能加载").wait_for()
    assert "bundle.js" in tab.locator("#guatu-failed").inner_text()
    tab.close()


def test_the_offline_page_works_from_disk_without_a_request(browser, tmp_path):
    own = [
        Source.of(layer, "v", data=features(frame, layer.fields, name=layer.name))
        for layer, frame in ((PARCELS, parcels()), (GATES, gates()))
    ]
    file = tmp_path / "map.html"
    file.write_text(page(own, "en", "Land & <rivers>", "Schematic </script>"), encoding="utf-8")
    tab = browser.new_page()
    asked, failures = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: failures.append(str(error)))
    tab.goto(file.as_uri())
    tab.evaluate("guatu.ready.then(() => 1)")
    assert {key: one["count"] for key, one in tab.evaluate("guatu.inspect()")["layers"].items()} == {
        "parcels": 3,
        "gates": 2,
    }
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert failures == []
    assert tab.locator("h1").inner_text() == "Land & <rivers>"
    assert tab.locator(".guatu-badge").inner_text() == "Schematic, not surveyed"
    tab.close()


def test_the_offline_page_wants_data():
    with pytest.raises(DataError, match="随附"):
        page([Source.of(PARCELS, "v")], "zh", "图", "")
