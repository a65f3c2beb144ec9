"""What an action of the fuzzer is: something that people, links or disks do to a stage."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from app.ports import SyncPort
from tests.exchange.fuzz.stage import Stage
from tests.exchange.links import WRITES, FailsAt, PowerCutError

_WRITES = (
    "adopt",
    "finish_adoption",
    "apply_survivors",
    "keep_pieces",
    "drop_pieces",
    "turn_keys",
)


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


def dying(port: SyncPort, at: int | None, *, after: bool) -> Any:
    """A store whose process is killed at its n-th write, those of checkpoints among them."""
    return FailsAt(port, (*WRITES, *_WRITES), at, after=after, failure=PowerCutError)


def pick(chance: random.Random, some: Iterable[str]) -> str:
    """Draw one of several names, in an order that does not depend on keys."""
    return chance.choice(sorted(some))
