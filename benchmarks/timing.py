"""Wall time of jobs in rounds, and the memory a process needs."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

LONG_S = 60.0

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Timed:
    """The median of a job's runs, and what its first run gave."""

    seconds: float
    runs: int
    first: Any


def seconds(job: Callable[[], Any]) -> tuple[float, Any]:
    """Run a job once and return its wall time and its result."""
    gc.collect()
    start = time.perf_counter()
    result = job()
    return time.perf_counter() - start, result


def rounds(
    jobs: Mapping[Key, Callable[[], Any]], count: int, tell: Callable[[Key], None] = lambda _: None
) -> dict[Key, Timed]:
    """Run all jobs, then all again, `count` times: A B A B, so that a busy moment meets all alike.

    A job that takes longer than a minute isn't run again.
    """
    taken: dict[Key, list[float]] = {key: [] for key in jobs}
    first: dict[Key, Any] = {}
    for _ in range(count):
        for key, job in jobs.items():
            if taken[key] and max(taken[key]) > LONG_S:
                continue
            tell(key)
            run_s, result = seconds(job)
            taken[key].append(run_s)
            first.setdefault(key, result)
    return {key: Timed(statistics.median(runs), len(runs), first[key]) for key, runs in taken.items()}


def forget_peak() -> None:
    """Let the peak of this process start again from what it holds now, where the system can (Linux)."""
    gc.collect()
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")


def peak_bytes() -> int:
    """Return the most memory that this process held since `forget_peak`.

    `ru_maxrss` would count what the parent held when it started us, so it serves only where there is no /proc.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
