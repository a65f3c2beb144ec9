"""The list of referrals: in or out, then by what they ask of somebody."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.usecases.referrals import IN, OUT
from ui.referrals.groups import GROUPS
from ui.referrals.page import ReferralRow
from ui.referrals.presenter import Filters
from ui.referrals.table import ReferralPainter
from ui.texts import number
from ui.widgets.announcements import announce
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import heading
from ui.widgets.scroll_page import MARGINS
from ui.widgets.spoken_list import SpokenList


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
        self._directions = ChoiceRow(self.tr("Sens"), ())
        self._groups = ChoiceRow(self.tr("Filtre"), ())
        self._rows = SpokenList[ReferralRow](self.tr("Mises en relation"), opens_on_click=True)
        self._empty = EmptyState("route", "")
        self._stack = QStackedWidget()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_rows(self, rows: Sequence[ReferralRow], filters: Filters) -> None:
        """Show a group, the counts of all, and an empty state when it holds nothing."""
        self._show_filters(filters)
        self._rows.set_rows(rows)
        self._empty.set_sentence(filters.group.empty, self._first_step(filters))
        self._stack.setCurrentWidget(self._rows if rows else self._empty)
        if self._awaits_rows and rows:
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self._awaits_rows = False
        announce(self._groups, f"{filters.group.label}, {number(len(rows))}")

    def take_focus(self) -> None:
        """Go to the rows; while there are none, to the filters until rows come."""
        self._awaits_rows = not self._rows.rows()
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
        self._directions.offer(directions, filters.direction)
        self._groups.offer(groups, filters.group.key)

    def _first_step(self, filters: Filters) -> str:
        if filters.direction == OUT:
            return self.tr("Une mise en relation se fait à la fin d’un accueil.")
        return self.tr("Ce que d’autres structures vous confient arrive ici après un échange.")

    def _name_parts(self) -> None:
        self._directions.setObjectName("referral_directions")
        self._groups.setObjectName("referral_groups")
        self._rows.setObjectName("referral_rows")
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
        self._rows.opened.connect(lambda row: self.opened.emit(row.referral))
