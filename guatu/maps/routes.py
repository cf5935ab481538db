"""What the browser asks for on the app's own port, under `/guatu/`: assets, layers, zones, overlaps, findings."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gis.errors import GuatuError
from gis.text import Text
from guatu.maps import assets, drawings, kinds
from guatu.maps.answers import GEOJSON, Answer, Body, body_of, sent, sentence
from guatu.maps.versions import version
from guatu.room import ZONE, Room

NAME = "guatu"

NOT_HERE = Text("没有这个地址。", "There is nothing at this address.")
FAILED = Text(
    "程序出错,数据未受影响。请把这一情况告知维护人员。", "The program failed; no data is affected. Please report it."
)

_log = logging.getLogger(__name__)


Answering = Callable[[Room, Request], Answer | None]


def routes(room: Callable[[], Room], base_path: str = "") -> list[BaseRoute]:
    """Return the map's routes.

    Parameters
    ----------
    room
        Opens the room, under the settings in force at each request.
    base_path
        The app's `server.baseUrlPath`, with or without slashes.
    """
    base = base_path.strip("/")
    prefix = f"/{base}/{NAME}" if base else f"/{NAME}"
    answers: list[tuple[str, Answering]] = [
        ("assets/{name:path}", _asset),
        ("own/{name:path}", _asset),
        ("layers/{key}.geojson", _layer),
        ("zones/{key}.geojson", _zone),
        ("overlaps/{left}/{right}.geojson", _overlap),
        ("findings/{key}.geojson", _findings),
        ("{rest:path}", _nothing),
    ]
    found: list[BaseRoute] = [
        Route(f"{prefix}/{path}", _endpoint(room, answer), methods=["GET"]) for path, answer in answers
    ]
    return [*found, Route(prefix, _endpoint(room, _nothing), methods=["GET"])]


def _nothing(_: Room, __: Request) -> None:
    return None


def _endpoint(room: Callable[[], Room], answer: Answering) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(_respond, room, answer, request)

    return endpoint


def _respond(room: Callable[[], Room], answer: Answering, request: Request) -> Response:
    try:
        found = answer(room(), request)
    except GuatuError as error:
        return sentence(error.says, 422)
    except Exception:  # noqa: BLE001  a traceback must never reach the browser
        _log.exception("%s failed", request.url.path)
        return sentence(FAILED, 500)
    return sentence(NOT_HERE, 404) if found is None else sent(found, request)


def _asset(_: Room, request: Request) -> Answer | None:
    name = request.url.path.split(f"/{NAME}/", 1)[1]
    if name == assets.BUNDLE:
        return Answer(_bundle(stamp := assets.bundle_stamp()), stamp)
    path = assets.find(name)
    return None if path is None else Answer(_file(name, stamp := assets.stamp(path)), stamp)


@lru_cache(maxsize=2)
def _bundle(_: str) -> Body:
    return body_of(assets.bundle(), "text/javascript")


@lru_cache(maxsize=256)
def _file(name: str, _: str) -> Body:
    path = assets.find(name)
    assert path is not None  # noqa: S101  found a moment ago
    return body_of(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _layer(room: Room, request: Request) -> Answer | None:
    key = request.path_params["key"]
    if key not in room.layers():
        return None
    stamp = version(room.stamp(key), room.layer(key).fields)
    return Answer(_drawn(room, "layer", (key,), stamp), stamp)


def _zone(room: Room, request: Request) -> Answer | None:
    key = request.path_params["key"]
    if key not in room.zones():
        return None
    stamp = version(room.version(f"{ZONE}{key}"), kinds.ZONE_FIELDS)
    return Answer(_drawn(room, "zone", (key,), stamp), stamp)


def _overlap(room: Room, request: Request) -> Answer | None:
    left, right = request.path_params["left"], request.path_params["right"]
    if not all(_is_side(room, side) for side in (left, right)):
        return None
    stamp = version(f"{room.version(left)}{room.version(right)}", kinds.OVERLAP_FIELDS)
    return Answer(_drawn(room, "overlap", (left, right), stamp), stamp)


def _is_side(room: Room, key: str) -> bool:
    return key.removeprefix(ZONE) in room.zones() if key.startswith(ZONE) else key in room.layers()


def _findings(room: Room, request: Request) -> Answer | None:
    key = request.path_params["key"]
    if key not in room.layers():
        return None
    stamp = version(room.snapshot(), kinds.FINDING_FIELDS)
    return Answer(_drawn(room, "findings", (key,), stamp), stamp)


@lru_cache(maxsize=128)
def _drawn(room: Room, kind: str, keys: tuple[str, ...], _: str) -> Body:
    return body_of(_DRAWING[kind](room, *keys), GEOJSON)


_DRAWING: Mapping[str, Callable[..., bytes]] = {
    "layer": drawings.of_layer,
    "zone": drawings.of_zone,
    "overlap": drawings.of_overlap,
    "findings": drawings.of_findings,
}
