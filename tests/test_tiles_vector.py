"""Vector tiles read back by two readers we did not write, against shapely's clip on pyproj's Web Mercator."""

from collections import Counter

import mapbox_vector_tile
import numpy as np
import parcels
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from guatu.maps import index, vector
from guatu.maps.grid import EXTENT, Tile

WORLD_M = 2 * 20_037_508.342789244
MERCATOR = Transformer.from_crs(4326, 3857, always_xy=True)
CLIP = shapely.box(-vector.BUFFER, -vector.BUFFER, EXTENT + vector.BUFFER, EXTENT + vector.BUFFER)


def tile_at(lon, lat, z):
    x, y = MERCATOR.transform(lon, lat)
    return Tile(z, int((x / WORLD_M + 0.5) * 2**z), int((0.5 - y / WORLD_M) * 2**z))


def on_tile(shapes, at):
    """The shapes in units of a tile, y running south."""

    def moved(lonlat):
        x, y = MERCATOR.transform(*lonlat.T)
        side = WORLD_M / 2**at.z
        return np.stack([(x + WORLD_M / 2) / side - at.x, (WORLD_M / 2 - y) / side - at.y], axis=1) * EXTENT

    return shapely.transform(shapes, moved)


def decoded(written):
    """The features of a tile by id, with shapes in units of the tile."""
    if not written:
        return []
    layer = mapbox_vector_tile.decode(written, default_options={"y_coord_down": True})["features"]
    assert layer["extent"] == EXTENT
    assert layer["version"] == 2
    return [(one["properties"], shapely.geometry.shape(one["geometry"])) for one in layer["features"]]


def drawn(shapes, at):
    made = index.build(parcels.drawing(np.asarray(shapes, dtype=object)))
    return decoded(vector.tile(made, at))


def ring(*corners_m):
    return [(parcels.WEST + east / parcels.LON_M, parcels.SOUTH + north / parcels.LAT_M) for east, north in corners_m]


def rectangle(west, south, width, height=None):
    east, north = west + width, south + (height or width)
    return ring((west, south), (east, south), (east, north), (west, north))


@pytest.fixture(scope="module")
def shapes():
    return parcels.stars(5_000, 3_000)


@pytest.fixture(scope="module")
def whole(shapes):
    return index.build(parcels.drawing(shapes))


def middle(whole, z):
    return tile_at(parcels.WEST + 1_500 / parcels.LON_M, parcels.SOUTH + 1_500 / parcels.LAT_M, z)


@pytest.mark.parametrize("z", [13, 15, 16, 17, 19, 20])
def test_a_tile_holds_what_shapely_clips_from_every_parcel(whole, shapes, z):
    at = middle(whole, z)
    want = shapely.intersection(on_tile(shapes, at), CLIP)
    found = {told["_id"]: shape for told, shape in decoded(vector.tile(whole, at))}
    certain = np.flatnonzero(shapely.area(want) > 100)
    assert {f"P{k:05d}" for k in certain} <= set(found)
    assert set(found) <= {f"P{k:05d}" for k in np.flatnonzero(~shapely.is_empty(want))}
    pairs = [(want[k], found[f"P{k:05d}"]) for k in certain]
    # Half a unit of rounding on each side of the outline, in both directions.
    for clipped, got in pairs:
        assert shapely.buffer(got, 0).symmetric_difference(clipped).area <= 0.75 * clipped.length + 1


def test_gdal_reads_the_same_parcels_in_the_same_places(whole, shapes, tmp_path):
    at = middle(whole, 16)
    path = tmp_path / "tile.mvt"
    path.write_bytes(vector.tile(whole, at))
    read = pyogrio.read_dataframe(path, X=at.x, Y=at.y, Z=at.z, CLIP="NO")
    assert {"_id", "_name", "kind", "geom_basis"} <= set(read.columns)
    first = read.iloc[0]
    original = shapes[int(first["_id"][1:])]
    mercator = shapely.transform(original, lambda xy: np.stack(MERCATOR.transform(*xy.T), axis=1))
    unit_m = WORLD_M / 2**16 / EXTENT
    assert first.geometry.intersection(mercator).area > 0.95 * first.geometry.area
    assert shapely.hausdorff_distance(first.geometry, mercator) < 2 * unit_m or not CLIP.contains(on_tile(original, at))


def test_tags_are_the_id_the_name_and_what_colours_or_narrows(whole):
    frame = whole.frame
    for told, _ in decoded(vector.tile(whole, middle(whole, 16))):
        row = frame.loc[told["_id"]]
        want = {"_id": told["_id"], "_name": row["name"], "geom_basis": "schematic"}
        assert told == want | ({"kind": row["kind"]} if isinstance(row["kind"], str) else {})


def test_features_come_in_the_order_of_the_frame(whole):
    ids = [told["_id"] for told, _ in decoded(vector.tile(whole, middle(whole, 15)))]
    assert ids == sorted(ids)


def test_holes_islands_and_parts_keep_their_turn():
    island_in_hole = shapely.MultiPolygon(
        [
            (rectangle(10, 10, 80), [rectangle(30, 30, 40)]),
            (rectangle(40, 40, 20), []),
            (rectangle(120, 10, 30)[::-1], [rectangle(125, 15, 5)[::-1]]),
        ]
    )
    at = tile_at(parcels.WEST, parcels.SOUTH, 16)
    ((_, got),) = drawn([island_in_hole], at)
    want = shapely.intersection(on_tile(island_in_hole, at), CLIP)
    assert got.is_valid
    assert [len(part.interiors) for part in got.geoms] == [len(part.interiors) for part in want.geoms]
    assert got.area == pytest.approx(want.area, rel=2e-3)


def test_shells_turn_clockwise_and_holes_do_not_as_the_format_demands(whole):
    squares = [rectangle(10, 10, 80), rectangle(30, 30, 40)]
    both_ways = [shapely.Polygon(squares[0], [squares[1][::-1]]), shapely.Polygon(squares[0][::-1], [squares[1]])]
    found = [shape for _, shape in drawn(both_ways, tile_at(parcels.WEST, parcels.SOUTH, 16))]
    found += [shape for _, shape in decoded(vector.tile(whole, middle(whole, 16)))]
    for part in shapely.get_parts(found):
        # y runs south, so a ring that shapely calls counter-clockwise turns clockwise to the eye.
        assert part.exterior.is_ccw
        assert not any(hole.is_ccw for hole in part.interiors)


def test_a_hole_that_lies_outside_its_shell_is_never_drawn_as_ground():
    stray = shapely.Polygon(rectangle(-9_000, -9_000, 10), [rectangle(10, 10, 80)])
    assert drawn([stray], tile_at(parcels.WEST, parcels.SOUTH, 16)) == []


def test_a_hole_wider_than_the_tile_leaves_nothing_of_its_parcel():
    wide = shapely.Polygon(rectangle(-5_000, -5_000, 10_000), [rectangle(-4_000, -4_000, 8_000)])
    small = shapely.Polygon(rectangle(1, 1, 5))
    found = drawn([wide, small], tile_at(parcels.WEST, parcels.SOUTH, 18))
    assert sum(shape.area for told, shape in found if told["_id"] == "P00000") == 0
    assert sum(shape.area for told, shape in found if told["_id"] == "P00001") > 0


def test_a_parcel_round_the_tile_fills_it():
    ((_, got),) = drawn([shapely.Polygon(rectangle(-5_000, -5_000, 10_000))], tile_at(parcels.WEST, parcels.SOUTH, 18))
    assert got.equals(CLIP)


def test_a_parcel_below_a_pixel_is_still_seen():
    specks = [shapely.Polygon(rectangle(10 + 3 * k, 10, 0.02)) for k in range(50)]
    found = drawn(specks, tile_at(parcels.WEST + 0.0005, parcels.SOUTH + 0.0002, 15))
    assert len(found) == 50
    assert all(shape.area == vector.PIXEL**2 for _, shape in found)


def test_lines_are_cut_where_they_leave_the_tile():
    zigzag = shapely.LineString(ring(*[(k * 40, 900 if k % 2 else -900) for k in range(-20, 40)]))
    at = tile_at(parcels.WEST + 0.001, parcels.SOUTH + 0.001, 17)
    ((_, got),) = drawn([zigzag], at)
    want = shapely.intersection(on_tile(zigzag, at), CLIP)
    assert len(got.geoms) == len(want.geoms)
    assert got.length == pytest.approx(want.length, rel=1e-3)
    assert shapely.hausdorff_distance(got, want) < 2


def test_points_lines_and_polygons_of_one_feature_are_told_apart():
    mixed = shapely.GeometryCollection(
        [
            shapely.MultiPoint(ring((5, 5), (15, 5))),
            shapely.LineString(ring((5, 10), (15, 12))),
            shapely.Polygon(rectangle(5, 20, 10)),
        ]
    )
    found = drawn([mixed], tile_at(parcels.WEST, parcels.SOUTH, 16))
    assert Counter(shape.geom_type for _, shape in found) == Counter(["MultiPoint", "LineString", "Polygon"])
    assert {told["_id"] for told, _ in found} == {"P00000"}


def test_what_cannot_be_drawn_is_left_out():
    corners = np.array(rectangle(5, 5, 10))
    corners[2, 0] = np.nan
    with np.errstate(all="ignore"):
        broken = shapely.Polygon(corners)
    found = drawn(
        [None, shapely.Polygon(), broken, shapely.Polygon(rectangle(5, 5, 10))],
        tile_at(parcels.WEST + 0.0001, parcels.SOUTH + 0.0001, 18),
    )
    assert [told["_id"] for told, _ in found] == ["P00003"]


def test_a_place_without_features_is_an_empty_tile(whole):
    assert vector.tile(whole, Tile(16, 0, 0)) == b""
    assert vector.tile(index.build(parcels.drawing(np.array([], dtype=object))), Tile(16, 0, 0)) == b""


def test_neighbouring_tiles_agree_on_the_border(whole):
    at = middle(whole, 16)
    east = Tile(at.z, at.x + 1, at.y)
    here = {told["_id"]: shape for told, shape in decoded(vector.tile(whole, at))}
    there = {told["_id"]: shape for told, shape in decoded(vector.tile(whole, east))}
    band = shapely.box(EXTENT - 100, 0, EXTENT + 100, EXTENT)
    both = [key for key in here if key in there and here[key].intersects(band)]
    assert both
    for key in both:
        beside = shapely.transform(there[key], lambda xy: xy + np.array([EXTENT, 0]))
        mine, other = (shapely.buffer(one, 0).intersection(band) for one in (here[key], beside))
        # Where a buffer ends, a corner is rounded there and not here: half a unit of 16 to the pixel.
        assert mine.symmetric_difference(other).area <= 0.5 * mine.length
