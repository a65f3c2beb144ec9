"""The structure in focus: its number, large for a call of three, and where it is on the map."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.directory.map_area import MapArea
from ui.directory.page import DIRECT, NO_NUMBER, PUBLIC, DirectoryRow
from ui.directory.places import MapGround
from ui.directory.state_line import StateLine
from ui.theme import scaled
from ui.widgets.buttons import icon_button, quiet_button
from ui.widgets.flow_layout import wrapped
from ui.widgets.labels import words
from ui.widgets.sheet_state import set_state

_WIDTH_PX = 328
_ANY_PX = 16_777_215
"""Qt's own largest width: no limit."""


class NearPanel(QFrame):
    """What one reads aloud or dials while the list has the focus.

    Signals:
        correction_wanted(str): correct the structure of that reference.
        vouched(str): the structure of that reference was checked today.
        copied(str): the number that was put in the clipboard.

    Attributes:
        map: the map; it may pick a structure.
    """

    correction_wanted = Signal(str)
    vouched = Signal(str)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: DirectoryRow | None = None
        self._is_turned = False
        self._kind = words("", "small")
        self._number = words("", "figure")
        self._copy = icon_button("copy", self.tr("Copier le numéro"))
        self._name = words("", "strong")
        self._opening = StateLine("near_opening")
        self._correct = quiet_button(self.tr("&Corriger… (F7)"), "pencil")
        self._vouch = quiet_button(self.tr("&Vérifiée"), "check")
        self.map = MapArea()
        self._name_parts()
        self._lay_out()
        self._correct.clicked.connect(self.wish_correction)
        self._vouch.clicked.connect(self.wish_vouching)
        self._copy.clicked.connect(self._copy_number)
        self.show_row(None)

    def show_ground(self, ground: MapGround, rows: Sequence[DirectoryRow]) -> None:
        """Draw the département and the structures of the list."""
        self.map.show_ground(ground)
        self.map.show_rows(rows)

    def show_row(self, row: DirectoryRow | None) -> None:
        """Show the number of a structure, or nothing."""
        self._row = row
        number, kind = self._number_of(row) if row else ("", "")
        self._kind.setText(kind)
        set_state(self._kind, "kind", "missing" if self._kind.text() == DIRECT else "small")
        self._number.setText(number or (NO_NUMBER if row else ""))
        self._number.setAccessibleName(f"{self._kind.text()}\u202f: {self._number.text()}")
        self._name.setText(row.name if row else "")
        self._opening.show_state(row.opening if row else None)
        self._copy.setEnabled(bool(number))
        for button in (self._correct, self._vouch):
            button.setEnabled(row is not None)
        self.map.select(row)

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: no internal number is shown."""
        self._is_turned = turned
        self.show_row(self._row)

    def wish_correction(self) -> None:
        """Ask to correct the structure shown."""
        if self._row is not None:
            self.correction_wanted.emit(self._row.reference)

    def wish_vouching(self) -> None:
        """Say that the structure shown was checked today."""
        if self._row is not None:
            self.vouched.emit(self._row.reference)

    def fit(self, *, beside: bool) -> None:
        """Stand beside the list with the map, or under it with what is dialled alone."""
        for part in (self.map, self._name, self._opening):
            part.setVisible(beside)
        self.setMinimumWidth(scaled(_WIDTH_PX) if beside else 0)
        self.setMaximumWidth(scaled(_WIDTH_PX) if beside else _ANY_PX)
        high = QSizePolicy.Policy.Preferred if beside else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, high)
        self._name.setMinimumHeight(2 * self._name.fontMetrics().lineSpacing())

    def _number_of(self, row: DirectoryRow) -> tuple[str, str]:
        if not self._is_turned:
            return row.telephone, row.telephone_kind
        return row.public, PUBLIC if row.public else ""

    def _copy_number(self) -> None:
        QGuiApplication.clipboard().setText(self._number.text().replace("\u00a0", " "))
        self.copied.emit(self._number.text())

    def _name_parts(self) -> None:
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Structure choisie"))
        self._number.setObjectName("near_number")
        self._kind.setObjectName("near_kind")
        self._name.setObjectName("near_name")
        self._copy.setObjectName("near_copy")
        self._correct.setObjectName("near_correct")
        self._vouch.setObjectName("near_vouch")
        self._vouch.setAccessibleName(self.tr("Fiche vérifiée aujourd’hui"))
        self._vouch.setToolTip(self.tr("Fiche vérifiée aujourd’hui (Alt+V)"))
        self._number.setWordWrap(False)
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._name.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _lay_out(self) -> None:
        number = QHBoxLayout()
        number.addWidget(self._number)
        number.addWidget(self._copy)
        number.addStretch(1)
        buttons = wrapped(self._correct, self._vouch, gap=8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(6)
        column.addWidget(self._kind)
        column.addLayout(number)
        column.addWidget(self._name)
        column.addWidget(self._opening)
        column.addWidget(buttons)
        column.addWidget(self.map, 1)
