"""A form that opens in its place: a button, then fields, what sends them and what closes them."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.flow_layout import wrapped
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labels import words

_SENDS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class OpeningForm(QWidget):
    """Ctrl+Enter sends it, Escape closes it; what was typed stays until it was taken.

    Parts are named `PREFIX_open`, `PREFIX_send`, `PREFIX_cancel` and `PREFIX_problem`. Who uses it
    fills `fields`, and says with `first` where the focus goes.

    Signals:
        opened(): the form was opened.
        submitted(): what is typed is to be sent.
    """

    opened = Signal()
    submitted = Signal()

    def __init__(
        self, prefix: str, *, opens: str, sends: str, icon: str = "", closes: str = ""
    ) -> None:
        super().__init__()
        self.fields = QVBoxLayout()
        self.first: QWidget | None = None
        self._open = quiet_button(opens, icon)
        self._inside = QWidget()
        self._problem = words("", "error")
        self._send = main_button(sends, "check")
        self._cancel = quiet_button(closes or self.tr("Annuler"))
        self._name_parts(prefix)
        self._lay_out()
        self._open.clicked.connect(self.wish_open)
        self._send.clicked.connect(self.submitted)
        self._cancel.clicked.connect(self.close_form)

    def wish_open(self) -> None:
        """Answer the button: open the form, unless something must be read before."""
        self.open_form()

    def name_sending(self, does: str) -> None:
        """Say on the button what sending does."""
        self._send.setText(does)
        self._send.setToolTip(self.tr("{does} (Ctrl+Entrée)").format(does=does))

    def name_opening(self, name: str) -> None:
        """Say more of what the button opens, for who hears it among others alike."""
        self._open.setAccessibleName(name)

    def is_open(self) -> bool:
        """Say whether the fields are shown."""
        return not self._inside.isHidden()

    def open_form(self) -> None:
        """Show the fields and go to the first."""
        self._open.hide()
        self._inside.show()
        self.opened.emit()
        if self.first is not None:
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Hide the fields; what was typed waits there."""
        with focus_kept_in(self._inside, self.take_focus):
            self.show_problem("")
            self._inside.hide()
            self._open.show()

    def take_focus(self) -> None:
        """Go to the button that opens, or to the first field."""
        shown = self.first if self.is_open() and self.first is not None else self._open
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, sentence: str) -> None:
        """Say why the form is not taken, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        announce(self._send, sentence)

    def set_still(self, *, still: bool) -> None:
        """Let nothing be sent while what was sent is dealt with."""
        self._send.setDisabled(still)

    def event(self, event: QEvent) -> bool:
        """Keep Escape for this form: the page would go back to its list."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and self.is_open()
        if is_asked and isinstance(event, QKeyEvent) and (_closes(event) or _sends(event)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape, send on Ctrl+Enter."""
        if self.is_open() and _closes(event):
            self.close_form()
        elif self.is_open() and _sends(event):
            self.submitted.emit()
        else:
            super().keyPressEvent(event)

    def _name_parts(self, prefix: str) -> None:
        self._open.setObjectName(f"{prefix}_open")
        self._send.setObjectName(f"{prefix}_send")
        self.name_sending(self._send.text())
        self._cancel.setObjectName(f"{prefix}_cancel")
        self._problem.setObjectName(f"{prefix}_problem")
        self._problem.hide()

    def _lay_out(self) -> None:
        buttons = wrapped(self._send, self._cancel)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(14)
        self.fields.setSpacing(14)
        inside.addLayout(self.fields)
        inside.addWidget(self._problem)
        inside.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._inside)
        self._inside.hide()


def _closes(event: QKeyEvent) -> bool:
    return Qt.Key(event.key()) == Qt.Key.Key_Escape


def _sends(event: QKeyEvent) -> bool:
    held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return bool(held) and Qt.Key(event.key()) in _SENDS
