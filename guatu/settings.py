"""What an office may set, read from `guatu.toml`: folders, plane, zone rules, basemaps."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.errors import SettingsError
from gis.text import Text
from gis.zones import ZoneRule

ROOT = Path(__file__).parent.parent
VARIABLE = "GUATU_SETTINGS"
_KNOWN = frozenset({"data", "layers", "zones", "plane", "basemaps"})


@dataclass(frozen=True, kw_only=True)
class Basemap:
    """A tile basemap of the office's own; `datum` is CGCS2000, WGS84, GCJ-02 or BD-09."""

    title: str
    url: str
    attribution: str
    datum: str
    max_zoom: int = 18


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The office's choices. Paths are absolute; `layers` are folders of layer files beside the five of the mission."""

    data: Path = ROOT / "data" / "geojson"
    layers: tuple[Path, ...] = ()
    zones: Path = ROOT / "data" / "zones.toml"
    plane: int = 4549
    basemaps: tuple[Basemap, ...] = ()


def load() -> Settings:
    """Return the settings of the file that GUATU_SETTINGS names, else of `guatu.toml` beside the program.

    Without either, the defaults.

    Raises
    ------
    SettingsError
        The file is missing, isn't TOML, or sets something unknown or impossible.
    """
    named = os.environ.get(VARIABLE)
    path = Path(named) if named else ROOT / "guatu.toml"
    if not named and not path.exists():
        return Settings()
    return _read(path, _stamp(path))


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise SettingsError(
            Text("找不到设置文件 {path}。", "The settings file {path} doesn't exist.").format(path=path)
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, _: int) -> Settings:
    table = _toml(path)
    unknown = sorted(set(table) - _KNOWN)
    if unknown:
        raise SettingsError(
            Text("设置文件 {path} 中有未知项:{keys}。", "The settings file {path} sets unknown things: {keys}.").format(
                path=path, keys=", ".join(unknown)
            )
        )
    home = path.resolve().parent
    given: dict[str, Any] = {key: home / table[key] for key in ("data", "zones") if key in table}
    given["layers"] = tuple(home / folder for folder in table.get("layers", ()))
    given["basemaps"] = tuple(_basemap(path, one) for one in table.get("basemaps", ()))
    given["plane"] = _plane(table.get("plane", Settings.plane))
    return Settings(**given)


def _basemap(path: Path, table: Mapping[str, Any]) -> Basemap:
    try:
        return Basemap(**table)
    except TypeError as error:
        raise SettingsError(
            Text(
                "{path} 中的底图须写明 title、url、attribution、datum。",
                "A basemap in {path} needs title, url, attribution and datum.",
            ).format(path=path)
        ) from error


def _plane(code: int) -> int:
    try:
        if CRS.from_epsg(code).is_projected:
            return code
    except CRSError:
        pass
    raise SettingsError(
        Text("平面坐标系 EPSG:{code} 不是平面坐标系。", "EPSG:{code} is not a plane coordinate system.").format(
            code=code
        )
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            Text("无法读取 {path}:{why}。", "Can't read {path}: {why}.").format(path=path, why=error)
        ) from error


@dataclass(frozen=True, kw_only=True, eq=False)
class Zone:
    """A zone by name, and the distances that make it."""

    key: str
    title: Text
    about: Text
    rules: tuple[ZoneRule, ...]


def zones(path: Path) -> Mapping[str, Zone]:
    """Return the zones of a rule file, by key.

    Raises
    ------
    SettingsError
        The file can't be read, or a rule lacks something or makes no sense.
    """
    return _zones(path, _stamp(path))


@lru_cache(maxsize=4)
def _zones(path: Path, _: int) -> Mapping[str, Zone]:
    try:
        return {key: _zone(key, table) for key, table in _toml(path).items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            Text("规则文件 {path} 缺少或写错了 {what}。", "The rule file {path} lacks or misspells {what}.").format(
                path=path, what=error
            )
        ) from error


def _zone(key: str, table: Mapping[str, Any]) -> Zone:
    return Zone(
        key=key,
        title=Text(**table["title"]),
        about=Text(**table["about"]),
        rules=tuple(_rule(key, name, rule) for name, rule in table["rules"].items()),
    )


def _rule(zone: str, name: str, table: Mapping[str, Any]) -> ZoneRule:
    words: dict[str, Any] = {word: Text(**table[word]) for word in ("title", "clause", "source")}
    where = {column: tuple(values) for column, values in table.get("where", {}).items()}
    rest = {k: v for k, v in table.items() if k not in {*words, "where"}}
    return ZoneRule(key=f"{zone}.{name}", zone=zone, where=where, **words, **rest)
