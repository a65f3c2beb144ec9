"""Correcting a service in its place, or adding one: what moves first, the rest folded."""

import datetime as dt
from collections.abc import Iterable

from PySide6.QtCore import Signal

from ui.directory.services import MODES, PLACE_KIND_WORDS, Offered
from ui.widgets.choices import Choice
from ui.widgets.date_text import DateSpan
from ui.widgets.entry_correction import Typed
from ui.widgets.entry_form import EntryForm


class ServiceForm(EntryForm):
    """Shown only while it is open; it has no button of its own to open it.

    Signals:
        left(): it was closed while it had the focus.
    """

    left = Signal()

    def __init__(self, prefix: str, today: dt.date, *, is_new: bool) -> None:
        """Make the form.

        Args:
            prefix: begins the names of its parts.
            today: the present day.
            is_new: it adds a service: its name is asked, and what it does is said on the button.
        """
        adds = self.tr("Ajouter ce service")
        super().__init__(
            prefix,
            opens="",
            vouches=adds if is_new else self.tr("Service vérifié aujourd’hui"),
            corrects=adds if is_new else self.tr("Garder la correction"),
        )
        if is_new:
            self.add_line("name", self.tr("Nom du service"))
            self._add_place()
            self._add_times()
        else:
            self._add_times()
            self._add_place()
        self._add_practical()
        if not is_new:
            self._add_end(today)
        self.fold(self.tr("Qui et quoi…"))
        self.add_chips("motives", self.tr("Répond à"))
        self.add_chips("publics", self.tr("Reçoit"))
        self.add_chips("area", self.tr("Territoire"))
        self.setVisible(False)

    def show_service(self, typed: Typed, offered: Offered, heard: str) -> None:
        """Open on a service; `heard` names it for who hears the form."""
        self.offer("motives", _choices(offered.motives))
        self.offer("publics", _choices(offered.publics))
        self.offer("area", _choices(offered.area))
        self.setAccessibleName(heard)
        self.fill(typed)
        self.setVisible(True)
        self.open_form()

    def close_form(self) -> None:
        """Close it, and be seen no more."""
        super().close_form()
        self.setVisible(False)

    def take_focus(self) -> None:
        """Go to the first field, or leave."""
        if self.is_open():
            super().take_focus()
        else:
            self.left.emit()

    def _add_times(self) -> None:
        hint = self.tr(
            "comme «\u00a01er mardi du mois 9h-12h\u00a0», «\u00a0semaines paires…\u00a0»"
        )
        heard = self.tr("Jours et heures du service")
        self.add_hours(self.tr("Jours et heures"), hint=hint, heard=heard)
        self.add_line("telephone", self.tr("Téléphone"), heard=self.tr("Téléphone du service"))

    def _add_place(self) -> None:
        self.add_row("place_kind", self.tr("Lieu"), _choices(PLACE_KIND_WORDS.items()))
        self.add_commune(self.tr("Commune"), heard=self.tr("Commune du service"))
        self.add_line("address", self.tr("Adresse"), heard=self.tr("Adresse du service"))

    def _add_practical(self) -> None:
        self.add_chips("modes", self.tr("Comment"), _choices(MODES.items()))
        self.add_line("team", self.tr("Équipe"), hint=self.tr("jamais le nom d’une personne"))
        heard = self.tr("Délai du service, en jours")
        self.add_line("waiting", self.tr("Délai annoncé, en jours"), heard=heard)
        self.add_line("capacity", self.tr("Capacité"), hint=self.tr("comme «\u00a0complet\u00a0»"))

    def _add_end(self, today: dt.date) -> None:
        self.add_end(
            self.tr("N’existe plus depuis"),
            hint=self.tr("si arrêté"),
            heard=self.tr("Service arrêté depuis"),
            span=DateSpan(earliest=dt.date(2000, 1, 1), latest=today + dt.timedelta(days=366)),
        )


def _choices(pairs: Iterable[tuple[str, str]]) -> list[Choice]:
    return [Choice(code=code, label=label) for code, label in pairs]
