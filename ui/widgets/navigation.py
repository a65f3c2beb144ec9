"""The column of screens at the left: icons and words, Alt and a digit."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.digit_keys import alt_digit
from ui.widgets.icons import ICON_PX, icon
from ui.widgets.labels import IconLabel, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere to go."""

    key: str
    title: str
    icon: str
    at_bottom: bool = False


class Navigation(QScrollArea):
    """Where one can go, and where one is.

    Signals:
        went(str): the user chose a place, by its key.
    """

    went = Signal(str)

    def __init__(
        self, places: Sequence[Place], *, structure: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._buttons = {
            place.key: _PlaceButton(place, number) for number, place in enumerate(places, start=1)
        }
        self._group = QButtonGroup(self)
        self._head_words = [words(self.tr("Deux Portes"), "heading3"), words(structure, "small")]
        self._inside = QWidget()
        self._name_parts()
        self._lay_out()
        for button in self._buttons.values():
            self._connect(button)

    def show_place(self, key: str) -> None:
        """Mark where one is."""
        self._buttons[key].setChecked(True)

    def set_count(self, key: str, count: int) -> None:
        """Show how many things wait at a place; zero shows nothing."""
        self._buttons[key].set_count(count)

    def set_compact(self, compact: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Show icons alone when the text is so large that words would push the page away."""
        for label in self._head_words:
            label.setVisible(not compact and bool(label.text()))
        for button in self._buttons.values():
            button.set_compact(compact)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the width when the text changes size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def _connect(self, button: "_PlaceButton") -> None:
        go = lambda: self.went.emit(button.place.key)  # noqa: E731 -- used twice below
        button.clicked.connect(go)
        shortcut = QShortcut(self)
        shortcut.setKeys(alt_digit(button.number % 10))
        shortcut.activated.connect(go)

    def _fit(self) -> None:
        """Be as wide as the places need, whatever the name of the structure."""
        beside = self._inside.layout().contentsMargins()  # type: ignore[union-attr] # laid out below
        widest = max(button.sizeHint().width() for button in self._buttons.values())
        self.setFixedWidth(widest + beside.left() + beside.right())

    def _name_parts(self) -> None:
        self.setObjectName("navigation")
        self._inside.setObjectName("navigation_words")
        self.setAccessibleName(self.tr("Écrans"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for button in self._buttons.values():
            self._group.addButton(button)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(14, 20, 14, 16)
        column.setSpacing(4)
        column.addWidget(IconLabel("deux-portes", size=40), 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(6)
        for label in self._head_words:
            column.addWidget(label)
        column.addSpacing(18)
        for button in self._buttons.values():
            if not button.place.at_bottom:
                column.addWidget(button)
        column.addStretch(1)
        for button in self._buttons.values():
            if button.place.at_bottom:
                column.addWidget(button)
        self.setWidget(self._inside)


class _PlaceButton(QPushButton):
    """One place of the column."""

    def __init__(self, place: Place, number: int) -> None:
        super().__init__()
        self.place = place
        self.number = number
        self._count = 0
        self._is_compact = False
        self.setObjectName(f"go_{place.key}")
        self.setProperty("kind", "nav")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(True)
        self._redraw()

    def set_count(self, count: int) -> None:
        """Show how many things wait there."""
        self._count = count
        self._redraw()

    def set_compact(self, compact: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Show the icon alone, or with its words."""
        self._is_compact = compact
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the icon when theme or size change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._redraw()

    def _redraw(self) -> None:
        title = f"{self.place.title}  {self._count}" if self._count else self.place.title
        self.setText("" if self._is_compact else title)
        self.setAccessibleName(title.replace("  ", ", "))
        key = self.tr("Alt+{digit}").format(digit=self.number % 10)
        self.setToolTip(f"{title} ({key})")
        gap = 0 if self._is_compact else 10
        self.setIcon(icon(self.place.icon, "nav_text", checked="on_nav_chosen", gap=gap))
        self.setIconSize(QSize(scaled(ICON_PX + gap), scaled(ICON_PX)))
