"""`make bench`: how the engine stands to its rivals, in one run, and to its own record."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import growth, huge, one_layer, overlay, record, tables
from benchmarks.ground import yardstick
from benchmarks.rivals import guatu

QUICK = 10_000
ONE_LAYER, GROWTH, HUGE = "layer", "growth", "huge"
USUAL = [*overlay.RIVALS, ONE_LAYER]
PARTS = [*USUAL, GROWTH, HUGE]

console = Console() if sys.stdout.isatty() else Console(width=140)


def main(
    n: Annotated[int, typer.Option(min=1_000, help="How many parcels.")] = 100_000,
    rounds: Annotated[int, typer.Option(min=1, help="Runs a job; the median counts.")] = 3,
    only: Annotated[list[str] | None, typer.Option(help=f"Only these: {', '.join(PARTS)}.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK:,} parcels.")] = False,
    grow: Annotated[bool, typer.Option("--growth", help="Each size up to a million too.")] = False,
    patience: Annotated[float, typer.Option(help="Seconds at most for one size of the growth.")] = growth.PATIENCE_S,
    stream: Annotated[bool, typer.Option("--huge", help=f"{huge.PARCELS:,} parcels too, streamed.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Keep what was found, in last.json and README.md.")] = False,
) -> None:
    """Print the tables: ours beside every rival that is installed, beside the record."""
    parts = [*(only or USUAL), *[GROWTH] * grow, *[HUGE] * stream]
    rivals = [part for part in overlay.RIVALS if part in parts]
    if unknown := set(parts) - set(PARTS):
        raise typer.BadParameter(f"--only {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    if write and rivals and len(rivals) < len(overlay.RIVALS):
        raise typer.BadParameter("--write keeps all rivals or none: some alone would drop the others from the record")
    before, where = record.read(), record.machine()
    found = _measured(parts, rivals, QUICK if quick else n, rounds, patience)
    _print(found, before)
    if write:
        record.write(found, where)


def _measured(parts: list[str], rivals: list[str], n: int, rounds: int, patience: float) -> dict[str, record.Section]:
    found: dict[str, record.Section] = {}
    ground = yardstick(n)
    guatu.warm()
    with console.status("") as status:
        if rivals:
            contest = overlay.contest(ground, rivals, rounds, status.update)
            found["overlay"] = {"n": n, "rounds": rounds, **asdict(contest)}
        if ONE_LAYER in parts:
            rows = one_layer.contest(ground, rounds, status.update)
            found["layer"] = {"n": n, "rounds": rounds, "rows": [asdict(row) for row in rows]}
        if GROWTH in parts:
            systems = {system: growth.grown(system, patience, status.update) for system in growth.SYSTEMS}
            found["growth"] = {"systems": {name: [asdict(size) for size in sizes] for name, sizes in systems.items()}}
    if HUGE in parts:
        found["huge"] = asdict(huge.streamed())
    return found


def _print(found: dict[str, record.Section], before: dict[str, record.Section]) -> None:
    if part := found.get("overlay"):
        title = f"{part['n']:,} parcels: seconds, median of {part['rounds']}"
        _table(title, *tables.overlay_rows(part, before.get("overlay", {})))
        for line in (*part["absent"], *(f"Other pairs: {wrong}" for wrong in part["differ"])):
            console.print(line)
    if part := found.get("layer"):
        title = f"One layer of {part['n']:,} parcels: seconds, median of {part['rounds']}"
        _table(title, *tables.layer_rows(part, before.get("layer", {})))
    if part := found.get("growth"):
        _table("Seconds for the four layers", *tables.growth_rows(part))
    if part := found.get("huge"):
        console.print(part)


def _table(title: str, head: list[str], rows: list[list[str]]) -> None:
    table = Table(*head, title=title)
    for row in rows:
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
