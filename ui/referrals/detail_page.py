"""One referral on screen: who, what was handed over, what became of it, and the answer."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.referrals.answer_panel import AnswerPanel
from ui.referrals.page import ReferralPage
from ui.referrals.sender_panel import SenderPanel
from ui.referrals.sender_words import CorrectionShown, PageLink
from ui.widgets.announcements import announce
from ui.widgets.badge_label import BadgeLabel
from ui.widgets.buttons import icon_button, link_button, quiet_button
from ui.widgets.emptying import empty
from ui.widgets.fact_grid import FactGrid
from ui.widgets.flow_layout import wrapped
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labels import IconLabel, heading, words
from ui.widgets.scroll_page import ScrollPage
from ui.widgets.section_card import SectionCard
from ui.widgets.tab_chain import put_after
from ui.widgets.timeline import Timeline
from ui.widgets.transmitted_fields import Part
from ui.widgets.two_columns import TwoColumns


class DetailPage(ScrollPage):
    """One referral.

    Signals:
        back_wanted(): go back to the list.
        copied(str): what was put in the clipboard.
        print_wanted(): show its papers.
        file_wanted(): make an encrypted file of its slip.
        message_wanted(): copy the text of an SMS that says where it leads.
        correction_wanted(str): correct, in the directory, the structure of that reference.
        link_opened(object): open another referral of the same story, by its `SubjectId`.
    """

    back_wanted = Signal()
    copied = Signal(str)
    print_wanted = Signal()
    file_wanted = Signal()
    message_wanted = Signal()
    correction_wanted = Signal(str)
    link_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._back = link_button(self.tr("Toutes les mises en relation"), "arrow-left")
        self._name = heading("", 1)
        self._about = words("", "soft")
        self._partner = words("", "soft")
        self._badge, self._sent = BadgeLabel(), BadgeLabel()
        self._next = words("", "soft")
        self._telephone = heading("", 2)
        self._email = words("")
        self._copy = icon_button("copy", self.tr("Copier le téléphone"))
        self._print = quiet_button(self.tr("Imprimer…"), "printer")
        self._message = quiet_button(self.tr("Copier le SMS"), "copy")
        self._lock = quiet_button(self.tr("Fichier chiffré…"), "lock")
        self._correct = quiet_button(self.tr("&Corriger l’annuaire…"), "pencil")
        self._structure = ""
        self._told = SectionCard()
        self._told_now: tuple[str, Sequence[Part]] = ("", ())
        self._parts, self._links = QVBoxLayout(), QVBoxLayout()
        self._history = Timeline(self.tr("Historique"))
        self._updates = InlineNotice()
        self.answer = AnswerPanel()
        self.sending = SenderPanel()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_page(self, page: ReferralPage, *, starts_again: bool) -> None:
        """Show a referral; `starts_again` empties an answer begun for another one."""
        self._name.setText(page.name)
        code = self.tr("code {0}").format(page.code)
        self._about.setText(f"{page.about} · {code}")
        self._partner.setText(page.partner)
        self._partner.setVisible(bool(page.partner))
        self._badge.set_badge(page.badge)
        self._sent.set_badge(page.sent)
        self._next.setText(f"{page.since} · {page.next_step}")
        self._telephone.setText(page.telephone or self.tr("Pas de téléphone"))
        self._copy.setVisible(bool(page.telephone))
        self._lock.setVisible(page.may_be_locked)
        self._structure = page.structure
        self._correct.setVisible(bool(page.structure))
        self._email.setText(page.email)
        self._email.setVisible(bool(page.email))
        self._told_now = (page.parts_title, page.parts)
        if starts_again or not self.sending.correction.is_open():
            self._show_parts(*self._told_now)
        self._show_story(page)
        self.answer.show_offers(page.offers, starts_again=starts_again)
        self.sending.show_offers(page.sender, starts_again=starts_again)
        put_after(self._correct, self.sending)
        put_after(self.sending, self.answer)

    def may_be_locked(self) -> bool:
        """Can the slip shown go as an encrypted file?"""
        return not self._lock.isHidden()

    def show_correction(self, shown: CorrectionShown) -> None:
        """Show what a correction would do, and in place of what was handed over what then is."""
        self.sending.show_correction(shown)
        if shown.parts and self.sending.correction.is_open():
            self._show_parts(self.tr("Tout ce qui sera transmis, corrigé"), shown.parts)

    def wish_correction(self) -> None:
        """Ask to correct, in the directory, the structure it goes to."""
        if self._structure:
            self.correction_wanted.emit(self._structure)

    def enter(self) -> None:
        """Go to the beginning of the page, the answer ready for a digit."""
        announce(self._name, self._name.text())
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.answer.take_focus()
        self.to_top()

    def _show_story(self, page: ReferralPage) -> None:
        self._history.set_entries(page.history)
        self._show_links(page.links)
        self._show_updates(page.updates)

    def _show_updates(self, updates: Sequence[str]) -> None:
        if updates:
            self._updates.show_notice(NoticeKind.ATTENTION, "\n".join(updates))
        else:
            self._updates.hide_notice()

    def _show_links(self, links: Sequence[PageLink]) -> None:
        empty(self._links)
        for link in links:
            button = link_button(link.words, "route")
            button.setObjectName("story_link")
            button.clicked.connect(partial(self.link_opened.emit, link.referral))
            self._links.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            button.setVisible(True)

    def _show_parts(self, title: str, parts: Sequence[Part]) -> None:
        self._told.set_title(title)
        empty(self._parts)
        for part in parts:
            facts = FactGrid(part.title)
            facts.set_facts(part.facts)
            self._add_part(heading(part.title, 3))
            self._add_part(facts)
        if not parts:
            self._add_part(words(self.tr("Rien n’a été transmis par le programme."), "soft"))

    def _add_part(self, widget: QWidget) -> None:
        self._parts.addWidget(widget)
        widget.setVisible(True)

    def _copy_telephone(self) -> None:
        QGuiApplication.clipboard().setText(self._telephone.text().replace("\u00a0", " "))
        self.copied.emit(self._telephone.text())

    def _name_parts(self) -> None:
        self._name.setObjectName("referral_name")
        self._sent.setObjectName("referral_sent")
        self._telephone.setObjectName("referral_telephone")
        self._back.setObjectName("back")
        self._copy.setObjectName("copy_telephone")
        self._print.setObjectName("print_referral")
        self._print.setToolTip(self.tr("Fiche de liaison, ma feuille, note (Ctrl+P)"))
        self._lock.setObjectName("lock_referral")
        self._lock.setToolTip(
            self.tr("À joindre à un courriel, pour une structure sans le programme (Ctrl+E)")
        )
        self._correct.setObjectName("correct_directory")
        self._correct.setToolTip(self.tr("La fiche de cette structure dans l’annuaire (F7)"))
        self._message.setObjectName("copy_message")
        self._message.setToolTip(self.tr("Où aller, jamais qui ni pourquoi (Ctrl+M)"))
        for label in (self._telephone, self._email, self._next):
            label.setWordWrap(False)
        self._partner.setObjectName("referral_partner")
        for label in (self._telephone, self._email, self._partner):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        self.body.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(self._head())
        self.body.addWidget(self._papers())
        self.body.addWidget(self._updates)
        self._parts.setSpacing(12)
        self._told.add_layout(self._parts)
        history = SectionCard(self.tr("Historique"))
        self._links.setSpacing(2)
        history.add_layout(self._links)
        history.add(self._history)
        columns = TwoColumns(side_first=True)
        columns.add_main(self._told)
        columns.add_side(self.sending)
        columns.add_side(self.answer)
        columns.add_side(history)
        self.body.addWidget(columns)

    def _connect(self) -> None:
        self._back.clicked.connect(self.back_wanted)
        self._copy.clicked.connect(self._copy_telephone)
        self._print.clicked.connect(self.print_wanted)
        self._message.clicked.connect(self.message_wanted)
        self._lock.clicked.connect(self.file_wanted)
        self._correct.clicked.connect(self.wish_correction)
        self.sending.grew.connect(self.show_whole)
        self.sending.correction.closed.connect(lambda: self._show_parts(*self._told_now))

    def _head(self) -> QVBoxLayout:
        standing = wrapped(self._badge, self._next, self._sent, gap=10)
        contact = QHBoxLayout()
        contact.setSpacing(8)
        contact.addWidget(IconLabel("phone", "accent", 22), 0, Qt.AlignmentFlag.AlignVCenter)
        contact.addWidget(self._telephone)
        contact.addWidget(self._copy)
        contact.addSpacing(18)
        contact.addWidget(self._email)
        contact.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self._name)
        column.addWidget(self._about)
        column.addWidget(self._partner)
        column.addLayout(contact)
        column.addWidget(standing)
        return column

    def _papers(self) -> QWidget:
        return wrapped(self._print, self._message, self._lock, self._correct, gap=10)
