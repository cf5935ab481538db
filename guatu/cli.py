"""The same work without a screen: `guatu figures | measure | overlap | check`."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from gis import area, check, crs, units
from gis.errors import GuatuError, SettingsError
from gis.layer import Topology, indexed
from gis.text import Language, Text
from guatu import encroachment, tables
from guatu.encroachment import LEAST_M2, Encroachment
from guatu.files.reading import read
from guatu.files.stream import Stream, size_bytes, stream, stream_of
from guatu.partitions import run as partitions
from guatu.partitions.manifest import Manifest
from guatu.room import ZONE, Room, open_room
from guatu.tables import Table, shown

FINE, FINDINGS, COULD_NOT = 0, 1, 2
WIDE = 120
IN_MEMORY = 32  # bytes at work for each byte of a compressed file: one run, 2 GB for 40 MB of GeoParquet, rounded down
_NO_OUT = Text(
    "分区计算(--workers、--resume,或数据超出内存)需要用 --out 指定存放结果的文件夹。",
    "Overlaps in partitions (--workers, --resume, or more data than memory) need a folder for the result: give --out.",
)
FILE_TOPOLOGY = Topology(gap_m=None)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="挂图 Guatu: 面积、重叠、检查与指标 / areas, overlaps, checks and figures. "
    "退出码 / exit code: 0 无问题 fine, 1 有问题 findings, 2 无法完成 could not.",
)


class Tongue(StrEnum):
    """The languages of the output."""

    zh = "zh"
    en = "en"


AsJson = Annotated[bool, typer.Option("--json", help="机器可读的 JSON / JSON for machines")]
Lang = Annotated[Tongue, typer.Option("--lang", envvar="GUATU_LANG", help="语言 / language")]


def _guarded(command: Callable[..., int]) -> Callable[..., None]:
    """Turn a command's return value into its exit code, and what stops the work into a sentence and code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            raise typer.Exit(command(*args, **kwargs))
        except GuatuError as error:
            language = kwargs["lang"].value
            if kwargs["as_json"]:
                _print_json({"error": {"zh": error.says.zh, "en": error.says.en}})
            Console(stderr=True).print(f"[bold red]✗[/] {escape(error.says[language])}", soft_wrap=True)
            raise typer.Exit(COULD_NOT) from error

    return run


@app.command()
@_guarded
def figures(*, as_json: AsJson = False, lang: Lang = Tongue.zh) -> int:
    """列出各项指标:计算值、上报值、核对结果 / every figure beside what was reported."""
    with _working(Text("正在计算指标", "Computing the figures"), lang, as_json):
        room = open_room()
        found = room.figures()
    if as_json:
        _print_json(
            [
                {
                    "key": one.figure.key,
                    "label": one.figure.label[lang.value],
                    "value": one.value,
                    "unit": units.UNITS[one.figure.unit].label[lang.value],
                    "reported": one.figure.reported.value if one.figure.reported else None,
                    "verdict": one.verdict,
                    "features": list(one.features),
                }
                for one in found
            ]
        )
    else:
        _print_table(
            _fitting(tables.of_figures(Text("指标", "Figures")[lang.value], found, lang.value, room.schematic()))
        )
    return FINDINGS if any(one.verdict == "mismatch" for one in found) else FINE


@app.command()
@_guarded
def measure(
    file: Annotated[Path, typer.Argument(help="文件或图层名 / a file or a layer key")],
    *,
    as_json: AsJson = False,
    lang: Lang = Tongue.zh,
) -> int:
    """量算文件中每个要素的椭球面积 / the ellipsoidal area of each feature."""
    with _working(Text("正在量算", "Measuring"), lang, as_json):
        frame = _frame(open_room(), str(file))
        wrong = _unmeasured(str(file), frame)
        rows = pd.DataFrame(
            {
                "id": frame.index,
                "area_m2": area.areas(frame.geometry).to_numpy(),
                "plane_m2": area.plane_areas(frame.geometry).to_numpy(),
            }
        )
        rows["mu"] = units.mu(rows["area_m2"])
    total_m2 = float(rows["area_m2"].sum())
    if as_json:
        _print_json(
            {
                "features": rows.to_dict("records"),
                "area_m2": total_m2,
                "mu": units.mu(total_m2),
                "crs": crs.name(crs.require(frame.geometry)),
            }
        )
    else:
        _print_table(_measure_table(str(file), frame, rows, lang.value))
        _print_sentences(wrong, lang)
    return FINDINGS if len(wrong) else FINE


@app.command("overlap")
@_guarded
def overlap_(
    a: Annotated[str, typer.Argument(help="图层名、zone:保护范围 或文件 / a layer key, zone:KEY, or a file")],
    b: Annotated[str, typer.Argument(help="面图层,同上 / polygons, likewise")],
    *,
    as_json: AsJson = False,
    lang: Lang = Tongue.zh,
    least_m2: Annotated[float, typer.Option(help="小于此面积的重叠不列 / the least area listed, m²")] = LEAST_M2,
    workers: Annotated[
        int | None, typer.Option(help="用几个进程分区计算 / how many processes, partition by partition")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="分区计算的结果文件夹 (GeoParquet) / the folder for the result in partitions")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="从中断处续算 / go on where a run was stopped")] = False,
    memory: Annotated[float, typer.Option(help="每个进程的内存上限 GiB / memory of each process, GiB")] = 4.0,
    shapes: Annotated[bool, typer.Option("--shapes", help="同时写出重叠图形 / write the shared shapes too")] = False,
) -> int:
    """列出两个图层相互重叠的要素对;线算长度,点算落入 / every pair that shares area, length or place.

    数据超出内存,或给出 --workers、--out 时分区计算 / more data than memory, --workers or --out: in partitions.
    """
    if workers is not None or out is not None or resume or _exceeds_memory(a, b):
        if out is None:
            raise SettingsError(_NO_OUT)
        request = partitions.Request(
            left=_stream(a), right=_stream(b), out=out, least_m2=least_m2, shapes=shapes, resume=resume,
            memory_gib=memory,
        )  # fmt: skip
        return _overlap_in_parts(request, workers or 1, as_json, lang)
    with _working(Text("正在计算重叠", "Computing overlaps"), lang, as_json):
        room = open_room()
        frame = _frame(room, a)
        left, right = frame.geometry, _frame(room, b).geometry
        shared = encroachment.between(left, right, same=a == b, least_m2=least_m2)
    if as_json:
        _print_json({"pairs": shared.pairs.to_dict("records"), **_sums(shared)})
    else:
        notes = tables.basis_notes(frame, lang.value)
        table = _pairs_table((a, b), shared, lang.value)
        _print_table(replace(table, notes=(*notes, *table.notes)))
    return FINE


def _overlap_in_parts(request: partitions.Request, workers: int, as_json: bool, lang: Tongue) -> int:
    with partitions.workers(workers, request.memory_gib) as client, _counting(lang, as_json) as progress:
        done = partitions.overlap_in_parts(request, client, progress)
    if as_json:
        files = [str(file) for file in done.files(request.out)]
        sums = {"pairs": done.pairs, "unlisted": done.unlisted, "sum_m2": done.sum_m2, "cover_m2": done.cover_m2}
        _print_json({**sums, "files": files})
    else:
        Console().print(escape(_says(done, request.out)[lang.value]), soft_wrap=True)
    return FINE


def _says(done: Manifest, out: Path) -> Text:
    """Return what a run came to, as far as it has gone."""
    m2, mu = units.UNITS["m2"].show, units.UNITS["mu"].show
    total = Text(
        "重叠 {pairs} 对,各对合计 {m2} m²,合 {mu} 亩(另有 {unlisted} 对不足最小面积,已计入)。",
        "{pairs} pairs, together {m2} m², {mu} mu ({unlisted} more below the least area are counted).",
    ).format(pairs=f"{done.pairs:,}", m2=m2(done.sum_m2), mu=mu(units.mu(done.sum_m2)), unlisted=f"{done.unlisted:,}")
    if done.cover_m2 is None:
        cover = Text(
            "分区计算不给出并集:三个以上要素重叠处会重复计入合计。",
            "No union is given in partitions: ground under three features or more counts more than once.",
        )
    else:
        cover = Text(
            "左侧要素被压面积(每个要素内不重复计算){m2} m²,合 {mu} 亩;左侧要素互不重叠时即为并集。",
            "Cover of the left features, counted once in each: {m2} m², {mu} mu; "
            "where they don't overlap each other it is the union.",
        ).format(m2=m2(done.cover_m2), mu=mu(units.mu(done.cover_m2)))
    return Text("{total}\n{cover}\n{out}", "{total}\n{cover}\n{out}").format(total=total, cover=cover, out=out)


@contextmanager
def _counting(lang: Tongue, as_json: bool) -> Iterator[Callable[[Manifest], None]]:
    """Show the partitions done and their sum so far, on the terminal only and never in machine output."""
    console = Console(stderr=True)
    if as_json or not console.is_terminal:
        yield lambda _: None
        return
    so_far = Text("{done}/{of} 个分区,已合计 {mu} 亩", "{done} of {of} partitions, {mu} mu so far")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(Text("正在划分数据", "Cutting the data into partitions")[lang.value], total=None)

        def progress(now: Manifest) -> None:
            mu = units.UNITS["mu"].show(units.mu(now.sum_m2))
            says = so_far.format(done=len(now.tallies), of=now.partitions, mu=mu)[lang.value]
            bar.update(task, description=says, total=now.partitions, completed=len(now.tallies))

        yield progress


def _exceeds_memory(*names: str) -> bool:
    """Tell whether files are so large that their shapes and what is computed of them won't fit this machine."""
    return sum(size_bytes(Path(name)) for name in names) * IN_MEMORY > partitions.machine_memory()


def _stream(name: str) -> Stream:
    if Path(name).exists() or not (name.startswith(ZONE) or _looks_like_a_key(name)):
        return stream(Path(name))
    return stream_of(name, _frame(open_room(), name))


def _sums(shared: Encroachment) -> dict[str, float]:
    if shared.measure == "area_m2":
        return {"sum_m2": shared.total, "union_m2": shared.union}
    return {"sum_m": shared.total, "union_m": shared.union} if shared.measure == "length_m" else {}


@app.command("check")
@_guarded
def check_(
    what: Annotated[
        str | None, typer.Argument(help="图层名或文件;省略则检查全部 / a layer key or a file; all if left out")
    ] = None,
    *,
    as_json: AsJson = False,
    lang: Lang = Tongue.zh,
) -> int:
    """检查图层或文件,列出全部问题 / everything wrong with a layer or a file."""
    room = open_room()
    with _working(Text("正在检查", "Checking"), lang, as_json):
        found = _findings(room, what)
    if as_json:
        rows = [
            {**row, "says": row["says"][lang.value], "area_m2": _number(row["area_m2"])}
            for row in found.drop(columns="geometry").to_dict("records")
        ]
        _print_json({"findings": rows})
    else:
        title = Text("检查结果:{n} 项", "Findings: {n}").format(n=len(found))[lang.value]
        _print_table(tables.of_findings(title, found, room.layers(), lang.value))
    return FINDINGS if len(found) else FINE


def _findings(room: Room, what: str | None) -> gpd.GeoDataFrame:
    if what is None:
        every = [room.findings(key) for key in room.layers() if room.has(key)]
        return gpd.GeoDataFrame(pd.concat(every, ignore_index=True)) if every else check.as_frame([], crs.CGCS2000)
    if what in room.layers():
        return room.findings(what)
    return check.file_findings(what, _frame(room, what), FILE_TOPOLOGY)


def _frame(room: Room, name: str) -> gpd.GeoDataFrame:
    if name in room.layers() or name.startswith(ZONE):
        return room.side(name)
    if not Path(name).exists() and _looks_like_a_key(name):
        return room.frame(name)
    frame = indexed(read(Path(name)), "id")
    crs.require(frame.geometry)
    return frame


def _looks_like_a_key(name: str) -> bool:
    return name.replace("_", "").isalnum() and name.isascii()


def _unmeasured(name: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what makes a measured total doubtful: missing shapes and invalid rings."""
    none = Topology(overlap_m2=None, sliver_m=None, duplicate=False)
    return check.file_findings(name, frame, none)


def _measure_table(name: str, frame: gpd.GeoDataFrame, rows: pd.DataFrame, language: Language) -> Table:
    notes = tables.basis_notes(frame, language)
    if len(frame) and not frame.geom_type.isin(("Polygon", "MultiPolygon", "GeometryCollection")).any():
        notes = (*notes, Text("点和线没有面积。", "Points and lines have no area.")[language])
    columns = (
        tables.Column(key="id", label=Text("要素", "Feature")[language]),
        tables.measured("mu", "mu", language),
        tables.measured("area_m2", "m2", language),
        tables.measured("plane_m2", "m2", language),
    )
    title = f"{name} · {crs.name(crs.require(frame.geometry))}"
    return Table(title=title, columns=columns, rows=rows, notes=notes)


def _pairs_table(names: tuple[str, str], shared: Encroachment, language: Language) -> Table:
    frame = shared.pairs
    columns = [tables.Column(key="left", label=names[0]), tables.Column(key="right", label=names[1])]
    notes = []
    if shared.measure == "area_m2":
        frame = frame.assign(mu=units.mu(frame["area_m2"]))
        columns += [tables.measured("mu", "mu", language), tables.measured("area_m2", "m2", language)]
        union = Text("并集(不重复计算){m2} m²,合 {mu} 亩", "Union, nothing counted twice: {m2} m², {mu} mu")
        m2, mu = units.UNITS["m2"].show(shared.union), units.UNITS["mu"].show(units.mu(shared.union))
        notes.append(union.format(m2=m2, mu=mu)[language])
    if shared.measure == "length_m":
        columns.append(tables.measured("length_m", "m", language))
        union = Text("并集(不重复计算){m} 米", "Union, nothing counted twice: {m} m")
        notes.append(union.format(m=units.UNITS["m"].show(shared.union))[language])
    if shared.unlisted:
        few = Text(
            "另有 {n} 对不足最小面积,未列出,已计入合计",
            "{n} more pairs below the least area aren't listed, but counted",
        )
        notes.append(few.format(n=shared.unlisted)[language])
    return Table(title=" × ".join(names), columns=tuple(columns), rows=frame, notes=tuple(notes))


def _fitting(table: Table) -> Table:
    """Return the table without rule and features where the terminal is too narrow for them; the JSON has them."""
    if Console().width >= WIDE:
        return table
    return replace(table, columns=tuple(one for one in table.columns if one.key not in {"rule", "features"}))


def _print_table(table: Table) -> None:
    summed = any(column.summed for column in table.columns) and len(table.rows) > 0
    grid = Grid(title=escape(table.title), caption=escape("\n".join(table.notes)) or None, show_footer=summed)
    for column in table.columns:
        footer = shown(column, table.total(column)) if column.summed else ""
        grid.add_column(
            escape(column.label), footer=footer, overflow="fold", justify="left" if column.decimals is None else "right"
        )
    for row in table.rows.to_dict("records"):
        grid.add_row(*(escape(shown(column, row[column.key])) for column in table.columns))
    Console().print(grid)


def _print_sentences(found: gpd.GeoDataFrame, lang: Tongue) -> None:
    console = Console(stderr=True)
    for row in found.to_dict("records"):
        which = f"{row['feature']}: " if row["feature"] else ""
        console.print(f"[yellow]![/] {escape(which + row['says'][lang.value])}", soft_wrap=True)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: object) -> object:
    return value.item() if hasattr(value, "item") else str(value)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


@contextmanager
def _working(says: Text, lang: Tongue, as_json: bool) -> Iterator[None]:
    """Show a moving bar while long work runs, on the terminal only and never in machine output."""
    console = Console(stderr=True)
    if as_json or not console.is_terminal:
        yield
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
    ) as bar:
        bar.add_task(says[lang.value], total=None)
        yield


def main() -> None:
    """Run the command line."""
    app()
