"""What correcting an entry of the directory decides, from the place where an error is seen. No Qt.

Only what was changed is written. Sent unchanged, the form vouches for the entry, today.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.changes import Changes
from app.domain.errors import AppError
from app.domain.events import Value
from app.reference.directory import StructureEntry
from app.reference.opening_hours import UnreadableHoursError, read_opening_hours
from ui.opening_words import as_published
from ui.reception.actions import ReceptionActions
from ui.running import Runner
from ui.texts import sentence_for, typeset
from ui.widgets.referral_words import telephone_words

_CHECKED = "date_maj"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as the form shows it."""

    reference: str
    name: str
    telephone: str
    hours: str
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds when it is sent."""

    telephone: str
    hours: str
    is_gone: bool


class CorrectionPage(Protocol):
    """The form as the presenter sees it."""

    def show_entry(self, entry: Entry) -> None:
        """Open the form on an entry."""
        ...

    def show_correction_problem(self, sentence: str, *, in_hours: bool) -> None:
        """Say why nothing was written, beside the hours when they are the reason."""
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
        self._entry: StructureEntry | None = None

    def open(self, reference: str) -> None:
        """Show the entry of a structure; one that the directory does not know has none."""
        self._runner.run(lambda: self._actions.entry(reference), self._show, self._fail)

    def send(self, typed: Typed) -> None:
        """Write what was changed, or say why not."""
        entry = self._entry
        if entry is None:
            return
        fields = self._changed(entry, typed)
        try:
            read_opening_hours(str(fields.get("horaires_accueil") or "off"))
        except UnreadableHoursError as error:
            self._view.show_correction_problem(sentence_for(error), in_hours=True)
            return
        correct = self._actions.correct
        self._runner.run(
            lambda: correct(entry.reference, fields),
            lambda changes: self._corrected(entry, fields, changes),
            self._refuse,
        )

    def _show(self, entry: StructureEntry | None) -> None:
        self._entry = entry
        if entry is None:
            self._page.say("Cette structure n’est pas dans l’annuaire", None)
            return
        self._view.show_entry(self._shown(entry))

    def _shown(self, entry: StructureEntry) -> Entry:
        return Entry(
            reference=entry.reference,
            name=entry.display_name,
            telephone=telephone_words(entry.telephone or ""),
            hours=entry.hours or "",
            is_gone=entry.has_ended_on(self._today()),
        )

    def _changed(self, entry: StructureEntry, typed: Typed) -> dict[str, Value]:
        before = self._shown(entry)
        fields: dict[str, Value] = {}
        if typed.telephone.split() != before.telephone.split():
            fields["telephone"] = " ".join(typed.telephone.split())
        if typed.hours.strip() != before.hours.strip():
            fields["horaires_accueil"] = as_published(typed.hours.strip())
        if typed.is_gone != before.is_gone:
            fields["ended_on"] = self._today().isoformat() if typed.is_gone else ""
        return fields

    def _corrected(
        self, entry: StructureEntry, fields: Mapping[str, Value], changes: Changes
    ) -> None:
        self._view.close_correction()
        self._actions.publish(changes)
        self._page.say(_done_words(entry, fields), lambda: self._undo(entry, fields))
        self._page.again()

    def _undo(self, entry: StructureEntry, fields: Mapping[str, Value]) -> None:
        before: dict[str, Value] = {
            "telephone": entry.telephone or "",
            "horaires_accueil": entry.hours or "",
            "ended_on": entry.ended_on.isoformat() if entry.ended_on else "",
        }
        back: dict[str, Value] = {name: before[name] for name in fields}
        back[_CHECKED] = entry.checked_on.isoformat()
        correct = self._actions.correct
        self._runner.run(lambda: correct(entry.reference, back), self._undone, self._fail)

    def _undone(self, changes: Changes) -> None:
        self._actions.publish(changes)
        self._page.again()

    def _fail(self, error: Exception) -> None:
        self._page.problem(sentence_for(error))

    def _refuse(self, error: Exception) -> None:
        in_hours = isinstance(error, AppError) and error.facts.get("field") == "horaires_accueil"
        self._view.show_correction_problem(sentence_for(error), in_hours=in_hours)

    def _today(self) -> dt.date:
        return self._actions.now().astimezone().date()


def _done_words(entry: StructureEntry, fields: Mapping[str, Value]) -> str:
    if fields.get("ended_on"):
        return typeset(f"{entry.display_name} : notée comme n’existant plus")
    if fields:
        return typeset(f"Fiche corrigée : {entry.display_name}")
    return typeset(f"Fiche vérifiée aujourd’hui : {entry.display_name}")
