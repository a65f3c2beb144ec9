"""The program: the desktop, or the command line when words are given.

Almost nothing is imported before that choice is made: without a word, no command line is built,
and with words, no Qt is loaded.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Faces:
    """What the command line may start and must not import: the windows."""

    def desktop(self, workspace: "Path | None", agent: str | None) -> int:
        """Open the desktop and return when it is closed."""
        from ui import desktop

        return desktop.run(workspace=workspace, agent=agent)

    def check(self, workspace: "Path | None") -> int:
        """Build everything the desktop needs, and leave."""
        from ui import desktop

        return desktop.check(workspace=workspace)

    def practice(self, shots: "Path | None") -> int:
        """Open the practice desk, or draw it into a folder."""
        from ui import practice

        return practice.run(shots=shots)


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Start the program and return its exit code.

    Args:
        arguments: the words after the program's name; those of this process by default.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    if not words:
        return _guarded(lambda: Faces().desktop(None, None))
    from ui.cli.program import run

    return run(words, Faces())


def _guarded(start: "Callable[[], int]") -> int:
    """Start the desktop; a fault of ours is logged, and no stack with somebody's data is shown."""
    try:
        return start()
    except Exception as error:
        from ui.fault_log import record_fault
        from ui.texts import unexpected

        sys.stderr.write(f"{unexpected(record_fault(error))}\n")
        return 1


def _speak_utf8() -> None:
    """Write UTF-8 whatever the console or the pipe announces: French and JSON need it.

    What no UTF-8 can hold is written as an escape, which JSON reads back.
    """
    for stream in (sys.stdout, sys.stderr):
        # A frozen program without a console has no streams.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
