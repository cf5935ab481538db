import pytest

from gis.text import LANGUAGES, Text, same


def test_a_text_speaks_the_language_asked_for():
    assert [Text("亩", "mu")[language] for language in LANGUAGES] == ["亩", "mu"]


def test_a_text_within_a_text_speaks_the_language_around_it():
    said = Text("单位是{unit}", "the unit is {unit}").format(unit=Text("亩", "mu"))
    assert said == Text("单位是亩", "the unit is mu")


def test_a_plain_value_reads_the_same_in_both_languages():
    assert Text("{n} 个", "{n} pieces").format(n=3) == Text("3 个", "3 pieces")
    assert same("EPSG:4490")["zh"] == same("EPSG:4490")["en"]


@pytest.mark.parametrize("value", ["{label}", "<script>alert(1)</script>", "{0.__class__}", "%s"])
def test_braces_and_scripts_in_a_value_stay_as_they_are(value):
    assert Text("“{value}”", "“{value}”").format(value=value).zh == f"“{value}”"


def test_a_text_cannot_be_changed():
    with pytest.raises(AttributeError, match="zh"):
        Text("亩", "mu").zh = "公顷"
