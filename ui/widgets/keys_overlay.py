"""The keys of the screen, shown over it by F1."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.announcements import announce
from ui.widgets.buttons import quiet_button
from ui.widgets.emptying import empty
from ui.widgets.floating_panel import FloatingPanel
from ui.widgets.labels import heading, words

_SPACES_PX = 2 * 22 + 2 * 16 + 8  # margins and spacings of the panel


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHint:
    """A key and what it does: « Ctrl+Entrée », « terminer l’accueil »."""

    keys: str
    does: str


class KeysOverlay(FloatingPanel):
    """A panel over the window. F1, Escape or its button close it; the focus goes back."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._title = heading("", 2)
        self._rows = QWidget()
        self._rows.setObjectName("screen")
        self._grid = QGridLayout(self._rows)
        self._close = quiet_button(self.tr("Fermer"))
        self._scroll = QScrollArea()
        self._name_parts()
        self._lay_out()
        self._close.clicked.connect(self.hide_keys)

    def show_keys(self, title: str, hints: Sequence[KeyHint]) -> None:
        """Show the keys of a screen, read out one after the other."""
        self._title.setText(title)
        self._fill(hints)
        self.float_over(self._close)
        announce(self, ". ".join(f"{hint.keys}, {hint.does}" for hint in hints))

    def hide_keys(self) -> None:
        """Close, and give the focus back to where it was."""
        self.put_away()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape and F1."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self.hide_keys()
            return
        super().keyPressEvent(event)

    def _fill(self, hints: Sequence[KeyHint]) -> None:
        empty(self._grid)
        for row, hint in enumerate(hints):
            keys = words(hint.keys, "strong")
            keys.setWordWrap(False)
            does = words(hint.does)
            self._grid.addWidget(keys, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(does, row, 1)
            # Their height is asked for before the panel is shown.
            for label in (keys, does):
                label.ensurePolished()
                label.setVisible(True)
        self._grid.setRowStretch(len(hints), 1)

    def place(self) -> None:
        """Stay in the middle of the window."""
        window = self._window_below
        width = min(window.width() - 64, scaled(620))
        around = self._title.sizeHint().height() + self._close.sizeHint().height() + _SPACES_PX
        wished = self._grid.totalHeightForWidth(width - scaled(80)) + around
        height = min(window.height() - 64, wished)
        self.setGeometry(
            (window.width() - width) // 2, (window.height() - height) // 2, width, height
        )

    def _name_parts(self) -> None:
        self.setObjectName("keys_overlay")
        self.setAccessibleName(self.tr("Touches de cet écran"))
        self._close.setObjectName("keys_close")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _lay_out(self) -> None:
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(28)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._scroll.setWidget(self._rows)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(16)
        column.addWidget(self._title)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._close, 0, Qt.AlignmentFlag.AlignRight)
