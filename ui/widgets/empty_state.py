"""What a list says when it is empty: what it is for, and what to do first."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.buttons import main_button
from ui.widgets.labels import IconLabel, heading, words

_ROOM_FOR_ICON_PX = 250


class EmptyState(QWidget):
    """An icon, a sentence, the first step, and its button.

    Signals:
        action_wanted(): the button was pressed.
    """

    action_wanted = Signal()

    def __init__(
        self,
        icon: str,
        sentence: str,
        first_step: str = "",
        action: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sentence = heading(sentence, 2)
        self._first_step = words(first_step, "soft")
        self._action = main_button(action)
        self._action.setObjectName("empty_action")
        self._action.clicked.connect(self.action_wanted)
        self._icon = IconLabel(icon, "accent", 44)
        self._lay_out()
        # Once it has its place: shown before, it would flash as a window of its own.
        self._action.setVisible(bool(action))

    def set_sentence(self, sentence: str, first_step: str = "") -> None:
        """Say something else."""
        self._sentence.setText(sentence)
        self._first_step.setText(first_step)

    def sentence(self) -> str:
        """Return what is said."""
        return self._sentence.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the words have it."""
        super().resizeEvent(event)
        has_room = self.height() >= scaled(_ROOM_FOR_ICON_PX)
        self._icon.setVisible(has_room)
        self._row.setContentsMargins(*((24, 32, 24, 32) if has_room else (0, 0, 0, 0)))
        for side in (0, 2):
            self._row.setStretch(side, int(has_room))

    def _lay_out(self) -> None:
        for label in (self._sentence, self._first_step):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(self._icon)
        column.addSpacing(6)
        column.addWidget(self._sentence)
        column.addWidget(self._first_step)
        column.addSpacing(10)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(24, 32, 24, 32)
        row.addStretch(1)
        row.addLayout(column, 3)
        row.addStretch(1)
