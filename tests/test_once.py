from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from guatu.once import once

PATIENCE_S = 10


class Slow:
    """Something that takes as long as a test wants, and counts how often it was made."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.made = Event(), Event(), 0

    def __call__(self, value: int) -> list[int]:
        self.made += 1
        self.begun.set()
        assert self.may_end.wait(PATIENCE_S)
        return [value]


@pytest.fixture
def slow() -> Slow:
    return Slow()


def test_two_who_ask_at_the_same_time_share_one_run(slow):
    ask: Callable[[int], list[int]] = once(maxsize=4)(slow.__call__)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, 7)
        assert slow.begun.wait(PATIENCE_S)
        second = pool.submit(ask, 7)
        slow.may_end.set()
        assert first.result(PATIENCE_S) is second.result(PATIENCE_S)
    assert slow.made == 1


def test_who_asks_for_something_else_does_not_wait(slow):
    ask = once(maxsize=4)(lambda value: slow(value) if value == 7 else [value])
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, 7)
        assert slow.begun.wait(PATIENCE_S)
        assert pool.submit(ask, 8).result(PATIENCE_S) == [8]
        assert not first.done()
        slow.may_end.set()


def test_a_run_that_fails_is_not_kept():
    answers = iter([ValueError("no"), 5])

    def make(_: int) -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    ask = once(maxsize=4)(make)
    with pytest.raises(ValueError, match="no"):
        ask(1)
    assert ask(1) == 5


def test_what_is_over_the_limit_is_made_again():
    made: list[int] = []
    ask = once(maxsize=1)(made.append)
    for value in (1, 1, 2, 1):
        ask(value)
    assert made == [1, 2, 1]
