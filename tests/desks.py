"""Desks of real encrypted files that every test may ask for, closed when the test ends."""

import pytest

from tests.builders import SECOND_DOOR, a_desk
from tests.fakes.clock import TickingClock


@pytest.fixture
def clock():
    """The clock of the first door's desk, that tests tick."""
    return TickingClock()


@pytest.fixture
def desk(tmp_path, clock):
    """The first door's desk."""
    opened = a_desk(tmp_path / "desk", clock=clock)
    yield opened
    opened.workspace.close()


@pytest.fixture
def second(tmp_path):
    """The second door's desk, in another structure."""
    opened = a_desk(tmp_path / "second", reference=SECOND_DOOR)
    yield opened
    opened.workspace.close()
