"""One exchange of a desk, interrupted at its first write or call, then at its second, and so on."""

from collections.abc import Callable
from typing import TypeAlias

from sync.errors import SyncError
from tests.exchange.desks import Door, reopened
from tests.exchange.links import PowerCutError, cut_link, dying_port

Interrupted: TypeAlias = Callable[[Door], bool]
"""Exchanges once; says whether the exchange was interrupted, False when it had ended before."""


def killed(at: int, *, after: bool) -> Interrupted:
    """The process is killed at the n-th write, and the desk opened again."""

    def exchange(door: Door) -> bool:
        port = dying_port(door.port, at, after=after)
        try:
            door.exchange(port=port)
        except PowerCutError:
            reopened(door)
            return True
        assert port.done < at
        return False

    return exchange


def cut(at: int, *, after: bool) -> Interrupted:
    """The link dies at the n-th call."""

    def exchange(door: Door) -> bool:
        try:
            door.exchange(cut_link(door.transport(), at, after=after))
        except SyncError:
            return True
        return False

    return exchange


def ends_alike(
    told: Callable[[str, Interrupted], object], interruption: Callable[[int], Interrupted]
) -> int:
    """Hold every interrupted exchange against one that was not; return how many there were.

    Args:
        told: in a folder of that name, exchanges with what is given, goes on until all is quiet,
            and says what is there; None when nothing was interrupted.
        interruption: by its place, counted from one.
    """
    clean = told("clean", lambda door: bool(door.exchange()))
    at = 1
    while (found := told(f"{at}", interruption(at))) is not None:
        assert found == clean, at
        at += 1
    return at - 1
