# ruff: noqa: T201
"""A million nasty pairs, by hand: `PYTHONPATH=.:tests .venv/bin/python tests/million.py [pairs] [seed]`.

Tells how many pairs of each kind were compared, how far the worst lies from the judge, and each counterexample as WKB.
Ends with 1 when there is one.
"""

import sys
import time

import judge
import nasty
import numpy as np

from gis import overlap

BATCH = 5_000


def main(pairs: int = 1_000_000, seed: int = 1) -> int:
    wrong = total = 0
    each = max(pairs // len(nasty.KINDS), 1)
    for at, (kind, draw) in enumerate(nasty.KINDS.items()):
        begun, bad, shared = time.monotonic(), [], 0
        for batch, first in enumerate(range(0, each, BATCH)):
            rng = np.random.default_rng([seed, at, batch])
            code, on_mm = (4549, 4528)[batch % 2], batch // 2 % 2 == 1
            left, right = nasty.placed(draw(rng, min(BATCH, each - first)), code, rng, on_mm=on_mm)
            found = overlap.overlaps(left, right)
            bad += judge.counterexamples(left, right, found)
            shared += len(found)
        total, wrong = total + each, wrong + len(bad)
        seconds = time.monotonic() - begun
        print(f"{kind:22}{each:>9} pairs {shared:>9} share area {len(bad):>5} wrong {seconds:7.0f} s", flush=True)
        for verdict in bad[:3]:
            print("   ", verdict)
    print(f"{total} pairs, {wrong} wrong")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
