"""Gaps place by place against their definition: closing the whole layer at once, by GEOS."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ground import EAST, NORTH, grid, moved, polygon, series, square
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

from gis import cells, facing, gaps, topology
from gis.errors import GeometryError

SNAP_M = 1e-3
ROUNDING_M2 = 1e-3
many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
widths = st.sampled_from([0.13, 0.33, 0.57, 1.37])


def gaps_of_the_whole(shapes: gpd.GeoSeries, width_m: float) -> list[tuple[int, int, Polygon]]:
    """What closing the union of all shapes fills and what touches two of them; the slow truth."""
    whole = shapely.union_all(shapes.array)
    grown = shapely.buffer(whole, width_m / 2, join_style="mitre", mitre_limit=5)
    closed = shapely.buffer(grown, -width_m / 2, join_style="mitre", mitre_limit=5)
    holes = [part for part in shapely.get_parts(closed - whole) if part.area > SNAP_M * width_m]
    found = []
    for hole in holes:
        rim = hole.buffer(SNAP_M)
        near = [(-round(shape.boundary.intersection(rim).length / SNAP_M), at) for at, shape in enumerate(shapes)
                if shape.intersects(rim)]  # fmt: skip
        if len(near) > 1:
            one, other = sorted(at for _, at in sorted(near)[:2])
            found.append((one, other, hole))
    return sorted(found, key=lambda row: row[:2])


def is_a_step(hole: Polygon, width_m: float) -> bool:
    """Tell whether GEOS filled a bend of the outline shallower than a hundredth of the radius, its tolerance."""
    return 2 * hole.area / hole.length < width_m / 200


def covers_the_same(one: Polygon, other: Polygon) -> bool:
    return (one ^ other).area < 1e-9 + 1e-6 * other.area


def assert_the_same_gaps(shapes: gpd.GeoSeries, width_m: float) -> None:
    try:
        truth = gaps_of_the_whole(shapes, width_m)
    except shapely.errors.GEOSException:
        assume(False)
    found = topology.gaps(shapes, width_m)
    left = list(zip(found["feature"], found["other"], found.geometry, strict=True))
    for one, other, hole in truth:
        same = [k for k, row in enumerate(left) if row[:2] == (one, other) and covers_the_same(row[2], hole)]
        if same:
            left.pop(same[0])
        else:
            assert is_a_step(hole, width_m), (one, other, hole.wkt)
    assert not left


@st.composite
def coverages(draw) -> gpd.GeoSeries:
    """Parcels of a few metres in rows, with moved corners; some shrunk, shifted, bent, missing, or one feature."""
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(columns + 1) * 5.0, np.arange(rows + 1) * 4.0), axis=-1)
    corner += random.uniform(-0.8, 0.8, corner.shape) * draw(st.sampled_from([0, 0, 1]))
    ways = draw(st.lists(st.sampled_from(["kept", "shrunk", "shifted", "missing", "bent"]), min_size=16, max_size=16))
    depth = draw(st.sampled_from([0.02, 0.05, 0.11, 0.2, 0.6]))
    shapes = []
    for at in range(columns * rows):
        i, j = divmod(at, columns)
        shape = Polygon([corner[i, j], corner[i, j + 1], corner[i + 1, j + 1], corner[i + 1, j]])
        if ways[at] == "shrunk":
            shape = shape.buffer(-depth, join_style="mitre")
        elif ways[at] == "shifted":
            shape = moved(shape, *random.uniform(-depth, depth, 2))
        elif ways[at] == "bent":
            shape = Polygon(np.array(shape.exterior.coords[:-1]) + random.normal(0, depth / 2, (4, 2)))
        if ways[at] != "missing":
            shapes.append(moved(shape, EAST, NORTH))
    if len(shapes) > 3 and draw(st.booleans()):
        apart = shapes.pop(0)
        shapes.append(shapely.union_all([apart, shapes.pop()]))
    if shapes and draw(st.booleans()):
        middle = shapely.box(*(shapely.union_all(shapes).centroid.buffer(draw(st.floats(0.05, 2))).bounds))
        shapes = [shape - middle for shape in shapes]
    return gpd.GeoSeries([shape for shape in shapes if not shape.is_empty], crs=4549)


@st.composite
def heaps(draw) -> gpd.GeoSeries:
    """Rectangles and triangles on and beside each other, corners on a lattice or anywhere."""
    lattice = draw(st.booleans())
    coordinate = st.integers(0, 24).map(lambda k: k * 0.5) if lattice else st.floats(0, 12)
    point = st.tuples(coordinate, coordinate)
    shapes = []
    for _ in range(draw(st.integers(2, 8))):
        if draw(st.booleans()):
            (a, b), (c, d) = draw(point), draw(point)
            shape = shapely.box(min(a, c), min(b, d), max(a, c), max(b, d))
        else:
            shape = Polygon([draw(point), draw(point), draw(point)])
        if shape.is_valid and shape.area > 0.01:
            shapes.append(moved(shape, EAST, NORTH))
    return gpd.GeoSeries(shapes, crs=4549)


@many
@given(coverages(), widths)
def test_gaps_of_a_coverage_are_those_of_closing_it_whole(shapes, width_m):
    assume(len(shapes))
    assert_the_same_gaps(shapes, width_m)


@many
@given(heaps(), widths)
def test_gaps_among_overlapping_shapes_are_those_of_closing_them_whole(shapes, width_m):
    assume(len(shapes))
    assert_the_same_gaps(shapes, width_m)


def shrunk(shapes: gpd.GeoSeries, by_m: float) -> gpd.GeoSeries:
    return shapes.buffer(-by_m, join_style="mitre")


def in_tiles(monkeypatch, tile_cells: int) -> None:
    monkeypatch.setattr(gaps, "WHOLE_CELLS", 0)
    monkeypatch.setattr(gaps, "TILE_CELLS", tile_cells)


@pytest.mark.parametrize("tile_cells", [1, 2, 3, 7])
def test_a_network_of_gaps_cut_by_tiles_is_put_together_again(monkeypatch, tile_cells):
    in_tiles(monkeypatch, tile_cells)
    notched = shapely.difference(np.asarray(shrunk(grid(4, 3, 37), 0.1).array), square(55, 30, 9, 11))
    shapes = gpd.GeoSeries(notched, crs=4549)
    found = topology.gaps(shapes, 0.5)
    [(one, other, hole)] = gaps_of_the_whole(shapes, 0.5)
    assert (found["feature"][0], found["other"][0]) == (one, other)
    assert len(found) == 1
    assert found["area_m2"][0] == pytest.approx(hole.area, rel=1e-3)
    assert (found.geometry[0] ^ hole).area < 1e-6


@pytest.mark.parametrize("tile_cells", [1, 2, 5])
@pytest.mark.parametrize("apart", [0.3, 3.7, 9.9, 10.0, 10.1, 21.0])
def test_gaps_one_beside_the_other_stay_apart_at_any_tile(monkeypatch, tile_cells, apart):
    in_tiles(monkeypatch, tile_cells)
    strips = [square(k * (apart + 0.2), 0, apart, 45) for k in range(6)]
    shapes = series(*strips)
    found = topology.gaps(shapes, 0.5)
    assert list(zip(found["feature"], found["other"], strict=True)) == [(k, k + 1) for k in range(5)]
    assert found["area_m2"].tolist() == [pytest.approx(9, abs=0.01)] * 5


def test_a_gap_of_three_kilometres_is_one_gap():
    found = topology.gaps(series(square(0, 0, 3000, 50), square(0, 50.2, 3000, 50)), 0.5)
    assert found["area_m2"].tolist() == [pytest.approx(600, abs=0.2)]
    assert (found.geometry[0] ^ square(0, 50, 3000, 0.2)).area < 1e-6


def test_a_gap_along_a_river_of_many_points_is_found_where_it_is():
    x = np.linspace(0, 2000, 4001)
    bank = np.c_[x, 3 * np.sin(x / 40)]
    river = Polygon(np.r_[bank, bank[::-1] + np.array([0, 60])] + [EAST, NORTH])
    low = Polygon(np.r_[bank[1000:1101] - [0, 0.2], [[550, -40], [500, -40]]] + [EAST, NORTH])
    found = topology.gaps(series(river, low), 0.5)
    assert len(found) == 1
    assert found["area_m2"][0] == pytest.approx(gaps_of_the_whole(series(river, low), 0.5)[0][2].area, abs=ROUNDING_M2)


@pytest.mark.parametrize(("mouth", "count"), [(2.0, 1), (4.0, 1), (12.0, 0), (20.0, 0)])
def test_a_notch_between_two_shapes_is_a_gap_where_it_is_sharp(mouth, count):
    west = polygon((-20, -20), (0, -20), (0, 0), (-mouth / 2, 20), (-20, 20))
    east = polygon((0, -20), (20, -20), (20, 20), (mouth / 2, 20), (0, 0))
    shapes = series(west, east)
    assert len(gaps_of_the_whole(shapes, 0.5)) == count
    assert len(topology.gaps(shapes, 0.5)) == count


def test_a_triangle_left_out_between_three_shapes_is_a_gap():
    a, b, c = (0, 0), (0.6, 0), (0.3, 0.5)
    far = [(-20, -12), (20, -12), (0.3, 30)]
    shapes = series(polygon(far[0], far[1], b, a), polygon(far[1], far[2], c, b), polygon(far[2], far[0], a, c))
    assert topology.gaps(shapes, 0.5)["area_m2"].tolist() == [pytest.approx(0.15, abs=ROUNDING_M2)]


def test_boundaries_that_cross_at_a_sharp_angle_leave_a_gap():
    crossed = series(polygon((0, 0), (80, 3), (80, 9)), polygon((0, 3), (80, 0), (80, -9)))
    truth = gaps_of_the_whole(crossed, 0.5)
    assert topology.gaps(crossed, 0.5).geometry.area.sum() == pytest.approx(sum(row[2].area for row in truth), abs=1e-6)
    assert truth


def test_a_corner_in_the_middle_of_a_long_edge_is_no_gap():
    third = 100 / 3
    shapes = series(square(0, 0), square(0, 100, third), square(third, 100, 100 - third), square(-50, 30, 50))
    assert topology.gaps(shapes, 0.5).empty
    assert len(facing.places(np.asarray(shapes.array), 2.5, 1.0)) == 0


def test_a_step_of_half_a_millimetre_in_a_street_front_is_no_gap():
    shapes = series(square(0, 0, 20, 40), square(20, 0.0005, 20, 40))
    assert topology.gaps(shapes, 0.5).empty


def test_a_gap_of_one_millimetre_is_a_gap():
    found = topology.gaps(series(square(), square(100.001, 0)), 0.5)
    assert found["area_m2"].tolist() == [pytest.approx(0.1, abs=0.01)]


def test_copies_without_number_beside_a_gap_change_nothing():
    copies = series(*[square()] * 3000, square(100.2, 0))
    found = topology.gaps(copies, 0.5)
    assert list(zip(found["feature"], found["other"], strict=True)) == [(0, 1)]
    assert found["area_m2"].tolist() == [pytest.approx(20, abs=0.01)]


def test_shapes_in_heaps_are_refused_with_the_number(monkeypatch):
    monkeypatch.setattr(facing, "MOST_COMPARISONS", 1000)
    heap = series(*(square(k * 0.7, k * 0.3, 30) for k in range(40)))
    with pytest.raises(GeometryError, match=r"gaps takes [0-9,]{5,} comparisons of two edges, more than 1,000"):
        topology.gaps(heap, 0.5)


def test_where_geos_gives_up_a_coarser_grid_finds_the_gap(monkeypatch):
    closed = gaps._closed

    def gives_up(shapes, radius, grid=None):
        if grid is None:
            raise shapely.errors.GEOSException("TopologyException")
        return closed(shapes, radius, grid)

    monkeypatch.setattr(gaps, "_closed", gives_up)
    found = topology.gaps(series(square(), square(100.2, 0)), 0.5)
    assert found["area_m2"].tolist() == [pytest.approx(20, abs=0.01)]


def test_rows_come_in_the_order_of_the_layer():
    shapes = series(square(300, 0), square(0, 0), square(100.2, 0), square(200.4, 0, 99.4))
    found = topology.gaps(shapes, 0.5)
    assert list(zip(found["feature"], found["other"], strict=True)) == [(0, 3), (1, 2), (2, 3)]


@many
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 6))
def test_the_boundary_of_a_coverage_is_that_of_its_union(seed, columns, rows):
    random = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(columns + 1) * 9.0, np.arange(rows + 1) * 9.0), axis=-1)
    corner += random.uniform(-2, 2, corner.shape) + np.array([EAST, NORTH])
    shapes = [
        Polygon(np.roll([corner[i, j], corner[i, j + 1], corner[i + 1, j + 1], corner[i + 1, j]], k, axis=0)[::turn])
        for i in range(rows)
        for j in range(columns)
        for k, turn in [(random.integers(4), random.choice([1, -1]))]
        if random.random() < 0.8
    ] or [square()]
    edges = facing.boundary(np.array([*shapes, shapes[0]], dtype=object))
    assert np.hypot(*(edges[:, 2:] - edges[:, :2]).T).sum() == pytest.approx(shapely.union_all(shapes).length, abs=1e-6)
    middle, ahead = (edges[:, :2] + edges[:, 2:]) / 2, edges[:, 2:] - edges[:, :2]
    left = middle + 1e-4 * np.c_[-ahead[:, 1], ahead[:, 0]]
    assert shapely.intersects_xy(shapely.union_all(shapes), left).all()


def test_holes_and_parts_have_the_ground_on_their_left():
    holed = Polygon(square().exterior, [square(20, 20, 30).exterior])
    edges = facing.boundary(np.array([holed, MultiPolygon([square(200, 0), square(400, 0)])], dtype=object))
    assert len(edges) == 16
    ahead = edges[:, 2:] - edges[:, :2]
    left = (edges[:, :2] + edges[:, 2:]) / 2 + 0.01 * np.c_[-ahead[:, 1], ahead[:, 0]]
    assert shapely.intersects_xy(shapely.union_all([holed, square(200, 0), square(400, 0)]), left).all()


@many
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_cells_that_touch_are_one_group(ranges):
    spans = np.array([(west, south, west + wide, south + high) for west, south, wide, high in ranges])
    found, group = cells.groups(spans)
    ground = shapely.union_all(shapely.box(*(spans + np.array([0, 0, 1, 1])).T))
    boxes = shapely.box(*np.hstack([found, found + 1]).T)
    assert shapely.union_all(boxes).equals(ground)
    assert len({tuple(cell) for cell in found}) == len(found) == ground.area
    blobs = shapely.get_parts(shapely.buffer(ground, 0.1))
    blob_of = [int(np.flatnonzero(shapely.contains(blobs, box))[0]) for box in boxes]
    assert len(set(zip(blob_of, group, strict=True))) == len(blobs) == len(set(group))
