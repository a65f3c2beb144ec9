"""A panel over the window, which takes the focus and gives it back."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QWidget


class FloatingPanel(QFrame):
    """Follows the size of the window it lies over; who inherits it says where in `place`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window_below = window
        self._before: QWidget | None = None
        self.setProperty("kind", "floating")
        window.installEventFilter(self)
        self.hide()

    def place(self) -> None:
        """Take its place over the window."""
        raise NotImplementedError  # Qt's classes take no ABCMeta: the first showing tells

    def float_over(self, first: QWidget) -> None:
        """Show the panel and give the focus to one of its parts."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self.place()
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def put_away(self) -> None:
        """Close; the focus goes back where it was."""
        if not self.isVisible():
            return
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)
