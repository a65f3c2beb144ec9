"""Threads and cycles are as in the program, whose heap is not that of a run of tests."""

import gc
import sys
from collections.abc import Iterator

import pytest

from ui.desktop import SWITCH_INTERVAL_S


@pytest.fixture(autouse=True)
def as_in_the_program() -> Iterator[None]:
    """Hands the interpreter over as often, and leaves what stays aside, as `ui.desktop` does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    sys.setswitchinterval(before)
