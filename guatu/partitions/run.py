"""A run: both sides cut into parts, each left part a task for a worker, the tallies gathered as they come."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyproj import CRS

from gis import crs
from gis.errors import GuatuError, SettingsError
from gis.text import Text
from guatu.files.stream import Stream
from guatu.partitions.manifest import Manifest, Run, begun
from guatu.partitions.side import Side, scatter, settle, side_in
from guatu.partitions.survey import Survey, survey
from guatu.partitions.tally import Task, share

if TYPE_CHECKING:
    from distributed import Client

GIB = 2**30
VERTICES_A_GIB = 500_000
WORK = "work"
ATTEMPTS = 3
RESTART = "10 minutes"  # Dask gives up a worker that isn't back after 15 s, too soon for a busy machine

Progress = Callable[[Manifest], None]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked: pairs of `left` and `right` into the folder `out`, with at most `memory_gib` a worker."""

    left: Stream
    right: Stream
    out: Path
    least_m2: float
    shapes: bool = False
    resume: bool = False
    memory_gib: float = 4.0

    @property
    def run(self) -> Run:
        """What tells this run from others."""
        return Run(
            left=self.left.name,
            right=self.right.name,
            left_fingerprint=self.left.fingerprint,
            right_fingerprint=self.right.fingerprint,
            least_m2=self.least_m2,
            shapes=self.shapes,
            part_vertices=int(self.memory_gib * VERTICES_A_GIB),
        )


def overlap_in_parts(request: Request, client: Client, progress: Progress) -> Manifest:
    """Find every pair of two sides, partition by partition, into a folder of GeoParquet parts and a manifest.

    Each left feature belongs to one partition, so no pair counts twice; each partition is a file that is written
    whole or not at all, so a task that a killed worker leaves behind is done again without counting twice.

    Raises
    ------
    DataError
        As `guatu.partitions.manifest.begun`.
    GuatuError
        A side can't be measured; a partition needs more memory than a worker has; the user stopped the run.
    """
    manifest = begun(request.run, request.out, resume=request.resume)
    if manifest.done:
        return manifest
    request.out.mkdir(parents=True, exist_ok=True)
    manifest.write(request.out)
    try:
        left, right = _sides(request, client)
        manifest = replace(manifest, partitions=len(left.parts))
        manifest.write(request.out)
        progress(manifest)
        for tally in _done(client, share, _tasks(request, left, right, manifest)):
            manifest = manifest.plus(tally)
            manifest.write(request.out)
            progress(manifest)
    except KeyboardInterrupt:
        raise _stopped(manifest, request.out) from None
    shutil.rmtree(request.out / WORK)
    return manifest


def _sides(request: Request, client: Client) -> tuple[Side, Side]:
    """Return both sides in parts on one plane, from an earlier attempt where they are complete."""
    work, same = request.out / WORK, request.run.same
    left, right = side_in(work / "left"), side_in(work / ("left" if same else "right"))
    if left and right:
        return left, right
    surveyed = survey(request.left)
    other = surveyed if same else survey(request.right)
    left_is_empty = not len(surveyed.bounds)
    plane = crs.plane_over(other.bounds, other.crs) if left_is_empty else crs.plane_over(surveyed.bounds, surveyed.crs)
    left = _cut(request.left, surveyed, plane, work / "left", request, client)
    right = left if same else _cut(request.right, other, plane, work / "right", request, client)
    return left, right


def _cut(stream: Stream, surveyed: Survey, plane: CRS, folder: Path, request: Request, client: Client) -> Side:
    count = scatter(stream, surveyed, plane, folder, request.run.part_vertices)
    wkt = plane.to_wkt()
    parts = list(_done(client, settle, [(folder, number, wkt) for number in range(count)]))
    side = Side(tuple(sorted(parts, key=lambda part: part.file)))
    side.write(folder)
    shutil.rmtree(folder / "pieces")
    return side


def _tasks(request: Request, left: Side, right: Side, manifest: Manifest) -> list[tuple[Task]]:
    done = {tally.number for tally in manifest.tallies}
    shapes_crs = None
    if request.shapes and request.left.crs is not None:
        shapes_crs = request.left.crs.to_wkt()
    return [
        (
            Task(
                number=number,
                left=part,
                right=right,
                same=request.run.same,
                least_m2=request.least_m2,
                shapes_crs=shapes_crs,
                file=request.out / f"pairs-{number:05d}.parquet",
            ),
        )
        for number, part in enumerate(left.parts)
        if number not in done
    ]


def _done(client: Client, work: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    """Yield the results of calls on the workers as they come; what a killed worker had begun is begun again."""
    from distributed import KilledWorker, as_completed

    futures = [client.submit(work, *call, pure=False) for call in calls]
    try:
        for future in as_completed(futures):
            yield future.result()
    except KilledWorker as error:
        raise GuatuError(_TOO_LITTLE.format(attempts=ATTEMPTS)) from error
    finally:
        client.cancel(futures)


@contextmanager
def workers(count: int, memory_gib: float) -> Iterator[Client]:
    """Start workers on this machine, processes that are started again when they die, and stop them at the end.

    Raises
    ------
    SettingsError
        The extra `scale` isn't installed, or there is no number or memory to start with.
    """
    if count < 1 or memory_gib <= 0:
        raise SettingsError(Text("--workers 和 --memory 须大于零。", "--workers and --memory must be more than zero."))
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise SettingsError(
            Text(
                "分区计算需要附加组件 scale。请安装:pip install 'guatu[scale]'",
                "Overlaps in partitions need the extra `scale`: pip install 'guatu[scale]'",
            )
        ) from error
    config = {
        "distributed.scheduler.allowed-failures": ATTEMPTS - 1,
        "distributed.worker.preload": [_DEAF],
        "distributed.deploy.lost-worker-timeout": RESTART,
    }
    with (
        dask.config.set(config),
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            memory_limit=int(memory_gib * GIB),
            dashboard_address="127.0.0.1:0",  # Dask serves its state somewhere; never to other machines
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def machine_memory() -> int:
    """Return the memory of this machine in bytes; where the system doesn't tell, 8 GiB."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 * GIB


# Ctrl-C reaches every process of a terminal; the workers leave it to ours, which stops them.
_DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)"


def _stopped(manifest: Manifest, out: Path) -> GuatuError:
    return GuatuError(
        Text(
            "已停止:{done}/{of} 个分区已完成,保存在 {out}。加 --resume 可继续。",
            "Stopped: {done} of {of} partitions are done and kept in {out}. Add --resume to go on.",
        ).format(done=len(manifest.tallies), of=manifest.partitions or "?", out=out)
    )


_TOO_LITTLE = Text(
    "一个分区让工作进程中断了 {attempts} 次,多半是内存不够。请用 --memory 给每个进程更多内存,或减少 --workers。",
    "One partition brought down its worker {attempts} times, most likely for want of memory. "
    "Give each worker more with --memory, or start fewer with --workers.",
)
