"""Desks of real encrypted files, closed when the test ends."""

import shutil
from pathlib import Path

import pytest

from app.store.workspace import create_workspace
from tests.builders import FIRST_DOOR, PASSPHRASE, a_desk
from tests.store.workspace_folders import AGENT


@pytest.fixture
def colleague(tmp_path):
    """Another machine of the first door."""
    opened = a_desk(tmp_path / "colleague", reference=FIRST_DOOR)
    yield opened
    opened.workspace.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, str]:
    """A workspace made once, closed, and its recovery code; tests work on copies."""
    folder = tmp_path_factory.mktemp("made") / "poste"
    workspace, code = create_workspace(
        folder, agent_name=AGENT, role="adviser", passphrase=PASSPHRASE
    )
    workspace.writer.write(
        lambda tx: (
            [
                tx.execute("INSERT INTO drafts VALUES (?, ?, 0)", (str(number), bytes(500)))
                for number in range(100)
            ]
            and None
        )
    )
    workspace.close()
    return folder, code


@pytest.fixture
def folder(made, tmp_path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "poste"))
