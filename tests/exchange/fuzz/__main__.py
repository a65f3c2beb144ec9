"""Runs the fuzzer: `python -m tests.exchange.fuzz --seconds 300 --seed 7`."""

import argparse
import os
import random
import sys
import tempfile

from tests.conftest import STATE_VARIABLE
from tests.exchange.fuzz.hunting import SHRINK_S, hunt
from tests.exchange.fuzz.playing import SHAPES, STEPS, clean_up


def main() -> int:
    """Play until the time is over or a promise is broken; print how to see it again."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=300)
    asked.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked.add_argument("--shape", choices=SHAPES)
    asked.add_argument("--steps", type=int, default=STEPS)
    asked.add_argument("--shrink-seconds", type=float, default=SHRINK_S)
    told = asked.parse_args()
    print(f"seed {told.seed}")
    with tempfile.TemporaryDirectory() as state:
        os.environ[STATE_VARIABLE] = state
        try:
            shapes = (told.shape,) if told.shape else SHAPES
            done = hunt(
                told.seed,
                told.seconds,
                shapes=shapes,
                steps=told.steps,
                shrink_s=told.shrink_seconds,
            )
        finally:
            clean_up()
    print(f"{done.found}\n{done}".strip())
    return 1 if done.found else 0


if __name__ == "__main__":
    sys.exit(main())
