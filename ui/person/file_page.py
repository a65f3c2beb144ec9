"""A person's file on screen: who, what was asked and found, what was agreed, what followed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.person.duplicates_card import MergedCard
from ui.person.erase_panel import ErasePanel
from ui.person.page import PersonPage, ReferralSummary
from ui.person.rights_card import RightsCard
from ui.widgets.announcements import announce
from ui.widgets.badge_label import BadgeLabel
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import icon_button, link_button, main_button, quiet_button
from ui.widgets.emptying import empty
from ui.widgets.fact_grid import FactGrid
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labels import IconLabel, heading, words
from ui.widgets.scroll_page import ScrollPage
from ui.widgets.section_card import SectionCard
from ui.widgets.timeline import Timeline
from ui.widgets.two_columns import TwoColumns

if TYPE_CHECKING:
    from collections.abc import Sequence


class FilePage(ScrollPage):
    """One file.

    Signals:
        back_wanted(): go back to the list.
        receive_again(): a new reception for this person.
        referral_wanted(object): open a referral, by its `SubjectId`.
        erase_confirmed(bool): erase the file; it was confirmed. Is an open request answered so?
        code_copied(str): the short code is in the clipboard.
        print_wanted(): show the papers of this person.
    """

    back_wanted = Signal()
    receive_again = Signal()
    referral_wanted = Signal(object)
    erase_confirmed = Signal(bool)
    code_copied = Signal(str)
    print_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._make_head()
        self._make_parts()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_page(self, page: PersonPage) -> None:
        """Show a file."""
        self._name.setText(page.name)
        self._about.setText(" · ".join(filter(None, (page.born, page.commune))))
        self._about.setVisible(bool(self._about.text()))
        self._telephone.setText(page.telephone or self.tr("Pas de téléphone"))
        self._code.setText(page.code)
        self._facts.set_facts(page.facts)
        self._show_disputes(page)
        self._meetings.set_entries(page.meetings)
        self._no_meeting.setVisible(not page.meetings)
        self._show_referrals(page.referrals)
        self.merged.show_rows(page.merged)
        self._erase.reset()

    def enter(self) -> None:
        """Go to the beginning of the file, and say whose it is."""
        self.to_top()
        self._receive.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._name, self._name.text())

    def _show_disputes(self, page: PersonPage) -> None:
        self._disputed.set_facts(page.disputes)
        self._disputes.setVisible(bool(page.disputes))
        if page.disputes:
            self._explained.show_notice(
                NoticeKind.ATTENTION,
                self.tr(
                    "Deux postes ont écrit des valeurs différentes sans s’être vus. Les deux"
                    " sont gardées\u202f; la première est celle qui s’affiche. Vérifiez avec la"
                    " personne."
                ),
            )

    def _show_referrals(self, referrals: "Sequence[ReferralSummary]") -> None:
        empty(self._referrals)
        for referral in referrals:
            self._add_referral(self._referral(referral))
        if not referrals:
            self._add_referral(words(self.tr("Aucune mise en relation."), "soft"))

    def _add_referral(self, widget: QWidget) -> None:
        self._referrals.addWidget(widget)
        widget.setVisible(True)

    def _referral(self, referral: ReferralSummary) -> QWidget:
        block = QWidget()
        opening = link_button(referral.to_name)
        opening.setObjectName("open_referral")
        opening.setAccessibleName(
            self.tr("Ouvrir la mise en relation\u202f: {name}").format(name=referral.to_name)
        )
        opening.clicked.connect(lambda: self.referral_wanted.emit(referral.referral))
        steps = Timeline(self.tr("Historique de la mise en relation"))
        steps.set_entries(referral.history)
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(opening, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(BadgeLabel(referral.badge))
        if referral.sent is not None:
            column.addWidget(BadgeLabel(referral.sent))
        column.addWidget(steps)
        return block

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text())
        self.code_copied.emit(self._code.text())

    def _make_head(self) -> None:
        self._back = link_button(self.tr("Toutes les personnes"), "arrow-left")
        self._name = heading("", 1)
        self._about = words("", "soft")
        self._telephone = heading("", 3)
        self._code = words("", "strong")
        self._copy = icon_button("copy", self.tr("Copier le code court"))
        self._receive = main_button(self.tr("Nouvel accueil pour cette personne"), "plus")
        self._print = quiet_button(self.tr("Imprimer…"), "printer")

    def _make_parts(self) -> None:
        self._facts = FactGrid(self.tr("Identité et contact"))
        self._disputed = FactGrid(self.tr("Valeurs à vérifier"))
        self._explained = InlineNotice()
        self._disputes = SectionCard(self.tr("À vérifier"))
        self._meetings = Timeline(self.tr("Demandes et accueils"))
        self._no_meeting = words(self.tr("Aucun accueil enregistré ici."), "soft")
        self._referrals = QVBoxLayout()
        self.merged = MergedCard()
        self.rights = RightsCard()
        self._erase = ErasePanel()

    def _name_parts(self) -> None:
        self._name.setObjectName("person_name")
        self._telephone.setObjectName("person_telephone")
        self._telephone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._code.setObjectName("person_code")
        self._code.setWordWrap(False)
        self._copy.setObjectName("copy_code")
        self._back.setObjectName("back")
        self._receive.setObjectName("receive_again")
        self._print.setObjectName("print_person")
        self._print.setToolTip(self.tr("Ma feuille, accords, tout ce qui est gardé (Ctrl+P)"))

    def _lay_out(self) -> None:
        self.body.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._head())
        self._disputes.add(self._explained)
        self._disputes.add(self._disputed)
        self.body.addWidget(self._disputes)
        columns = TwoColumns()
        columns.add_main(_card(self.tr("Demandes et accueils"), self._meetings, self._no_meeting))
        columns.add_main(self._referral_card())
        columns.add_side(_card(self.tr("Identité et contact"), self._facts))
        columns.add_side(self.rights)
        columns.add_side(self.merged)
        columns.add_side(self._erase)
        self.body.addWidget(columns)

    def _head(self) -> QWidget:
        contact = QHBoxLayout()
        contact.setSpacing(8)
        contact.addWidget(IconLabel("phone", "accent"), 0, Qt.AlignmentFlag.AlignVCenter)
        contact.addWidget(self._telephone)
        contact.addSpacing(16)
        code_name = words(self.tr("Code"), "soft")
        code_name.setWordWrap(False)
        contact.addWidget(code_name)
        contact.addWidget(self._code)
        contact.addWidget(self._copy)
        contact.addStretch(1)
        self._telephone.setWordWrap(False)
        who = QVBoxLayout()
        who.setSpacing(4)
        who.addWidget(self._name)
        who.addWidget(self._about)
        who.addLayout(contact)
        wishes = QWidget()
        column = QVBoxLayout(wishes)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._receive)
        column.addWidget(self._print, 0, Qt.AlignmentFlag.AlignLeft)
        return BesideOrUnder(who, wishes)

    def _referral_card(self) -> SectionCard:
        card = SectionCard(self.tr("Mises en relation"))
        self._referrals.setSpacing(22)
        card.add_layout(self._referrals)
        return card

    def _connect(self) -> None:
        self._back.clicked.connect(self.back_wanted)
        self._receive.clicked.connect(self.receive_again)
        self._print.clicked.connect(self.print_wanted)
        self._copy.clicked.connect(self._copy_code)
        self._erase.confirmed.connect(self.erase_confirmed)
        self.rights.grew.connect(self.show_whole)
        self.rights.erasure_asked.connect(self._erase.show_request)


def _card(title: str, *contents: QWidget) -> SectionCard:
    card = SectionCard(title)
    for content in contents:
        card.add(content)
    return card
