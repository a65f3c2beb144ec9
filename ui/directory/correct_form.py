"""Correcting a structure, in place: what is most often wrong, as it is known here."""

import datetime as dt

from ui.widgets.date_text import DateSpan
from ui.widgets.entry_form import EntryForm


class CorrectForm(EntryForm):
    """The form behind « Corriger… »."""

    def __init__(self, today: dt.date) -> None:
        keeps = self.tr("Garder la correction")
        super().__init__("correct", opens=self.tr("&Corriger… (F7)"), vouches=keeps, corrects=keeps)
        self.add_line("telephone", self.tr("&Téléphone public"))
        self.add_line("direct", self.tr("Ligne &directe"), hint=self.tr("interne, à ne pas donner"))
        self.add_hours(self.tr("&Horaires"))
        self.add_line("address", self.tr("&Adresse"))
        self.add_line("waiting", self.tr("Délai annoncé, en &jours"))
        self.add_end(
            self.tr("N’&existe plus depuis"),
            hint=self.tr("si fermée"),
            heard=self.tr("N’existe plus depuis"),
            span=DateSpan(earliest=dt.date(2000, 1, 1), latest=today + dt.timedelta(days=366)),
        )

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: the internal number is not shown."""
        self._fields["direct"].setVisible(not turned)
