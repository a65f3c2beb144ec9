"""The windows that the command line may start: given by the program, never imported here."""

from pathlib import Path
from typing import Protocol

import click


class Faces(Protocol):
    """What opens windows; each call returns an exit code."""

    def desktop(self, workspace: Path | None, agent: str | None) -> int:
        """Open the desktop and return when it is closed."""
        ...

    def check(self, workspace: Path | None) -> int:
        """Build everything the desktop needs, and leave."""
        ...

    def practice(self, shots: Path | None) -> int:
        """Open the practice desk, or draw it into a folder."""
        ...


def faces() -> Faces:
    """Return the windows given to the command that is running."""
    given: Faces = click.get_current_context().find_root().obj
    return given
