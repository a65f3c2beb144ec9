"""A calm message inside the page, in place of a dialog."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.widgets.announcements import announce
from ui.widgets.buttons import icon_button, quiet_button
from ui.widgets.labels import IconLabel, words
from ui.widgets.sheet_state import set_state


class NoticeKind(StrEnum):
    """How a message is meant: it changes icon, colour and the word said before it."""

    INFO = "info"
    DONE = "done"
    ATTENTION = "attention"
    REFUSAL = "refusal"


_ICONS = {
    NoticeKind.INFO: "info",
    NoticeKind.DONE: "circle-check",
    NoticeKind.ATTENTION: "triangle-alert",
    NoticeKind.REFUSAL: "octagon-x",
}


class InlineNotice(QFrame):
    """A message with an icon, an action perhaps, and a way to put it away.

    Signals:
        action_wanted(): the action was pressed.
        dismissed(): the user put the message away; it is hidden already.
    """

    action_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("info", "info", 20)
        self._text = words()
        self._action = quiet_button("")
        self._close = icon_button("x", self.tr("Fermer ce message"))
        self._name_parts()
        self._lay_out()
        self._action.clicked.connect(self.action_wanted)
        self._close.clicked.connect(self._dismiss)
        self.hide()

    def show_notice(self, kind: NoticeKind, text: str, *, action: str = "") -> None:
        """Show and say a message, in place of the one before."""
        set_state(self, "notice", kind.value)
        self._text.setText(text)
        set_state(self._text, "kind", "body")
        self._icon.set_icon(_ICONS[kind], kind.value)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        spoken = f"{self._word(kind)}, {text}"
        self.setAccessibleName(spoken)
        self._text.setAccessibleName(spoken)
        self.show()
        announce(self, spoken)

    def set_words(self, text: str) -> None:
        """Change the words of the message shown without saying it again, for a countdown."""
        self._text.setText(text)

    def can_be_dismissed(self, can: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Offer or not to put the message away."""
        self._close.setVisible(can)

    def hide_notice(self) -> None:
        """Put the message away without a signal."""
        self.hide()

    def text(self) -> str:
        """Return the message shown, or nothing."""
        return self._text.text() if not self.isHidden() else ""

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _word(self, kind: NoticeKind) -> str:
        return {
            NoticeKind.INFO: self.tr("Information"),
            NoticeKind.DONE: self.tr("C’est fait"),
            NoticeKind.ATTENTION: self.tr("Attention"),
            NoticeKind.REFUSAL: self.tr("Refus"),
        }[kind]

    def _name_parts(self) -> None:
        self.setObjectName("notice")
        self._text.setObjectName("notice_text")
        self._action.setObjectName("notice_action")
        self._close.setObjectName("notice_close")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 8, 10)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
