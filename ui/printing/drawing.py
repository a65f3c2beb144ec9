"""Pages as pictures, put on a printer or made ready for the screen; on any thread."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter

from app.printing.errors import PrinterRefusedError


def screen_picture(page: bytes) -> QImage:
    """Return a page for the screen: in greys, a quarter of the room of colours."""
    return QImage.fromData(page).convertToFormat(QImage.Format.Format_Grayscale8)


def draw_pages(pages: Sequence[bytes], device: QPagedPaintDevice) -> None:
    """Draw pages on a printer or in a PDF, each as large as the sheet allows.

    Raises:
        PrinterRefusedError: it does not answer, or has no paper of that kind.
    """
    layout = device.pageLayout()
    layout.setMode(QPageLayout.Mode.FullPageMode)
    layout.setOrientation(QPageLayout.Orientation.Portrait)
    if not layout.pageSize().isValid():
        layout.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    device.setPageLayout(layout)
    wanted = _asked_for(pages, device)
    painter = QPainter()
    if not painter.begin(device):
        raise PrinterRefusedError
    try:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for place, page in enumerate(wanted):
            if place and not device.newPage():
                raise PrinterRefusedError
            image = QImage.fromData(page)
            painter.drawImage(_sheet(image.size(), device), image)
    finally:
        painter.end()


def _asked_for(pages: Sequence[bytes], device: QPagedPaintDevice) -> Sequence[bytes]:
    """Return the pages of the range chosen in the printer's window, all of them without one."""
    ranges = device.pageRanges()
    if ranges.isEmpty():
        return pages
    return [page for number, page in enumerate(pages, 1) if ranges.contains(number)] or pages


def _sheet(page: QSize, device: QPagedPaintDevice) -> QRect:
    """Return where a page goes on the sheet: whole, in its proportions, in the middle."""
    sheet = QSize(device.width(), device.height())
    size = page.scaled(sheet, Qt.AspectRatioMode.KeepAspectRatio)
    left = (sheet.width() - size.width()) // 2
    top = (sheet.height() - size.height()) // 2
    return QRect(left, top, size.width(), size.height())
