"""PostGIS on a server of our own: a plain GiST join, and one over shapes that ST_Subdivide has cut."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.ground import Ground
from benchmarks.rivals import LEAST_M2, AbsentError, Rival

if TYPE_CHECKING:
    import psycopg

TILE_VERTICES = 128
TUNING = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_workers": "2",
    "max_parallel_maintenance_workers": "2",
    "min_parallel_table_scan_size": "0",
    "jit": "off",
    "random_page_cost": "1.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}
# The large shape comes first: that is the side which PostGIS prepares and keeps for the next row.
SHARED = "CASE WHEN ST_Covers(t.g, p.g) THEN ST_Area(p.g) ELSE ST_Area(ST_Intersection(t.g, p.g)) END AS area_m2"
MET = f"SELECT p.id AS parcel, t.id AS shape, {SHARED} FROM parcels p JOIN {{table}} t ON ST_Intersects(t.g, p.g)"
PLAIN = f"SELECT * FROM ({MET}) met WHERE area_m2 > {LEAST_M2}"
SUMMED = f"""
SELECT parcel, shape, sum(area_m2) FROM ({MET.format(table="tiles")}) met
GROUP BY parcel, shape HAVING sum(area_m2) > {LEAST_M2}
"""
ANSWER = {"left": ">i4", "right": ">i4", "area_m2": ">f8"}
FIELDS = [field for name, kind in ANSWER.items() for field in ((f"{name} bytes", ">i4"), (name, kind))]
ROW = np.dtype([("columns", ">i2"), *FIELDS])


@contextmanager
def opened(ground: Ground) -> Iterator[list[Rival]]:
    """Start a server and copy the ground into it."""
    with _server() as home:
        import psycopg

        with psycopg.connect(host=str(home), dbname="postgres", user="postgres", autocommit=True) as database:
            database.execute("CREATE EXTENSION postgis")
            _load(database, "parcels", ground.parcels)
            for name, layer in ground.layers.items():
                _load(database, name, layer)

            def index() -> None:
                database.execute("DROP INDEX IF EXISTS parcels_g; CREATE INDEX parcels_g ON parcels USING gist (g)")

            def plain(layer: str) -> pd.DataFrame:
                database.execute(f"DROP INDEX IF EXISTS {layer}_g; CREATE INDEX {layer}_g ON {layer} USING gist (g)")
                return _pairs(database, PLAIN.format(table=layer))

            def subdivided(layer: str) -> pd.DataFrame:
                database.execute(
                    f"DROP TABLE IF EXISTS tiles; CREATE UNLOGGED TABLE tiles AS"
                    f" SELECT id, ST_Subdivide(g, {TILE_VERTICES}) AS g FROM {layer};"
                    f" CREATE INDEX ON tiles USING gist (g); ANALYZE tiles"
                )
                return _pairs(database, SUMMED)

            yield [Rival("PostGIS, GiST", plain, index), Rival("PostGIS, ST_Subdivide", subdivided, index)]


def _pairs(database: psycopg.Connection, query: str) -> pd.DataFrame:
    """Return what a query of two int4 and a float8 answers, as binary COPY: rows of 30 bytes, nothing to parse."""
    with database.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
        answer = b"".join(bytes(block) for block in copy)
    head, tail = 19, 2
    rows = np.frombuffer(answer, ROW, offset=head, count=(len(answer) - head - tail) // ROW.itemsize)
    return pd.DataFrame({name: rows[name].astype(kind[1:]) for name, kind in ANSWER.items()})


def _load(database: psycopg.Connection, name: str, shapes: gpd.GeoSeries) -> None:
    database.execute(f"CREATE UNLOGGED TABLE {name} (id int4, g geometry)")
    # Else a large shape is unpacked anew for each parcel that meets it.
    database.execute(f"ALTER TABLE {name} ALTER g SET STORAGE external")
    with database.cursor().copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int4", "bytea"])
        for row in enumerate(shapely.to_wkb(shapes.to_numpy())):
            copy.write_row(row)
    database.execute(f"ANALYZE {name}")


@contextmanager
def _server() -> Iterator[Path]:
    """Run PostgreSQL on a Unix socket in a folder of its own; it listens on no port."""
    binaries = _binaries()
    home = Path(tempfile.mkdtemp(prefix="guatu-pg-"))
    run = _runner(home)
    try:
        run(binaries / "initdb", "-D", home / "data", "-A", "trust", "-E", "UTF8", "-U", "postgres")
        options = " ".join(f"-c {key}='{value}'" for key, value in (TUNING | {"unix_socket_directories": home}).items())
        run(binaries / "pg_ctl", "-D", home / "data", "-o", options, "-w", "-l", home / "log", "start")
        try:
            yield home
        finally:
            run(binaries / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _runner(home: Path) -> Callable[..., None]:
    """Return what runs a command as the server's user: PostgreSQL refuses to run as root."""
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: object) -> None:
        subprocess.run([*as_user, *map(str, command)], check=True, capture_output=True, cwd=home)  # noqa: S603  our own paths

    return run


def _binaries() -> Path:
    if not (installed := _installed()):
        raise AbsentError("PostgreSQL with PostGIS isn't installed (Debian: postgresql postgresql-postgis)")
    if find_spec("psycopg") is None:
        raise AbsentError("psycopg isn't installed (wheel psycopg[binary])")
    return Path("/usr/lib/postgresql", installed[-1].parts[-3], "bin")


def _installed() -> list[Path]:
    """Return the file that describes PostGIS to each PostgreSQL of this machine which has both."""
    controls = Path("/usr/share/postgresql").glob("*/extension/postgis.control")
    return sorted(path for path in controls if Path("/usr/lib/postgresql", path.parts[-3], "bin/initdb").exists())


def versions() -> dict[str, str]:
    """Return the versions of what `opened` would start; {} where it is absent."""
    return {
        name: number
        for control in _installed()[-1:]
        for name, number in (
            ("PostgreSQL", control.parts[-3]),
            ("PostGIS", control.read_text().partition("default_version = '")[2].partition("'")[0]),
        )
    }
