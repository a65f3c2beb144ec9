"""Before a list becomes a file that nothing protects: what it will hold, then where to put it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.floating_panel import FloatingPanel
from ui.widgets.flow_layout import wrapped
from ui.widgets.labels import words

_WIDEST_PX = 720


class ExportStrip(FloatingPanel):
    """A strip at the bottom of the window; the focus goes to the way out, Escape takes it.

    Signals:
        chosen(): the person wants to say where.
        kept(): the person took the way out.
    """

    chosen = Signal()
    kept = Signal()

    def __init__(self, window: QWidget, *, clear_px: int = 48) -> None:
        """Make the strip.

        Args:
            window: what it lies over.
            clear_px: the room left free under it.
        """
        super().__init__(window)
        self._clear_px = clear_px
        self._what = words("", "strong")
        self._risk = words()
        self._keep = main_button(self.tr("Ne rien enregistrer"))
        self._choose = quiet_button(self.tr("Choisir le fichier…"), "download")
        self._name_parts()
        self._lay_out()
        self._keep.clicked.connect(self._leave)
        self._choose.clicked.connect(self._go_on)

    def ask(self, what: str, risk: str) -> None:
        """Say what the file will hold and what that means."""
        self._what.setText(what)
        self._risk.setText(risk)
        self.setAccessibleName(f"{what} {risk}")
        self.float_over(self._keep)
        announce(self, f"{what} {risk}")

    def close_strip(self) -> None:
        """Close; the focus goes back where it was."""
        self.put_away()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    def _leave(self) -> None:
        self.close_strip()
        self.kept.emit()

    def _go_on(self) -> None:
        self.close_strip()
        self.chosen.emit()

    def place(self) -> None:
        """Stay at the bottom of the window."""
        window = self._window_below
        width = min(window.width() - 48, scaled(_WIDEST_PX))
        height = self.heightForWidth(width)
        top = window.height() - height - scaled(self._clear_px)
        self.setGeometry((window.width() - width) // 2, max(0, top), width, height)

    def _name_parts(self) -> None:
        self.setObjectName("export_strip")
        self._keep.setObjectName("export_keep")
        self._choose.setObjectName("export_choose")

    def _lay_out(self) -> None:
        buttons = wrapped(self._keep, self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(10)
        column.addWidget(self._what)
        column.addWidget(self._risk)
        column.addWidget(buttons)
