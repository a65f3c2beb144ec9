"""One structure: how to reach it, when it is open, what it does, who vouches for it."""

import datetime as dt

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.directory.correct_form import CorrectForm
from ui.directory.page import DIRECT, NO_NUMBER
from ui.directory.service_list import ServiceList
from ui.directory.sheet import StructurePage
from ui.directory.state_line import StateLine
from ui.widgets.announcements import announce
from ui.widgets.buttons import icon_button, link_button, main_button, quiet_button
from ui.widgets.fact_grid import FactGrid
from ui.widgets.labels import IconLabel, heading, words
from ui.widgets.scroll_page import ScrollPage
from ui.widgets.section_card import SectionCard
from ui.widgets.timeline import Timeline
from ui.widgets.two_columns import TwoColumns

_LABEL_PX = 130


class EntryPage(ScrollPage):
    """One structure.

    Signals:
        back_wanted(): go back to the list.
        vouched(): the entry was checked today.
        withdrawn(str): take this structure back, which was added here; its name.
        copied(str): the number that was put in the clipboard.

    Attributes:
        form: corrects it.
        services: what it proposes, each corrected in its place.
    """

    back_wanted = Signal()
    vouched = Signal()
    withdrawn = Signal(str)
    copied = Signal(str)

    def __init__(self, today: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._back = link_button(self.tr("Tout l’annuaire"), "arrow-left")
        self._is_turned = False
        self._name = heading("", 1)
        self._about = words("", "soft")
        self._opening = StateLine("entry_opening")
        self._telephone = heading("", 2)
        self._copy = icon_button("copy", self.tr("Copier le numéro public"))
        self._direct_label = words(DIRECT, "missing")
        self._direct = heading("", 2)
        self._contact = FactGrid(self.tr("Joindre"), label_px=90)
        self._week = FactGrid(self.tr("Horaires"), label_px=190)
        self._notes = words("", "soft")
        self._facts = FactGrid(self.tr("À savoir"), label_px=_LABEL_PX)
        self.services = ServiceList(today)
        self._checked = StateLine("entry_checked")
        self._entry = FactGrid(self.tr("Cette fiche"), label_px=110)
        self._vouch = main_button(self.tr("Fiche &vérifiée aujourd’hui"), "check")
        self.form = CorrectForm(today)
        self._history = Timeline(self.tr("Corrections"))
        self._withdraw = quiet_button(self.tr("Retirer de l’annuaire"), "trash-2")
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_page(self, page: StructurePage) -> None:
        """Show a structure, or another state of it."""
        self._name.setText(page.row.name)
        self._about.setText(page.about)
        self._opening.show_state(page.row.opening)
        self._telephone.setText(page.telephone or NO_NUMBER)
        self._copy.setVisible(bool(page.telephone))
        self._direct.setText(page.direct)
        self._show_direct()
        self._contact.set_facts(page.contact)
        self._week.set_facts(page.week)
        self._week.setVisible(bool(page.week))
        self._notes.setText("\n".join(page.hours_notes))
        self._notes.setVisible(bool(page.hours_notes))
        self._facts.set_facts(page.facts)
        self._about_card.setVisible(bool(page.facts))
        self.services.show_services(page.services, page.blank)
        self._checked.show_state(page.checked)
        self._entry.set_facts(page.entry_facts)
        self._withdraw.setVisible(page.is_added)
        self._history.set_entries(page.history)
        self._history.setVisible(bool(page.history))
        self.form.show_typed(page.typed)

    def enter(self) -> None:
        """Go to the beginning of the page."""
        announce(self._name, f"{self._name.text()}, {self._opening.text()}")
        self._vouch.setFocus(Qt.FocusReason.OtherFocusReason)
        self.to_top()

    def correct(self) -> None:
        """Open the form and show it whole."""
        self.services.close_forms()
        if not self.form.is_open():
            self.form.open_form()
        self.show_whole(self.form)

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: no internal number is shown."""
        self._is_turned = turned
        self._show_direct()
        self.form.set_turned(turned)

    def _show_direct(self) -> None:
        is_shown = bool(self._direct.text()) and not self._is_turned
        for part in (self._direct, self._direct_label):
            part.setVisible(is_shown)

    def _connect(self) -> None:
        self._back.clicked.connect(self.back_wanted)
        self._vouch.clicked.connect(self.vouched)
        self.services.opening.connect(self.form.close_form)
        self._withdraw.clicked.connect(lambda: self.withdrawn.emit(self._name.text()))
        self._copy.clicked.connect(self._copy_number)

    def _copy_number(self) -> None:
        QGuiApplication.clipboard().setText(self._telephone.text().replace("\u00a0", " "))
        self.copied.emit(self._telephone.text())

    def _name_parts(self) -> None:
        self._back.setObjectName("directory_back")
        self._name.setObjectName("entry_name")
        self._telephone.setObjectName("entry_telephone")
        self._direct.setObjectName("entry_direct")
        self._notes.setObjectName("entry_hours_notes")
        self._copy.setObjectName("entry_copy")
        self._vouch.setObjectName("entry_vouch")
        self._vouch.setToolTip(self.tr("Fiche vérifiée aujourd’hui (Alt+V)"))
        self._withdraw.setObjectName("entry_withdraw")
        self._withdraw.setToolTip(
            self.tr(
                "Pour un ajout fait par erreur. Si elle ferme, corrigez plutôt"
                " «\u00a0N’existe plus depuis\u00a0»."
            )
        )
        for label in (self._telephone, self._direct):
            label.setWordWrap(False)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        self.body.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(self._head())
        hours = SectionCard(self.tr("Horaires des jours à venir"))
        hours.add(self._week)
        hours.add(self._notes)
        self._about_card = SectionCard(self.tr("À savoir"))
        self._about_card.add(self._facts)
        offers = SectionCard(self.tr("Ce qu’elle propose"))
        offers.add(self.services)
        columns = TwoColumns(side_first=True)
        for part in (hours, self._about_card, offers):
            columns.add_main(part)
        columns.add_side(self._reach_card())
        columns.add_side(self._entry_card())
        self.body.addWidget(columns)

    def _head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self._name)
        column.addWidget(self._about)
        column.addWidget(self._opening)
        return column

    def _reach_card(self) -> SectionCard:
        number = QHBoxLayout()
        number.setSpacing(8)
        number.addWidget(IconLabel("phone", "accent", 22), 0, Qt.AlignmentFlag.AlignVCenter)
        number.addWidget(self._telephone)
        number.addWidget(self._copy)
        number.addStretch(1)
        card = SectionCard(self.tr("Joindre"))
        card.body.setSpacing(10)
        card.add_layout(number)
        card.add(self._direct_label)
        card.add(self._direct)
        card.add(self._contact)
        return card

    def _entry_card(self) -> SectionCard:
        card = SectionCard(self.tr("Cette fiche"))
        card.body.setSpacing(12)
        card.add(self._checked)
        card.add(self._entry)
        card.body.addWidget(self._vouch, 0, Qt.AlignmentFlag.AlignLeft)
        card.add(self.form)
        card.body.addWidget(self._withdraw, 0, Qt.AlignmentFlag.AlignLeft)
        card.add(self._history)
        return card
