"""What the last run found: kept as `last.json`, told in `README.md`; every figure there comes from a run."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import shapely

from benchmarks import plot, tables
from benchmarks.layers import QUEUE_EVERY
from benchmarks.rivals import postgis

HOME = Path(__file__).parent
LAST, README, CHART = HOME / "last.json", HOME / "README.md", HOME / "growth.svg"
PACKAGES = "numpy", "numba", "pandas", "shapely", "geopandas", "pyproj", "duckdb", "psycopg"

Section = dict[str, Any]


def read() -> dict[str, Section]:
    """Return the record, section by section; {} where there is none yet."""
    return json.loads(LAST.read_text()) if LAST.exists() else {}


def write(sections: dict[str, Section], where: Section) -> None:
    """Put sections, all measured at `where`, in the place of those that the record has, and tell the whole anew."""
    record = read() | {name: {**where, **section} for name, section in sections.items()}
    LAST.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    if "growth" in record:
        CHART.write_text(_chart(record["growth"]["systems"]))
    README.write_text(told(record))


def machine() -> Section:
    """Return where and with what a section was measured, and how busy the machine is: to be asked before a run."""
    versions = {"Python": platform.python_version(), "GEOS": shapely.geos_version_string}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    versions |= postgis.versions()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "when": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
        "machine": f"{_processor()}, {os.cpu_count()} cores, {memory / 2**30:.0f} GiB, load {os.getloadavg()[0]:.1f}",
        "versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }


def _processor() -> str:
    told_by = Path("/proc/cpuinfo")
    lines = told_by.read_text().splitlines() if told_by.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _chart(systems: dict[str, list[Section]]) -> str:
    seconds = {system: [(size["n"], size["seconds"]) for size in sizes] for system, sizes in systems.items() if sizes}
    memory = {
        system: [(size["n"], size["grown_bytes"] / 2**20) for size in sizes if size["grown_bytes"]]
        for system, sizes in systems.items()
    }
    memory = {system: points for system, points in memory.items() if points}
    return plot.svg({"Seconds for the four layers": seconds, "MiB of memory": memory})


def told(record: dict[str, Section]) -> str:
    """Return the README of a record."""
    parts = [HEAD]
    if found := record.get("overlay"):
        pairs = ", ".join(f"{name} {count:,}" for name, count in found["pairs"].items())
        parts += [f"## Four layers against {found['n']:,} parcels", _where(found)]
        parts += [f"Seconds, median of {found['rounds']}. Pairs: {pairs}.", _markdown(*tables.overlay_rows(found, {}))]
        parts += [f"- Other pairs: {wrong}" for wrong in found["differ"]] or [
            "All systems gave the same pairs and areas."
        ]
        parts += [f"- Absent: {absent}" for absent in found["absent"]]
    if found := record.get("layer"):
        parts += [f"## One layer of {found['n']:,} parcels", _where(found)]
        parts += [f"Seconds, median of {found['rounds']}.", _markdown(*tables.layer_rows(found, {}))]
    if found := record.get("growth"):
        parts += ["## How time and memory grow", _where(found), "Seconds for the four layers; " + GROWTH]
        parts += [
            _markdown(*tables.growth_rows(found)),
            f"![Time and memory against the number of parcels]({CHART.name})",
        ]
    if found := record.get("huge"):
        parts += [f"## {found['n']:,} parcels, streamed", _where(found)]
        pairs = ", ".join(f"{name} {count:,}" for name, count in found["pairs"].items())
        parts += [
            f"In stretches of {found['stretch']:,}: {found['engine_s']:.1f} s of engine time "
            f"({found['making_s']:.0f} s of making the ground apart), {found['peak_bytes'] / 2**30:.2f} GiB at most, "
            f"the ground itself included. Pairs: {pairs}."
        ]
    return "\n\n".join(parts) + "\n"


def _where(section: Section) -> str:
    return f"{section['when']} · {section['machine']} · {section['versions']}"


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    """Return a table, columns that say nothing left out."""
    columns = [column for column in zip(head, *rows, strict=True) if any(column[1:])]
    first, *others = zip(*columns, strict=True)
    return "\n".join(f"| {' | '.join(line)} |" for line in [first, ["---"] * len(first), *others])


HEAD = f"""# Benchmarks

Written by `python -m benchmarks --write`; every figure comes from that run. `make bench` prints the tables beside this
record and marks a ratio that has fallen.

The ground (`ground.py`) is drawn from a fixed seed: parcels of 8 to 60 vertices in street blocks of 10 × 5 cells of
40 m, neighbours sharing their vertices, roads of 12 m. Against them `queue` (one polygon for {QUEUE_EVERY} parcels:
copies of parcels, blobs of 20–70 m, big blobs of 80–250 m), `rivers` (meandering strips of thousands of vertices),
`rail` (10 m and 50 m on both sides of smooth lines) and `zones` (large and ragged, a quarter of the ground). A job is
every pair that shares more than 1e-6 m², with its area; what a layer needs in indices and conversion is included,
compiling and a database's loading are not. Systems take turns, round after round, so that a busy moment meets all
alike; a job of more than a minute runs once."""
GROWTH = "memory is what the process grows by, the ground included (a server's memory is its own and not counted)."
