"""Overview tiles: each pixel against the share of it that shapely finds covered."""

import json
from io import BytesIO

import numpy as np
import parcels
import pytest
import shapely
from PIL import Image
from test_tiles_vector import on_tile, rectangle, ring, tile_at

from gis.errors import DataError
from guatu.maps import index, kernels, overview
from guatu.maps.extent import extent
from guatu.maps.grid import EXTENT, Tile

PIXEL = EXTENT / overview.PIXELS
PALETTE = 24 / 255


@pytest.fixture(scope="module")
def shapes():
    return parcels.stars(5_000, 3_000)


@pytest.fixture(scope="module")
def whole(shapes):
    return index.build(parcels.drawing(shapes))


def pixels(written):
    image = Image.open(BytesIO(written))
    assert image.size == (overview.PIXELS, overview.PIXELS)
    return np.asarray(image.convert("RGBA")).astype(float) / 255


def made(shapes):
    return index.build(parcels.drawing(np.asarray(shapes, dtype=object)))


def covered(whole, at):
    """What the kernel finds covered, all groups together."""
    x, y = at.corner
    found = whole.found(x, y, x + at.side, y + at.side)
    return sum(
        kernels.covered(
            found, whole.group_of, group, np.array([x, y]), overview.PIXELS / at.side, 1.0,
            whole.xy, whole.ring_start, whole.kind_of, whole.first_ring, whole.boxes, whole.area, overview.PIXELS,
        )
        for group in range(6)
    )  # fmt: skip


def share_by_shapely(shapes, at, spots):
    """The covered share of some pixels (row, column)."""
    drawn = on_tile(shapes, at) if len(shapes) else shapes
    tree = shapely.STRtree(drawn)
    boxes = [shapely.box(c * PIXEL, r * PIXEL, (c + 1) * PIXEL, (r + 1) * PIXEL) for r, c in spots]
    return np.array([shapely.area(shapely.intersection(drawn[tree.query(box)], box)).sum() / PIXEL**2 for box in boxes])


@pytest.mark.parametrize("z", [9, 11, 13, 14, 15])
def test_a_pixel_is_covered_as_shapely_says(whole, shapes, z):
    at = tile_at(parcels.WEST + 0.01, parcels.SOUTH + 0.01, z)
    found = covered(whole, at)
    inside = np.argwhere(found > 0)
    spots = np.random.default_rng(1).permutation(inside)[: 20 if z < 12 else 100]
    want = share_by_shapely(shapes, at, spots)
    assert found[tuple(spots.T)] == pytest.approx(want, abs=2e-3)
    empty = np.random.default_rng(2).permutation(np.argwhere(found == 0))[:100]
    assert share_by_shapely(shapes, at, empty) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("z", range(8, 15))
def test_no_ground_is_lost_from_any_height(whole, shapes, z):
    total = 0.0
    corners = {tile_at(lon, lat, z) for lon in np.linspace(119.94, 120.0, 30) for lat in np.linspace(31.79, 31.84, 30)}
    for at in corners:
        total += covered(whole, at).sum() * PIXEL**2
    want = shapely.area(on_tile(shapes, tile_at(parcels.WEST, parcels.SOUTH, z))).sum()
    assert total == pytest.approx(want, rel=1e-3)


def test_holes_are_not_covered_and_what_reaches_beyond_the_tile_is_cut():
    wide = shapely.Polygon(
        rectangle(-9_000, -9_000, 18_000), [rectangle(-300, -300, 600), rectangle(900, 500, 10, 300)]
    )
    at = tile_at(parcels.WEST, parcels.SOUTH, 15)
    found = covered(made([wide]), at)
    spots = np.argwhere(np.ones_like(found, bool))[::97]
    assert found[tuple(spots.T)] == pytest.approx(share_by_shapely(np.array([wide]), at, spots), abs=2e-3)
    assert found.min() == 0
    assert found.max() == 1


def test_a_lone_small_parcel_is_seen_from_afar():
    speck = shapely.Polygon(rectangle(100, 100, 3))
    for z in range(8, 15):
        at = tile_at(*shapely.get_coordinates(speck)[0], z)
        opacity = pixels(overview.tile(made([speck]), at))[..., 3]
        assert (opacity > 0).sum() in {1, 2, 4}
        assert opacity.max() >= overview.LEAST - PALETTE


def test_colours_are_those_of_the_classes_mixed_by_their_ground():
    halves = [shapely.Polygon(rectangle(0, 0, 4_000, 8_000)), shapely.Polygon(rectangle(4_000, 0, 4_000, 8_000))]
    drawing = parcels.drawing(np.array(halves))
    drawing.frame["kind"] = ["idle", "used"]
    at = tile_at(parcels.WEST + 0.04, parcels.SOUTH + 0.03, 12)
    seen = {
        tuple((255 * one).round().astype(int)) for one in pixels(overview.tile(index.build(drawing), at)).reshape(-1, 4)
    }
    assert {(255, 0, 0, 255), (0, 255, 0, 255)} <= seen
    assert all(blue == 0 for _, _, blue, _ in seen)


def test_a_rare_class_is_not_lost_in_the_palette(shapes):
    drawing = parcels.drawing(shapes)
    kinds = np.array(["idle"] * 5_000, dtype=object)
    kinds[2_525] = "used"
    drawing.frame["kind"] = kinds
    lon, lat = shapely.get_coordinates(shapely.centroid(shapes[2_525]))[0]
    colours = pixels(overview.tile(index.build(drawing), tile_at(lon, lat, 15)))
    assert (colours[..., 1] > 0.9).sum() > 20


def test_a_filter_leaves_what_matches(whole, shapes):
    at = tile_at(parcels.WEST + 0.01, parcels.SOUTH + 0.01, 13)
    frame = whole.frame
    for wanted, kept in (
        ({"kind": ["idle"]}, frame["kind"] == "idle"),
        ({"kind": ["idle", "undefined"]}, (frame["kind"] == "idle") | frame["kind"].isna()),
        ({"floors": ["2"]}, frame["floors"] == 2),
        ({"kind": ["used"], "floors": ["1", "3"]}, (frame["kind"] == "used") & (frame["floors"] != 2)),
        ({"kind": []}, frame["kind"] == "nothing"),
    ):
        drawing = parcels.drawing(shapes)
        few = type(drawing)(frame=frame[kept.fillna(False).astype(bool)], fields=drawing.fields, style=drawing.style)
        assert overview.tile(whole, at, wanted) == overview.tile(index.build(few), at)
        assert whole.kept(wanted).sum() == kept.sum()


def test_a_filter_on_an_unknown_field_is_refused(whole):
    with pytest.raises(DataError, match="no field nope"):
        overview.tile(whole, Tile(9, 0, 0), json.loads('{"nope": ["1"]}'))


def test_lines_and_points_are_seen_from_afar():
    line = shapely.LineString(ring((0, 0), (3_000, 2_000)))
    at = tile_at(parcels.WEST + 0.01, parcels.SOUTH + 0.01, 13)
    found = covered(made([line]), at)
    want = on_tile(line, at).intersection(shapely.box(0, 0, EXTENT, EXTENT)).length / PIXEL
    assert found.sum() == pytest.approx(want, rel=0.02)
    point = pixels(overview.tile(made([shapely.Point(*ring((500, 500))[0])]), at))
    assert 4 <= (point[..., 3] > 0).sum() <= 16


def test_a_bow_tie_and_a_flat_polygon_do_no_harm():
    flat = shapely.Polygon(ring((100, 100), (400, 100), (100, 100)))
    tie = shapely.Polygon(ring((600, 600), (900, 900), (900, 600), (600, 900)))
    at = tile_at(parcels.WEST + 0.005, parcels.SOUTH + 0.005, 14)
    found = covered(made([flat, tie]), at)
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() <= 1


def test_ground_that_lies_under_several_parcels_is_covered_once():
    drawing = parcels.drawing(np.array([shapely.Polygon(rectangle(0, 0, 800))] * 3))
    drawing.frame["kind"] = "idle"
    found = covered(index.build(drawing), tile_at(parcels.WEST + 0.004, parcels.SOUTH + 0.004, 14))
    assert found.max() == pytest.approx(1, abs=1e-12)


def test_first_zoom_keeps_the_fullest_tile_light(shapes):
    told = extent(parcels.frame(shapes))
    assert told.large
    whole = index.build(parcels.drawing(shapes))
    for z, light in ((told.first_zoom, True), (told.first_zoom - 1, False)):
        tiles = {
            tile_at(lon, lat, z) for lon in np.linspace(119.95, 119.98, 25) for lat in np.linspace(31.80, 31.827, 25)
        }
        fullest = max(len(whole.found(*at.corner, at.corner[0] + at.side, at.corner[1] + at.side)) for at in tiles)
        assert (fullest <= 1_200) == light


def test_a_heap_on_one_spot_is_never_drawn_as_vectors():
    heap = np.array([shapely.Polygon(rectangle(0, 0, 2))] * 30_000)
    assert extent(parcels.frame(heap)).first_zoom == 21


def test_a_small_layer_travels_whole(shapes):
    assert not extent(parcels.frame(shapes[:2_000])).large
    assert extent(parcels.frame(shapes[:2_001])).large
    long = shapely.LineString(np.column_stack([np.linspace(119.9, 120, 100_001), np.full(100_001, 31.8)]))
    assert extent(parcels.frame(np.array([long]))).large
