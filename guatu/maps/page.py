"""The map as one HTML file that needs no server: libraries, data and look inside, not one request."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from gis.errors import DataError
from gis.text import Language, Text
from guatu.maps import assets
from guatu.maps.source import Source
from guatu.maps.spec import map_spec, safe, script
from guatu.maps.web import CENTRE, MAX_ZOOM, PLANE, ZOOM, Filters, told

_URL = re.compile(r"url\((?!#)([^)]+)\)")
_START = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title>
<style>{styles}</style></head>
<body class="guatu-page"><header class="guatu-head"><h1>{title}</h1></header>
<main><div id="map_div"></div></main><footer class="guatu-foot">{footer}</footer>
"""
_LANG = {"zh": "zh-CN", "en": "en"}


def page(
    sources: Sequence[Source],
    language: Language,
    title: str,
    footer: str,
    *,
    plane: int = PLANE,
    filters: Filters | None = None,
) -> str:
    """Return a complete page; each source bears its `data`. `filters` as in `guatu.maps.web.state`.

    Raises
    ------
    DataError
        A source has no data, or a library hasn't been fetched.
    """
    start = _START.format(
        lang=_LANG[language], title=escape(title), footer=escape(footer), styles="\n".join(map(_style, assets.STYLES))
    )
    libraries = "\n".join(f"<script>{_script(name)}</script>" for name in assets.SCRIPTS)
    data = "\n".join(_data(source) for source in sources)
    options = {"center": CENTRE, "zoom": ZOOM, "maxZoom": MAX_ZOOM, "minZoom": 8, "zoomSnap": 0.25}
    opening = f"guatu.start({script(options)}, {script(map_spec(sources, language, plane, ()))});"
    if filters:
        opening += f" guatu.state({script(told(filters=filters))});"
    return f"{start}{data}\n{libraries}\n<script>{opening}</script>\n</body></html>\n"


def _data(source: Source) -> str:
    if source.data is None:
        raise DataError(
            Text("图层“{title}”没有随附数据。", "Layer “{title}” comes without its data.").format(title=source.title)
        )
    return f'<script type="application/geo+json" id="data-{source.key}">{safe(source.data.decode())}</script>'


def _script(name: str) -> str:
    return assets.script(name).replace("</script", "<\\/script")


def _style(name: str) -> str:
    path = assets.there(name)
    written = path.read_text(encoding="utf-8")
    return _URL.sub(lambda found: _inlined(path.parent / found[1].strip("'\"")), written)


def _inlined(image: Path) -> str:
    if not image.is_file():
        return "none"
    return f"url(data:image/png;base64,{base64.b64encode(image.read_bytes()).decode()})"
