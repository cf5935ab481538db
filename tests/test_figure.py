import pytest

from gis.errors import LayerError
from gis.figure import VERDICTS, Figure, Reported, measure
from gis.text import same


def figure(value: float = 0.0, reported: Reported | None = None, **others: object) -> Figure:
    plain = {"key": "f", "label": same("F"), "unit": "mu", "rule": same("…")}
    return Figure(**{**plain, "of": lambda _: (value, [1, "b"]), "reported": reported, **others})


def claim(value: float, decimals: int = 0, tolerance: float = 0.0) -> Reported:
    return Reported(value=value, decimals=decimals, tolerance=tolerance, says=same("…"), source=same("…"))


def test_a_measured_figure_knows_its_features_and_the_version_of_the_data():
    measured = measure(figure(380.0), {}, "2f9c")
    assert (measured.value, measured.features, measured.snapshot) == (380.0, ("1", "b"), "2f9c")


@pytest.mark.parametrize(
    ("value", "reported", "verdict"),
    [
        (380.004, claim(380), "match"),
        (380.4, claim(380), "rounding"),
        (379.5, claim(380), "rounding"),
        (380.5, claim(380), "mismatch"),
        (379.4999, claim(380), "mismatch"),
        (108.5714, claim(108.6, 1), "rounding"),
        (39_100, claim(40_000, 0, 0.05), "rounding"),
        (37_000, claim(40_000, 0, 0.05), "mismatch"),
        (float("nan"), claim(380), "mismatch"),
        (380.0, None, "unreported"),
    ],
)
def test_a_figure_agrees_as_shown_when_rounded_or_not(value, reported, verdict):
    assert measure(figure(value, reported), {}, "").verdict == verdict
    assert VERDICTS[verdict].zh


def test_a_figure_is_shown_half_up_with_the_decimals_of_its_unit_or_its_own():
    assert measure(figure(1.005), {}, "").shown == 1.01
    assert figure().show(12345.675) == "12,345.68"
    assert figure(decimals=0).show(2.5) == "3"
    assert measure(figure(2.5, decimals=0), {}, "").shown == 3


def test_a_figure_with_an_unknown_unit_is_refused():
    with pytest.raises(LayerError, match="has an unknown unit, acre"):
        figure(unit="acre")
