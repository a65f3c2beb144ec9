"""Desks whose papers are made; every person and structure is invented."""

import pytest

from tests.builders import SECOND_DOOR, a_desk


@pytest.fixture
def desk(tmp_path):
    """The first door's desk."""
    opened = a_desk(tmp_path / "first")
    yield opened
    opened.workspace.close()


@pytest.fixture
def second(tmp_path):
    """The second door's desk."""
    opened = a_desk(tmp_path / "second", reference=SECOND_DOOR)
    yield opened
    opened.workspace.close()
