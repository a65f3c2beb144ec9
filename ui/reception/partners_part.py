"""Who could receive the person next: what is wished, proposals, why another, what to correct."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.reception.correction_form import CorrectionForm
from ui.reception.fields import PageFields
from ui.reception.folds import Fold
from ui.reception.partner_rows import PartnerRows
from ui.reception.partner_words import PartnersShown
from ui.reception.wishes_fold import WishesFold
from ui.widgets.announcements import announce
from ui.widgets.choices import ChoiceRow
from ui.widgets.labels import words

_ENTRY_IS_WRONG = "fiche_fausse"


class PartnersPart(QWidget):
    """Stands under the field of the structure, which it never fills of its own accord.

    Signals:
        taken(object): the `Chosen` to put in the field.
        correction_wanted(str): the reference of an entry to correct.
    """

    taken = Signal(object)
    correction_wanted = Signal(str)

    def __init__(self, fields: PageFields) -> None:
        super().__init__()
        self._shown = PartnersShown()
        self._chosen = self._service = self._instead_of = ""
        self._title = words(self.tr("Qui peut la recevoir (F3 prend la première)"), "strong")
        self._note = words("", "small")
        self._wishes = WishesFold(fields)
        self.rows = PartnerRows()
        self._aside = Fold(self.tr("Écartées, et pourquoi"))
        self._aside_words = words("", "soft")
        label = self.tr("Pourquoi une autre\u202f?")
        hint = self.tr("si vous voulez\u202f; ne part jamais")
        self._why = fields.row("other_choice", label, "other_choice_reason", hint=hint)
        fields.own("instead_of", self, (self.instead_of, self.set_instead_of))
        self.form = CorrectionForm()
        self._name_parts()
        self._lay_out()
        self._connect()

    def instead_of(self) -> str:
        """Return the reference of the first choice that another one was preferred to, or ""."""
        # The row tells the page before it tells this part what was first then.
        return self._instead_of or (self._first() if self._row().value() else "")

    def set_instead_of(self, reference: object) -> None:
        """Take up what was kept."""
        self._instead_of = str(reference)

    def show_partners(self, shown: PartnersShown) -> None:
        """Show proposals; the same ones again change nothing. A new first choice is said."""
        if shown == self._shown:
            return
        first, self._shown = self._first(), shown
        self._wishes.show_first(shown.rows[0].chosen.text if shown.rows else "")
        self._title.setVisible(bool(shown.rows))
        self._note.setText(shown.note)
        self._note.setVisible(bool(shown.note))
        self.rows.show_rows(shown.rows, self._chosen, self._service)
        self._aside.setVisible(bool(shown.aside))
        self._aside.set_said(str(len(shown.aside)))
        self._aside_words.setText("\n".join(shown.aside))
        if self._first() not in ("", first) and self.isVisible():
            row = shown.rows[0]
            announce(self.rows, f"{row.chosen.text}, {row.said}")
        self._show_why()

    def show_chosen(self, reference: str, service: str) -> None:
        """Mark what is in the field, and ask why that structure is not the first choice."""
        self._wishes.show_state()
        self._chosen, self._service = reference, service
        self.rows.mark(reference, service)
        self._show_why()

    def correct(self) -> None:
        """Wish to correct the entry in hand: of the row in focus, else chosen, else proposed."""
        reference = self.rows.focused() or self._entry_of(self._chosen or self._first())
        if reference and not self.form.is_open():
            self.correction_wanted.emit(reference)

    def _entry_of(self, reference: str) -> str:
        """Return what correcting a structure corrects."""
        rows = (row.entry for row in self._shown.rows if row.chosen.code == reference)
        return next(rows, reference)

    def _first(self) -> str:
        return self._shown.rows[0].chosen.code if self._shown.rows else ""

    def _show_why(self) -> None:
        first = self._first()
        is_other = bool(first and self._chosen) and self._chosen != first
        if first and not is_other and self._row().value():
            self._row().set_value(None)
            self._instead_of = ""
        self._why.setVisible(is_other or bool(self._row().value()))
        self.form.setVisible(bool(first or self._chosen) or self.form.is_open())

    def _row(self) -> ChoiceRow:
        row: ChoiceRow = self._why.field  # type: ignore[assignment] # made by `fields.row`
        return row

    def _say_why(self, code: str) -> None:
        self._instead_of = self._first() if code else ""
        if code == _ENTRY_IS_WRONG and self._first():
            self.correction_wanted.emit(self._entry_of(self._first()))

    def _name_parts(self) -> None:
        self.setObjectName("partners")
        self._aside.button.setObjectName("set_aside")
        self._aside_words.setObjectName("set_aside_words")
        self._note.setObjectName("partners_note")
        self._aside_words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

    def _lay_out(self) -> None:
        self._aside.add(self._aside_words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._wishes, self._title, self._note, self.rows, self._aside):
            column.addWidget(part)
        column.addSpacing(4)
        column.addWidget(self._why)
        column.addSpacing(4)
        column.addWidget(self.form)
        for hidden in (self._title, self._note, self._aside, self._why, self.form):
            hidden.hide()

    def _connect(self) -> None:
        self.rows.taken.connect(self.taken)
        self.rows.correction_wanted.connect(self.correction_wanted)
        self._row().chosen.connect(self._say_why)
        self.form.wanted.connect(self.correct)
