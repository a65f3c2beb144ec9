"""A file to choose, as a field: a button, then the name of what was chosen."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.personal_numbers import masked_file_name
from ui.widgets.buttons import quiet_button
from ui.widgets.labels import words


class FileField(QWidget):
    """One file.

    Signals:
        chosen(): a file was chosen.
    """

    chosen = Signal()

    def __init__(self, name: str, *, asks: str, ask: Callable[[QWidget], str]) -> None:
        """Make the field.

        Args:
            name: what a reader of the screen says.
            asks: the words of the button.
            ask: asks for a file over a window; "" when none was chosen.
        """
        super().__init__()
        self._name = name
        self._ask = ask
        self._path: Path | None = None
        self._button = quiet_button(asks, "folder-open")
        self._shown = words("", "soft")
        self._button.setAccessibleName(name)
        self.setAccessibleName(name)
        self.setFocusProxy(self._button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._button)
        row.addWidget(self._shown, 1)
        self._button.clicked.connect(self._choose)

    def setObjectName(self, name: str) -> None:
        """Name the field, and its button after it."""
        super().setObjectName(name)
        self._button.setObjectName(f"{name}_button")

    def path(self) -> Path | None:
        """Return the file chosen."""
        return self._path

    def _choose(self) -> None:
        if chosen := self._ask(self.window()):
            self._path = Path(chosen)
            name = masked_file_name(self._path.name)
            self._shown.setText(name)
            self._button.setAccessibleName(f"{self._name}\u202f: {name}")
            self.chosen.emit()
