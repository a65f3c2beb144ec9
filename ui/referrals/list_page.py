"""The list of referrals: in or out, then by what they ask of somebody."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QListView, QStackedWidget, QVBoxLayout, QWidget

from app.usecases.referrals import IN, OUT
from ui.referrals.groups import GROUPS
from ui.referrals.page import ReferralRow
from ui.referrals.presenter import Filters
from ui.referrals.table import ROW_ROLE, ReferralPainter, ReferralRows
from ui.texts import number
from ui.widgets.announcements import announce
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import heading
from ui.widgets.scroll_page import MARGINS


class ListPage(QWidget):
    """Two rows of choices, and the rows they leave.

    Signals:
        direction_chosen(str): `in` or `out`.
        group_chosen(str): the key of a group.
        opened(object): the `SubjectId` of the referral to open.
    """

    direction_chosen = Signal(str)
    group_chosen = Signal(str)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._awaits_rows = False
        self._model = ReferralRows(self)
        self._directions = ChoiceRow(self.tr("Sens"), ())
        self._groups = ChoiceRow(self.tr("Filtre"), ())
        self._rows = _Rows(self.tr("Mises en relation"))
        self._empty = EmptyState("route", "")
        self._stack = QStackedWidget()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_rows(self, rows: Sequence[ReferralRow], filters: Filters) -> None:
        """Show a group, the counts of all, and an empty state when it holds nothing."""
        self._show_filters(filters)
        kept = self._current()
        self._model.set_rows(rows)
        self._highlight(kept)
        self._empty.set_sentence(filters.group.empty, self._first_step(filters))
        self._stack.setCurrentWidget(self._rows if rows else self._empty)
        if self._awaits_rows and rows:
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self._awaits_rows = False
        announce(self._groups, f"{filters.group.label}, {number(len(rows))}")

    def take_focus(self) -> None:
        """Go to the rows; while there are none, to the filters until rows come."""
        self._awaits_rows = not self._model.rows()
        goal = self._groups if self._awaits_rows else self._rows
        goal.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_filters(self, filters: Filters) -> None:
        names = {IN: self.tr("Reçues"), OUT: self.tr("Envoyées")}
        directions = [
            Choice(code=way, label=f"{names[way]} ({number(filters.in_direction[way])})")
            for way in (IN, OUT)
        ]
        groups = [
            Choice(code=group.key, label=f"{group.label} ({number(filters.in_group[group.key])})")
            for group in GROUPS[filters.direction]
        ]
        _offer(self._directions, directions, filters.direction)
        _offer(self._groups, groups, filters.group.key)

    def _first_step(self, filters: Filters) -> str:
        if filters.direction == OUT:
            return self.tr("Une mise en relation se fait à la fin d’un accueil.")
        return self.tr("Ce que d’autres structures vous confient arrive ici après un échange.")

    def _current(self) -> object:
        row = self._rows.currentIndex().data(ROW_ROLE)
        return row.referral if isinstance(row, ReferralRow) else None

    def _highlight(self, referral: object) -> None:
        """Highlight a referral again, or the first when it is not shown any more."""
        shown = [row.referral for row in self._model.rows()]
        place = next((at for at, each in enumerate(shown) if each == referral), 0)
        if shown:
            self._rows.setCurrentIndex(self._model.index(place))

    def _open(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, ReferralRow):
            self.opened.emit(row.referral)

    def _name_parts(self) -> None:
        self._directions.setObjectName("referral_directions")
        self._groups.setObjectName("referral_groups")
        self._rows.setObjectName("referral_rows")
        self._rows.setModel(self._model)
        self._rows.setItemDelegate(ReferralPainter(self._rows))

    def _lay_out(self) -> None:
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(*MARGINS)
        column.setSpacing(14)
        column.addWidget(heading(self.tr("Mises en relation"), 1))
        column.addWidget(self._directions)
        column.addWidget(self._groups)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._directions.chosen.connect(self.direction_chosen)
        self._groups.chosen.connect(self.group_chosen)
        self._rows.entered_row.connect(self._open)


class _Rows(QListView):
    """Rows that Enter or a click opens."""

    entered_row = Signal(QModelIndex)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self.entered_row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.entered_row.emit(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)


def _offer(row: ChoiceRow, choices: Sequence[Choice], chosen: str) -> None:
    """Offer choices again only when their words changed, and keep the focus where it was."""
    if tuple(choices) != row.choices():
        focused = QApplication.focusWidget()
        held = focused is not None and row.isAncestorOf(focused)
        row.set_choices(choices)
        row.set_value(chosen)
        if held:
            row.setFocus(Qt.FocusReason.OtherFocusReason)
        return
    row.set_value(chosen)
