"""The list of the directory: a filter, from where, a group, and beside it the one in focus."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.exporting.table import ShownTable
from app.reference.communes import Commune
from ui.directory.groups import GROUPS
from ui.directory.near_panel import NearPanel
from ui.directory.page import DirectoryRow
from ui.directory.presenter import Shown
from ui.directory.table import DirectoryPainter, shown_table
from ui.texts import number
from ui.theme import scaled
from ui.widgets.announcements import announce
from ui.widgets.buttons import quiet_button
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.empty_state import EmptyState
from ui.widgets.fitted import Fitted, turn
from ui.widgets.labels import heading
from ui.widgets.scroll_page import MARGINS
from ui.widgets.spoken_list import SpokenList
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion

_ROOM_FOR_TWO = 720
_AROUND_PX = 190
_LEAST_PX = 150


class ListPage(Fitted):
    """What is listed and what is in focus.

    Signals:
        typed(str): the words to filter by.
        group_chosen(str): the key of a group.
        commune_typed(str): a commune is looked for.
        commune_chosen(object): the `Commune` to count distances from.
        opened(str): the reference of the structure to open.
        imports_wanted(): go to the imports.
        addition_wanted(): go to where a structure is added.

    Attributes:
        near: the structure in focus.
    """

    typed = Signal(str)
    group_chosen = Signal(str)
    commune_typed = Signal(str)
    commune_chosen = Signal(object)
    opened = Signal(str)
    imports_wanted = Signal()
    addition_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._awaits_rows = False
        self._imports = quiet_button(self.tr("&Importer un fichier publié…"), "download")
        self._add = quiet_button(self.tr("&Ajouter une structure…"), "plus")
        self._filter = QLineEdit()
        self._around = SuggestField(self.tr("Distances depuis"), takes_first=True)
        self._around_label = QLabel(self.tr("Dep&uis"))
        self._groups = ChoiceRow(self.tr("Filtre"), ())
        self._rows = _Rows(self.tr("Structures"))
        self._empty = EmptyState("map-pin", "")
        self._stack = QStackedWidget()
        self.near = NearPanel()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_rows(self, rows: Sequence[DirectoryRow], shown: Shown) -> None:
        """Show a group, the counts of all, and an empty state when it holds nothing."""
        self._groups.offer(_group_choices(shown), shown.group.key)
        if not self._around.line.hasFocus():
            self._around.set_text(shown.around)
        self.near.show_ground(shown.ground, rows)
        self._rows.set_rows(rows)
        self._show_emptiness(shown)
        self._stack.setCurrentWidget(self._rows if rows else self._empty)
        if self._awaits_rows and rows:
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)
            self._awaits_rows = False
        announce(self._groups, f"{shown.group.label}, {number(len(rows))}")

    def show_communes(self, found: Sequence[Commune], query: str) -> None:
        """Propose communes under the field."""
        rows = [
            Suggestion(
                label=one.name, value=one, detail=", ".join(one.postal_codes), icon="map-pin"
            )
            for one in found
        ]
        self._around.show_suggestions(rows, query=query)

    def start_again(self) -> None:
        """Empty the filter, and take the rows when they come."""
        self._filter.clear()
        self._awaits_rows = True

    def take_focus(self) -> None:
        """Go to the rows; while there are none, to the filter until rows come."""
        if self._rows.rows():
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._awaits_rows = True
        self._filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the down arrow and Enter go from the filter to the rows."""
        goes = {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}
        is_press = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if watched is self._filter and is_press and event.key() in goes and self._rows.rows():  # type: ignore[attr-defined] # a key event
            self._rows.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Put list and structure side by side, or one under the other."""
        is_wide = self.has_room(_ROOM_FOR_TWO)
        turn(self._both, is_wide=is_wide)
        self.near.fit(beside=is_wide)
        self._around.setFixedWidth(scaled(_AROUND_PX))

    def _show_emptiness(self, shown: Shown) -> None:
        if self._filter.text().strip():
            said = self.tr("Rien ne répond à «\u00a0{0}\u00a0» ici").format(self._filter.text())
            self._empty.set_sentence(
                said, self.tr("Essayez moins de mots, ou «\u00a0Toutes\u00a0».")
            )
            return
        self._empty.set_sentence(shown.group.empty, shown.group.first_step)

    def _pick(self, reference: str) -> None:
        self._rows.select_key(reference)

    def _name_parts(self) -> None:
        self._filter.setObjectName("directory_filter")
        self._filter.setProperty("kind", "search")
        self._filter.setAccessibleName(self.tr("Filtrer l’annuaire"))
        self._filter.setPlaceholderText(self.tr("Nom, commune, réseau, service…"))
        self._filter.setClearButtonEnabled(True)
        self._around.line.setObjectName("directory_around")
        self._around.line.setPlaceholderText(self.tr("Commune"))
        self._around_label.setBuddy(self._around.line)
        self._groups.setObjectName("directory_groups")
        self._rows.setObjectName("directory_rows")
        self._rows.setItemDelegate(DirectoryPainter(self._rows))
        self._imports.setObjectName("directory_imports_open")
        self._add.setObjectName("directory_add")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("Annuaire"), 1), 1)
        head.addWidget(self._add)
        head.addWidget(self._imports)
        fields = QHBoxLayout()
        fields.setSpacing(10)
        fields.addWidget(self._filter, 1)
        fields.addWidget(self._around_label)
        fields.addWidget(self._around)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._rows)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(18)
        self._both.addWidget(self._stack, 1)
        self._both.addWidget(self.near)
        column = QVBoxLayout(self)
        column.setContentsMargins(*MARGINS)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(fields)
        column.addWidget(self._groups)
        column.addLayout(self._both, 1)

    def _connect(self) -> None:
        self._filter.installEventFilter(self)
        self._filter.textChanged.connect(self.typed)
        self._around.query_changed.connect(self.commune_typed)
        self._around.chosen.connect(self.commune_chosen)
        self._groups.chosen.connect(self.group_chosen)
        self._rows.opened.connect(lambda row: self.opened.emit(row.reference))
        self._rows.selected.connect(self.near.show_row)
        self._imports.clicked.connect(self.imports_wanted)
        self._add.clicked.connect(self.addition_wanted)
        self.near.map.picked.connect(self._pick)


class _Rows(SpokenList[DirectoryRow]):
    """The rows; they have more lines where there is less room."""

    def __init__(self, name: str) -> None:
        super().__init__(name, opens_on_click=False)
        self.setMinimumHeight(scaled(_LEAST_PX))

    def shown_table(self) -> ShownTable:
        """See `ShownList.shown_table`."""
        return shown_table(self.accessibleName(), self.rows())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setMinimumHeight(scaled(_LEAST_PX))


def _group_choices(shown: Shown) -> tuple[Choice, ...]:
    return tuple(
        Choice(code=group.key, label=f"{group.label} ({number(shown.counts[group.key])})")
        for group in GROUPS
    )
