"""A cache that makes each value once, however many ask at the same time: the others wait for the first."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock
from typing import TypeVar, TypeVarTuple
from weakref import WeakValueDictionary

Ts = TypeVarTuple("Ts")
T = TypeVar("T")


class _Turn:
    """The turn of whoever makes one value; it lasts as long as anyone waits for it."""

    def __init__(self) -> None:
        self.lock = Lock()


def once(maxsize: int) -> Callable[[Callable[[*Ts], T]], Callable[[*Ts], T]]:
    """Keep what a function returns for its last `maxsize` arguments, as `functools.lru_cache` does.

    Two threads that ask for the same value share one run; different values don't wait for each other. A run that
    fails is not kept: the next in line tries again. The function must not ask for its own value.
    """

    def kept(make: Callable[[*Ts], T]) -> Callable[[*Ts], T]:
        remembered = lru_cache(maxsize=maxsize)(make)
        turns: WeakValueDictionary[object, _Turn] = WeakValueDictionary()
        guard = Lock()

        @wraps(make)
        def shared(*args: *Ts) -> T:
            with guard:
                turn = turns.setdefault(args, _Turn())
            with turn.lock:
                return remembered(*args)

        return shared

    return kept
