"""Says what was just done and offers to undo it, in place of asking before."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ui.theme import scaled
from ui.widgets.announcements import announce
from ui.widgets.labels import words

SHOWN_MS = 12_000


class Toast(QFrame):
    """A strip at the bottom of the window: « Mise en relation annulée — Rétablir ».

    It stays while it is pointed at or focused. Ctrl+Z undoes wherever no text is being edited; in a
    text Ctrl+Z stays that of the text. The newest replaces the one shown.
    """

    def __init__(self, window: QWidget, *, clear_px: int = 48) -> None:
        """Make the strip.

        Args:
            window: what it lies over.
            clear_px: the room left free under it, for what is pressed at the bottom of a screen.
        """
        super().__init__(window)
        self._window_below = window
        self._clear_px = clear_px
        self._undo: Callable[[], None] | None = None
        self._text = words()
        self._button = QPushButton()
        self._timer = QTimer(self)
        self._shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), window)
        self._name_parts()
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 12, 10)
        row.setSpacing(16)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        self._button.clicked.connect(self._undo_now)
        self._shortcut.activated.connect(self._undo_now)
        self._timer.timeout.connect(self._fade)
        window.installEventFilter(self)
        self.hide()

    def offer(
        self, text: str, undo: Callable[[], None] | None = None, *, label: str = "Rétablir"
    ) -> None:
        """Show what was done; with `undo`, the button (and Ctrl+Z) calls it once and closes."""
        self._undo = undo
        self._text.setText(text)
        self._button.setText(label)
        self._button.setAccessibleName(f"{label}, {text}")
        self._button.setVisible(undo is not None)
        self._shortcut.setEnabled(undo is not None)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)
        announce(self, f"{text} — {label} : Ctrl+Z" if undo else text)

    def text(self) -> str:
        """Return what is said, or nothing when it is closed."""
        return self._text.text() if self.isVisible() else ""

    def close_toast(self) -> None:
        """Close; what was done stays done."""
        self._undo = None
        self._timer.stop()
        self._shortcut.setEnabled(False)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _undo_now(self) -> None:
        undo = self._undo
        self.close_toast()
        if undo is not None:
            undo()

    def _fade(self) -> None:
        if not self.underMouse() and not self._button.hasFocus():
            self.close_toast()

    def _place(self) -> None:
        window = self._window_below
        self._text.setWordWrap(False)
        wished = self.sizeHint().width()
        most = min(window.width() - 48, scaled(720))
        self._text.setWordWrap(wished > most)
        width = min(wished, most)
        height = (
            self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        )
        self.setGeometry(
            (window.width() - width) // 2,
            window.height() - height - scaled(self._clear_px),
            width,
            height,
        )

    def _name_parts(self) -> None:
        self.setObjectName("toast")
        self.setProperty("kind", "toast")
        self._button.setObjectName("undo")
        self._button.setAutoDefault(True)
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._shortcut.setEnabled(False)
        self._text.setWordWrap(False)
