"""What the browser asks for on the app's own port, under `/guatu/`: assets, layers, zones, overlaps, findings."""

from __future__ import annotations

import logging
import math
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from types import ModuleType

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gis.errors import DataError, GuatuError
from gis.text import Text
from guatu.maps import assets
from guatu.maps.answers import GEOJSON, JSON, Answer, Body, body_of, sent, sentence
from guatu.maps.grid import Tile
from guatu.maps.subject import Kind, Subject
from guatu.room import Room

NAME = "guatu"

NOT_HERE = Text("没有这个地址。", "There is nothing at this address.")
FAILED = Text(
    "程序出错,数据未受影响。请把这一情况告知维护人员。", "The program failed; no data is affected. Please report it."
)

FORBIDDEN = Text("您没有查看该图层的权限。", "You may not see this layer.")

_log = logging.getLogger(__name__)


Answering = Callable[[Room, Request], Answer | None]


class RefusedError(GuatuError):
    """Who asks may not see what is asked for."""


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
    tile = "{address}/{z:int}/{x:int}/{y:int}"
    answers: list[tuple[str, Answering]] = [
        ("assets/{name:path}", _asset),
        ("own/{name:path}", _asset),
        ("layers/{key}.geojson", _guarded(_whole)),
        ("zones/{key}.geojson", _guarded(_whole)),
        ("overlaps/{left}/{right}.geojson", _guarded(_whole)),
        ("findings/{key}.geojson", _guarded(_whole)),
        (f"tiles/{tile}.mvt", _guarded(_vector)),
        (f"tiles/{tile}.png", _guarded(_overview)),
        ("features/{address}/at.geojson", _guarded(_at)),
        ("features/{address}/of.geojson", _guarded(_of)),
        ("features/{address}/named.json", _guarded(_named)),
        ("features/{address}/counts.json", _guarded(_counts)),
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
    except RefusedError as error:
        return sentence(error.says, 403)
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


def _guarded(answer: Callable[[Room, Subject, Request], Answer | None]) -> Answering:
    """Let only those ask for what shows a layer who may see that layer: the one door to every feature."""

    def asked(room: Room, request: Request) -> Answer | None:
        subject = _subject(request)
        if not subject.exists(room):
            return None
        if not all(_may_see(request, key) for key in subject.layers(room)):
            raise RefusedError(FORBIDDEN)
        return answer(room, subject, request)

    return asked


def _may_see(_: Request, __: str) -> bool:
    """Tell whether who asks may see a layer: today there are no roles, and everyone may see all."""
    return True


def _subject(request: Request) -> Subject:
    given = request.path_params
    if "address" in given:
        return Subject.at(given["address"])
    if "left" in given:
        return Subject("overlap", (given["left"], given["right"]))
    kind = request.url.path.split(f"/{NAME}/", 1)[1].partition("/")[0]
    return Subject(_KINDS[kind], (given["key"],))


_KINDS: Mapping[str, Kind] = {"layers": "layer", "zones": "zone", "findings": "findings"}


def _whole(room: Room, subject: Subject, _: Request) -> Answer:
    return Answer(_drawn(room, subject, stamp := subject.version(room)), stamp)


@lru_cache(maxsize=64)
def _drawn(room: Room, subject: Subject, _: str) -> Body:
    return body_of(subject.drawing(room).geojson(), GEOJSON)


def _vector(room: Room, subject: Subject, request: Request) -> Answer | None:
    body = _tiling().vector_tile(room, subject, _tile(request))
    return None if body is None else Answer(body, subject.version(room))


def _overview(room: Room, subject: Subject, request: Request) -> Answer | None:
    body = _tiling().overview_tile(room, subject, _tile(request), request.query_params.get("f"))
    return None if body is None else Answer(body, subject.version(room))


def _tile(request: Request) -> Tile:
    return Tile(*(request.path_params[part] for part in ("z", "x", "y")))


def _at(room: Room, subject: Subject, request: Request) -> Answer:
    place = (_number(request, "lon"), _number(request, "lat"), _number(request, "within", "0"))
    return _told(room, subject, _tiling().at_point(room, subject, *place, request.query_params.get("f")), GEOJSON)


def _of(room: Room, subject: Subject, request: Request) -> Answer:
    return _told(room, subject, _tiling().of_id(room, subject, request.query_params.get("id", "")), GEOJSON)


def _named(room: Room, subject: Subject, request: Request) -> Answer:
    return _told(room, subject, _tiling().named(room, subject, request.query_params.get("q", "")), JSON)


def _counts(room: Room, subject: Subject, request: Request) -> Answer:
    return _told(room, subject, _tiling().counts(room, subject, request.query_params.get("f")), JSON)


def _told(room: Room, subject: Subject, written: bytes, media: str) -> Answer:
    return Answer(body_of(written, media), subject.version(room))


def _number(request: Request, name: str, otherwise: str = "") -> float:
    written = request.query_params.get(name, otherwise)
    try:
        number = float(written)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise DataError(
            Text("参数 {name} 须为数值,不能是 {written!r}。", "{name} must be a number, not {written!r}.").format(
                name=name, written=written
            )
        )
    return number


def _tiling() -> ModuleType:
    """Return the maker of tiles; it brings a compiler along, which a start without large layers needn't wait for."""
    from guatu.maps import tiling

    return tiling
