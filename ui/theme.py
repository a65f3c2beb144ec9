"""Colours, text sizes and the style sheet: how the desk looks, and the only place that changes it.

A theme is a file of colours (`resources/themes/*.colours`); one sheet (`desk.qss`) serves them all.
The application carries what is in force as dynamic properties, so that painted widgets can ask for
a colour by its name, as the sheet does.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from resources import resource_path

FONT_FAMILY = "Atkinson Hyperlegible Next"
BODY_PX = 16
SCALES = (100, 110, 125, 150, 175, 200)

_ROLES = {
    QPalette.ColorRole.Window: "ground",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "soft",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.ToolTipBase: "text",
    QPalette.ColorRole.ToolTipText: "ground",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "sunken",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "field_line",
    QPalette.ColorRole.Shadow: "text",
}


class ThemeName(StrEnum):
    """What a user may choose; `SYSTEM` follows light or dark of the machine."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Appearance(QObject):
    """Theme and text size in force, remembered in the settings.

    Signals:
        changed(): another theme or size is in force; the widgets are already repainted.
    """

    changed = Signal()

    def __init__(self, application: QApplication, settings: QSettings) -> None:
        super().__init__(application)
        self._application = application
        self._settings = settings
        self._applied: tuple[ThemeName, int] | None = None
        load_fonts()
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    def theme(self) -> ThemeName:
        """Return the choice of the user, which may be to follow the machine."""
        try:
            return ThemeName(str(self._settings.value("appearance/theme", ThemeName.SYSTEM)))
        except ValueError:
            return ThemeName.SYSTEM

    def scale(self) -> int:
        """Return the size of the text in percent, one of `SCALES`."""
        kept = str(self._settings.value("appearance/scale", "100"))
        return int(kept) if kept.isdigit() and int(kept) in SCALES else 100

    def set_theme(self, theme: ThemeName) -> None:
        """Apply and remember a theme."""
        self._settings.setValue("appearance/theme", theme.value)
        self._apply()

    def set_scale(self, percent: int) -> None:
        """Apply and remember a text size; the nearest of `SCALES` is taken."""
        nearest = min(SCALES, key=lambda scale: abs(scale - percent))
        self._settings.setValue("appearance/scale", str(nearest))
        self._apply()

    def larger(self) -> None:
        """Make the text one step larger."""
        self._step(+1)

    def smaller(self) -> None:
        """Make the text one step smaller."""
        self._step(-1)

    def _step(self, by: int) -> None:
        place = SCALES.index(self.scale()) + by
        self.set_scale(SCALES[max(0, min(place, len(SCALES) - 1))])

    def _follow_system(self) -> None:
        if self.theme() is ThemeName.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        wished = (self._shown_theme(), self.scale())
        if wished == self._applied:
            return
        self._applied = wished
        apply_theme(self._application, *wished)
        self.changed.emit()

    def _shown_theme(self) -> ThemeName:
        theme = self.theme()
        if theme is not ThemeName.SYSTEM:
            return theme
        scheme = self._application.styleHints().colorScheme()
        return ThemeName.DARK if scheme is Qt.ColorScheme.Dark else ThemeName.LIGHT


def apply_theme(application: QApplication, theme: ThemeName, scale: int) -> None:
    """Dress the whole application: colours, font, sheet."""
    colours = load_colours(theme)
    application.setProperty("theme_colours", colours)
    application.setProperty("text_scale", scale)
    application.setProperty("look", f"{theme.value}/{scale}")
    font = QFont(FONT_FAMILY)
    font.setPixelSize(scaled(BODY_PX))
    application.setFont(font)
    application.setPalette(palette_of(colours))
    application.setStyleSheet(style_sheet(colours, scale))


def load_fonts() -> None:
    """Load the font that travels with the program, so that every machine shows the same page."""
    if FONT_FAMILY in QFontDatabase.families():
        return
    for weight in ("Regular", "SemiBold"):
        path = resource_path("fonts", f"AtkinsonHyperlegibleNext-{weight}.ttf")
        QFontDatabase.addApplicationFont(str(path))


def load_colours(theme: ThemeName) -> dict[str, str]:
    """Read the colours of a theme by their names."""
    text = resource_path("themes", f"{theme.value}.colours").read_text(encoding="utf-8")
    lines = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, equals, value in lines if equals}


def palette_of(colours: Mapping[str, str]) -> QPalette:
    """Build the palette, for what Fusion paints without asking the sheet."""
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(colours[name]))
    disabled = QColor(colours["soft"])
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, disabled)
    return palette


def style_sheet(colours: Mapping[str, str], scale: int) -> str:
    """Fill the sheet with the colours and sizes in force.

    Raises:
        KeyError: the sheet names a colour that the theme lacks.
    """
    sheet = resource_path("themes", "desk.qss").read_text(encoding="utf-8")
    sized = re.sub(r"@px\((\d+)\)", lambda size: f"{int(size[1]) * scale // 100}px", sheet)
    return re.sub(r"@(\w+)", lambda name: colours[name[1]], sized)


def colour(name: str) -> QColor:
    """Return a colour of the theme in force, for what is painted by hand."""
    return QColor(colour_code(name))


def colour_code(name: str) -> str:
    """Return a colour of the theme in force as `#RRGGBB`."""
    application = QCoreApplication.instance()
    colours = application.property("theme_colours") if application else None
    return str((colours or load_colours(ThemeName.LIGHT))[name])


def look() -> str:
    """Return what names theme and text size together: what was drawn for it can be kept."""
    application = QCoreApplication.instance()
    return str(application.property("look") or "") if application else ""


def scaled(pixels: int) -> int:
    """Return a size that follows the text scale in force."""
    application = QGuiApplication.instance()
    scale = application.property("text_scale") if application else None
    return pixels * int(scale or 100) // 100


def settings_at(path: Path) -> QSettings:
    """Open the file that remembers window, theme and text size; it holds nothing about people."""
    return QSettings(str(path), QSettings.Format.IniFormat)
