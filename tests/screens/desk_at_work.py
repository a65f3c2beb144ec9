"""The desktop on a real encrypted workspace, driven as its user does."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.usecases.agents import add_agent
from tests.builders import FIRST_DOOR, PASSPHRASE
from ui import compose
from ui.desktop import Desktop
from ui.practice_hand import Album, Hand
from ui.widgets.dialogs import Dialogs

ROOT = Path(__file__).parents[2]
ALIX, NOE = "Alix Exemple", "Noé Exemple"
OTHER_PASSPHRASE = "quatre autres mots choisis"


def make_workspace(folder: Path) -> Path:
    """Make a workspace of two agents, closed, as the first morning leaves it."""
    desk, _code = compose.create_desk(
        folder, agent_name=ALIX, role="adviser", passphrase=PASSPHRASE, reference=FIRST_DOOR
    )
    add_agent(desk, name=NOE, role="adviser", passphrase=OTHER_PASSPHRASE)
    desk.workspace.close()
    return folder


class AtDesk(Hand):
    """A person before the desktop."""

    def __init__(
        self, application: QApplication, folder: Path, dialogs: Dialogs | None = None
    ) -> None:
        self.desktop = Desktop(application, folder, dialogs=dialogs)
        super().__init__(self.desktop, Album(folder.parent / "album"))

    def said(self) -> str:
        """Everything the window says in words."""
        labels = self.window.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def button(self, name: str) -> QPushButton:
        return self.part(QPushButton, name)


def copy_of(workspace: Path, folder: Path) -> Path:
    return Path(shutil.copytree(workspace, folder))


@contextmanager
def another_process(
    script: str, *words: str, **variables: str
) -> Iterator["subprocess.Popen[str]"]:
    """Run a script beside this test until it says a first line; whatever is left is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()
