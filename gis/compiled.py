"""Loops compiled at their first call and kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from numba import njit

Loop = Callable[..., Any]


def compiled(function: Loop) -> Loop:
    """Compile a loop at its first call, to run without the interpreter's lock, and keep the result on disk.

    Where there is nowhere to write, or no room left, it is compiled anew in each process.
    """
    try:
        made: Any = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        return cast("Loop", njit(nogil=True, error_model="numpy")(function))
    made._cache.save_overload = _forgiving(made._cache.save_overload)
    return cast("Loop", made)


def _forgiving(save: Loop) -> Loop:
    def saved(*args: object) -> None:
        with suppress(OSError):
            save(*args)

    return saved
