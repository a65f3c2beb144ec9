"""What an action of the fuzzer is: something that people, links or disks do to a stage."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tests.exchange.fuzz.stage import Stage


class Action(Protocol):
    """One thing that happens. `weight` says how often, beside the others."""

    weight: int

    def possible(self, stage: Stage) -> bool:
        """Can it happen now?"""
        ...

    def run(self, stage: Stage, chance: random.Random) -> None:
        """Do it, and tell the truth what was done; what it draws comes from `chance` alone."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """An action by name, with the seed of all that it draws: other steps may go, it stays."""

    name: str
    seed: int


def pick(chance: random.Random, some: Iterable[str]) -> str:
    """Draw one of several names, in an order that does not depend on keys."""
    return chance.choice(sorted(some))
