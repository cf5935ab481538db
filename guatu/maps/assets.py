"""The files a map loads in the browser: libraries from node_modules and our own, each by relative, versioned URL."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from gis.errors import DataError
from gis.text import Text

# The component's page is /component/streamlit_folium.st_folium/index.html: two steps up is the app, base path or not.
PREFIX = "../../guatu/"
STATIC = Path(__file__).with_name("static")
MODULES = Path(__file__).parents[2] / "node_modules"
STAMP_LENGTH = 12
_SOURCE_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)

LIBRARIES = {
    "leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet/images/layers.png": "leaflet/dist/images/layers.png",
    "leaflet/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "leaflet/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "proj4/proj4.js": "proj4/dist/proj4.js",
    "geographiclib-geodesic/geodesic.js": "geographiclib-geodesic/geographiclib-geodesic.min.js",
    "protomaps-leaflet/protomaps-leaflet.js": "protomaps-leaflet/dist/protomaps-leaflet.js",
}
FONT = "noto-sans-sc/"
FONT_HOME = "@fontsource-variable/noto-sans-sc"

# The guard comes first: it tells the user when the rest doesn't arrive.
GUARD = "own/guard.js"
# The rest travels as one file: streamlit-folium loads scripts one after another, and each costs a round trip.
BUNDLE = "own/bundle.js"
BUNDLED = (
    "assets/leaflet/leaflet.js",
    "assets/proj4/proj4.js",
    "assets/geographiclib-geodesic/geodesic.js",
    "assets/protomaps-leaflet/protomaps-leaflet.js",
    "own/words.js",
    "own/paint.js",
    "own/address.js",
    "own/layers.js",
    "own/brush.js",
    "own/vectors.js",
    "own/tiles.js",
    "own/labels.js",
    "own/details.js",
    "own/panel.js",
    "own/search.js",
    "own/measure.js",
    "own/frame.js",
    "own/guatu.js",
)
SCRIPTS = (GUARD, *BUNDLED)
STYLES = ("assets/leaflet/leaflet.css", "own/guatu.css")
# Only where there is a server: the font has a hundred files, and the browser takes the few it needs.
FONT_STYLE = f"assets/{FONT}index.css"


def library(name: str) -> Path | None:
    """Return the file of a library that is served under a name, or None where nothing is served under it.

    Raises
    ------
    DataError
        The file is served, but set-up hasn't fetched it.
    """
    if name.startswith(FONT):
        return _inside(MODULES / FONT_HOME, name.removeprefix(FONT))
    if name not in LIBRARIES:
        return None
    path = MODULES / LIBRARIES[name]
    if not path.is_file():
        raise DataError(
            Text(
                "地图组件 {name} 缺失。请在程序目录运行 make setup。",
                "The map's component {name} is missing. Run “make setup” in the program's folder.",
            ).format(name=name)
        )
    return path


def own(name: str) -> Path | None:
    """Return one of our own files, or None where there is no such file."""
    return _inside(STATIC, name)


def _inside(home: Path, name: str) -> Path | None:
    path = (home / name).resolve()
    return path if path.is_relative_to(home.resolve()) and path.is_file() else None


def find(name: str) -> Path | None:
    """Return the file served as `assets/…` or `own/…`, or None.

    Raises
    ------
    DataError
        As `library`.
    """
    kind, _, rest = name.partition("/")
    return {"assets": library, "own": own}.get(kind, lambda _: None)(rest)


def stamp(path: Path) -> str:
    """Return the version of a file: a short hash of its content."""
    return _stamp(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _stamp(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:STAMP_LENGTH]


def there(name: str) -> Path:
    """Return the file served under a name.

    Raises
    ------
    DataError
        There is no such asset, or set-up hasn't fetched it.
    """
    path = find(name)
    if path is None:
        raise DataError(Text("没有地图组件 {name}。", "There is no map component {name}.").format(name=name))
    return path


def script(name: str) -> str:
    """Return a script's text without the pointer to a source map that isn't served.

    Raises
    ------
    DataError
        As `there`.
    """
    return _SOURCE_MAP.sub("", there(name).read_text(encoding="utf-8"))


def bundle() -> bytes:
    """Return every script but the guard as one.

    Raises
    ------
    DataError
        As `there`.
    """
    return "\n;\n".join(map(script, BUNDLED)).encode()


def bundle_stamp() -> str:
    """Return the version of the bundle."""
    return hashlib.sha256("".join(stamp(there(name)) for name in BUNDLED).encode()).hexdigest()[:STAMP_LENGTH]


def url(name: str) -> str:
    """Return the relative URL of an asset, bearing its version.

    Raises
    ------
    DataError
        As `there`.
    """
    return f"{PREFIX}{name}?v={bundle_stamp() if name == BUNDLE else stamp(there(name))}"
