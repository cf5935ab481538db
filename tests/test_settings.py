"""The office's settings and rule file: read live, refused in words where they make no sense."""

import shutil
from pathlib import Path

import pytest

from gis.errors import DataError, SettingsError
from guatu import settings
from guatu.room import Room, open_room
from guatu.settings import ROOT, Settings


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def write(text: str) -> Path:
        path = tmp_path / "guatu.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv(settings.VARIABLE, str(path))
        return path

    return write


def test_without_a_file_the_defaults_hold(monkeypatch):
    monkeypatch.delenv(settings.VARIABLE, raising=False)
    assert settings.load().plane == 4549


def test_paths_count_from_the_file_that_names_them(named):
    path = named('data = "maps"\nlayers = ["ours"]\n')
    assert settings.load().data == path.parent / "maps"
    assert settings.load().layers == (path.parent / "ours",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("plane = 4490", "not a plane"),
        ("plane = 1", "not a plane"),
        ("colour = 'red'", "unknown things: colour"),
        ("data = ", "Can't read"),
        ("[[basemaps]]\ntitle = 'x'", "needs title, url"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(named, text, says):
    named(text)
    with pytest.raises(SettingsError, match=says):
        settings.load()


def test_a_named_file_that_is_missing_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv(settings.VARIABLE, str(tmp_path / "gone.toml"))
    with pytest.raises(SettingsError, match="doesn't exist"):
        settings.load()


def test_every_zone_rule_has_a_clause_a_source_and_says_how_sure_it_is():
    rules = [rule for zone in settings.zones(Settings().zones).values() for rule in zone.rules]
    assert rules
    assert all(rule.clause.zh and rule.source.zh and rule.sure in {"confirmed", "unconfirmed"} for rule in rules)


def test_a_distance_changed_in_the_rule_file_changes_the_zone(tmp_path):
    path = tmp_path / "zones.toml"
    shutil.copy(ROOT / "data" / "zones.toml", path)
    room = Room(Settings(zones=path))
    before = room.zone("rail_special").to_crs(4549).area.sum()
    shared = room.encroachment("roads", "zone:rail_special").total
    path.write_text(path.read_text(encoding="utf-8").replace("distance_m = 5\n", "distance_m = 10\n"), encoding="utf-8")
    assert room.zone("rail_special").to_crs(4549).area.sum() > 1.2 * before
    assert room.encroachment("roads", "zone:rail_special").total > 1.01 * shared


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("distance_m = 50", "distance_m = -1", "between 0 and 10 000"),
        ("layer = ", "lair = ", "misspells"),
        ('form = ["underground"]', 'shape = ["underground"]', "lacks"),
    ],
)
def test_a_spoilt_rule_file_is_said_and_names_the_rule(tmp_path, old, new, says):
    path = tmp_path / "zones.toml"
    path.write_text((ROOT / "data" / "zones.toml").read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        Room(Settings(zones=path)).zone("rail_control")


def test_zones_around_points_are_marked_approximate():
    zone = open_room().zone("rail_control")
    assert zone.groupby("base")["approximate"].all().to_dict()["rail_entrances"]
    assert not zone.loc[zone["base"] == "rail_lines", "approximate"].any()


def test_an_unknown_layer_or_zone_is_said_with_those_there_are():
    with pytest.raises(DataError, match="no layer moon"):
        open_room().frame("moon")
    with pytest.raises(DataError, match="no zone moon"):
        open_room().zone("moon")


def test_the_snapshot_changes_with_the_data(tmp_path):
    shutil.copytree(ROOT / "data" / "geojson", tmp_path / "geojson")
    room = Room(Settings(data=tmp_path / "geojson"))
    before = room.snapshot()
    path = tmp_path / "geojson" / "rail_entrances.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("1号口", "一号口"), encoding="utf-8")
    assert room.snapshot() != before
    assert open_room().snapshot() == before
