"""What was found, as rows of text: for the screen beside the record, and for the README."""

from __future__ import annotations

from typing import Any

from benchmarks import growth
from benchmarks.growth import Size
from benchmarks.rivals import guatu

SLOWER = 0.8  # of the ratio in the record

Section = dict[str, Any]
Rows = tuple[list[str], list[list[str]]]


def overlay_rows(section: Section, before: Section) -> Rows:
    """Return the head and the rows of the contest: seconds a layer, in all, and how many times ours."""
    jobs = list(section["pairs"])
    head = ["system", "index", *jobs, "all", "times ours", "record", "load apart"]
    total = _totals(section)
    was = _totals(before) if before.get("n") == section["n"] else {}
    rows = []
    for system, taken_s in section["taken_s"].items():
        ratio = total[system] / total[guatu.NAME]
        old = was[system] / was[guatu.NAME] if system in was else None
        load_s = section["load_s"].get(system, 0.0)
        cells = [f"{taken_s[job]:.3g}" if job in taken_s else "" for job in ("index", *jobs)]
        loaded = f"{load_s:.1f}" if load_s > 0.1 else ""
        rows.append([system, *cells, f"{total[system]:.3g}", *_ratios(ratio, old), loaded])
    return head, rows


def _totals(section: Section) -> dict[str, float]:
    return {system: sum(taken_s.values()) for system, taken_s in section.get("taken_s", {}).items()}


def layer_rows(section: Section, before: Section) -> Rows:
    """Return the head and the rows of the jobs on one layer."""
    was = {row["job"]: row for row in before.get("rows", [])} if before.get("n") == section["n"] else {}
    rows = []
    for row in section["rows"]:
        old = was.get(row["job"])
        ratios = _ratios(row["peer_s"] / row["ours_s"], old["peer_s"] / old["ours_s"] if old else None)
        rows.append([row["job"], f"{row['ours_s']:.3g}", row["peer"], f"{row['peer_s']:.3g}", *ratios])
    return ["job", "ours", "peer", "peer's", "times ours", "record"], rows


def _ratios(now: float, old: float | None) -> list[str]:
    if old is None:
        return [f"{now:.3g}", ""]
    return [f"{now:.3g}", f"{old:.3g}" + (" ▼ slower" if now < SLOWER * old else "")]


def growth_rows(section: Section) -> Rows:
    """Return the head and the rows of the growth: seconds at each size, and the exponents of time and memory."""
    rows = []
    for system, found in section["systems"].items():
        sizes = [Size(**size) for size in found]
        seconds = {size.n: f"{size.seconds:.3g}" for size in sizes}
        known = [size for size in sizes if size.grown_bytes is not None]
        most = f"{_bytes(known[-1]) / 2**20:,.0f} MiB at {known[-1].n:,}" if known else ""
        slopes = [
            f"{growth.exponent(some, value):.2f}" if len(some) > 1 else ""
            for some, value in ((sizes, _seconds), (known, _bytes))
        ]
        rows.append([system, *(seconds.get(n, "") for n in growth.SIZES), slopes[0], most, slopes[1]])
    return ["system", *(f"{n:,}" for n in growth.SIZES), "time ~ n^", "memory", "memory ~ n^"], rows


def _seconds(size: Size) -> float:
    return size.seconds


def _bytes(size: Size) -> float:
    return float(size.grown_bytes or 0)
