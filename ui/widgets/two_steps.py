"""Something that is not undone, in two steps and without a dialog."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.emptying import empty
from ui.widgets.flow_layout import wrapped
from ui.widgets.labels import words


class TwoSteps(QWidget):
    """First what it does, then the button that does it; the focus goes to the way out.

    Parts are named `PREFIX_ask`, `PREFIX_keep` and `PREFIX_confirm`.

    Signals:
        confirmed(): the person pressed the second button.
        kept(): the person took the way out.
        grew(): what it does is said: there is more to see.
    """

    confirmed = Signal()
    kept = Signal()
    grew = Signal()

    def __init__(self, prefix: str, *, asks: str, does: str, keeps: str, icon: str = "") -> None:
        super().__init__()
        self._ask = quiet_button(asks, icon)
        self._keep = main_button(keeps)
        self._confirm = quiet_button(does, icon)
        self._what = QWidget()
        self._sentences = QVBoxLayout()
        self._said = ""
        self._ask.setObjectName(f"{prefix}_ask")
        self._keep.setObjectName(f"{prefix}_keep")
        self._confirm.setObjectName(f"{prefix}_confirm")
        self._lay_out()
        self._ask.clicked.connect(self._explain)
        self._keep.clicked.connect(self._leave)
        self._confirm.clicked.connect(self._do)
        self.reset()

    def set_sentences(self, sentences: Sequence[str]) -> None:
        """Say what it does; the last sentence is the one that weighs."""
        if " ".join(sentences) == self._said:
            return
        self._said = " ".join(sentences)
        empty(self._sentences)
        for place, sentence in enumerate(sentences, start=1):
            label = words(sentence, "strong" if place == len(sentences) else "body")
            self._sentences.addWidget(label)
            label.setVisible(True)

    def name_asking(self, name: str) -> None:
        """Say more of what the first button asks, for who hears it among others alike."""
        self._ask.setAccessibleName(name)

    def reset(self) -> None:
        """Go back to the first step."""
        had_focus = self._keep.hasFocus() or self._confirm.hasFocus()
        self._what.hide()
        self._ask.show()
        if had_focus:
            self.take_focus()

    def take_focus(self) -> None:
        """Go to the first step's button, or to the way out."""
        shown = self._keep if self._ask.isHidden() else self._ask
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _explain(self) -> None:
        self._ask.hide()
        self._what.show()
        self._keep.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._what, self._said)
        self.grew.emit()

    def _leave(self) -> None:
        self.reset()
        self.kept.emit()

    def _do(self) -> None:
        self.reset()
        self.confirmed.emit()

    def _lay_out(self) -> None:
        buttons = wrapped(self._keep, self._confirm)
        inside = QVBoxLayout(self._what)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        self._sentences.setSpacing(8)
        inside.addLayout(self._sentences)
        inside.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._what)
