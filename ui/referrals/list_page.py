"""The list of referrals: in or out, then by what they ask of somebody."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.usecases.referrals import IN, OUT
from ui.referrals.groups import GROUPS
from ui.referrals.page import ReferralRow
from ui.referrals.presenter import Filters
from ui.referrals.table import ReferralPainter
from ui.texts import number
from ui.theme import scaled
from ui.widgets.announcements import announce
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.empty_state import EmptyState
from ui.widgets.keys_within import grant_within
from ui.widgets.labels import heading
from ui.widgets.pausing_line import PausingLine
from ui.widgets.scroll_page import MARGINS
from ui.widgets.spoken_list import SpokenList

_SEEK_PX = 260


class ListPage(QWidget):
    """Two rows of choices, and the rows they leave.

    Signals:
        direction_chosen(str): `in` or `out`.
        group_chosen(str): the key of a group.
        opened(object): the `SubjectId` of the referral to open.
        cancel_wanted(object): cancel the one of that `SubjectId`; its page asks before.
        sought(str): a code, as it was heard, or a name; "" for none any more.
    """

    direction_chosen = Signal(str)
    group_chosen = Signal(str)
    opened = Signal(object)
    cancel_wanted = Signal(object)
    sought = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._awaits_rows = False
        self._directions = ChoiceRow(self.tr("Sens"), ())
        self._groups = ChoiceRow(self.tr("Filtre"), ())
        self._seek = PausingLine(self.tr("Code ou nom d’une mise en relation"))
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
        for part in (self._directions, self._groups):
            part.setVisible(not filters.sought)
        if not filters.sought and self._seek.text().strip():
            self._seek.clear()
        if filters.sought:
            self._empty.set_sentence(self._unknown(filters.sought), self._where_else())
        else:
            self._empty.set_sentence(filters.group.empty, self._first_step(filters))
        self._stack.setCurrentWidget(self._rows if rows else self._empty)
        if self._awaits_rows and rows:
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self._awaits_rows = False
        heard = filters.sought or filters.group.label
        announce(self._rows, f"{heard}, {number(len(rows))}")

    def seek(self) -> None:
        """Go to the field of codes and names, what is there selected."""
        self._seek.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._seek.selectAll()

    def take_focus(self) -> None:
        """Go to the rows; while there are none, to the filters until rows come."""
        self._awaits_rows = not self._rows.rows()
        goal = self._groups if self._awaits_rows else self._rows
        goal.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wish_cancelling(self) -> None:
        row = self._rows.selected_row()
        if row is not None:
            self.cancel_wanted.emit(row.referral)

    def _go_to_found(self) -> None:
        self._seek.flush()
        if self._rows.rows():
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)

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

    def _unknown(self, sought: str) -> str:
        text = self.tr("Aucune mise en relation n’a le code ni le nom «\u00a0{0}\u00a0».")
        return text.format(sought)

    def _where_else(self) -> str:
        return self.tr("Le code a six signes, sans O ni zéro, sans I ni un.")

    def _name_parts(self) -> None:
        self._seek.setObjectName("referral_search")
        self._seek.setPlaceholderText(self.tr("Code ou nom"))
        self._seek.setToolTip(self.tr("Comme on l’entend, espaces ou non (Ctrl+F)"))
        self._seek.setClearButtonEnabled(True)
        self._seek.setFixedWidth(scaled(_SEEK_PX))
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
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("Mises en relation"), 1), 1)
        head.addWidget(self._seek, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(head)
        column.addWidget(self._directions)
        column.addWidget(self._groups)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        grant_within(self._rows, QKeySequence(Qt.Key.Key_Delete), self._wish_cancelling)
        self._seek.paused.connect(self.sought)
        self._seek.returnPressed.connect(self._go_to_found)
        self._directions.chosen.connect(self.direction_chosen)
        self._groups.chosen.connect(self.group_chosen)
        self._rows.opened.connect(lambda row: self.opened.emit(row.referral))
