"""What the screen of machines decides: what is shown, removing a machine, what waits."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError
from ui.machines.page import Said, Structure, StructurePage, Tone, structure_page
from ui.texts import count, sentence_for

if TYPE_CHECKING:
    from ui.running import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinesActions:
    """What the screen has done elsewhere.

    Attributes:
        structure: reads all that is shown; called by the runner.
        remove: removes a machine by its key and returns its code; called by the runner.
        accept_late: accepts what a removed machine sent late, by its key; returns how many bundles;
            called by the runner.
        accept_key: takes another key for a reference of the directory, by reference and key; called
            by the runner.
        keep_known: settles a dispute by its code and what it is about: what is known here is right;
            called by the runner.
        spread: has the next exchange carry what was just signed, and other screens hear of it.
        now: the present moment.
    """

    structure: Callable[[], Structure]
    remove: Callable[[str], str]
    accept_late: Callable[[str], int]
    accept_key: Callable[[str, str], None]
    keep_known: Callable[[str, str], None]
    spread: Callable[[], None]
    now: Callable[[], dt.datetime]


class MachinesScreen(Protocol):
    """What the screen can show."""

    def show_page(self, page: StructurePage) -> None:
        """Show the machines, the requests, what one may do."""
        ...

    def show_said(self, said: Said) -> None:
        """Say what was just done, or why not, beside what it is about."""
        ...


class MachinesPresenter:
    """Decides for the screen of machines. It must be held, by its view for instance."""

    def __init__(self, view: MachinesScreen, actions: MachinesActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner

    def refresh(self) -> None:
        """Read again all that is shown."""
        now = self._actions.now
        self._runner.run(
            lambda: structure_page(self._actions.structure(), now()),
            self._view.show_page,
            self._refused,
        )

    def changed(self, changes: Changes) -> None:
        """Read again when an exchange may have brought a request or a removal."""
        if Topic.EXCHANGE in changes.topics:
            self.refresh()

    def remove(self, key: str) -> None:
        """Remove a machine: the person confirmed it."""
        self._runner.run(lambda: self._actions.remove(key), self._removed, self._refused)

    def accept_late(self, key: str) -> None:
        """Accept what a removed machine sent late: the person confirmed it."""
        self._runner.run(lambda: self._actions.accept_late(key), self._accepted, self._refused)

    def accept_key(self, reference: str, key: str) -> None:
        """Take another key for a structure: its code was compared aloud."""
        self._runner.run(
            lambda: self._actions.accept_key(reference, key), self._key_accepted, self._refused
        )

    def keep_known(self, code: str, reference: str) -> None:
        """Settle a dispute: what is known here is right."""
        self._runner.run(
            lambda: self._actions.keep_known(code, reference), self._known_kept, self._refused
        )

    def _removed(self, code: str) -> None:
        self._done(
            f"Le poste {code} est retiré et les clés sont changées. Les autres l’apprennent par"
            " l’échange qui commence, ou le prochain."
        )

    def _accepted(self, bundles: int) -> None:
        accepted = count(bundles, "envoi accepté", "envois acceptés")
        self._done(f"{accepted}. Le prochain échange de chaque poste les ajoutera aux fiches.")

    def _key_accepted(self, _nothing: None) -> None:
        self._done("L’autre clé vaut désormais sur ce poste.")

    def _known_kept(self, _nothing: None) -> None:
        self._done("C’est noté\u202f: rien n’attend plus de décision à ce sujet.")

    def _done(self, text: str) -> None:
        self._view.show_said(Said(tone=Tone.DONE, text=text))
        self._actions.spread()
        self.refresh()

    def _refused(self, error: Exception) -> None:
        self._view.show_said(Said(tone=Tone.ATTENTION, text=sentence_for(error)))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
