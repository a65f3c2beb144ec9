"""Desks of real encrypted files, closed when the test ends."""

import pytest

from tests.builders import FIRST_DOOR, SECOND_DOOR, a_desk


@pytest.fixture
def desk(tmp_path):
    """The first door's desk."""
    opened = a_desk(tmp_path / "first", reference=FIRST_DOOR)
    yield opened
    opened.workspace.close()


@pytest.fixture
def second(tmp_path):
    """The second door's desk, in another structure."""
    opened = a_desk(tmp_path / "second", reference=SECOND_DOOR)
    yield opened
    opened.workspace.close()


@pytest.fixture
def colleague(tmp_path):
    """Another machine of the first door."""
    opened = a_desk(tmp_path / "colleague", reference=FIRST_DOOR)
    yield opened
    opened.workspace.close()
