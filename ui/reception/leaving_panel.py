"""What will leave, shown while one talks: the headline, each thing that leaves, what is missing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.reception.leaving_words import LeavingKind, LeavingShown
from ui.reception.page_reading import Lack
from ui.theme import scaled
from ui.widgets.buttons import link_button
from ui.widgets.labels import IconLabel, words
from ui.widgets.section_card import SectionCard

_ICONS = {
    LeavingKind.NOTHING: ("building-2", "accent"),
    LeavingKind.STAYS_HERE: ("lock", "accent"),
    LeavingKind.WAITS: ("hourglass", "attention"),
    LeavingKind.LEAVES: ("send", "accent"),
    LeavingKind.PAPER: ("file-text", "accent"),
}


_NAMES_PX = 92


class LeavingPanel(SectionCard):
    """The panel « Ce qui partira ».

    Signals:
        wanted(str): go to that part of the page.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Ce qui partira"))
        self._icon = IconLabel("lock", "accent", 22)
        self._headline = words("", "strong")
        self._explanation = words("", "soft")
        self._lines = _Lines()
        self._to_do_title = words("", "strong")
        self._to_do = QVBoxLayout()
        self._links: list[QWidget] = []
        self._lacks: tuple[Lack, ...] = ()
        self._headline.setObjectName("leaving_headline")
        self._explanation.setObjectName("leaving_explanation")
        self._lay_out()

    def show_leaving(self, shown: LeavingShown) -> None:
        """Show how things stand."""
        self._icon.set_icon(*_ICONS[shown.kind])
        self._headline.setText(shown.headline)
        self._explanation.setText(shown.explanation)
        self._lines.show_lines(shown.lines)
        self._to_do_title.setText(shown.lacks_title)
        self._show_lacks(shown.lacks)

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return the names and words of what leaves, as shown."""
        return self._lines.shown()

    def lacks(self) -> tuple[Lack, ...]:
        """Return what is shown as missing."""
        return self._lacks

    def _show_lacks(self, lacks: Sequence[Lack]) -> None:
        if tuple(lacks) == self._lacks:
            return
        self._lacks = tuple(lacks)
        for link in self._links:
            self._to_do.removeWidget(link)
            link.deleteLater()
        self._links = [self._link(lack) for lack in lacks]
        self._to_do_title.setVisible(bool(lacks))

    def _link(self, lack: Lack) -> QWidget:
        link = link_button(lack.words)
        link.setObjectName(f"lack_{lack.field}")
        link.clicked.connect(lambda: self.wanted.emit(lack.field))
        self._to_do.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        link.show()
        return link

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._icon)
        head.addWidget(self._headline, 1)
        self.body.setSpacing(12)
        self._to_do.setSpacing(2)
        self._to_do_title.setVisible(False)
        self.add_layout(head)
        self.add(self._explanation)
        self.add(self._to_do_title)
        self.add_layout(self._to_do)
        self.add(self._lines)


class _Lines(QWidget):
    """Names and words side by side; labels are kept from one preview to the next."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[str, str], ...] = ()
        self._pairs: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)

    def shown(self) -> tuple[tuple[str, str], ...]:
        return self._shown

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        self._shown = tuple(lines)
        while len(self._pairs) < len(lines):
            self._add_pair()
        for place, (name, text) in enumerate(self._pairs):
            is_used = place < len(lines)
            name.setVisible(is_used)
            text.setVisible(is_used)
            if is_used:
                name.setText(lines[place][0])
                text.setText(lines[place][1])
        self.setVisible(bool(lines))

    def _add_pair(self) -> None:
        name, text = words("", "small"), words("")
        name.setFixedWidth(scaled(_NAMES_PX))
        name.setContentsMargins(0, 2, 0, 0)  # on the line of the words, which are larger
        row = len(self._pairs)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(text, row, 1, top)
        self._pairs.append((name, text))
