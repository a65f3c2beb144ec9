"""Files that may be of one person: what each says, why, and what to do about it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.identifiers import SubjectId
from ui.person.merging_words import DuplicateRow, MergedRow
from ui.widgets.buttons import link_button, quiet_button
from ui.widgets.emptying import empty
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard


class _RowsCard(SectionCard):
    """A card of rows that is hidden while there is none."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._shown: tuple[object, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(16)
        self.add_layout(self._rows)
        self.hide()

    def _show(self, rows: Sequence[object], widgets: Sequence[QWidget]) -> None:
        self._shown = tuple(rows)
        empty(self._rows)
        for widget in widgets:
            self._rows.addWidget(widget)
            widget.setVisible(True)
        self.setVisible(bool(rows))


class DuplicatesCard(_RowsCard):
    """The pairs worth a look.

    Signals:
        opened(object): open that file.
        merged(object, object): the first file stands for both.
        set_apart(object, object): they are two persons.
    """

    opened = Signal(object)
    merged = Signal(object, object)
    set_apart = Signal(object, object)

    def __init__(self) -> None:
        super().__init__("")
        self.setObjectName("duplicates")
        self.set_title(self.tr("Peut-être la même personne"))

    def show_rows(self, rows: Sequence[DuplicateRow]) -> None:
        """Show pairs; the same ones again change nothing."""
        if tuple(rows) != self._shown:
            self._show(rows, [self._row(row) for row in rows])

    def _row(self, row: DuplicateRow) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for person, said in ((row.one, row.one_words), (row.other, row.other_words)):
            column.addWidget(self._link(person, said))
        column.addWidget(words(row.reasons, "soft"))
        column.addWidget(self._choices(row))
        return widget

    def _link(self, person: SubjectId, said: str) -> QWidget:
        opening = link_button(self.tr("Ouvrir"))
        opening.setAccessibleName(self.tr("Ouvrir la fiche\u202f: {0}").format(said))
        opening.clicked.connect(partial(self.opened.emit, person))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(words(said, "strong"), 1)
        line.addWidget(opening)
        return row

    def _choices(self, row: DuplicateRow) -> QWidget:
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=12)
        pair = (row.one, row.other)
        for text, name, wish in (
            (self.tr("C’est la même\u202f: réunir"), "merge", self.merged),
            (self.tr("Ce sont deux personnes"), "set_apart", self.set_apart),
        ):
            button = quiet_button(text)
            button.setObjectName(name)
            button.clicked.connect(partial(wish.emit, *pair))
            flow.addWidget(button)
        return buttons


class MergedCard(_RowsCard):
    """The files that the one shown stands for.

    Signals:
        separated(object): that file stands for itself again.
    """

    separated = Signal(object)

    def __init__(self) -> None:
        super().__init__("")
        self.setObjectName("merged_files")
        self.set_title(self.tr("Fiches réunies ici"))

    def show_rows(self, rows: Sequence[MergedRow]) -> None:
        """Show merged files; the same ones again change nothing."""
        if tuple(rows) != self._shown:
            self._show(rows, [self._row(row) for row in rows])

    def _row(self, row: MergedRow) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(words(row.name, "strong"))
        column.addWidget(words(row.details, "soft"))
        apart = quiet_button(self.tr("Séparer"))
        apart.setObjectName("separate")
        apart.setAccessibleName(self.tr("Séparer la fiche\u202f: {0}").format(row.name))
        apart.clicked.connect(partial(self.separated.emit, row.person))
        column.addWidget(apart)
        return widget
