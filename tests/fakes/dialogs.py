"""The system's own windows, answered by a test: which file, which printer."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtWidgets import QWidget

from ui.widgets.dialogs import Dialogs


class Answers:
    """Answers to give, in their order; none left stands for a person who gives up."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self.printers: list[QPagedPaintDevice] = []
        self.asked: list[str] = []

    def dialogs(self) -> Dialogs:
        """Return windows that give these answers."""
        return Dialogs(
            open_file=lambda _over, title, _kinds: self._file(title),
            save_file=lambda _over, title, _name, _kinds: self._file(title),
            choose_printer=self._printer,
        )

    def then(self, files: Sequence[Path]) -> None:
        """Answer with these files next."""
        self.files.extend(files)

    def _file(self, title: str) -> str:
        self.asked.append(title)
        return str(self.files.pop(0)) if self.files else ""

    def _printer(self, _over: QWidget) -> QPagedPaintDevice | None:
        return self.printers.pop(0) if self.printers else None
