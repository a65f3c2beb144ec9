"""What somebody must see to, said calmly, months ahead where it can be; mostly nothing."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.exchange.page import Due
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import quiet_button
from ui.widgets.emptying import empty
from ui.widgets.labels import IconLabel, words
from ui.widgets.section_card import SectionCard


class DueCard(SectionCard):
    """Sentences, one under the other. It is hidden while there is nothing to say.

    Signals:
        followed(str): show the part of the machines' page that serves.
    """

    followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.set_title(self.tr("À prévoir"))
        self._shown: tuple[Due, ...] = ()
        self._column = QVBoxLayout()
        self._column.setSpacing(12)
        self.add_layout(self._column)
        self.setObjectName("due")
        self.hide()

    def show_due(self, due: Sequence[Due]) -> None:
        """Show what is to be seen to, or nothing."""
        if tuple(due) == self._shown:
            return
        self._shown = tuple(due)
        empty(self._column)
        for one in due:
            line = self._line(one)
            self._column.addWidget(line)
            line.setVisible(True)
        self.setVisible(bool(due))

    def _line(self, due: Due) -> QWidget:
        text = words(due.text)
        text.setObjectName("due_sentence")
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(IconLabel("clock", "attention", 20), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        if not due.part:
            widget = QWidget()
            row.setContentsMargins(0, 0, 0, 0)
            widget.setLayout(row)
            return widget
        button = quiet_button(due.action)
        button.setObjectName("due_follow")
        button.setAccessibleDescription(due.text)
        button.clicked.connect(partial(self._follow, due.part))
        return BesideOrUnder(row, button)

    def _follow(self, part: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 (Qt)
        self.followed.emit(part)
