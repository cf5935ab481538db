"""Tens of thousands of nasty pairs against GEOS and rational arithmetic; `tests/million.py` is the long run."""

import judge
import nasty
import numpy as np
import pytest
import shapely

from gis import overlap

MANY = 750
COSTLY = {"combs": 100, "spirals": 100, "parts": 400}


@pytest.mark.parametrize("on_mm", [False, True], ids=["any digit", "on millimetres"])
@pytest.mark.parametrize("code", [4549, 4528])
@pytest.mark.parametrize("kind", nasty.KINDS)
def test_no_pair_of_this_kind_is_a_counterexample(kind, code, on_mm):
    rng = np.random.default_rng([len(kind), code, on_mm])
    left, right = nasty.placed(nasty.KINDS[kind](rng, COSTLY.get(kind, MANY)), code, rng, on_mm=on_mm)
    assert judge.counterexamples(left, right, overlap.overlaps(left, right)) == []


@pytest.mark.parametrize("code", [4549, 4528])
def test_cells_of_one_board_share_as_many_cells_as_both_have(code):
    rng = np.random.default_rng(7)
    left, right = nasty.placed(nasty.polyominoes(rng, 300), code, rng, on_mm=True)
    left, right = (side.set_axis(side.index.str[1:].astype(int)).sort_index() for side in (left, right))
    found = overlap.overlaps(left, right)
    cells = shapely.area(shapely.intersection(left.array, right.array)).round(-2)[found["left"]]
    assert (found["left"] == found["right"]).all()
    # 10 m on the plane are 10 m on the ground but for the areal scale, which is 1 to 1.2e-6 here.
    assert found["area_m2"].to_numpy() == pytest.approx(cells, rel=2e-6)
