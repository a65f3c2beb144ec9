"""What adding a structure to the directory decides, and taking one back. No Qt."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from app.changes import Changes
from app.domain.errors import AppError
from app.domain.events import Value
from app.reference.communes import Commune
from ui.directory.services import Offered
from ui.texts import sentence_for, typeset
from ui.widgets.entry_correction import CorrectionScreen, EntryWriting, Fields, Typed

if TYPE_CHECKING:
    from ui.running import Runner

_OF_SERVICE: Final = ("motives", "publics")
_FIRST_SERVICE: Final = "Accueil"
"""What a structure answers and whom it receives is said of a service: this one, when it is said."""

Addition = tuple[str, Changes | None]
"""The reference of a structure and what adding it changed: nothing, if it was there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addable:
    """What may be chosen for a structure to add; networks by code and words."""

    service: Offered
    networks: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddingActions:
    """What adding has done elsewhere; `add` to `search_communes` by the runner.

    Attributes:
        add: adds a structure with its first service, if any (`add_structure`).
        withdraw: takes one back (`withdraw`).
        put_back: puts one back that was (`withdraw`).
        search_communes: returns the communes that a text may mean.
        addable: what may be chosen.
        publish: tells the other screens what changed (`ChangesHub.publish`).
        today: the present day.
    """

    add: Callable[[Mapping[str, Value], Mapping[str, Value] | None], Addition]
    withdraw: Callable[[str], Changes]
    put_back: Callable[[str], Changes]
    search_communes: Callable[[str], Sequence[Commune]]
    addable: Callable[[], Addable]
    publish: Callable[[Changes], None]
    today: Callable[[], dt.date]


class AddingScreen(CorrectionScreen, Protocol):
    """What the part can show."""

    def enter(self, offered: Addable) -> None:
        """Show the form, with what was typed before."""
        ...

    def show_places(self, found: Sequence[Commune], query: str) -> None:
        """Propose communes."""
        ...

    def empty(self) -> None:
        """Forget what was typed."""
        ...

    def say(self, text: str, undo: Callable[[], None] | None = None, label: str = "") -> None:
        """Say what was just done; `label` names what takes it back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The screen of the directory, seen from here.

    Attributes:
        open: shows the structure of that reference.
        leave: goes back to the list if that one is shown.
        problem: says calmly what could not be done.
    """

    open: Callable[[str], None]
    leave: Callable[[str], None]
    problem: Callable[[str], None]


class AddingPresenter:
    """Decides for the form of a structure to add. It must be held, by its view for instance."""

    def __init__(
        self, view: AddingScreen, actions: AddingActions, runner: "Runner", around: Around
    ) -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._around = around
        communes = actions.search_communes
        self._writing = EntryWriting(view, runner, actions.today, communes=communes)

    def begin(self) -> None:
        """Show the form."""
        self._runner.run(self._actions.addable, self._view.enter, self._failed)

    def read_hours(self, typed: str) -> None:
        """Say how hours that are being typed are understood."""
        self._writing.read_hours(typed)

    def look_for_places(self, text: str) -> None:
        """Propose the communes that a text may mean."""
        self._runner.run(
            lambda: self._actions.search_communes(text) if text.strip() else (),
            lambda found: self._view.show_places(found, text),
            self._failed,
        )

    def add(self, before: Typed, typed: Typed) -> None:
        """Add what was typed and show it; one that is there already is shown instead."""
        self._writing.do(
            self._add, before, typed, lambda done, _fields: self._added(*done, typed.name.strip())
        )

    def withdraw(self, reference: str, name: str) -> None:
        """Take back a structure that was added here."""
        self._runner.run(
            lambda: self._actions.withdraw(reference),
            lambda changes: self._withdrawn(reference, name, changes),
            self._failed,
        )

    def _add(self, fields: Fields) -> Addition:
        structure = {name: value for name, value in fields.items() if name not in _OF_SERVICE}
        said = {name: fields[name] for name in _OF_SERVICE if fields.get(name)}
        return self._actions.add(structure, {"nom": _FIRST_SERVICE, **said} if said else None)

    def _added(self, reference: str, changes: Changes | None, name: str) -> None:
        if changes is None:
            self._view.say("Elle est déjà dans l’annuaire")
            self._around.open(reference)
            return
        self._view.empty()
        said = typeset(f"Ajoutée : {name}")
        self._view.say(said, lambda: self.withdraw(reference, name), "Retirer")
        self._actions.publish(changes)
        self._around.open(reference)

    def _withdrawn(self, reference: str, name: str, changes: Changes) -> None:
        self._around.leave(reference)  # before others are told: its page has nothing to show
        said = typeset(f"Retirée : {name}")
        self._view.say(said, lambda: self._put_back(reference), "Rétablir")
        self._actions.publish(changes)

    def _put_back(self, reference: str) -> None:
        def done(changes: Changes) -> None:
            self._actions.publish(changes)
            self._around.open(reference)

        self._runner.run(lambda: self._actions.put_back(reference), done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._around.problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
