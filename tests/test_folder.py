import os
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from conftest import ROOT
from geopandas.testing import assert_geodataframe_equal

from gis.errors import CrsError, DataError
from guatu.stores.folder import Folder
from layers import catalogue

PARCELS = catalogue()["revitalised_parcels"]
SHIPPED = ROOT / "data" / "geojson" / "revitalised_parcels.geojson"


@pytest.fixture
def shipped() -> gpd.GeoDataFrame:
    return gpd.read_file(SHIPPED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "revitalised_parcels.parquet"


def test_a_layer_of_geoparquet_reads_as_the_same_layer_of_geojson(shipped, path):
    shipped.to_parquet(path)
    assert_geodataframe_equal(Folder(path.parent).raw(PARCELS), Folder(SHIPPED.parent).raw(PARCELS))


@pytest.mark.parametrize("written", ["by another tool, on a plane", "indexed by its id", "with coded choices"])
def test_geoparquet_is_read_however_it_was_written(shipped, path, written):
    forms = {
        "by another tool, on a plane": lambda: shipped.to_crs(4549),
        "indexed by its id": lambda: shipped.set_index("parcel_id"),
        "with coded choices": lambda: shipped.astype({"kind": "category"}),
    }
    forms[written]().to_parquet(path, geometry_encoding="geoarrow" if "tool" in written else "WKB")
    found = Folder(path.parent).raw(PARCELS)
    expected = Folder(SHIPPED.parent).raw(PARCELS)
    assert list(found.index) == list(expected.index)
    assert isinstance(found["kind"].dtype, pd.StringDtype)
    # GeoArrow turns single parts into multi-parts; the corners stay.
    assert shapely.get_coordinates(found.geometry) == pytest.approx(
        shapely.get_coordinates(expected.geometry), rel=0, abs=1e-9
    )


def test_a_changed_geoparquet_is_another_version(shipped, path):
    shipped.to_parquet(path)
    before = Folder(path.parent).stamp(PARCELS)
    shipped.iloc[1:].to_parquet(path)
    os.utime(path, ns=(1, 1))
    assert Folder(path.parent).stamp(PARCELS) != before
    assert len(Folder(path.parent).raw(PARCELS)) == len(shipped) - 1


def test_two_files_of_one_layer_are_refused_by_name(shipped, path):
    shipped.to_parquet(path)
    path.with_suffix(".geojson").write_bytes(SHIPPED.read_bytes())
    with pytest.raises(DataError, match=r"revitalised_parcels\.geojson and revitalised_parcels\.parquet; which one"):
        Folder(path.parent).raw(PARCELS)


def test_a_layer_without_a_file_is_refused_by_name(tmp_path):
    with pytest.raises(DataError, match=r"revitalised_parcels\.geojson is missing"):
        Folder(tmp_path).stamp(PARCELS)


def test_a_table_a_torn_file_and_one_without_a_crs_are_refused(shipped, path):
    pd.DataFrame(shipped.drop(columns="geometry")).to_parquet(path)
    with pytest.raises(DataError, match="a table without shapes"):
        Folder(path.parent).raw(PARCELS)
    shipped.to_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="Can't read"):
        Folder(path.parent).raw(PARCELS)
    shipped.set_crs(None, allow_override=True).to_parquet(path)
    with pytest.raises(CrsError, match="no coordinate system"):
        Folder(path.parent).raw(PARCELS)
