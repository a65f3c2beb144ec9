"""The state of the desk in words, bottom right: « Hors ligne · 3 à envoyer »."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.eliding_button import ElidingButton


class StatusLine(ElidingButton):
    """Words that are always true, and open the details when pressed. Never red.

    Signals:
        details_wanted(): the words were pressed.
    """

    details_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("status_line")
        self.setProperty("kind", "status")
        self.setAutoDefault(True)
        self.setDefault(False)
        self.setFlat(True)
        self.setToolTip(self.tr("Voir les échanges"))
        self.clicked.connect(self.details_wanted)
        self.set_words("")

    def set_words(self, text: str) -> None:
        """Show another state."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(self.tr("État\u202f: {words}").format(words=text))
        self.setVisible(bool(text))

    def words(self) -> str:
        """Return the state shown."""
        return self.text().replace("&&", "&")
