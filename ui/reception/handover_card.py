"""Handing over to one recipient: to whom, how, and the person's answer for that recipient."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.reception.correction import Entry
from ui.reception.fields import PageFields
from ui.reception.folds import OptionalCard
from ui.reception.outside_part import OUTSIDE_TEXTS, OutsidePart
from ui.reception.page_body import BY_PAPER, BY_PROGRAM, NO, NOT_ASKED, OUTSIDE, YES
from ui.reception.page_scroll import see_with
from ui.reception.partner_words import PartnersShown
from ui.reception.partners_part import PartnersPart
from ui.reception.wishes_fold import WISHES
from ui.widgets.choices import Choice
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.labels import IconLabel, words

if TYPE_CHECKING:
    from ui.reception.chosen_field import ChosenField


_INSIDE = (
    "to",
    "open_wishes",
    *WISHES,
    "other_choice",
    "instead_of",
    "agreement",
    "handover",
    "deadline",
    "deadline_reason",
    "message",
    "for_barrier",
    *OUTSIDE_TEXTS,
)


class HandoverCard(OptionalCard):
    """The hand-over, closed until somebody wishes one.

    Signals:
        recipient_typed(str): propose structures.
        correction_wanted(str): show the entry of a structure, by its reference.
        correction_sent(object, object): write what changed from one `Typed` to another.
        hours_typed(str): hours are being typed there.
    """

    recipient_typed = Signal(str)
    correction_wanted = Signal(str)
    correction_sent = Signal(object, object)
    hours_typed = Signal(str)

    def __init__(self, fields: PageFields, *, today: date) -> None:
        super().__init__("handshake")
        self.set_words(
            title=self.tr("Passer le relais"),
            sentence=self.tr(
                "Deux interlocuteurs au plus\u202f: le bon partenaire, une seule fois."
            ),
            wish=self.tr("&Passer le relais"),
            close=self.tr("Sans relais"),
        )
        self._today = today
        self._fields = fields
        self._to: ChosenField | None = None
        self._partners: PartnersPart | None = None
        self._outside: OutsidePart | None = None
        self._proposed = PartnersShown()
        self._reach_icon = IconLabel("send", "accent", 18)
        self._reach = words("\n", "soft")
        self._reach.setObjectName("reach")
        self._reach_line = QWidget()
        self._reach_words = {
            BY_PROGRAM: self.tr(
                "Cette structure utilise le programme\u202f: la fiche peut partir, chiffrée."
            ),
            BY_PAPER: self.tr(
                "Cette structure n’a pas le programme\u202f: fiche sur papier, ou fichier chiffré."
            ),
            OUTSIDE: self.tr("Hors annuaire\u202f: fiche sur papier, ou fichier chiffré."),
        }
        fields.fold("open_handover", self)
        fields.made_on_opening(self, _INSIDE, self._make)

    def show_reach(self) -> None:
        """Say how the structure chosen is reached."""
        if self._to is None:
            return
        value = self._to.value()
        is_reached = value["reach"] == BY_PROGRAM
        self._reach_icon.set_icon("send" if is_reached else "file-text", "accent")
        reach = self._reach_words.get(value["reach"], self._reach_words[BY_PAPER])
        self._reach.setText(f"{reach}\n{value['expected']}")  # two lines always: nothing moves
        self._reach_line.setVisible(bool(value["code"]))
        if self._partners is not None and self._outside is not None:
            self._outside.setVisible(value["reach"] == OUTSIDE)
            self._partners.show_chosen(value["code"], value["service"])

    def show_partners(self, shown: PartnersShown) -> None:
        """Propose structures under the field, once it is made."""
        self._proposed = shown
        if self._partners is not None:
            self._partners.show_partners(shown)
            if not self.is_open():
                self._partners.form.close_form()

    def take_first(self) -> None:
        """Put the first choice in the field, while the part is open."""
        if self._partners is not None and self.is_open():
            self._partners.rows.take(0)

    def correct_entry(self) -> None:
        """Wish to correct the entry in hand, while the part is open."""
        if self._partners is not None and self.is_open():
            self._partners.correct()

    def show_entry(self, entry: Entry) -> None:
        """See `CorrectionPage.show_entry`."""
        if self._partners is not None:
            self._partners.form.show_entry(entry)

    def show_hours(self, typed: str, said: str) -> None:
        """See `CorrectionScreen.show_hours`."""
        if self._partners is not None:
            self._partners.form.show_hours(typed, said)

    def show_refusal(self, field: str, sentence: str) -> None:
        """See `CorrectionScreen.show_refusal`."""
        if self._partners is not None:
            self._partners.form.show_refusal(field, sentence)

    def close_correction(self) -> None:
        """See `CorrectionPage.close_correction`."""
        if self._partners is not None:
            self._partners.form.close_form()

    def _make(self) -> None:
        fields = self._fields
        for part in (
            self._recipient(fields),
            self._agreement(fields),
            fields.row("handover", self.tr("Comment"), "handover_mode"),
            self._deadline(fields, self._today),
            fields.text("message", self.tr("Un mot pour cette structure")),
            self._barrier(fields),
        ):
            self.inside.addWidget(part)

    def _recipient(self, fields: PageFields) -> QWidget:
        labelled = fields.chosen(
            "to",
            self.tr("&Vers quelle structure"),
            placeholder=self.tr("Nom, commune, réseau ou service"),
        )
        field: ChosenField = labelled.field  # type: ignore[assignment] # made just above
        field.query_changed.connect(self.recipient_typed)
        self._to = self.first = field
        row = QHBoxLayout(self._reach_line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._reach_icon)
        row.addWidget(self._reach, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(labelled)
        column.addWidget(self._reach_line)
        column.addSpacing(8)
        self._outside = OutsidePart(fields)
        column.addWidget(self._outside)
        column.addWidget(self._made_partners(fields, field))
        return whole

    def _made_partners(self, fields: PageFields, field: "ChosenField") -> QWidget:
        room = self._reach_line.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # choosing moves nothing under the pointer
        self._reach_line.setSizePolicy(room)
        part = self._partners = PartnersPart(fields)
        part.taken.connect(field.take)
        part.correction_wanted.connect(self.correction_wanted)
        part.form.sent.connect(self.correction_sent)
        part.form.hours_typed.connect(self.hours_typed)
        part.show_partners(self._proposed)
        see_with(field.line, self._partners.rows)
        return part

    def _agreement(self, fields: PageFields) -> QWidget:
        choices = [
            Choice(code=YES, label=self.tr("Oui, elle accepte")),
            Choice(code=NO, label=self.tr("Non\u202f: rien de cet accueil ne quittera ce poste")),
            Choice(code=NOT_ASKED, label=self.tr("Pas encore demandé")),
        ]
        label = self.tr("La personne &accepte-t-elle que cette structure reçoive sa fiche\u202f?")
        return fields.row("agreement", label, choices)

    def _barrier(self, fields: PageFields) -> QWidget:
        label = self.tr("Si ce relais est seulement pour un frein, à côté de la demande")
        hint = self.tr("il ne compte alors pas comme interlocuteur")
        return fields.row("for_barrier", label, "barrier", hint=hint)

    def _deadline(self, fields: PageFields, today: date) -> QWidget:
        field = DateField(self.tr("Échéance"), span=DateSpan.around(today))
        day = fields.date("deadline", self.tr("Échéance, s’il y en a une"), field)
        reason = fields.row("deadline_reason", self.tr("Raison de l’échéance"), "deadline_reason")
        reason.setVisible(False)
        field.line.textChanged.connect(lambda text: reason.setVisible(bool(text.strip())))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(day)
        column.addWidget(reason)
        return whole
