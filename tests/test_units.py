import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.units import UNITS, half_up, hectares, mu, residue

REASONABLE = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def test_fifteen_mu_make_a_hectare():
    assert mu(10_000) == 15
    assert hectares(10_000) == 1


def test_one_mu_is_two_thousand_thirds_of_a_square_metre():
    assert mu(float(Fraction(2000, 3))) == pytest.approx(1, rel=1e-15)


def test_the_380_mu_of_the_report_are_not_379_998():
    assert half_up(mu(253_333.3333), 2) == 380.00
    assert mu(pd.Series([253_333.3333, 0.0])).round(6).tolist() == [380.0, 0.0]


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (0.125, 2, 0.13),
        (0.135, 2, 0.14),
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (2.5, 0, 3.0),
        (-2.5, 0, -3.0),
        (0.00005, 4, 0.0001),
        (1e22, 2, 1e22),
        (1e300, 4, 1e300),
        (1e-300, 2, 0.0),
        (108.55, 1, 108.6),
    ],
)
def test_a_half_is_rounded_away_from_zero(value, decimals, rounded):
    assert half_up(value, decimals) == rounded


@given(REASONABLE, st.integers(0, 6))
def test_rounding_agrees_with_decimal_arithmetic_and_moves_half_a_step_at_most(value, decimals):
    step = Decimal(10) ** -decimals
    exact = Decimal(repr(value))
    sign = -1 if exact < 0 else 1
    by_hand = sign * int((abs(exact) / step).to_integral_value(ROUND_HALF_UP)) * step
    assert half_up(value, decimals) == float(by_hand)
    assert half_up(half_up(value, decimals), decimals) == half_up(value, decimals)


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinity_stays_infinity(value):
    assert half_up(value, 2) == value


def test_a_number_that_is_none_stays_none():
    assert math.isnan(half_up(math.nan, 2))


@pytest.mark.parametrize("value", [-0.001, -0.0, 0.0])
def test_nothing_is_shown_with_a_minus_sign_before_zero(value):
    assert UNITS["mu"].show(value) == "0.00"


def test_each_unit_has_its_own_decimals():
    shown = {key: UNITS[key].show(12_345.678_95) for key in ("mu", "m2", "hectare", "m3")}
    assert shown == {"mu": "12,345.68", "m2": "12,345.68", "hectare": "12,345.6790", "m3": "12,346"}
    assert UNITS["mu"].show(0.00005, 4) == "0.0001"


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_every_unit_is_named_in_both_languages(unit):
    assert UNITS[unit.key] is unit
    assert unit.label.zh
    assert unit.label.en


def test_units_cannot_be_replaced():
    with pytest.raises(TypeError, match="assignment"):
        UNITS["mu"] = UNITS["m2"]


def test_the_residue_is_what_the_rounded_rows_lack_to_the_total():
    assert residue([0.004, 0.004, 0.004], 2) == 0.01
    assert residue([0.005, 0.005], 2) == -0.01
    assert residue([1.0, 2.0], 2) == 0.0
    assert residue([], 2) == 0.0


@given(st.lists(REASONABLE, max_size=40))
def test_rows_and_residue_add_up_to_the_total_in_any_order(values):
    rows = sum((Decimal(repr(half_up(value, 2))) for value in values), Decimal(0))
    total = Decimal(repr(half_up(math.fsum(values), 2)))
    assert rows + Decimal(repr(residue(values, 2))) == pytest.approx(total, abs=Decimal("1e-5"))
    assert residue(values, 2) == residue(reversed(values), 2)
    assert abs(residue(values, 2)) <= 0.005 * (len(values) + 1) + 1e-5
