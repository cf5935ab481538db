import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import geopandas as gpd
import pytest
from conftest import ROOT

from gis import check, crs
from gis.errors import DataError
from gis.figure import Frames
from gis.layer import Layer
from gis.text import Text
from guatu import inspection, room
from guatu.inspection import Progress
from guatu.room import Room
from guatu.settings import Settings

PATIENCE_S = 20
SMALL, LARGE = "rail_stations", "roads"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Room]:
    """A room of two small layers."""
    for key in (SMALL, LARGE):
        shutil.copy(ROOT / "data" / "geojson" / f"{key}.geojson", tmp_path)
    opened = Room(Settings(data=tmp_path))
    yield opened
    inspection.stop(opened)


class Slow:
    """A check that waits at its second step, for one layer; it counts its runs."""

    def __init__(self, key: str) -> None:
        self.key, self.at_step, self.may_go_on, self.ended, self.runs = key, Event(), Event(), Event(), 0
        self.error: Exception | None = None

    def __call__(self, layer: Layer, _: Frames, told: Callable[[Text], None]) -> gpd.GeoDataFrame:
        first, second, *_ = check.steps(layer)
        try:
            told(first)
            told(second)
            if layer.key == self.key:
                self.runs += 1
                self.at_step.set()
                assert self.may_go_on.wait(PATIENCE_S)
                if self.error:
                    raise self.error
                told(second)
            return check.as_frame([], crs.CGCS2000)
        finally:
            if layer.key == self.key:
                self.ended.set()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made = Slow(LARGE)
    monkeypatch.setattr(room.check, "findings", made)
    yield made
    made.may_go_on.set()


def looked(office: Room) -> dict[str, Progress]:
    return {one.key: one for one in inspection.look(office)}


def test_what_the_background_finds_is_what_a_plain_check_finds(office):
    inspection.look(office)
    inspection.wait(office, PATIENCE_S)
    assert {one.phase for one in inspection.look(office)} == {"done"}
    for key in (SMALL, LARGE):
        frames = {**office.frames(office.layer(key).needs), key: office.store.raw(office.layer(key))}
        expected = check.findings(office.layer(key), frames)
        assert office.findings(key).drop(columns="geometry").equals(expected.drop(columns="geometry"))


def test_a_small_layer_is_ready_while_a_large_one_is_at_its_step(office, slow):
    inspection.look(office)
    assert slow.at_step.wait(PATIENCE_S)
    seen = looked(office)
    assert (seen[SMALL].phase, seen[SMALL].share) == ("done", 1.0)
    assert (seen[LARGE].phase, seen[LARGE].step) == ("running", check.steps(office.layer(LARGE))[1])
    assert 0 < seen[LARGE].share < 1
    assert seen[LARGE].seconds > 0


def test_two_who_look_share_one_run_and_its_result_is_kept(office, slow):
    inspection.look(office)
    assert slow.at_step.wait(PATIENCE_S)
    inspection.look(Room(office.settings))
    slow.may_go_on.set()
    inspection.wait(office, PATIENCE_S)
    assert looked(Room(office.settings))[LARGE].phase == "done"
    office.findings(LARGE)
    assert slow.runs == 1


def test_a_newer_version_gives_up_the_run_of_the_older_one(office, slow):
    inspection.look(office)
    assert slow.at_step.wait(PATIENCE_S)
    path = office.settings.data / f"{LARGE}.geojson"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    inspection.look(office)
    slow.may_go_on.set()
    inspection.wait(office, PATIENCE_S)
    assert looked(office)[LARGE].phase == "done"
    assert slow.runs == 2


def test_a_change_elsewhere_does_not_check_a_layer_again(office, slow):
    slow.may_go_on.set()
    inspection.look(office)
    inspection.wait(office, PATIENCE_S)
    path = office.settings.data / f"{SMALL}.geojson"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    inspection.look(office)
    inspection.wait(office, PATIENCE_S)
    assert slow.runs == 1


def test_a_stopped_check_says_so_ends_at_its_next_step_and_can_be_resumed(office, slow):
    inspection.look(office)
    assert slow.at_step.wait(PATIENCE_S)
    inspection.stop(office)
    assert {key: one.phase for key, one in looked(office).items()} == {SMALL: "done", LARGE: "stopped"}
    slow.may_go_on.set()
    assert slow.ended.wait(PATIENCE_S)
    inspection.resume(office)
    inspection.wait(office, PATIENCE_S)
    assert looked(office)[LARGE].phase == "done"
    assert slow.runs == 2


def test_a_check_that_cannot_be_done_says_why_and_the_others_go_on(office, slow):
    slow.error = DataError(Text("不行", "it can't be done"))
    slow.may_go_on.set()
    inspection.look(office)
    inspection.wait(office, PATIENCE_S)
    seen = looked(office)
    assert (seen[LARGE].phase, seen[LARGE].trouble.en) == ("failed", "it can't be done")
    assert seen[SMALL].phase == "done"


def test_a_bug_in_a_check_is_a_sentence_not_a_traceback(office, slow):
    slow.error = ZeroDivisionError("secret path")
    slow.may_go_on.set()
    inspection.look(office)
    inspection.wait(office, PATIENCE_S)
    assert looked(office)[LARGE].trouble.en == "the program failed (ZeroDivisionError)"


def test_every_layer_tells_the_steps_it_announced():
    opened = room.open_room()
    for key, layer in opened.layers().items():
        heard: list[Text] = []
        frames = {**opened.frames(layer.needs), key: opened.store.raw(layer)}
        check.findings(layer, frames, heard.append)
        assert tuple(heard) == check.steps(layer)
