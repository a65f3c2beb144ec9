"""A field with its label, its hint, its error and the mark of what is missing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.widgets.announcements import announce
from ui.widgets.labels import words
from ui.widgets.sheet_state import set_state


class LabelledField(QWidget):
    """Label above, field below; hint and error share the line of the label, so that nothing jumps.

    The label is the field's buddy: a mnemonic (`"&Commune"`) makes Alt+C reach it, and it names
    the field when the field has no name of its own.
    """

    def __init__(
        self, label: str, field: QWidget, *, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._hint = hint
        self._label = QLabel(label)
        self._message = words(hint, "small")
        self._missing = words("", "missing")
        self._notes: dict[str, QLabel] = {}
        self._name_parts()
        self._lay_out()

    def label(self) -> str:
        """Return the label as it is read, without its mnemonic."""
        return self._label.text().replace("&", "")

    def set_error(self, text: str) -> None:
        """Show why the field is refused, in place of the hint, and say it; empty clears it."""
        if text == self.error():
            return
        self._message.setText(text or self._hint)
        set_state(self._message, "kind", "error" if text else "small")
        set_state(self.field, "wrong", bool(text))
        self._describe()
        announce(self.field, text)

    def error(self) -> str:
        """Return the error shown, or nothing."""
        is_error = self._message.property("kind") == "error"
        return self._message.text() if is_error else ""

    def set_missing(self, missing: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Mark a field that must be filled before the record can leave; it never blocks."""
        self._missing.setText(self.tr("manquant pour envoyer") if missing else "")
        self._label.setAccessibleDescription(self._missing.text())

    def is_missing(self) -> bool:
        """Say whether the field is marked as missing."""
        return bool(self._missing.text())

    def set_note(self, name: str, text: str) -> None:
        """Show calm words under the field, or none; several notes stand under each other.

        Args:
            name: the object name of the note.
            text: its words; "" takes it away.
        """
        if name not in self._notes:
            if not text:
                return
            self._notes[name] = words("", "small")
            self._notes[name].setObjectName(name)
            self._column.addWidget(self._notes[name])
        self._notes[name].setText(text)
        self._notes[name].setVisible(bool(text))
        self._describe()

    def note(self, name: str) -> str:
        """Return the words of a note, nothing when it is not shown."""
        return self._notes[name].text() if name in self._notes else ""

    def _name_parts(self) -> None:
        self._label.setProperty("kind", "strong")
        self._label.setBuddy(self.field)
        self._message.setObjectName("message")
        self._missing.setObjectName("missing")
        self._missing.setWordWrap(False)
        if not self.field.accessibleName():
            self.field.setAccessibleName(self.label())
        self._describe()

    def _describe(self) -> None:
        """Have hint or error, then the notes, read after the name of the field."""
        said = (self._message.text(), *(note.text() for note in self._notes.values()))
        self.field.setAccessibleDescription(" ".join(filter(None, said)))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._label, 0, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._message, 1, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._missing, 0, Qt.AlignmentFlag.AlignBottom)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        # Beside a field that grew by a note, this one stays where it was.
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(line)
        self._column.addWidget(self.field)
