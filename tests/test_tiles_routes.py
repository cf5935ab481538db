"""Tiles and single features over HTTP: addresses, versions, caches, filters, and the one door they pass."""

import gzip
import html
import json
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import quote

import mapbox_vector_tile
import numpy as np
import parcels
import pytest
import shapely
from pyproj import Geod
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gis.errors import DataError
from guatu.maps import routes as door
from guatu.maps import sources, tiling
from guatu.maps.assets import PREFIX
from guatu.maps.cache import Cache
from guatu.maps.routes import routes
from guatu.maps.subject import Subject
from guatu.packs import page as pack
from guatu.room import ZONE
from guatu.settings import Settings

CADASTRE = Subject("layer", ("cadastre",))


@pytest.fixture(scope="module")
def shapes():
    return parcels.stars(5_000, 3_000)


@pytest.fixture(scope="module")
def room(shapes):
    return parcels.ParcelRoom(shapes)


@pytest.fixture(scope="module")
def tiles(room):
    tiling.index(room, CADASTRE)
    return sources.of_layer(room, "cadastre").spec("zh")["tiles"]


@pytest.fixture(scope="module")
def ask(room):
    client = TestClient(Starlette(routes=routes(lambda: room)))

    def asked(url, headers=None, **more):
        extra = "".join(f"&{key}={quote(str(value))}" for key, value in more.items())
        return client.get(url.replace(PREFIX, "/guatu/") + extra, headers=headers)

    return asked


def place(url, z, lon=parcels.WEST + 0.01, lat=parcels.SOUTH + 0.01):
    x = (lon + 180) / 360 * 2**z
    y = (0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * 2**z
    return url.replace("{z}/{x}/{y}", f"{z}/{int(x)}/{int(y)}")


def test_size_alone_decides_how_a_layer_travels(room):
    large, small = (sources.of_layer(room, key).spec("en") for key in ("cadastre", "few"))
    assert large["url"] is None
    assert large["tiles"]["count"] == 5_000
    assert large["tiles"]["schematic"] is True
    assert large["tiles"]["bounds"] == pytest.approx(room.frame("cadastre").total_bounds)
    assert small["tiles"] is None
    assert small["url"].startswith(f"{PREFIX}layers/few.geojson?v=")
    apart = {"key", "url", "tiles"}
    assert {key: large[key] for key in large.keys() - apart} == {key: small[key] for key in small.keys() - apart}


def test_vectors_are_served_from_the_first_zoom_and_the_overview_below_it(ask, tiles):
    first = tiles["from"]
    vector = ask(place(tiles["mvt"], first))
    assert vector.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert len(mapbox_vector_tile.decode(vector.content)["features"]["features"]) > 100
    overview = ask(place(tiles["png"], first - 1))
    assert overview.headers["content-type"] == "image/png"
    assert overview.content.startswith(b"\x89PNG")
    for answer in (vector, overview):
        assert "immutable" in answer.headers["cache-control"]
    assert ask(place(tiles["mvt"], first - 1)).status_code == 404
    assert ask(place(tiles["png"], first)).status_code == 404


def test_a_tile_travels_compressed_and_only_once(ask, tiles):
    url = place(tiles["mvt"], tiles["from"])
    packed = ask(url, {"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 0.7 * len(packed.content)
    assert ask(url, {"If-None-Match": packed.headers["etag"]}).status_code == 304


def test_an_old_version_is_answered_by_the_present_one_and_not_kept(ask, tiles):
    url = place(tiles["mvt"], tiles["from"])
    old = ask(url.split("?")[0] + "?v=old")
    assert old.headers["cache-control"] == "no-cache"
    assert old.content == ask(url).content


def test_changed_data_or_another_declaration_is_another_address(shapes, room):
    def address(changed):
        return sources.of_layer(changed, "cadastre").spec("zh")["tiles"]["mvt"]

    class Repainted(parcels.ParcelRoom):
        def layers(self):
            style = replace(parcels.LAYER.style, paint=replace(parcels.LAYER.style.paint, fill="#123456"))
            return {key: replace(layer, style=style) for key, layer in super().layers().items()}

    before = address(room)
    room.given = "2"
    assert address(room) != before
    room.given = "1"
    assert address(room) == before
    repainted = Repainted(shapes)
    repainted.stamp = room.stamp
    assert address(repainted) != before


@pytest.mark.parametrize(
    "path",
    ["tiles/cadastre/30/1/1.mvt", "tiles/cadastre/17/131072/1.mvt", "tiles/cadastre/17/-1/1.mvt",
     "tiles/cadastre/9/512/1.png", "tiles/cadastre/a/1/1.png", "tiles/cadastre/9/1/1.gif", "tiles/nothing/9/1/1.png",
     "tiles/zone:nothing/9/1/1.png", "tiles/overlap:cadastre/9/1/1.png", "tiles/findings:nothing/9/1/1.png",
     "features/nothing/at.geojson", "features/cadastre/nothing.json", "tiles/../layers/9/1/1.png"],
)  # fmt: skip
def test_a_tile_that_cannot_be_is_a_404(ask, path):
    answer = ask(f"{PREFIX}{path}?v=1", lon=1, lat=1, id="x", q="x")
    assert answer.status_code == 404
    assert set(answer.json()) == {"zh", "en"}


def test_every_answer_passes_the_one_door(ask, tiles, monkeypatch):
    seen = []
    monkeypatch.setattr(door, "_may_see", lambda _, key: seen.append(key))
    urls = [place(tiles["mvt"], tiles["from"]), place(tiles["png"], 9), tiles["at"], tiles["of"], tiles["named"],
            f"{PREFIX}layers/cadastre.geojson?v=1", f"{PREFIX}findings/cadastre.geojson?v=1",
            f"{PREFIX}overlaps/few/cadastre.geojson?v=1"]  # fmt: skip
    for url in urls:
        answer = ask(url, lon=1, lat=1)
        assert answer.status_code == 403
        assert set(answer.json()) == {"zh", "en"}
    assert set(seen) == {"cadastre", "few"}


def test_the_features_at_a_point_come_as_the_geojson_of_a_small_layer(ask, tiles, shapes):
    inside = shapely.point_on_surface(shapes[20 * 71 + 20])
    answer = ask(tiles["at"], lon=inside.x, lat=inside.y).json()
    whole = ask(f"{PREFIX}layers/cadastre.geojson?v=1").json()["features"]
    ((found,),) = [answer["features"]]
    assert found in whole
    assert found["properties"]["_mu"] > 0
    assert shapely.contains(shapely.from_geojson(json.dumps(found["geometry"])), inside)


def test_near_means_metres_on_the_ground(ask, tiles, shapes):
    geod = Geod(ellps="GRS80")
    corner = shapely.get_coordinates(shapes[0])
    lon, lat = corner[corner[:, 0].argmin()]
    for away_m, within_m, there in ((10, 9.8, False), (10, 10.2, True), (500, 499, False)):
        west, beside, _ = geod.fwd(lon, lat, 270, away_m)
        found = ask(tiles["at"], lon=west, lat=beside, within=within_m).json()["features"]
        assert ("P00000" in {one["properties"]["_id"] for one in found}) == there


def test_at_a_point_the_smallest_comes_first_and_never_more_than_twenty():
    rings = [shapely.Point(parcels.WEST, parcels.SOUTH).buffer(0.0001 * (60 - k)) for k in range(60)]
    far = parcels.stars(2_100, 3_000)
    room = parcels.ParcelRoom(np.array([*rings, *far]))
    client = TestClient(Starlette(routes=routes(lambda: room)))
    found = client.get(f"/guatu/features/cadastre/at.geojson?lon={parcels.WEST}&lat={parcels.SOUTH}").json()["features"]
    assert [one["properties"]["_id"] for one in found] == [f"P{k:05d}" for k in range(59, 39, -1)]


def test_a_filter_hides_at_a_point_too(ask, tiles, room):
    frame = room.frame("cadastre")
    label = frame.index[frame["kind"] == "idle"][10]
    at = shapely.point_on_surface(frame.geometry[label])
    for wanted, there in ((["idle"], True), (["used"], False)):
        found = ask(tiles["at"], lon=at.x, lat=at.y, f=json.dumps({"kind": wanted})).json()["features"]
        assert bool(found) == there


@pytest.mark.parametrize(
    "more",
    [{"lon": "x", "lat": 1}, {"lat": 1}, {"lon": "nan", "lat": 1}, {"lon": 1, "lat": 1, "within": "far"},
     {"lon": 1, "lat": 1, "f": "{"}, {"lon": 1, "lat": 1, "f": "[1]"}, {"lon": 1, "lat": 1, "f": '{"kind": "idle"}'},
     {"lon": 1, "lat": 1, "f": '{"nope": ["1"]}'}],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_in_a_sentence(ask, tiles, more):
    answer = ask(tiles["at"], **more)
    assert answer.status_code == 422
    assert set(answer.json()) == {"zh", "en"}


def test_a_feature_is_found_by_its_id(ask, tiles):
    ((found,),) = [ask(tiles["of"], id="P04321").json()["features"]]
    assert found["properties"]["name"] == "地块4321"
    for nobody in ("P0432", "P043210", ""):
        assert ask(tiles["of"], id=nobody).json()["features"] == []


@pytest.mark.parametrize(
    ("text", "first", "by", "score"),
    [("地块4321", "P04321", "地块4321", 0), ("P04321", "P04321", "P04321", 0), ("ｐ04 321", "P04321", "P04321", 0),
     ("地 块 4321", "P04321", "地块4321", 0), ("老宅4320", "P04320", "老宅4320", 1),
     ("jq4320", "P04320", "ＪＱ 4320", 1), ("块4321", "P04321", "地块4321", 4), ("P0432", "P04320", "P04320", 2)],
)  # fmt: skip
def test_names_numbers_and_aliases_are_searched_as_on_a_small_layer(ask, tiles, shapes, text, first, by, score):
    found = ask(tiles["named"], q=text).json()
    assert (found[0]["id"], found[0]["by"], found[0]["score"]) == (first, by, score)
    assert shapely.dwithin(shapes[int(first[1:])], shapely.Point(found[0]["at"]), 1e-6)
    assert len(found) == len({one["id"] for one in found})


def test_a_search_ends_at_twenty_and_may_find_nothing(ask, tiles):
    assert len(ask(tiles["named"], q="地块").json()) == 20
    for nothing in ("没有", "", "  "):
        assert ask(tiles["named"], q=nothing).json() == []


def test_what_is_asked_for_at_once_is_made_once():
    made, started = [], threading.Barrier(6)
    cache = Cache(100, len)

    def make():
        made.append(1)
        threading.Event().wait(0.2)
        return b"x" * 10

    def asked():
        started.wait()
        return cache.get("key", make)

    with ThreadPoolExecutor(6) as pool:
        assert {one.result() for one in [pool.submit(asked) for _ in range(6)]} == {b"x" * 10}
    assert len(made) == 1


def test_the_cache_forgets_what_was_used_least_and_never_a_failure():
    cache = Cache(30, len)
    for key in "abc":
        cache.get(key, lambda: b"x" * 10)
    cache.get("a", lambda: b"")
    cache.get("d", lambda: b"x" * 10)
    assert [key in cache for key in "abcd"] == [True, False, True, True]
    assert cache.nbytes == 30
    with pytest.raises(DataError, match="-"):
        cache.get("e", lambda: (_ for _ in ()).throw(DataError(parcels.same("-"))))
    assert cache.get("e", lambda: b"y") == b"y"
    cache.get("f", lambda: b"x" * 500)
    assert [key in cache for key in "acdef"] == [False, False, False, False, True]


@pytest.mark.parametrize(
    "subject",
    [CADASTRE, Subject("zone", ("蓝 线",)), Subject("findings", ("cadastre",)), Subject("overlap", ("a", f"{ZONE}b"))],
)
def test_an_address_names_what_it_was_made_from(subject):
    assert Subject.at(subject.address) == subject


def test_compressed_bytes_are_the_same_each_time(room, tiles):
    at = tiling.Tile(*map(int, place("{z}/{x}/{y}", tiles["from"]).split("/")))
    body = tiling.vector_tile(room, CADASTRE, at)
    assert gzip.decompress(body.packed) == body.plain
    assert tiling.vector_tile(room, CADASTRE, at) is body


def test_the_offline_page_holds_a_large_layer_up_to_its_limit_and_says_what_it_leaves_out(room, tiles, monkeypatch):
    monkeypatch.setattr(parcels.ParcelRoom, "snapshot", lambda _: "abc", raising=False)
    monkeypatch.setattr(parcels.ParcelRoom, "settings", Settings(), raising=False)
    layers = [sources.of_layer(room, key) for key in ("cadastre", "few")]
    whole = pack.page(room, "zh", layers).decode()
    assert whole.count('"_id":"P04999"') == 1
    assert "未包含在本文件中" not in whole
    monkeypatch.setattr(pack, "MOST_FEATURES", 4_999)
    for language, words in (("zh", "图层“地籍”有 5,000 个要素"), ("en", "Layer “Cadastre” isn't in this file")):
        short = pack.page(room, language, layers).decode()
        assert '"_id":"P04999"' not in short
        assert '"_id":"P00019"' in short
        assert html.escape(words) in short
        assert "4,999" in short
