"""The catalogue: one file a layer, found by being there; every declaration holds together."""

import re
import shutil
from pathlib import Path

import pytest

import layers
from gis.errors import LayerError
from gis.layer import GEOM_BASIS, completed
from guatu.room import Room, open_room
from guatu.settings import ROOT, Settings

ALL = layers.catalogue()
SIXTH = Path(__file__).parent / "sixth_layer"


def test_the_five_layers_of_the_mission_are_there():
    assert {
        "revitalised_parcels",
        "acquisition_queue",
        "river_segments",
        "dredged_stretches",
        "rail_entrances",
    } <= set(ALL)


@pytest.mark.parametrize("layer", ALL.values(), ids=ALL)
def test_every_text_is_said_in_both_languages(layer):
    texts = [layer.title, layer.about, layer.group, layer.source]
    texts += [field.label for field in layer.fields] + [c for field in layer.fields for c in field.choices.values()]
    texts += [figure.label for figure in layer.figures] + [figure.rule for figure in layer.figures]
    texts += [words for rule in layer.rules for words in (rule.title, rule.says, rule.reason, rule.source)]
    assert all(text.zh and text.en for text in texts)


@pytest.mark.parametrize("layer", ALL.values(), ids=ALL)
def test_every_layer_says_what_its_shapes_rest_on(layer):
    assert layer.field(GEOM_BASIS.key).required


@pytest.mark.parametrize("layer", ALL.values(), ids=ALL)
def test_every_layer_has_data_that_fit_it(layer):
    frame = open_room().frame(layer.key)
    assert len(frame)
    assert frame.crs.to_epsg() == 4490
    assert set(completed(layer, frame).columns) >= {field.key for field in layer.fields}


@pytest.mark.parametrize("layer", ALL.values(), ids=ALL)
def test_class_colours_can_be_told_from_the_paper(layer):
    paints = [layer.style.paint, *layer.style.classes.values()]
    assert all(re.fullmatch(r"#[0-9A-Fa-f]{6}", paint.colour) for paint in paints)


@pytest.fixture
def sixth(tmp_path: Path) -> Room:
    """A room whose data folder also holds a sixth layer, declared in the office's own folder."""
    data = tmp_path / "geojson"
    shutil.copytree(ROOT / "data" / "geojson", data)
    shutil.copy(SIXTH / "drains.geojson", data)
    return Room(Settings(data=data, layers=(SIXTH,)))


def test_a_sixth_layer_is_one_file_and_one_geojson(sixth):
    assert "drains" in sixth.layers()
    assert [one.shown for one in sixth.figures() if one.figure.key == "drains_km"] == [0.19]
    assert list(sixth.findings("drains")["rule"]) == ["choice"]


def test_a_layer_that_appears_while_the_room_is_open_is_found(tmp_path):
    room = Room(Settings(layers=(tmp_path,)))
    assert "drains" not in room.layers()
    shutil.copy(SIXTH / "drains.py", tmp_path)
    assert "drains" in room.layers()


def test_a_layer_file_that_changes_counts_from_the_next_look(tmp_path):
    room = Room(Settings(layers=(tmp_path,)))
    declared = (SIXTH / "drains.py").read_text(encoding="utf-8")
    (tmp_path / "drains.py").write_text(declared, encoding="utf-8")
    assert room.layer("drains").title.en == "Drains"
    (tmp_path / "drains.py").write_text(declared.replace('"Drains")', '"Sewers")'), encoding="utf-8")
    assert room.layer("drains").title.en == "Sewers"


def test_a_layer_without_data_is_trouble_in_words_and_stops_nothing(tmp_path):
    room = Room(Settings(layers=(SIXTH,)))
    assert "drains.geojson" in room.trouble("drains").says.zh
    assert len(room.figures()) >= 8


def test_a_key_declared_twice_is_refused(tmp_path):
    shutil.copy(ROOT / "layers" / "roads.py", tmp_path)
    with pytest.raises(LayerError, match="declared twice"):
        layers.catalogue((tmp_path,))


def test_a_file_whose_key_is_not_its_name_is_refused(tmp_path):
    shutil.copy(ROOT / "layers" / "roads.py", tmp_path / "streets.py")
    with pytest.raises(LayerError, match="must define LAYER"):
        layers.catalogue((tmp_path,))
