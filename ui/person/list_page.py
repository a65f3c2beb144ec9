"""The list of persons: one field, and who answers to it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ui.person.duplicates_card import DuplicatesCard
from ui.person.page import PersonRow
from ui.person.table import person_columns
from ui.widgets.announcements import announce
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import heading, words
from ui.widgets.row_list import RowList
from ui.widgets.scroll_page import MARGINS


class ListPage(QWidget):
    """The field and the rows.

    Signals:
        typed(str): the text searched for.
        opened(object): the `SubjectId` of the row to open.
        reception_wanted(str): receive somebody who is not in the list; the text typed.

    Attributes:
        duplicates: files that may be of one person.
    """

    typed = Signal(str)
    opened = Signal(object)
    reception_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = heading(self.tr("Personnes"), 1)
        self._search = QLineEdit()
        self._summary = words("", "small")
        self._rows: RowList[PersonRow] = RowList(
            self.tr("Personnes trouvées"), person_columns(), key=lambda row: row.person
        )
        self._empty = EmptyState("users", "", "", self.tr("Nouvel accueil"))
        self.duplicates = DuplicatesCard()
        self._stack = QStackedWidget()
        self._name_parts()
        self._lay_out()
        self._connect()
        self.show_nobody("")

    def show_rows(self, rows: Sequence[PersonRow], summary: str) -> None:
        """Show persons found."""
        self._rows.set_rows(rows)
        self._say(summary)
        self._stack.setCurrentWidget(self._rows)

    def show_nobody(self, query: str) -> None:
        """Say that nobody answers to the query, or what to type."""
        self._rows.set_rows(())
        self._stack.setCurrentWidget(self._empty)
        if not query:
            self._summary.clear()
            self._empty.set_sentence(
                self.tr("Qui cherchez-vous\u202f?"),
                self.tr(
                    "Tapez un nom, une date de naissance, un téléphone ou un code court."
                    " Les accents et les fautes de frappe ne gênent pas."
                ),
            )
            return
        self._say(self.tr("Aucune personne"))
        self._empty.set_sentence(
            self.tr("Personne ne répond à «\u00a0{query}\u00a0»").format(query=query),
            self.tr("Essayez un autre nom ou une date de naissance, ou commencez un accueil."),
        )

    def focus_search(self) -> None:
        """Go to the field, its text selected."""
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the down arrow go from the field to the rows."""
        if watched is self._search and isinstance(event, QKeyEvent):
            is_press = event.type() == QEvent.Type.KeyPress
            if is_press and event.key() == Qt.Key.Key_Down and self._rows.rows_shown():
                self._enter_rows()
                return True
        return super().eventFilter(watched, event)

    def _submit(self) -> None:
        """Open the only person found; among several, the agent chooses."""
        if self._rows.rows_shown() == 1:
            self._enter_rows()
            row = self._rows.selected_row()
            if row is not None:
                self.opened.emit(row.person)
        elif self._rows.rows_shown():
            self._enter_rows()

    def _enter_rows(self) -> None:
        if self._rows.selected_row() is None:
            self._rows.setCurrentIndex(self._rows.model().index(0, 0))
        self._rows.setFocus(Qt.FocusReason.TabFocusReason)

    def _say(self, text: str) -> None:
        if text != self._summary.text():
            self._summary.setText(text)
            announce(self._search, text)

    def _name_parts(self) -> None:
        name = self.tr("Chercher une personne")
        self._search.setObjectName("person_search")
        self._search.setProperty("kind", "search")
        self._search.setAccessibleName(name)
        self._search.setPlaceholderText(self.tr("Nom, date de naissance, téléphone, code court…"))
        self._summary.setObjectName("person_summary")
        self._rows.setObjectName("person_rows")

    def _lay_out(self) -> None:
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(*MARGINS)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._search)
        column.addWidget(self._summary)
        column.addWidget(self.duplicates)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._search.installEventFilter(self)
        self._search.textChanged.connect(self.typed)
        self._search.returnPressed.connect(self._submit)
        self._rows.opened.connect(lambda row: self.opened.emit(row.person))
        self._empty.action_wanted.connect(
            lambda: self.reception_wanted.emit(self._search.text().strip())
        )
