"""The catalogue: one file a layer, found by being there; every declaration holds together."""

import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
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


# How linear RGB looks to the colour-blind: Machado, Oliveira and Fernandes (2009), severity 1.
SIGHTS = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
D65 = [0.95047, 1, 1.08883]
TOLD_APART = 15


def seen(colour: str, sight: str) -> np.ndarray:
    """Return a colour in CIELAB as someone with this sight sees it."""
    srgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = np.array(TO_XYZ) @ np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1) / D65
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("layer", ALL.values(), ids=ALL)
def test_classes_are_told_apart_by_the_colour_blind_or_by_more_than_colour(layer, sight):
    for one, other in combinations(layer.style.classes.values(), 2):
        apart = np.linalg.norm(seen(one.fill or one.colour, sight) - seen(other.fill or other.colour, sight))
        drawn = [(paint.hatch, paint.dash, paint.weight) for paint in (one, other)]
        assert apart >= TOLD_APART or drawn[0] != drawn[1]


def test_the_kinds_of_land_are_told_apart_by_colour_alone():
    fills = [paint.fill for paint in ALL["revitalised_parcels"].style.classes.values()]
    for sight in SIGHTS:
        shades = [seen(fill, sight) for fill in fills]
        assert min(np.linalg.norm(one - other) for one, other in combinations(shades, 2)) >= TOLD_APART


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
