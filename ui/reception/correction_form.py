"""An entry of the directory corrected where its error is seen: a key opens it, a key sends it."""

from PySide6.QtCore import Signal

from ui.reception.correction import Entry, Typed
from ui.widgets.choices import Choice, ChoiceChips
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words
from ui.widgets.opening_form import OpeningForm
from ui.widgets.pausing_line import PausingLine
from ui.widgets.text_watch import TextWatch

_GONE = "gone"


class CorrectionForm(OpeningForm):
    """Telephone, hours, whether the structure is still there; sent unchanged, it is vouched for.

    Signals:
        sent(object): what was typed, a `Typed`.
        wanted(): the button that opens was pressed; `show_entry` opens, once the entry is read.
    """

    sent = Signal(object)
    wanted = Signal()

    def __init__(self, *, opens: str, sends: str) -> None:
        super().__init__("correction", opens=opens, sends=sends, icon="pencil")
        self._title = words("", "strong")
        self._telephone = PausingLine(self.tr("Téléphone de la structure"))
        self._hours = PausingLine(self.tr("Horaires de la structure"))
        gone = self.tr("Cette structure n’existe plus")
        self._gone = ChoiceChips(gone, [Choice(code=_GONE, label=gone)])
        self._sends = sends
        self._shown = Typed(telephone="", hours="", is_gone=False)
        self._name_fields()
        self._fill()
        self._telephone.textChanged.connect(self._show_wish)
        self._hours.textChanged.connect(self._show_wish)
        self._gone.changed.connect(self._show_wish)
        self.first = self._telephone
        self._open.clicked.disconnect(self.open_form)
        self._open.clicked.connect(self.wanted)
        self.submitted.connect(lambda: self.sent.emit(self._typed()))

    def show_entry(self, entry: Entry) -> None:
        """Open on an entry, as the directory has it."""
        self._title.setText(self.tr("Fiche de l’annuaire\u202f: {0}").format(entry.name))
        self._telephone.setText(entry.telephone)
        self._hours.setText(entry.hours)
        self._gone.set_values((_GONE,) if entry.is_gone else ())
        self._shown = self._typed()
        self._show_wish()
        self.show_refusal("", in_hours=True)
        self.show_problem("")
        self.open_form()

    def show_refusal(self, sentence: str, *, in_hours: bool) -> None:
        """Say why it is not taken, at the hours or for the whole."""
        if in_hours:
            self._labelled_hours.set_error(sentence)
            if sentence:
                self._hours.setFocus()
        else:
            self.show_problem(sentence)

    def _show_wish(self) -> None:
        """Say on the button what sending would do now."""
        is_same = self._typed() == self._shown
        self._send.setText(self._sends if is_same else self.tr("Enregistrer la correction"))

    def _typed(self) -> Typed:
        return Typed(
            telephone=self._telephone.text(),
            hours=self._hours.text(),
            is_gone=bool(self._gone.values()),
        )

    def _name_fields(self) -> None:
        self._telephone.setObjectName("correction_telephone")
        self._hours.setObjectName("correction_hours")
        self._gone.setObjectName("correction_gone")

    def _fill(self) -> None:
        telephone = LabelledField(self.tr("Téléphone"), self._telephone)
        hint = self.tr("comme «\u00a0lundi au vendredi 9h-12h\u00a0»")
        self._labelled_hours = LabelledField(self.tr("Horaires"), self._hours, hint=hint)
        TextWatch(telephone, self._telephone)
        TextWatch(self._labelled_hours, self._hours)
        for part in (self._title, telephone, self._labelled_hours, self._gone):
            self.fields.addWidget(part)
