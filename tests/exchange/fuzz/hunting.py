"""Plays runs one after the other for some seconds, until one breaks a promise."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.exchange.fuzz.playing import SHAPES, STEPS, as_script, play, shrink

SHRINK_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """How much was played; `found` tells what went wrong, and how to see it again."""

    runs: int
    actions: int
    took_s: float
    found: str = ""

    def __str__(self) -> str:
        pace = self.actions / max(self.took_s, 0.001)
        return (
            f"{self.actions} actions in {self.runs} runs, {self.took_s:.0f} s: {pace:.0f} a second"
        )


def hunt(
    seed: int,
    seconds: float,
    *,
    shapes: tuple[str, ...] = SHAPES,
    steps: int = STEPS,
    shrink_s: float = SHRINK_S,
) -> Hunt:
    """Play until the time is over or a promise is broken; the seed decides all that is drawn."""
    chance, started, runs, actions = random.Random(seed), time.monotonic(), 0, 0
    found = ""
    while not found and time.monotonic() - started < seconds:
        shape, its_seed = chance.choice(shapes), chance.randrange(2**32)
        done, failure = play(shape, its_seed, count=steps)
        runs, actions = runs + 1, actions + done
        if failure is not None:
            few, error = shrink(shape, failure, goes_on=_for(shrink_s))
            found = (
                f"seed {seed}, run {runs}, shape {shape}, its seed {its_seed}\n{failure.told}\n"
                f"{len(failure.steps)} steps, {len(few)} are enough: {error}\n\n"
                f"{as_script(shape, few)}"
            )
    return Hunt(runs=runs, actions=actions, took_s=time.monotonic() - started, found=found)


def _for(seconds: float) -> Callable[[], bool]:
    ends_at = time.monotonic() + seconds
    return lambda: time.monotonic() < ends_at
