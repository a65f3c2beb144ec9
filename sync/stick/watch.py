"""What somebody who waits for a stick is told, and how they make it stop."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class StickStep(StrEnum):
    """What is being done."""

    SEALING = "sealing"
    WRITING = "writing"
    READING = "reading"


@dataclass(frozen=True, slots=True, kw_only=True)
class StickProgress:
    """How far it is: `done` of `total`, in bundles while writing, in bytes while reading."""

    step: StickStep
    done: int
    total: int


def _tell_nobody(_progress: StickProgress) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Both are called from the thread that works, between two durable steps."""

    progress: Callable[[StickProgress], None] = _tell_nobody
    cancelled: Callable[[], bool] = _never
