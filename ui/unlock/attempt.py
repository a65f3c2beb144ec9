"""A form that tries a secret: a button, what went wrong, a calm countdown before the next try."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.widgets.buttons import main_button
from ui.widgets.inline_notice import InlineNotice, NoticeKind


class AttemptForm(QWidget):
    """What the passphrase and the recovery code share: a button, what stands beside it, a message.

    Signals:
        tried(str): the secret; the field is empty already.
    """

    tried = Signal(str)

    def __init__(self, secret: QLineEdit, wish: str, beside: QWidget) -> None:
        super().__init__()
        self._secret = secret
        self._wish = wish
        self._wait_s = 0
        self._sentence = ""
        self.button: QPushButton = main_button(wish, "door-open")
        self._notice = InlineNotice()
        self._timer = QTimer(self)
        self._name_parts()
        self._lay_out(beside)
        self._timer.timeout.connect(self._tick)
        self.button.clicked.connect(self._try)
        secret.returnPressed.connect(self._try)

    def show_refusal(self, sentence: str, wait_s: int) -> None:
        """Say what went wrong, and from when one can try again."""
        self._sentence, self._wait_s = sentence, wait_s
        self._notice.show_notice(NoticeKind.ATTENTION, self._words())
        if wait_s > 0:
            self._timer.start(1000)
        self._show_button()
        self._secret.setFocus()

    def show_working(self) -> None:
        """Say that the secret is being tried."""
        self._notice.hide_notice()
        self.button.setEnabled(False)
        self.button.setText(self.tr("Ouverture…"))

    def show_ready(self) -> None:
        """Offer to try, whatever was said before."""
        self._timer.stop()
        self._wait_s = 0
        self._notice.hide_notice()
        self._show_button()

    def message(self) -> str:
        """Return what is said under the button."""
        return self._notice.text()

    def _try(self) -> None:
        secret = self._secret.text()
        if not secret or not self.button.isEnabled():
            return
        # setText also forgets what could be undone.
        self._secret.setText("")
        self.tried.emit(secret)

    def _tick(self) -> None:
        self._wait_s -= 1
        if self._wait_s <= 0:
            self._timer.stop()
        self._notice.set_words(self._words())
        self._show_button()

    def _words(self) -> str:
        if self._wait_s <= 0:
            return self._sentence
        wait = self.tr("Vous pourrez réessayer dans %n seconde(s).", "", self._wait_s)
        return f"{self._sentence}\n{wait}"

    def _show_button(self) -> None:
        self.button.setText(self._wish)
        self.button.setEnabled(self._wait_s <= 0)

    def _name_parts(self) -> None:
        self._secret.setObjectName("secret")
        self.button.setObjectName("open")
        self._notice.can_be_dismissed(False)
        # The room of the message is kept, so that the window does not move when it speaks.
        kept = self._notice.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._notice.setSizePolicy(kept)
        self._notice.setMinimumHeight(self._notice.fontMetrics().lineSpacing() * 3 + 24)

    def _lay_out(self, beside: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.button)
        row.addWidget(beside)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        column.addLayout(row)
        column.addWidget(self._notice)
