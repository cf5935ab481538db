"""Areas and overlaps of the demonstration data against PostGIS: its own spheroid, its own SQL, its own GEOS."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely

from gis import area, overlap, zones
from guatu.room import open_room

ROOM = open_room()
Query = Callable[[str], list[list[str]]]


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def sql() -> Iterator[Query]:
    """Run SQL on a PostGIS of our own, on a Unix socket in a folder of its own."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("GUATU_CI"):
            pytest.fail("PostgreSQL isn't installed: .ci/run installs it")
        pytest.skip("no PostgreSQL with PostGIS on this machine (Debian: postgresql-postgis)")
    home = Path(tempfile.mkdtemp(prefix="guatu-pg-"))
    shutil.chown(home, "postgres")
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def run(*command: object, feed: str | None = None) -> str:
        done = subprocess.run(
            [*user, *map(str, command)], input=feed, check=True, capture_output=True, text=True, cwd=home
        )
        return done.stdout

    run(binaries / "initdb", "-D", home / "data", "-A", "trust", "-E", "UTF8")
    options = f"-c listen_addresses='' -c unix_socket_directories={home}"
    run(binaries / "pg_ctl", "-D", home / "data", "-o", options, "-w", "-l", home / "log", "start")
    try:
        psql = (binaries / "psql", "-h", home, "-d", "postgres", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-q")
        run(*psql, feed="CREATE EXTENSION postgis;")
        yield lambda text: [line.split("\t") for line in run(*psql, feed=text).splitlines()]
    finally:
        run(binaries / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _table(name: str, geometry, srid: int) -> str:
    rows = ",".join(
        f"('{label}', ST_GeomFromWKB('\\x{shapely.to_wkb(shape, hex=True)}', {srid}))"
        for label, shape in geometry.items()
    )
    return f"CREATE TEMP TABLE {name} (id text, g geometry); INSERT INTO {name} VALUES {rows};"


@pytest.mark.parametrize("key", ["revitalised_parcels", "acquisition_queue", "water"])
def test_areas_agree_with_postgis_on_the_spheroid(sql, key):
    ours = area.areas(ROOM.frame(key).geometry)
    dense = ROOM.frame(key).geometry.to_crs(4549).segmentize(70).to_crs(4490)
    theirs = sql(_table("t", dense, 4326) + "SELECT id, ST_Area(g::geography) FROM t;")
    assert {label: float(m2) for label, m2 in theirs} == pytest.approx(ours.to_dict(), abs=0.01, rel=1e-6)


def test_overlaps_agree_with_postgis_pair_by_pair(sql):
    parcels, queue = ROOM.frame("revitalised_parcels").geometry, ROOM.frame("acquisition_queue").geometry
    ours = overlap.overlaps(parcels, queue)
    tables = _table("a", parcels.to_crs(4549), 4549) + _table("b", queue.to_crs(4549), 4549)
    pairs = "a JOIN b ON ST_Area(ST_Intersection(a.g, b.g)) > 1e-6"
    theirs = sql(f"{tables} SELECT a.id, b.id, ST_Area(ST_Intersection(a.g, b.g)) FROM {pairs};")
    # On this plane area is stretched by less than 1e-6 so near the central meridian.
    assert {(a, b): float(m2) for a, b, m2 in theirs} == pytest.approx(
        {(row.left, row.right): row.area_m2 for row in ours.itertuples()}, rel=2e-6
    )


def test_the_union_of_a_zone_agrees_with_postgis(sql):
    rule = next(rule for rule in ROOM.zones()["rail_control"].rules if rule.key.endswith("station"))
    stations = ROOM.frame("rail_stations")
    ours = overlap.union_m2(zones.zones(stations, rule).geometry)
    made = _table("s", stations.geometry.to_crs(4549), 4549)
    [[theirs]] = sql(f"{made} SELECT ST_Area(ST_Union(ST_Buffer(g, 50, 'quad_segs=32'))) FROM s;")
    assert ours == pytest.approx(float(theirs), rel=2e-6)
