"""The code that opens the file of a workspace if every passphrase is lost, to keep on paper."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.labels import heading, words


class CodePage(QWidget):
    """The recovery code, to be kept on paper.

    Signals:
        noted(): it is.
    """

    noted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._code = heading("", 2)
        self._copy = quiet_button(self.tr("Co&pier pour l’imprimer"), "copy")
        self._noted: QPushButton = main_button(self.tr("Je l’ai &noté, ouvrir"), "check")
        self._code.setObjectName("recovery_code")
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._noted.setObjectName("noted")
        self._copy.setObjectName("copy_code")
        self._lay_out()
        self._copy.clicked.connect(self._copy_code)
        self._noted.clicked.connect(self._forget)

    def show_code(self, code: str) -> None:
        """Show the code, in groups."""
        self._code.setText(code)
        self._code.setAccessibleName(self.tr("Code de secours"))
        self._noted.setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(heading(self.tr("Le code de secours"), 1))
        why = self.tr(
            "Si toutes les phrases de passe étaient perdues, ce code seul rouvrirait l’espace."
            " Notez-le sur papier et gardez-le sous clé\u202f: il ne sera plus jamais affiché."
        )
        column.addWidget(words(why))
        column.addWidget(self._code)
        row = QHBoxLayout()
        row.addWidget(self._noted)
        row.addWidget(self._copy)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text())

    def _forget(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.text() == self._code.text():
            clipboard.clear()
        self._code.setText("")
        self.noted.emit()
