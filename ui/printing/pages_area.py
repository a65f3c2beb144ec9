"""The pages of a paper, one under the other, as large as one wishes."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.theme import colour

SIZES = (50, 75, 100, 125, 150, 200)
"""Sizes beside the one that fits the width, in hundredths of the natural one."""

_NATURAL_WIDTH = 794
"""An A4 sheet at 96 points an inch."""
_MOST_FITTED = 900
_GAP = 16
_MARGIN = 28


class PagesArea(QScrollArea):
    """Scrolls pages. Page keys go from page to page, + and - change their size, 0 fits them.

    Without a size of its own, a page is as wide as the area, up to what is read at ease.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size: int | None = None
        self._pages: list[_Page] = []
        self._inside = QWidget()
        self._inside.setObjectName("pages_ground")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._column.setSpacing(_GAP)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Pages"))

    def show_pages(self, title: str, words: str, pictures: Sequence[QImage]) -> None:
        """Show pages from the first; `words` is read to those who do not see them."""
        stays = len(pictures) == len(self._pages)
        at = self.verticalScrollBar().value() if stays else 0
        self.clear()
        for number, picture in enumerate(pictures, 1):
            name = self.tr("Page {0} sur {1}").format(number, len(pictures))
            page = _Page(picture, name)
            self._pages.append(page)
            self._column.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName(self.tr("{0}, pages").format(title))
        self.setAccessibleDescription(words)
        self._fit()
        self.verticalScrollBar().setValue(at)

    def clear(self) -> None:
        """Forget the pages."""
        for page in self._pages:
            page.hide()
            page.deleteLater()
        self._pages.clear()
        self.setAccessibleDescription("")

    def page_count(self) -> int:
        """Return how many pages are shown."""
        return len(self._pages)

    def page_width(self) -> int:
        """Return how wide a page is shown, in points of the screen."""
        if self._size is not None:
            return _NATURAL_WIDTH * self._size // 100
        room = self.viewport().width() - 2 * _MARGIN
        return max(200, min(room, _MOST_FITTED))

    def larger(self) -> None:
        """Show the pages one size larger."""
        now = 100 * self.page_width() // _NATURAL_WIDTH
        self._set_size(next((size for size in SIZES if size > now), SIZES[-1]))

    def smaller(self) -> None:
        """Show the pages one size smaller."""
        now = 100 * self.page_width() // _NATURAL_WIDTH
        self._set_size(next((size for size in reversed(SIZES) if size < now), SIZES[0]))

    def fit(self) -> None:
        """Show the pages as wide as the area."""
        self._set_size(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the pages as wide as the area."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from page to page, change the size of the pages."""
        match event.key():
            case Qt.Key.Key_PageDown:
                self._go(1)
            case Qt.Key.Key_PageUp:
                self._go(-1)
            case Qt.Key.Key_Home:
                self.verticalScrollBar().setValue(0)
            case Qt.Key.Key_End:
                self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
            case _:
                self._size_key(event)

    def _size_key(self, event: QKeyEvent) -> None:
        sizes = {"+": self.larger, "-": self.smaller, "0": self.fit, "à": self.fit}
        wish = sizes.get(event.text())
        if wish is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        else:
            wish()

    def _go(self, step: int) -> None:
        """Show the beginning of the next page, or of this one and then of the one before."""
        bar = self.verticalScrollBar()
        tops = [max(0, page.y() - _GAP) for page in self._pages]
        below = [top for top in tops if top > bar.value()]
        above = [top for top in tops if top < bar.value()]
        if step > 0:
            bar.setValue(below[0] if below else bar.maximum())
        else:
            bar.setValue(above[-1] if above else 0)

    def _set_size(self, size: int | None) -> None:
        share = self.verticalScrollBar().value() / max(1, self.verticalScrollBar().maximum())
        self._size = size
        self._fit()
        self._column.activate()
        self.verticalScrollBar().setValue(round(share * self.verticalScrollBar().maximum()))

    def _fit(self) -> None:
        for page in self._pages:
            page.set_width(self.page_width())


class _Page(QWidget):
    """One page: white in every theme, as the sheet will be."""

    def __init__(self, picture: QImage, name: str) -> None:
        super().__init__()
        self._picture = picture
        self._drawn = QPixmap()
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_width(self, width: int) -> None:
        """Be that wide, in the proportions of the sheet."""
        height = round(width * self._picture.height() / max(1, self._picture.width()))
        self.setFixedSize(QSize(width, height))

    def changeEvent(self, event: QEvent) -> None:
        """Draw the edge again in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the page, scaled once for each size."""
        ratio = self.devicePixelRatioF()
        wanted = self.size() * ratio
        if self._drawn.size() != wanted:
            smooth = Qt.TransformationMode.SmoothTransformation
            scaled = self._picture.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            self._drawn = QPixmap.fromImage(scaled)
            self._drawn.setDevicePixelRatio(ratio)
        painter = QPainter(self)
        painter.drawPixmap(QPoint(0, 0), self._drawn)
        painter.setPen(colour("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
