"""Runs the fuzzer: `python -m tests.exchange.fuzz --seconds 300 --seed 7`."""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable

from tests.conftest import STATE_VARIABLE
from tests.exchange.fuzz.playing import SHAPES, as_script, play, shrink


def main() -> int:
    """Play until the time is over or a promise is broken; print how to see it again."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=300)
    asked.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked.add_argument("--shape", choices=SHAPES)
    asked.add_argument("--steps", type=int, default=80)
    asked.add_argument("--shrink-seconds", type=float, default=60)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as state:
        os.environ[STATE_VARIABLE] = state
        return _run(told)


def _run(told: argparse.Namespace) -> int:
    chance, started, actions, runs = random.Random(told.seed), time.monotonic(), 0, 0
    print(f"seed {told.seed}")
    while time.monotonic() - started < told.seconds:
        shape, seed = told.shape or chance.choice(SHAPES), chance.randrange(2**32)
        done, failure = play(shape, seed, count=told.steps)
        actions, runs = actions + done, runs + 1
        if failure is not None:
            print(f"run {runs}, shape {shape}, seed {seed}:\n{failure.told}")
            steps, error = shrink(shape, failure, goes_on=_for(told.shrink_seconds))
            print(f"{len(failure.steps)} steps, {len(steps)} are enough: {error}\n")
            print(as_script(shape, steps))
            return 1
    took_s = time.monotonic() - started
    print(f"{actions} actions in {runs} runs, {took_s:.0f} s: {actions / took_s:.0f} a second")
    return 0


def _for(seconds: float) -> Callable[[], bool]:
    ends_at = time.monotonic() + seconds
    return lambda: time.monotonic() < ends_at


if __name__ == "__main__":
    sys.exit(main())
