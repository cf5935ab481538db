import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ground import frame, square

from gis.errors import LayerError
from gis.figure import Figure
from gis.layer import GEOM_BASIS, Field, Layer, Paint, Rule, Style, Topology, completed, indexed
from gis.text import Text, same

NUMBER = Field(key="n", label=same("N"), kind="number")
WHOLE = Field(key="w", label=same("W"), kind="integer")
KIND = Field(key="kind", label=same("Kind"), choices={"idle": Text("闲置", "idle"), "used": Text("在用", "used")})
ID = Field(key="id", label=same("Id"), required=True)


def layer(**others: object) -> Layer:
    words = dict.fromkeys(("title", "about", "group", "source"), same("…"))
    plain = {
        "key": "plots",
        "geometry": "polygon",
        "id": "id",
        "name": "id",
        "style": Style(paint=Paint(colour="#000000")),
    }
    return Layer(**{**words, **plain, "fields": (ID, NUMBER, WHOLE, KIND), **others})


def rule(says: str = "…", **others: object) -> Rule:
    words = dict.fromkeys(("title", "reason", "source"), same("…"))
    return Rule(key="r", says=Text(says, says), broken=lambda plots, _: plots.index, **words, **others)


@pytest.mark.parametrize(
    ("declaration", "sentence"),
    [
        ({"key": "Bad Key"}, "must be snake_case"),
        ({"label": same("L"), "kind": "number", "choices": {"a": same("a")}}, "has choices, so its kind is text"),
        ({"lowest": 1.0}, "has bounds, so it is a number"),
        ({"kind": "number", "lowest": 2, "highest": 1}, "bounds the wrong way round"),
    ],
)
def test_a_field_that_contradicts_itself_is_refused(declaration, sentence):
    with pytest.raises(LayerError, match=sentence):
        Field(**{"key": "f", "label": same("F"), **declaration})


@pytest.mark.parametrize("colour", ["red", "#12345", "#GGGGGG", "#000000;background:url(x)"])
def test_a_colour_that_is_none_is_refused(colour):
    with pytest.raises(LayerError, match="is not #RRGGBB"):
        Paint(colour=colour)
    with pytest.raises(LayerError, match="is not #RRGGBB"):
        Paint(colour="#000000", fill=colour)


def test_classes_without_a_field_are_refused():
    with pytest.raises(LayerError, match="needs both a field and its classes"):
        Style(paint=Paint(colour="#000000"), by="kind")


@pytest.mark.parametrize(
    ("declaration", "sentence"),
    [
        ({"key": "2nd"}, "must be snake_case"),
        ({"fields": (ID, ID)}, "declares a field twice"),
        ({"id": "gone"}, "names a field it lacks: gone"),
        ({"aliases": "gone"}, "names a field it lacks: gone"),
        ({"geometry": "line", "topology": Topology()}, "has no polygons to check"),
        ({"rules": (rule("{id} {gone}"),)}, "Rule r of layer plots names a field that the layer lacks: gone"),
        (
            {"style": Style(paint=Paint(colour="#000000"), by="kind", classes={"gone": Paint(colour="#000000")})},
            "paints gone, which field kind doesn't offer",
        ),
    ],
)
def test_a_layer_that_contradicts_itself_is_refused(declaration, sentence):
    with pytest.raises(LayerError, match=sentence):
        layer(**declaration)


def test_every_layer_says_on_what_its_shapes_rest():
    assert layer().fields[-1] is GEOM_BASIS
    assert layer(fields=(ID, GEOM_BASIS)).fields == (ID, GEOM_BASIS)


def test_a_layer_names_every_layer_it_reads_once():
    figure = Figure(key="f", label=same("F"), unit="mu", rule=same("…"), of=lambda _: (0.0, ()), needs=("b", "a"))
    assert layer(figures=(figure,), rules=(rule(needs=("a", "c")),)).needs == ("plots", "b", "a", "c")


def test_a_choice_is_said_by_its_label_and_anything_else_as_it_is():
    assert KIND.say("idle") == Text("闲置", "idle")
    assert KIND.say("<b>") == "<b>"
    assert layer().field("kind") is KIND


def test_a_completed_frame_has_every_field_and_numbers_as_numbers():
    raw = frame(*[square()] * 5, n=["1.5", "x", None, np.inf, 2], w=["3", 3.5, "", "inf", 4.0])
    done = completed(layer(), raw)
    assert isinstance(done, gpd.GeoDataFrame)
    assert done["n"].dtype == "float64"
    assert done["w"].dtype == "Int64"
    assert done["n"].fillna(-1).tolist() == [1.5, -1, -1, -1, 2]
    assert done["w"].fillna(-1).tolist() == [3, -1, -1, -1, 4]
    assert done["kind"].isna().all()
    assert "n" in raw
    assert raw["n"].tolist()[1] == "x"


@pytest.mark.parametrize("index", [None, ["a", "a"]])
def test_a_frame_is_completed_when_empty_or_with_labels_used_twice(index):
    raw = frame(*[square()] * len(index or []), index=index)
    assert completed(layer(), raw)["n"].tolist() == pytest.approx([np.nan] * len(raw), nan_ok=True)


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_numbers_are_read_from_any_kind_of_text_column(dtype):
    raw = frame(square(), square()).assign(n=pd.Series(["1.5", "no"], dtype=dtype))
    assert completed(layer(), raw)["n"].tolist() == pytest.approx([1.5, np.nan], nan_ok=True)


def test_features_are_labelled_by_id_where_each_has_its_own():
    assert indexed(frame(square(), square(), id=["b", "a"]), "id").index.tolist() == ["b", "a"]
    assert indexed(frame(square(), square(), id=[7, 8]), "id").index.tolist() == ["7", "8"]


@pytest.mark.parametrize("ids", [["a", "a"], ["a", None], [1, "1"]], ids=["twice", "missing", "number and text"])
def test_features_are_labelled_by_row_where_the_ids_do_not_tell_them_apart(ids):
    assert indexed(frame(square(), square(), index=["p", "q"], id=ids), "id").index.tolist() == [0, 1]
    assert indexed(frame(square(), index=["p"]), "id").index.tolist() == [0]
