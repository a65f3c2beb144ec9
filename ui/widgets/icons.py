"""Icons of the desk, in the colours of the theme in force."""

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache

from resources import resource_path
from ui.theme import colour_code, look, scaled

ICON_PX = 20


def icon(name: str, colour: str = "text", *, checked: str = "", gap: int = 0) -> QIcon:
    """Make an icon of the set, drawn in a colour of the theme.

    An icon keeps the colour it was made with: make it again when `changeEvent` brings
    `StyleChange`, as the widgets of this package do.

    Args:
        name: a file of `resources/icons`, without its ending.
        colour: a name of the theme.
        checked: the colour when its button is chosen, if another.
        gap: room kept at the right, before the words of a button.
    """
    made = QIcon(icon_pixmap(name, colour, ICON_PX, gap=gap))
    if colour == "on_accent":  # a button that cannot be pressed loses its accent
        made.addPixmap(icon_pixmap(name, "soft", ICON_PX, gap=gap), QIcon.Mode.Disabled)
    if checked:
        chosen = icon_pixmap(name, checked, ICON_PX, gap=gap)
        made.addPixmap(chosen, QIcon.Mode.Normal, QIcon.State.On)
    return made


def icon_pixmap(name: str, colour: str, size: int, *, gap: int = 0) -> QPixmap:
    """Draw an icon at a size that follows the text scale and the screen's own ratio."""
    ratio = _ratio()
    key = f"{name}/{colour}/{look()}/{size}/{gap}/{ratio}"
    pixmap = QPixmap()
    # QPixmapCache.find fills the pixmap in C++ and answers whether it did.
    if QPixmapCache.find(key, pixmap):
        return pixmap
    pixmap = _draw(
        name, colour_code(colour), round(scaled(size) * ratio), round(scaled(gap) * ratio)
    )
    pixmap.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def _draw(name: str, colour: str, side: int, gap: int) -> QPixmap:
    # Loading QtSvg costs time that the first window does not have to pay before it shows.
    from PySide6.QtSvg import QSvgRenderer

    path = resource_path("icons", f"{name}.svg")
    drawing = path.read_text(encoding="utf-8").replace("currentColor", colour)
    pixmap = QPixmap(side + gap, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return pixmap


def _ratio() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
