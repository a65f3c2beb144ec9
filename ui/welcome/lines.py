"""Lines to type in on the first pages, named for those who hear them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit


def named_line(name: str, spoken: str, *, secret: bool = False) -> QLineEdit:
    """Make a line; what is typed in a secret one is hidden."""
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(spoken)
    if secret:
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
    return line
