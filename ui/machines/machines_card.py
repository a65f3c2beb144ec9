"""The list of machines, and what may be done of the one under the highlight."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.machines.page import MachineRow, StructurePage
from ui.machines.table import machine_columns
from ui.theme import scaled
from ui.widgets.labels import heading, words
from ui.widgets.row_list import RowList
from ui.widgets.section_card import SectionCard
from ui.widgets.two_steps import TwoSteps

_ROW_PX = 42
_MOST_ROWS = 8
_AROUND_PX = 58
"""The header of the list and its borders."""


class MachinesCard(SectionCard):
    """Machines.

    Attributes:
        panel: what may be done of the machine under the highlight.

    Signals:
        removal_wanted(str): the key of a machine to remove; it was confirmed.
        late_accepted(str): the key of a removed machine whose late work is accepted.
        grew(): there is more to see under the list than a moment ago.
    """

    removal_wanted = Signal(str)
    late_accepted = Signal(str)
    grew = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Les postes"))
        self.setObjectName("machines_card")
        self._list: RowList[MachineRow] = RowList(
            self.tr("Postes de la structure"), machine_columns(), key=lambda row: row.key
        )
        self._list.setObjectName("machine_rows")
        self.panel = _MachinePanel()
        self.add(self._list)
        self.add(self.panel)
        self._list.selected.connect(self.panel.show_row)
        self._list.opened.connect(self._go_to_panel)
        self.panel.removal_wanted.connect(self.removal_wanted)
        self.panel.late_accepted.connect(self.late_accepted)
        self.panel.grew.connect(self.grew)

    def show_page(self, page: StructurePage) -> None:
        """Show the machines; the one under the highlight stays there."""
        self.setVisible(bool(page.rows))
        self._list.set_rows(page.rows)
        rows = min(max(len(page.rows), 1), _MOST_ROWS)
        self._list.setFixedHeight(scaled(_ROW_PX * rows + _AROUND_PX))
        if page.rows and self._list.selected_row() is None:
            self._list.select_key(page.rows[0].key)
        self.panel.show_row(self._list.selected_row())

    def take_focus(self) -> None:
        """Go to the list."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_panel(self, row: MachineRow) -> None:
        self.panel.show_row(row)
        self.panel.take_focus()


class _MachinePanel(QWidget):
    """What may be done of one machine: its work kept, its removal."""

    removal_wanted = Signal(str)
    late_accepted = Signal(str)
    grew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._key = ""
        self._title = heading("", 3)
        self._refusal = words("", "soft")
        self._late = words("", "strong")
        self._remove = TwoSteps(
            "remove",
            asks=self.tr("&Retirer ce poste…"),
            does=self.tr("Le retirer et changer les clés"),
            keeps=self.tr("Garder ce poste"),
            icon="trash-2",
        )
        self._accept = TwoSteps(
            "late",
            asks=self.tr("Ac&cepter ce qu’il a écrit ensuite…"),
            does=self.tr("Accepter ces envois"),
            keeps=self.tr("Continuer de refuser"),
            icon="check",
        )
        self._title.setObjectName("machine_title")
        self._refusal.setObjectName("machine_refusal")
        self._late.setObjectName("machine_late")
        self._say()
        self._lay_out()
        self._remove.confirmed.connect(lambda: self.removal_wanted.emit(self._key))
        self._remove.grew.connect(self.grew)
        self._accept.grew.connect(self.grew)
        self._accept.confirmed.connect(lambda: self.late_accepted.emit(self._key))

    def show_row(self, row: MachineRow | None) -> None:
        """Show what may be done of a machine."""
        self.setVisible(row is not None)
        if row is None:
            return
        if row.key != self._key:
            self._remove.reset()
            self._accept.reset()
        self._key = row.key
        self._title.setText(self.tr("Poste {0}").format(row.code))
        self._refusal.setText(row.refusal)
        self._refusal.setVisible(bool(row.refusal))
        self._remove.setVisible(not row.refusal)
        self._late.setText(row.late)
        self._late.setVisible(bool(row.late))
        self._accept.setVisible(row.can_accept_late)

    def take_focus(self) -> None:
        """Go to what may be done, if anything."""
        for steps in (self._accept, self._remove):
            if not steps.isHidden():
                steps.take_focus()
                return

    def _say(self) -> None:
        self._remove.set_sentences(
            (
                self.tr(
                    "Ce qu’il a écrit et qui est déjà arrivé ici reste. Ce qu’il écrirait ensuite"
                    " attendra votre décision."
                ),
                self.tr(
                    "Les clés de la structure sont changées\u202f: ce poste ne lira plus rien de"
                    " nouveau, mais garde les fiches qu’il a. Faites d’abord un échange si vous le"
                    " pouvez."
                ),
                self.tr("C’est définitif\u202f: pour revenir, il devra être invité de nouveau."),
            )
        )
        self._accept.set_sentences(
            (
                self.tr(
                    "Ces envois seront ajoutés aux fiches de tous les postes. Ne les acceptez que"
                    " si vous savez qui tenait ce poste quand ils ont été écrits."
                ),
            )
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._title, self._refusal, self._late, self._accept, self._remove):
            column.addWidget(part)
