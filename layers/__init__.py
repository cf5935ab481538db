"""The catalogue: one file a layer, found by being there. A folder of the office's own may add to it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from gis.errors import LayerError
from gis.layer import Layer
from gis.text import Text
from layers._shared import BASE, LAND, RAIL, RIVERS

__all__ = ["LAND", "RIVERS", "catalogue"]

HOME = Path(__file__).parent
_GROUPS = (LAND, RIVERS, RAIL)


def catalogue(folders: Iterable[Path] = ()) -> Mapping[str, Layer]:
    """Return every layer by key, in the order of lists and legends.

    Parameters
    ----------
    folders
        Further folders with layer files, read after the five of the mission. A file that is added, changed
        or removed while the app runs counts from the next call.

    Raises
    ------
    LayerError
        A file without a LAYER, a key that isn't the file's name, or a key declared twice.
    """
    files = tuple(
        (path, path.stat().st_mtime_ns) for folder in (HOME, *folders) for path in sorted(folder.glob("[a-z]*.py"))
    )
    return _read(files)


@lru_cache(maxsize=8)
def _read(files: tuple[tuple[Path, int], ...]) -> Mapping[str, Layer]:
    found: dict[str, Layer] = {}
    for path, _ in files:
        layer = _load(path)
        if layer.key in found:
            raise LayerError(
                Text(
                    "图层 {key} 声明了两次,第二次在 {path}。", "Layer {key} is declared twice, again in {path}."
                ).format(key=layer.key, path=path)
            )
        found[layer.key] = layer
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: _place(item[1]))))


def _place(layer: Layer) -> tuple[int, int, str]:
    """Return where a layer stands in lists: the mission's groups first, the office's own next, the base map last."""
    group = _GROUPS.index(layer.group) if layer.group in _GROUPS else len(_GROUPS) + (layer.group == BASE)
    return group, layer.order, layer.key


def _load(path: Path) -> Layer:
    spec = importlib.util.spec_from_file_location(f"layers.{path.stem}", path)
    assert spec is not None  # noqa: S101
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    layer = getattr(module, "LAYER", None)
    if not isinstance(layer, Layer) or layer.key != path.stem:
        raise LayerError(
            Text(
                "图层文件 {path} 须定义 LAYER,且 key 与文件名相同。",
                "The layer file {path} must define LAYER, with a key equal to the file's name.",
            ).format(path=path)
        )
    return layer
