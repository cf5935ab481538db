"""The one factory of maps: a Folium map that asks no other host for anything, and the state that changes on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import folium
from branca.element import MacroElement
from folium.template import Template

from gis.text import LANGUAGES, Language
from guatu.maps import assets
from guatu.maps.source import Source
from guatu.maps.spec import map_spec, script
from guatu.settings import Basemap

CENTRE = (31.82, 119.98)
ZOOM = 13
MAX_ZOOM = 20
PLANE = 4549

Selection = tuple[str, str]
Filters = Mapping[str, Mapping[str, Sequence[str]]]
Bounds = tuple[float, float, float, float]


class _Opening(MacroElement):
    """Hands the map over to guatu.js."""

    _template = Template(
        "{% macro script(this, kwargs) %}guatu.open({{ this._parent.get_name() }}, {{ this.spec }});{% endmacro %}"
    )

    def __init__(self, spec: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Opening"
        self.spec = spec


class _State(MacroElement):
    """Tells guatu.js what is selected, filtered and added."""

    _template = Template("{% macro script(this, kwargs) %}guatu.state({{ this.spec }});{% endmacro %}")

    def __init__(self, spec: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "State"
        self.spec = spec


def build(
    sources: Sequence[Source], language: Language, *, plane: int = PLANE, basemaps: Iterable[Basemap] = ()
) -> folium.Map:
    """Return a map that holds URLs, not data.

    Build it anew on each run: `st_folium` changes the map it is given. Its text is the same as long as the arguments
    are, so the browser keeps the map, its view and its toggles.

    Raises
    ------
    SettingsError
        As `guatu.maps.basemaps.accepted`.
    DataError
        A library that the map needs hasn't been fetched (`guatu.maps.assets.url`).
    """
    chart = folium.Map(
        location=CENTRE, zoom_start=ZOOM, tiles=None, zoom_control=False, attributionControl=False,
        maxZoom=MAX_ZOOM, minZoom=8, zoomSnap=0.25, wheelPxPerZoomLevel=90, doubleClickZoom=True,
    )  # fmt: skip
    chart.default_js = [(name, assets.url(name)) for name in (assets.GUARD, assets.BUNDLE)]
    chart.default_css = [(name, assets.url(name)) for name in (*assets.STYLES, assets.FONT_STYLE)]
    chart.add_child(_Opening(script(map_spec(sources, language, plane, basemaps))))
    return chart


def state(
    *,
    selected: Selection | None = None,
    filters: Filters | None = None,
    extra: Sequence[Source] = (),
    fit: Bounds | None = None,
) -> folium.FeatureGroup:
    """Return what changes on a map, for `feature_group_to_add`.

    Parameters
    ----------
    selected
        Layer key and feature id to highlight; the map goes there when the selection didn't come from the map itself.
    filters
        For a layer, for some of its fields, the values that stay visible.
    extra
        Layers beside the map's own: a zone, shared ground, findings.
    fit
        West, south, east, north to show; heeded when it changes.
    """
    spec = script(told(selected=selected, filters=filters, extra=extra, fit=fit))
    group = folium.FeatureGroup(name="state", control=False)
    group.add_child(_State(spec))
    return group


def told(
    *,
    selected: Selection | None = None,
    filters: Filters | None = None,
    extra: Sequence[Source] = (),
    fit: Bounds | None = None,
) -> dict[str, object]:
    """Return what guatu.js is told when something changes; parameters as `state`."""
    return {
        "selected": list(selected) if selected else None,
        "filters": {
            key: {field: list(values) for field, values in wanted.items()} for key, wanted in (filters or {}).items()
        },
        "extra": [{language: source.spec(language) for language in LANGUAGES} for source in extra],
        "fit": list(fit) if fit else None,
    }
