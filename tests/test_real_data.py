"""The engine on real surveys. They lie beside the project and aren't copied into it; a clone without them skips."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ground import geodesic_m2
from pyproj import CRS

from gis import area, check, overlap, topology
from gis.layer import Topology

REAL = Path(__file__).parents[2] / "shared" / "data" / "real"
US_FOOT = 1200 / 3937

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real data isn't there: {REAL}")


@pytest.fixture(scope="module")
def paris() -> gpd.GeoSeries:
    return gpd.read_file(REAL / "paris_18e_parcels.geojson").geometry


def test_the_parcels_of_paris_have_the_area_of_the_cadastre(paris):
    official_m2 = gpd.read_file(REAL / "paris_18e_parcels.geojson")["contenance"].sum()
    total_m2 = area.areas(paris).sum()
    assert total_m2 == pytest.approx(4_477_447, rel=0.002)
    assert total_m2 == pytest.approx(official_m2, rel=0.002)


def test_the_parcels_of_paris_measure_alike_in_degrees_and_on_the_french_plane(paris):
    on_plane = paris.to_crs(2154)
    exact = np.array([geodesic_m2(shape, 2154) for shape in on_plane])
    assert area.areas(on_plane).to_numpy() == pytest.approx(exact, abs=0.05)
    assert area.areas(paris).to_numpy() == pytest.approx(exact, rel=1e-5, abs=0.05)


def test_seventeen_pairs_of_parcels_overlap_by_a_hundredth_of_a_square_metre(paris):
    pairs = overlap.self_overlaps(paris)
    assert (pairs["area_m2"] >= 0.01).sum() == 17
    assert pairs["area_m2"].sum() == pytest.approx(4.96, abs=0.02)
    assert pairs["area_m2"].max() == pytest.approx(3.34, abs=0.01)


def test_the_checks_of_paris_tell_each_overlap_once_with_its_place(paris):
    frame = gpd.GeoDataFrame(geometry=paris)
    found = check.file_findings("paris", frame, Topology(gap_m=0.5))
    overlaps = found[found["rule"] == "overlap"]
    assert len(overlaps) == 17
    assert overlaps.area.min() > 0 if CRS(found.crs).is_projected else not overlaps.geometry.is_empty.any()
    assert found["rule"].value_counts()["gap"] > 0


def test_the_union_of_paris_lacks_what_is_counted_twice(paris):
    sum_m2, union_m2 = area.exact_areas(paris).sum(), overlap.union_m2(paris)
    assert sum_m2 - union_m2 == pytest.approx(4.96, abs=0.05)


def test_stacked_soils_are_counted_once():
    stacked, flat = (gpd.read_file(REAL / f"soils_{name}.geojson").geometry for name in ("stacked", "flat"))
    assert area.areas(stacked).sum() == pytest.approx(27.67e6, rel=5e-4)
    assert overlap.union_m2(stacked) == pytest.approx(2.515e6, rel=5e-4)
    assert overlap.union_m2(stacked) == pytest.approx(area.exact_areas(flat).sum(), rel=1e-9)
    assert overlap.cover(flat, stacked).sum() == pytest.approx(area.exact_areas(flat).sum(), rel=1e-9)
    assert len(topology.duplicates(stacked)) == len(stacked) - len(flat)


def test_the_ten_invalid_rings_of_tokyo_are_findings():
    tokyo = gpd.read_file(REAL / "tokyo" / "tokyomet262.shp")
    found = check.file_findings("tokyo", tokyo, Topology(overlap_m2=None, sliver_m=None))
    assert found["rule"].tolist() == ["invalid"] * 10
    assert found["feature"].tolist() == ["2", "9", "21", "73", "115", "122", "124", "135", "139", "150"]
    assert set(found.geom_type) == {"Point"}
    assert len(area.areas(tokyo.geometry)) == 262
    assert area.plane_areas(tokyo.geometry).sum() == pytest.approx(tokyo.buffer(0).area.sum(), rel=1e-4)


def test_new_york_in_feet_has_its_stated_area_in_square_metres():
    boroughs = gpd.read_file(REAL / "nyc" / "nybb_16a.zip")
    assert boroughs.crs.to_epsg() == 2263
    stated_m2 = boroughs["Shape_Area"] * US_FOOT**2
    assert stated_m2.sum() == pytest.approx(782.7e6, rel=1e-3)
    assert area.areas(boroughs.geometry).to_numpy() == pytest.approx(stated_m2.to_numpy(), rel=1e-4)
    assert area.plane_areas(boroughs.geometry).to_numpy() == pytest.approx(stated_m2.to_numpy(), rel=1e-5)


def test_the_intersection_is_that_of_qgis_pair_by_pair():
    results = REAL / "nyc" / "qgis_results"
    boroughs, squares = (gpd.read_file(results / f"{name}.shp") for name in ("polydf", "polydf2"))
    qgis = gpd.read_file(results / "qgis-intersection.shp").set_index(["BoroCode", "value1"]).sort_index()
    pairs = overlap.overlaps(
        boroughs.set_index("BoroCode").geometry, squares.set_index(squares["value1"].astype(int)).geometry
    )
    shared = overlap.shared_shapes(
        boroughs.set_index("BoroCode").geometry, squares.set_index(squares["value1"].astype(int)).geometry, pairs
    )
    ours = pairs.assign(plane_m2=shapely.area(shared.array) * US_FOOT**2).set_index(["left", "right"]).sort_index()
    assert ours.index.tolist() == qgis.index.tolist()
    assert ours["plane_m2"].to_numpy() == pytest.approx(qgis.area.to_numpy() * US_FOOT**2, rel=1e-9, abs=0.001)
    there = area.exact_areas(qgis.geometry.set_crs(boroughs.crs, allow_override=True)).to_numpy()
    assert ours["area_m2"].to_numpy() == pytest.approx(there, rel=1e-9, abs=1e-3)


def test_dutch_addresses_are_points_without_area():
    addresses = gpd.read_file(REAL / "dutch_addresses_epsg28992.zip").geometry
    assert len(addresses) == 2_481
    assert area.areas(addresses).sum() == 0
    assert overlap.dimension(addresses) == 0
