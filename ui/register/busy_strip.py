"""What is under way, over the page: how far it is, and the way out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.register.page import Busy
from ui.texts import number
from ui.widgets.announcements import announce
from ui.widgets.buttons import quiet_button
from ui.widgets.labels import words

_BAR_PX = 6


class BusyStrip(QWidget):
    """Hidden while nothing is under way.

    Signals:
        stopped(): give it up.
    """

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        self._words = words("", "strong")
        self._bar = QProgressBar()
        self._stop = quiet_button(self.tr("Arrêter"), "x")
        self._words.setObjectName("register_busy")
        self._stop.setObjectName("register_stop")
        self._bar.setAccessibleName(self.tr("Avancement"))
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(_BAR_PX)
        self._lay_out()
        self._stop.clicked.connect(self.stopped)
        self.hide()

    def show_busy(self, busy: Busy | None) -> None:
        """Say what is under way; it is heard once, not at each step."""
        self.setVisible(busy is not None)
        if busy is None:
            self._said = ""
            return
        far = ""
        if busy.whole:
            far = self.tr(" {0} sur {1}").format(number(busy.done), number(busy.whole))
        self._words.setText(busy.sentence + far)
        self._bar.setRange(0, busy.whole)
        self._bar.setValue(busy.done)
        self._stop.setVisible(busy.can_stop)
        if busy.sentence != self._said:
            self._said = busy.sentence
            announce(self, busy.sentence)

    def take_focus(self) -> None:
        """Go to the way out."""
        self._stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.setSpacing(6)
        said.addWidget(self._words)
        said.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 12)
        row.setSpacing(18)
        row.addLayout(said, 1)
        row.addWidget(self._stop)
