"""Words lent to the clipboard for a minute: what is written of somebody does not stay there."""

from typing import Final

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

KEPT_MS: Final = 60_000

# What managers of clipboards read as « remember nothing of this »: KDE's and others', Windows'.
_UNREMEMBERED: Final = (
    ("x-kde-passwordManagerHint", b"secret"),
    ('application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"', b"1"),
)


class TimedClipboard(QObject):
    """Puts a text in the clipboard and takes it back after a minute, if it is still there."""

    def __init__(self, parent: QObject | None = None, *, kept_ms: int = KEPT_MS) -> None:
        super().__init__(parent)
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(kept_ms)
        self._timer.timeout.connect(self.take_back)

    def lend(self, text: str) -> None:
        """Put a text in the clipboard; the minute begins now."""
        content = QMimeData()
        content.setText(text)
        for kind, value in _UNREMEMBERED:
            content.setData(kind, value)
        QGuiApplication.clipboard().setMimeData(content)
        self._text = text
        self._timer.start()

    def take_back(self) -> None:
        """Empty the clipboard, unless somebody has copied something else since."""
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._text and clipboard.text() == self._text:
            clipboard.clear()
        self._text = ""
