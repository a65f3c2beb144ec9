"""How far something is, as a thin bar; words beside it say the same."""

from PySide6.QtWidgets import QProgressBar, QWidget

_WHOLE = 1_000


class ProgressBar(QProgressBar):
    """A bar that fills, or moves to and fro when nobody knows how much there is."""

    def __init__(self, name: str, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setFixedHeight(6)
        self.show_share(None)

    def show_share(self, thousandths: int | None) -> None:
        """Show how much is done, None when nobody knows."""
        if thousandths is None:
            self.setRange(0, 0)
        else:
            self.setRange(0, _WHOLE)
            self.setValue(thousandths)
