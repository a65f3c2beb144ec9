"""Notes that only some may read, each sealed for its readers; readable by the person on request."""

from collections.abc import Collection

from app.store.compartments import AGENT, COUNSELLING, RECEPTION
from ui.reception.fields import PageFields
from ui.reception.folds import OptionalCard


class NotesCard(OptionalCard):
    """Restricted notes; those whose readers the agent is not among are left out."""

    def __init__(self, fields: PageFields, *, compartments: Collection[str]) -> None:
        super().__init__("lock")
        self.set_words(
            title=self.tr("Notes réservées"),
            sentence=self.tr("Ne partent jamais. La personne peut demander à les lire."),
            wish=self.tr("Écrire une note"),
            close=self.tr("Refermer"),
        )
        self._fields = fields
        self._compartments = compartments
        fields.fold("open_notes", self)
        names = ("reception_note", "counselling_note", "private_note")
        fields.made_on_opening(self, names, self._make)

    def _make(self) -> None:
        notes = (
            ("reception_note", RECEPTION, self.tr("Pour les agents d’accueil de la structure")),
            ("counselling_note", COUNSELLING, self.tr("Pour les conseillers de la structure")),
            ("private_note", AGENT, self.tr("Pour vous")),
        )
        for name, compartment, label in notes:
            note = self._fields.text(name, label)
            self.inside.addWidget(note)
            note.setVisible(compartment in self._compartments)
            if self.first is self.wish and compartment in self._compartments:
                self.first = note.field
