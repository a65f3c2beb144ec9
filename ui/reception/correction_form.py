"""An entry of the directory corrected where its error is seen: a key opens it, a key sends it."""

from ui.reception.correction import Entry
from ui.widgets.entry_form import EntryForm
from ui.widgets.labels import words


class CorrectionForm(EntryForm):
    """Telephone, hours, whether the structure is still there."""

    def __init__(self) -> None:
        super().__init__(
            "correction",
            opens=self.tr("Corriger la fiche de l’annuaire (F7)"),
            vouches=self.tr("Fiche vérifiée aujourd’hui"),
            corrects=self.tr("Enregistrer la correction"),
        )
        self._title = words("", "strong")
        self.fields.addWidget(self._title)
        self.add_line("telephone", self.tr("Téléphone"), heard=self.tr("Téléphone de la structure"))
        self.add_hours(self.tr("Horaires"), heard=self.tr("Horaires de la structure"))
        self.add_gone(self.tr("Cette structure n’existe plus"))

    def show_entry(self, entry: Entry) -> None:
        """Open on an entry, as the directory has it."""
        self._title.setText(self.tr("Fiche de l’annuaire\u202f: {0}").format(entry.name))
        self.name_gone(
            self.tr("Ce service n’existe plus")
            if entry.is_service
            else self.tr("Cette structure n’existe plus")
        )
        self.fill(entry.typed)
        self.open_form()
