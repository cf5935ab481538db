"""The checks of a room's layers in the background: each once for a version of its data, for everybody who looks."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import BoundedSemaphore, Condition, Thread
from typing import Literal

from gis import check
from gis.errors import GuatuError
from gis.layer import Layer
from gis.text import Text
from guatu.room import Room

Phase = Literal["waiting", "running", "done", "failed", "stopped"]
_ACTIVE = frozenset[Phase]({"waiting", "running"})
_BUG = Text("程序出错({what})", "the program failed ({what})")
_log = logging.getLogger(__name__)

# One core stays free for whoever looks at a screen meanwhile.
_turns = BoundedSemaphore(max(1, (os.cpu_count() or 1) - 1))
_changed = Condition()


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one layer's check is: its phase, the step it is at, `share` of the steps behind it, seconds so far."""

    key: str
    phase: Phase
    step: Text | None
    share: float
    seconds: float
    trouble: Text | None

    @property
    def active(self) -> bool:
        """Whether there is more to come."""
        return self.phase in _ACTIVE


class _StoppedError(Exception):
    """Ends a check from within, at its next step."""


class _Run:
    """One layer's check at one version of its data. Threads read and change it under `_changed`."""

    def __init__(self, room: Room, layer: Layer, versions: tuple[tuple[str, str], ...]) -> None:
        self.layer, self.versions = layer, versions
        self._room = room
        self._steps = len(check.steps(layer))
        self._behind = 0
        self._step: Text | None = None
        self._phase: Phase = "waiting"
        self._trouble: Text | None = None
        self._began = self._ended = 0.0

    def start(self) -> None:
        # A daemon: the server goes down without waiting for a check.
        Thread(target=self._work, daemon=True, name=f"check-{self.layer.key}").start()

    def stop(self) -> None:
        if self._phase in _ACTIVE:
            self._end("stopped")

    def progress(self) -> Progress:
        ended = time.monotonic() if self._phase == "running" else self._ended
        return Progress(
            key=self.layer.key,
            phase=self._phase,
            step=self._step,
            share=1.0 if self._phase == "done" else max(0, self._behind - 1) / self._steps,
            seconds=ended - self._began if self._began else 0.0,
            trouble=self._trouble,
        )

    def _work(self) -> None:
        with _turns:
            with _changed:
                if self._phase != "waiting":
                    return
                self._phase, self._began = "running", time.monotonic()
            phase: Phase = "done"
            try:
                self._room.findings(self.layer.key, self._told)
            except _StoppedError:
                return
            except GuatuError as error:
                phase, self._trouble = "failed", error.says
            except Exception as error:  # noqa: BLE001  a thread's traceback would reach nobody
                _log.exception("the check of %s failed", self.layer.key)
                phase, self._trouble = "failed", _BUG.format(what=type(error).__name__)
            with _changed:
                self._end(phase)

    def _told(self, step: Text) -> None:
        with _changed:
            if self._phase != "running":
                raise _StoppedError
            self._step = step
            self._behind += 1

    def _end(self, phase: Phase) -> None:
        self._phase, self._ended = phase, time.monotonic()
        _changed.notify_all()


_runs: dict[tuple[Room, str], _Run] = {}


def look(room: Room) -> tuple[Progress, ...]:
    """Return how far each layer's check is, in the order of the catalogue; checks that nobody has begun begin.

    A layer whose data or declaration changed is checked anew, and its check that still runs is given up.
    Small layers go first.
    """
    there = room.readable()
    versions = {key: room.behind(key) for key in there}
    with _changed:
        for key, run in list(_of(room)):
            if key not in there or run.layer is not there[key] or run.versions != versions[key]:
                run.stop()
                del _runs[room, key]
        new = [key for key in there if (room, key) not in _runs]
        for key in sorted(new, key=lambda key: len(room.frame(key))):
            _runs[room, key] = _Run(room, there[key], versions[key])
            _runs[room, key].start()
        return tuple(_runs[room, key].progress() for key in there)


def wait(room: Room, seconds: float) -> None:
    """Wait until no check of the room is under way, but not longer than this."""
    with _changed:
        _changed.wait_for(lambda: not any(run.progress().active for _, run in _of(room)), seconds)


def stop(room: Room) -> None:
    """End the checks that are under way, each at its next step; what is ready stays."""
    with _changed:
        for _, run in _of(room):
            run.stop()


def resume(room: Room) -> None:
    """Begin again what was stopped."""
    with _changed:
        for key, run in list(_of(room)):
            if run.progress().phase == "stopped":
                del _runs[room, key]
    look(room)


def _of(room: Room) -> Iterator[tuple[str, _Run]]:
    return ((key, run) for (owner, key), run in _runs.items() if owner == room)
