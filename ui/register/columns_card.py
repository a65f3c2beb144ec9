"""The columns of the register: what each holds, and correcting it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.register.meanings import Meaning
from ui.register.page import ColumnShown
from ui.register.table import FittedList, column_columns
from ui.widgets.buttons import quiet_button
from ui.widgets.flow_layout import wrapped
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words
from ui.widgets.section_card import SectionCard
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion

_ROWS = 5


class ColumnsCard(SectionCard):
    """The list, and what is said of the column under the highlight.

    Signals:
        fields_wanted(str): words of a field are being typed; "" asks for all of them.
        field_chosen(str, str): the column of that title holds that field, "" to leave it out.
        grew(): `panel`, what is said of a column, is to be seen whole.
    """

    fields_wanted = Signal(str)
    field_chosen = Signal(str, str)
    grew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("2. Les colonnes"))
        self.rows: FittedList[ColumnShown] = FittedList(
            self.tr("Colonnes du registre"),
            column_columns(),
            most=_ROWS,
            key=lambda row: row.title,
        )
        self.panel = QWidget()
        self._title = heading("", 3)
        self._examples = words("", "soft")
        self._reason = words("", "soft")
        self._field = SuggestField(
            self.tr("Ce que contient la colonne"),
            placeholder=self.tr("date, commune, motif…"),
            takes_first=True,
        )
        self._labelled = LabelledField(self.tr("&Elle contient"), self._field)
        self._all = quiet_button(self.tr("&Tous les champs"), "chevron-down")
        self._notes = quiet_button(self.tr("La mettre dans les notes"), "file-text")
        self._leave = quiet_button(self.tr("Ne pas la &garder"), "x")
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_columns(self, columns: Sequence[ColumnShown]) -> None:
        """Show the columns; the one under the highlight stays there."""
        self.rows.set_rows(columns)
        self._show_selected()

    def take_focus(self) -> None:
        """Go to the list, to its first column when none is chosen yet."""
        if self.rows.selected_row() is None:
            self.rows.setCurrentIndex(self.rows.model().index(0, 0))
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_fields(self, query: str, found: Sequence[Meaning]) -> None:
        """Propose fields."""
        rows = [Suggestion(label=one.label, value=one.code) for one in found]
        self._field.show_suggestions(rows, query=query or None)
        wrong = self.tr("Aucun champ de ce nom.") if query.strip() and not found else ""
        self._labelled.set_error(wrong)

    def _show_selected(self) -> None:
        column = self.rows.selected_row()
        self.panel.setVisible(column is not None)
        if column is None:
            return
        self._title.setText(self.tr("Colonne «\u00a0{0}\u00a0»").format(column.title))
        self._examples.setText(
            self.tr("Exemples\u202f: {0}").format(column.examples or self.tr("aucun"))
        )
        self._reason.setText(column.reason)
        self._reason.setVisible(bool(column.reason))
        self._field.set_text(column.label)
        self._labelled.set_error("")
        self._leave.setEnabled(bool(column.field))
        self._notes.setEnabled(column.field != "notes")

    def _open_fields(self) -> None:
        self.grew.emit()
        self._field.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.line.selectAll()
        self.fields_wanted.emit("")

    def _choose(self, field: object) -> None:
        column = self.rows.selected_row()
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        if column is not None:
            self.field_chosen.emit(column.title, str(field))

    def _connect(self) -> None:
        self.rows.selected.connect(self._show_selected)
        self.rows.opened.connect(self._open_fields)
        self._all.clicked.connect(self._open_fields)
        self._field.query_changed.connect(self.fields_wanted)
        self._field.chosen.connect(self._choose)
        self._notes.clicked.connect(lambda: self._choose("notes"))
        self._leave.clicked.connect(lambda: self._choose(""))

    def _name_parts(self) -> None:
        self.setObjectName("register_columns_card")
        self.rows.setObjectName("register_columns")
        self._title.setObjectName("register_column")
        self._reason.setObjectName("register_reason")
        self._field.setObjectName("register_field")
        self._all.setObjectName("register_all_fields")
        self._notes.setObjectName("register_to_notes")
        self._leave.setObjectName("register_leave_out")
        self.panel.hide()

    def _lay_out(self) -> None:
        self.add(
            words(
                self.tr(
                    "Parcourez la liste avec les flèches, Entrée corrige. Ce qui n’est pas compris"
                    " n’est pas gardé."
                ),
                "soft",
            )
        )
        buttons = wrapped(self._all, self._notes, self._leave)
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._title, self._examples, self._reason, self._labelled, buttons):
            column.addWidget(part)
        self.add(self.rows)
        self.add(self.panel)
