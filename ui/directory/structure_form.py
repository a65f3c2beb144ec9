"""Adding a structure that no publisher lists: how it is reached first, what it does folded."""

from collections.abc import Iterable

from PySide6.QtCore import Signal

from ui.directory.services import Offered
from ui.widgets.choices import Choice
from ui.widgets.entry_correction import Typed
from ui.widgets.entry_form import EntryForm


class StructureForm(EntryForm):
    """Open as long as its page is shown; what was typed waits there until it was added.

    Signals:
        left(): it was closed.
    """

    left = Signal()

    def __init__(self) -> None:
        adds = self.tr("Ajouter cette structure")
        super().__init__("structure", opens="", vouches=adds, corrects=adds)
        self.add_line("name", self.tr("&Nom de la structure"))
        self.add_commune(self.tr("&Commune"), heard=self.tr("Commune de la structure"))
        self.add_line("address", self.tr("&Adresse"), hint=self.tr("sans la commune"))
        self.beside("commune", "address")
        self.add_line("telephone", self.tr("&Téléphone public"))
        self.add_line("direct", self.tr("Ligne &directe"), hint=self.tr("interne, à ne pas donner"))
        self.beside("telephone", "direct")
        self.add_line("email", self.tr("C&ourriel"), hint=self.tr("celui de la structure"))
        self.add_hours(self.tr("&Horaires"))
        self.beside("email", "hours")
        self.add_row("network", self.tr("&Réseau"), ())
        self.fold(self.tr("À quoi elle répond, qui elle reçoit…"))
        self.add_chips("motives", self.tr("Répond à"))
        self.add_chips("publics", self.tr("Reçoit"), hint=self.tr("rien de coché\u202f: non dit"))

    def show_offered(self, offered: Offered, networks: Iterable[tuple[str, str]]) -> None:
        """Offer what may be chosen, and open; what somebody typed before is still there."""
        self.offer("network", _choices(networks))
        self.offer("motives", _choices(offered.motives))
        self.offer("publics", _choices(offered.publics))
        self.open_form()

    def close_form(self) -> None:
        """Leave its page, where it stays open."""
        self.forgive()
        self.left.emit()

    def empty(self) -> None:
        """Forget what was typed: it was added."""
        self.fill(Typed())

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: the internal number is not shown."""
        self._fields["direct"].setVisible(not turned)


def _choices(pairs: Iterable[tuple[str, str]]) -> list[Choice]:
    return [Choice(code=code, label=label) for code, label in pairs]
