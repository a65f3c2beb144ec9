"""What correcting an entry of the directory decides, from where an error is seen. No Qt."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.changes import Changes
from app.usecases.directory.corrections import Correctable
from ui.reception.actions import ReceptionActions
from ui.running import Runner
from ui.texts import sentence_for, typeset
from ui.widgets.entry_correction import CorrectionScreen, EntryCorrecting, Fields, Typed, typed_of

_CHECKED = "date_maj"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as the form shows it."""

    name: str
    is_service: bool
    typed: Typed


class CorrectionPage(CorrectionScreen, Protocol):
    """The form as the presenter sees it."""

    def show_entry(self, entry: Entry) -> None:
        """Open the form on an entry."""
        ...

    def close_correction(self) -> None:
        """Close the form."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the form asks of the page around it.

    Attributes:
        say: says what was done, with a way back.
        problem: says calmly what could not be done.
        again: looks again at what is proposed.
    """

    say: Callable[[str, Callable[[], None] | None], None]
    problem: Callable[[str], None]
    again: Callable[[], None]


class CorrectionPresenter:
    """Decides for the form. It must be held.

    Args:
        view: the form.
        actions: what the desk does.
        runner: where.
        page: says what was done or could not be, and looks again once the directory changed.
    """

    def __init__(
        self,
        view: CorrectionPage,
        actions: ReceptionActions,
        runner: Runner,
        page: Page,
    ) -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._page = page
        self._correcting = EntryCorrecting(view, actions.correct, runner, self._today)
        self._entry: Correctable | None = None

    def open(self, reference: str) -> None:
        """Show the entry of a structure or service; what the directory does not know has none."""
        self._runner.run(lambda: self._actions.entry(reference), self._show, self._fail)

    def read_hours(self, typed: str) -> None:
        """Say how hours that are being typed are understood."""
        self._correcting.read_hours(typed)

    def send(self, before: Typed, typed: Typed) -> None:
        """Write what was changed, or say why not."""
        entry = self._entry
        if entry is not None:
            self._correcting.send(
                entry.entry.reference,
                before,
                typed,
                lambda changes, fields: self._corrected(entry, changes, fields),
            )

    def _show(self, entry: Correctable | None) -> None:
        self._entry = entry
        if entry is None:
            self._page.say("Cette structure n’est pas dans l’annuaire", None)
            return
        typed = typed_of(entry.entry, self._today())
        is_service = entry.service is not None
        self._view.show_entry(Entry(name=entry.name, is_service=is_service, typed=typed))

    def _corrected(self, entry: Correctable, changes: Changes, fields: Fields) -> None:
        self._view.close_correction()
        self._actions.publish(changes)
        self._page.say(_done_words(entry, fields), lambda: self._undo(entry, fields))
        self._page.again()

    def _undo(self, corrected: Correctable, fields: Fields) -> None:
        entry = corrected.entry
        before: Fields = {
            "telephone": entry.telephone or "",
            "horaires_accueil": entry.hours or "",
            "ended_on": entry.ended_on.isoformat() if entry.ended_on else "",
        }
        checked = {_CHECKED: entry.checked_on.isoformat()}
        back: Fields = {**{name: before[name] for name in fields}, **checked}
        correct = self._actions.correct
        self._runner.run(lambda: correct(entry.reference, back), self._undone, self._fail)

    def _undone(self, changes: Changes) -> None:
        self._actions.publish(changes)
        self._page.again()

    def _fail(self, error: Exception) -> None:
        self._page.problem(sentence_for(error))

    def _today(self) -> dt.date:
        return self._actions.now().astimezone().date()


def _done_words(entry: Correctable, fields: Fields) -> str:
    if fields.get("ended_on"):
        gone = "noté comme n’existant plus" if entry.service else "notée comme n’existant plus"
        return typeset(f"{entry.name} : {gone}")
    if fields:
        return typeset(f"Fiche corrigée : {entry.name}")
    return typeset(f"Fiche vérifiée aujourd’hui : {entry.name}")
