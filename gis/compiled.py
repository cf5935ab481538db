"""Loops over numbers, compiled at first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a loop without the interpreter's lock, and keep the result where a cache can be written."""
    try:
        made = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # nowhere to write: compile anew in each process
        made = njit(nogil=True, error_model="numpy")(function)
    return cast("F", made)
