"""What a run is and which of its partitions are done: the pairs are the files that its manifest names."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gis.errors import DataError
from gis.text import Text
from guatu.partitions.side import atomically
from guatu.partitions.tally import Tally

NAME = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run is of; two runs of the same are one run. A side's fingerprint is that of its content."""

    left: str
    right: str
    left_fingerprint: str
    right_fingerprint: str
    least_m2: float
    shapes: bool
    part_vertices: int

    @property
    def same(self) -> bool:
        """Tell whether one side meets itself, so that each pair counts once."""
        return self.left == self.right


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A run and its tallies by partition; `partitions` is None until the sides are cut."""

    run: Run
    partitions: int | None = None
    tallies: tuple[Tally, ...] = ()

    @property
    def done(self) -> bool:
        """Tell whether every partition is there."""
        return len(self.tallies) == self.partitions

    @property
    def pairs(self) -> int:
        """How many pairs are listed."""
        return sum(tally.pairs for tally in self.tallies)

    @property
    def unlisted(self) -> int:
        """How many pairs share less than the least."""
        return sum(tally.unlisted for tally in self.tallies)

    @property
    def sum_m2(self) -> float:
        """What all pairs share, unlisted ones too."""
        return math.fsum(tally.sum_m2 for tally in self.tallies)

    @property
    def cover_m2(self) -> float | None:
        """What lies under the right side, counted once for each left feature; None where a side meets itself."""
        return None if self.run.same else math.fsum(tally.cover_m2 or 0.0 for tally in self.tallies)

    def plus(self, tally: Tally) -> Manifest:
        """Return the manifest with one more partition; a partition that was there is replaced."""
        others = [one for one in self.tallies if one.number != tally.number]
        return replace(self, tallies=tuple(sorted([*others, tally], key=lambda one: one.number)))

    def files(self, out: Path) -> list[Path]:
        """Return the files of pairs in a run's folder."""
        return [out / tally.file for tally in self.tallies]

    def write(self, out: Path) -> None:
        """Write the manifest into a run's folder, whole or not at all."""
        totals = {"pairs": self.pairs, "unlisted": self.unlisted, "sum_m2": self.sum_m2, "cover_m2": self.cover_m2}
        content = {**asdict(self), "done": self.done, "totals": totals}
        atomically(out / NAME, json.dumps(content, ensure_ascii=False, indent=1).encode())


def read(out: Path) -> Manifest | None:
    """Return the manifest in a folder, or None where there is none.

    Raises
    ------
    DataError
        It is broken.
    """
    if not (out / NAME).exists():
        return None
    try:
        content = json.loads((out / NAME).read_text(encoding="utf-8"))
        return Manifest(
            run=Run(**content["run"]),
            partitions=content["partitions"],
            tallies=tuple(Tally(**one) for one in content["tallies"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(
            Text(
                "{path} 已损坏,无法续算。请换一个空文件夹重新计算。",
                "{path} is broken, so the run can't go on. Start again in an empty folder.",
            ).format(path=out / NAME)
        ) from error


def begun(run: Run, out: Path, *, resume: bool) -> Manifest:
    """Return where a run stands in its folder: at its beginning, or, when resumed, where it was stopped.

    Raises
    ------
    DataError
        The folder holds something else, another run, or this run although it isn't to be resumed.
    """
    if out.exists() and not out.is_dir():
        raise DataError(_NO_FOLDER.format(out=out))
    found = read(out)
    if found is None:
        if out.exists() and any(out.iterdir()):
            raise DataError(_NOT_EMPTY.format(out=out))
        return Manifest(run=run)
    if found.run != run:
        raise DataError(_ANOTHER.format(out=out, left=found.run.left, right=found.run.right))
    if not resume:
        raise DataError(_THERE.format(out=out, done=len(found.tallies), of=found.partitions or "?"))
    kept = tuple(tally for tally in found.tallies if (out / tally.file).exists())
    return replace(found, tallies=kept)


_NO_FOLDER = Text("{out} 是一个文件,不是文件夹。请另给 --out。", "{out} is a file, no folder. Give another --out.")
_NOT_EMPTY = Text(
    "文件夹 {out} 不是空的,其中也没有可续算的结果。请换一个空文件夹。",
    "The folder {out} isn't empty and holds no run to go on with. Give an empty folder.",
)
_ANOTHER = Text(
    "文件夹 {out} 中是另一次计算({left} × {right}):数据或参数不同,不能续算。请换一个空文件夹。",
    "The folder {out} holds another run ({left} × {right}): its data or options differ, so it can't go on. "
    "Give an empty folder.",
)
_THERE = Text(
    "文件夹 {out} 中已有这次计算的 {done}/{of} 个分区。续算请加 --resume,重新计算请换一个空文件夹。",
    "The folder {out} holds {done} of {of} partitions of this run. Add --resume to go on, or give an empty folder.",
)
