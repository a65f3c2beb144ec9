"""Figures that open their list: each is a button that says its number and what it counts."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import scaled
from ui.today.day_words import COUNTERS, SHOWN_WHEN_SOME, Counter
from ui.widgets.labels import IconLabel, words

_LEAST_WIDTH_PX = 136


class CounterButton(QPushButton):
    """One figure with its words."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = IconLabel(icon, "soft", 20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._number = words("0", "figure")
        self._words = words("", "soft")
        self._number.setWordWrap(False)
        for part in (self._icon, self._number, self._words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        head = QHBoxLayout()
        head.addWidget(self._number, 1)
        head.addWidget(self._icon)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 14, 14)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._words)
        column.addStretch(1)

    def show_counter(self, counter: Counter) -> None:
        """Show a figure."""
        self._number.setText(str(counter.number))
        self._words.setText(counter.words)
        self.setAccessibleName(f"{counter.number} {counter.words}")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Take the room of the words inside; a button alone knows only its own text."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Leave the words room for two lines."""
        return QSize(scaled(_LEAST_WIDTH_PX), scaled(112))


class Counters(QWidget):
    """The figures of the day, in as many columns as there is room for.

    Signals:
        wanted(str): the list behind a figure, by the name of the list in `Day`.
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._buttons = {key: CounterButton(icon) for key, (_, _, icon) in COUNTERS.items()}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._columns = 0
        self._placed: list[CounterButton] = []
        for key, button in self._buttons.items():
            button.setObjectName(f"counter_{key}")
            button.setAccessibleName(COUNTERS[key][0])
            # Of this widget from the start: shown without a parent, it would be a window.
            button.setParent(self)
            button.setVisible(key not in SHOWN_WHEN_SOME)
            self._plug(key, button)
        self._place(len(COUNTERS) - len(SHOWN_WHEN_SOME))

    def show_counters(self, counters: Sequence[Counter]) -> None:
        """Show figures."""
        for counter in counters:
            button = self._buttons[counter.key]
            button.show_counter(counter)
            button.setVisible(counter.number > 0 or counter.key not in SHOWN_WHEN_SOME)
        self._place(self._columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use fewer columns when the text is large or the window narrow."""
        super().resizeEvent(event)
        room = event.size().width() // (scaled(_LEAST_WIDTH_PX) + self._grid.spacing())
        self._place(max(1, min(room, len(COUNTERS) - len(SHOWN_WHEN_SOME))))

    def _plug(self, key: str, button: CounterButton) -> None:
        button.clicked.connect(lambda: self.wanted.emit(key))

    def _place(self, columns: int) -> None:
        shown = [button for button in self._buttons.values() if not button.isHidden()]
        if (columns, shown) == (self._columns, self._placed):
            return
        self._placed = shown
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, button in enumerate(shown):
            self._grid.addWidget(button, place // columns, place % columns)
