"""How an answer leaves: versioned, tagged, compressed; and sentences in place of tracebacks."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gis.text import Text

GZIP_FROM = 1024
GEOJSON = "application/geo+json"
JSON = "application/json"
MVT = "application/vnd.mapbox-vector-tile"
PNG = "image/png"
IMMUTABLE = "public, max-age=31536000, immutable"
_COMPRESSIBLE = frozenset({GEOJSON, MVT, JSON, "text/css", "text/javascript"})


class Body(NamedTuple):
    """Bytes to send, plain and compressed, with their type and a tag of their content."""

    plain: bytes
    packed: bytes | None
    media: str
    tag: str


@dataclass(frozen=True)
class Answer:
    """A body at a version; a request that names the version may keep it for good."""

    body: Body
    stamp: str


def sentence(says: Text, status: int) -> Response:
    """Return a sentence in both languages, never kept."""
    return JSONResponse({"zh": says.zh, "en": says.en}, status, {"Cache-Control": "no-store"})


def sent(answer: Answer, request: Request) -> Response:
    """Return an answer as the request can take it: compressed, or only its tag where the browser has it."""
    body = answer.body
    current = request.query_params.get("v") == answer.stamp
    headers = {
        "Cache-Control": IMMUTABLE if current else "no-cache",
        "ETag": f'W/"{body.tag}"',
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if f'"{body.tag}"' in known:
        return Response(status_code=304, headers=headers)
    if body.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(body.packed, media_type=body.media, headers={**headers, "Content-Encoding": "gzip"})
    return Response(body.plain, media_type=body.media, headers=headers)


def body_of(plain: bytes, media: str) -> Body:
    """Return the body of some bytes, compressed where that pays."""
    pack = len(plain) > GZIP_FROM and media in _COMPRESSIBLE
    tag = hashlib.sha256(plain).hexdigest()[:16]
    return Body(plain, gzip.compress(plain, 6, mtime=0) if pack else None, media, tag)
