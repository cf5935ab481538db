import gzip
import json
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gis.text import same
from guatu.maps import assets
from guatu.maps.routes import routes
from guatu.maps.source import Source
from guatu.room import ZONE, open_room
from guatu.settings import ROOT


class Failing:
    def layers(self):
        raise RuntimeError("a bug")


@pytest.fixture(scope="module")
def room():
    if not (ROOT / "data" / "geojson" / "revitalised_parcels.geojson").exists():
        pytest.skip("no demonstration data")
    return open_room()


@pytest.fixture(scope="module")
def client(room):
    return TestClient(Starlette(routes=routes(lambda: room)))


def test_every_layer_of_the_room_is_served_as_geojson(client, room):
    for key in room.layers():
        answer = client.get(f"/guatu/layers/{key}.geojson")
        if not room.has(key):
            assert answer.status_code == 422
            continue
        assert answer.headers["content-type"] == "application/geo+json"
        assert len(answer.json()["features"]) == len(room.frame(key))


def test_every_zone_is_served_with_its_clause(client, room):
    for key in room.zones():
        found = client.get(f"/guatu/zones/{key}.geojson").json()["features"]
        assert found
        assert set(found[0]["properties"]["clause"]) == {"zh", "en"}


def test_shared_ground_is_served_with_both_shares(client, room):
    zone = next(iter(room.zones()))
    found = client.get(f"/guatu/overlaps/revitalised_parcels/{ZONE}{zone}.geojson").json()["features"]
    pairs = room.encroachment("revitalised_parcels", f"{ZONE}{zone}").pairs
    assert [feature["properties"]["_id"] for feature in found] == [str(label) for label in pairs.index]
    assert all(0 <= feature["properties"]["share_of_left"] <= 100 for feature in found)


def test_points_inside_a_zone_are_drawn_as_points(client, room):
    zone = next(iter(room.zones()))
    answer = client.get(f"/guatu/overlaps/rail_entrances/{ZONE}{zone}.geojson")
    assert {one["geometry"]["type"] for one in answer.json()["features"]} == {"Point"}


def test_findings_are_served(client, room):
    for key in room.layers():
        answer = client.get(f"/guatu/findings/{key}.geojson")
        assert answer.status_code == (200 if room.has(key) else 422)


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/nothing", "/layers/nothing.geojson", "/layers/roads.txt", "/zones/nothing.geojson",
        "/overlaps/roads/nothing.geojson", "/overlaps/zone:nothing/roads.geojson", "/findings/nothing.geojson",
        "/assets/leaflet/nothing.js", "/own/nothing.js", "/own/%2e%2e/source.py",
        "/own/..%2f..%2froom.py", "/assets/noto-sans-sc/..%2f..%2fpackage.json",
    ],
)  # fmt: skip
def test_an_unknown_address_is_a_404_in_both_languages(client, path):
    answer = client.get(f"/guatu{path}")
    assert answer.status_code == 404
    assert set(answer.json()) == {"zh", "en"}


def test_every_asset_is_served_from_here(client):
    for name in (*assets.SCRIPTS, *assets.STYLES):
        answer = client.get(assets.url(name).replace(assets.PREFIX, "/guatu/"))
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/")


def test_only_the_present_version_may_be_kept_for_good(client, room):
    left, right = "revitalised_parcels", f"{ZONE}{next(iter(room.zones()))}"
    for source in (
        Source.of(room.layer("roads"), room.stamp("roads")),
        Source.of_zone(right.removeprefix(ZONE), same("-"), room.version(right)),
        Source.of_overlap(left, right, f"{room.version(left)}{room.version(right)}"),
        Source.of_findings("roads", same("-"), room.snapshot()),
    ):
        answer = client.get(source.url.replace(assets.PREFIX, "/guatu/"))
        assert "immutable" in answer.headers["cache-control"]
    assert client.get("/guatu/layers/roads.geojson?v=old").headers["cache-control"] == "no-cache"
    assert client.get("/guatu/layers/roads.geojson").headers["cache-control"] == "no-cache"


def test_what_the_browser_has_already_is_not_sent_again(client):
    first = client.get("/guatu/layers/roads.geojson")
    again = client.get("/guatu/layers/roads.geojson", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_answers_are_compressed_when_that_is_accepted(client):
    packed = client.get("/guatu/layers/roads.geojson", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/guatu/layers/roads.geojson", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert gzip.compress(plain.content) != plain.content


def test_a_base_path_is_put_before_every_route(room):
    client = TestClient(Starlette(routes=routes(lambda: room, "/gov/gis/")))
    assert client.get("/gov/gis/guatu/layers/roads.geojson").status_code == 200
    assert client.get("/gov/gis/guatu/own/guatu.js").status_code == 200
    assert client.get("/gov/gis/guatu/nothing").json()["zh"] == "没有这个地址。"


def test_a_bug_shows_a_sentence_and_no_traceback():
    answer = TestClient(Starlette(routes=routes(Failing))).get("/guatu/layers/roads.geojson")
    assert answer.status_code == 500
    assert "a bug" not in answer.text
    assert set(json.loads(answer.text)) == {"zh", "en"}


def test_another_declaration_is_another_version(room):
    layer = room.layer("roads")
    fewer = replace(layer, fields=layer.fields[:-2])
    assert Source.of(layer, "v").url != Source.of(fewer, "v").url
