"""The demonstration data: drawn the same each time, and in agreement with the figures of the 2017 report."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).parents[1]
GEOJSON = ROOT / "data" / "geojson"
KEYS = sorted(path.stem for path in GEOJSON.glob("*.geojson"))
CGCS2000 = Geod(a=6378137.0, rf=298.257222101)
TO_DEGREES = Transformer.from_crs(4549, 4490, always_xy=True)


@cache
def layer(key: str) -> gpd.GeoDataFrame:
    return gpd.read_file(GEOJSON / f"{key}.geojson")


@cache
def on_plane(key: str) -> gpd.GeoDataFrame:
    return layer(key).to_crs(4549)


def mu(shape: BaseGeometry) -> float:
    """Measure without `gis`: edges straight on the plane, divided every 10 m, each ring by GeographicLib."""
    return sum(_part_m2(part) for part in shapely.get_parts(shape)) * 3 / 2000


def _part_m2(part: shapely.Polygon) -> float:
    shell, *holes = (_ring_m2(ring) for ring in (part.exterior, *part.interiors))
    return shell - sum(holes)


def _ring_m2(ring: shapely.LinearRing) -> float:
    xy = shapely.get_coordinates(shapely.segmentize(ring, 10))
    return abs(CGCS2000.polygon_area_perimeter(*TO_DEGREES.transform(xy[:, 0], xy[:, 1]))[0])


def length_m(line: shapely.LineString) -> float:
    lon, lat = np.asarray(line.coords).T
    return CGCS2000.line_length(lon, lat)


def pavement() -> BaseGeometry:
    roads = on_plane("roads")
    return shapely.union_all(shapely.buffer(roads.geometry.array, roads["width_m"] / 2, cap_style="flat"))


def test_drawing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "data.drawing", str(tmp_path)], cwd=ROOT, check=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in GEOJSON.glob("*.geojson")
    }


@pytest.mark.parametrize("key", KEYS)
def test_every_file_is_read_as_cgcs2000_and_every_feature_says_it_is_schematic(key: str) -> None:
    assert layer(key).crs.to_epsg() == 4490
    assert set(layer(key)["geom_basis"]) == {"schematic"}
    assert layer(key).geometry.is_valid.all()


@pytest.mark.parametrize("key", KEYS)
def test_every_feature_stands_on_its_own_line_with_lon_and_lat_to_nine_decimals(key: str) -> None:
    lines = (GEOJSON / f"{key}.geojson").read_text(encoding="utf-8").splitlines()
    features = [json.loads(line.rstrip(",")) for line in lines if line.startswith('{"type": "Feature"')]
    assert len(features) == len(layer(key))
    xy = shapely.get_coordinates(layer(key).geometry.array)
    assert np.array_equal(xy, np.round(xy, 9))
    assert ((xy > (119.94, 31.79)) & (xy < (120.03, 31.86))).all()


def test_parcels_add_up_to_380_mu() -> None:
    assert sum(map(mu, on_plane("revitalised_parcels").geometry)) == pytest.approx(380, abs=0.005)


def test_queue_covers_about_55_percent_of_the_parcels() -> None:
    queue = shapely.union_all(on_plane("acquisition_queue").geometry.array)
    parcels = shapely.union_all(on_plane("revitalised_parcels").geometry.array)
    covered = [part for part in shapely.get_parts(queue.intersection(parcels)) if part.geom_type == "Polygon"]
    assert 207.1 <= sum(map(mu, covered)) <= 210.9


def test_parcels_do_not_overlap_and_stand_apart_or_share_an_edge() -> None:
    for one, other in combinations(on_plane("revitalised_parcels").geometry, 2):
        assert one.intersection(other).area < 0.001
        assert one.distance(other) < 0.0005 or one.distance(other) >= 2


def test_some_parcels_share_an_edge_vertex_for_vertex() -> None:
    sharing = [
        (one, other)
        for one, other in combinations(layer("revitalised_parcels").geometry, 2)
        if len({*map(tuple, shapely.get_coordinates(one))} & {*map(tuple, shapely.get_coordinates(other))}) >= 2
    ]
    assert len(sharing) >= 8


def test_a_parcel_has_a_hole_and_another_two_parts() -> None:
    shapes = layer("revitalised_parcels").geometry
    assert sum(len(part.interiors) for part in shapely.get_parts(shapes.array)) == 1
    assert [len(shape.geoms) for shape in shapes if shape.geom_type == "MultiPolygon"] == [2]


@pytest.mark.parametrize("key", ["revitalised_parcels", "acquisition_queue"])
def test_no_land_lies_on_water_or_within_a_road(key: str) -> None:
    land = shapely.union_all(on_plane(key).geometry.array)
    assert land.intersection(shapely.union_all(on_plane("water").geometry.array)).area == 0
    assert land.intersection(pavement()).area == 0


def test_some_parcels_lie_near_the_tunnel_near_an_entrance_and_on_a_bank() -> None:
    parcels = on_plane("revitalised_parcels").geometry
    tunnel = on_plane("rail_lines").geometry.buffer(17 / 2 + 50).union_all()
    entrances = on_plane("rail_entrances").geometry.buffer(10).union_all()
    bank = on_plane("water").set_index("name").geometry["柴支浜"].buffer(10)
    assert parcels.intersects(tunnel).sum() >= 5
    assert parcels.intersects(entrances).sum() >= 1
    assert parcels.intersects(bank).sum() >= 2


def test_chaizhi_creek_is_4160_metres_long() -> None:
    rivers = layer("rivers")
    stem = rivers[(rivers["name"] == "柴支浜") & (rivers["branch"] == "stem")].geometry.item()
    assert length_m(stem) == pytest.approx(4160, abs=5)


def test_segments_follow_each_other_without_a_gap_to_the_end_of_their_river() -> None:
    rivers = layer("rivers").set_index(["name", "branch"]).geometry
    for (river, branch), segments in layer("river_segments").groupby(["river", "branch"]):
        reaches = segments[segments["bank"] != "right"].sort_values("from_m")
        assert reaches["from_m"].tolist() == [0, *reaches["to_m"].tolist()[:-1]]
        assert reaches["to_m"].max() == pytest.approx(length_m(rivers[river, branch]), abs=0.1)
        middle = segments[segments["bank"] == "both"]
        assert [*map(length_m, middle.geometry)] == pytest.approx([*(middle["to_m"] - middle["from_m"])], abs=0.5)


def test_silt_adds_up_to_40_000_with_over_30_000_from_chaizhi_creek() -> None:
    stretches = layer("dredged_stretches")
    assert stretches["silt_m3"].sum() == 40_000
    assert stretches.loc[stretches["river"] == "柴支浜", "silt_m3"].sum() > 30_000
    by_size = (stretches["to_m"] - stretches["from_m"]) * stretches["width_m"] * stretches["thickness_m"]
    assert [*stretches["silt_m3"]] == pytest.approx([*by_size], rel=0.02)


def test_there_are_nine_entrances_whose_division_is_said_to_be_unknown() -> None:
    entrances = layer("rail_entrances")
    assert len(entrances) == 9
    assert set(entrances["split_basis"]) == {"unknown"}
    assert entrances["station"].value_counts().to_dict() == {"河海大学站": 5, "新区公园站": 4}


def test_the_deliberate_findings_are_there() -> None:
    queue = on_plane("acquisition_queue").set_index("name").geometry
    assert 120 < queue["王家新村"].intersection(queue["万家塘"]).area < 250
    segments, stretches = layer("river_segments"), layer("dredged_stretches")
    assert segments.loc[segments["chief_street"].isna(), "river"].tolist() == ["藻江河"]
    huifeng = stretches[stretches["river"] == "汇丰河"].sort_values("from_m")
    assert (huifeng["to_m"].shift() - huifeng["from_m"]).max() == 15
