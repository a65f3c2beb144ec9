"""What the screen decides of machines that come: invitations, requests, admissions, files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AppError
from ui.machines.page import Invitation, Said, Tone
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner

_FORGOTTEN = "Faites d’abord une invitation."


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that was opened: its kind, what it brought, the code of a request and its place.

    `is_known` is False for a request whose invitation has not come here yet.
    """

    kind: str
    statements: int = 0
    spoken: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningActions:
    """What is done elsewhere.

    Attributes:
        invite: makes an invitation; called by the runner.
        save: writes a file to carry, as a picture when its name is one; called by the runner.
        open: takes whatever file somebody carried here; called by the runner.
        admit: admits the machine of a spoken code; returns its key; called by the runner.
        save_admission: writes the admission of a machine, by its key; called by the runner.
        save_structure_request: writes what the structure asks of its Region; called by the runner.
        spread: has the next exchange carry what was just signed, and other screens hear of it.
    """

    invite: Callable[[], Invitation]
    save: Callable[[str, Path], None]
    open: Callable[[Path], Opened]
    admit: Callable[[str], str]
    save_admission: Callable[[str, Path], None]
    save_structure_request: Callable[[Path], None]
    spread: Callable[[], None]


class JoiningScreen(Protocol):
    """What the screen can show."""

    def show_invitation(self, invitation: Invitation) -> None:
        """Show an invitation to be photographed or saved."""
        ...

    def show_admitted(self, spoken: str) -> None:
        """Offer the file that a machine just admitted needs where there is no network."""
        ...

    def show_said(self, said: Said) -> None:
        """Say what was just done, or why not."""
        ...


class JoiningPresenter:
    """Decides of machines that come. It must be held, by its view for instance."""

    def __init__(self, view: JoiningScreen, actions: JoiningActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._invitation: Invitation | None = None
        self._admitted = ""

    def invite(self) -> None:
        """Make an invitation and show it."""
        self._runner.run(self._actions.invite, self._invited, self._refused)

    def save_invitation(self, file: Path) -> None:
        """Write the invitation shown."""
        if self._invitation is None:
            self._view.show_said(Said(tone=Tone.INFO, text=_FORGOTTEN))
            return
        self.save(
            self._invitation.text, file, f"Invitation enregistrée\u202f: {file.name}. Portez-la au"
            " nouveau poste, qui l’ouvrira par «\u00a0Rejoindre une structure\u00a0»."
        )  # fmt: skip

    def save_request(self, text: str, file: Path) -> None:
        """Write the request of this machine."""
        self.save(
            text, file, f"Demande enregistrée\u202f: {file.name}. Portez-la au premier poste de la"
            " structure, qui l’ouvrira par «\u00a0Ouvrir un fichier reçu\u00a0»."
        )  # fmt: skip

    def save(self, text: str, file: Path, said: str) -> None:
        """Write a file to carry, and say what to do with it."""
        self._runner.run(
            lambda: self._actions.save(text, file), lambda _none: self._say(said), self._refused
        )

    def open_file(self, file: Path) -> None:
        """Take whatever file somebody carried here."""
        self._runner.run(lambda: self._actions.open(file), self._opened, self._refused)

    def admit(self, spoken: str) -> None:
        """Admit the machine whose code was compared aloud."""
        self._runner.run(
            lambda: self._actions.admit(spoken),
            lambda machine: self._let_in(spoken, machine),
            self._refused,
        )

    def save_admission(self, file: Path) -> None:
        """Write the admission of the machine just admitted."""
        machine = self._admitted
        said = (
            f"Admission enregistrée\u202f: {file.name}. Portez-la au nouveau poste, qui l’ouvrira"
            " par «\u00a0Ouvrir un fichier reçu\u00a0»."
        )
        self._runner.run(
            lambda: self._actions.save_admission(machine, file),
            lambda _none: self._say(said),
            self._refused,
        )

    def save_structure_request(self, file: Path) -> None:
        """Write what the structure asks of its Region."""
        said = (
            f"Demande enregistrée\u202f: {file.name}. Envoyez-la à la Région\u202f: elle rend un"
            " certificat, à ouvrir par «\u00a0Ouvrir un fichier reçu\u00a0»."
        )
        self._runner.run(
            lambda: self._actions.save_structure_request(file),
            lambda _none: self._say(said),
            self._refused,
        )

    def _invited(self, invitation: Invitation) -> None:
        self._invitation = invitation
        self._view.show_invitation(invitation)
        self._actions.spread()

    def _let_in(self, spoken: str, machine: str) -> None:
        self._admitted = machine
        self._say(
            f"Le poste {spoken} est admis. Avec le réseau, il recevra les fiches après un échange"
            " ici, puis un là-bas. Sans réseau, enregistrez son admission et portez-la-lui."
        )
        self._view.show_admitted(spoken)
        self._actions.spread()

    def _opened(self, opened: Opened) -> None:
        self._view.show_said(opened_words(opened))
        if opened.kind != "invitation":
            self._actions.spread()

    def _say(self, text: str) -> None:
        self._view.show_said(Said(tone=Tone.DONE, text=text))

    def _refused(self, error: Exception) -> None:
        self._view.show_said(Said(tone=Tone.ATTENTION, text=sentence_for(error)))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def opened_words(opened: Opened) -> Said:
    """Say what an opened file brought."""
    if opened.kind == "join-request":
        return _request_words(opened)
    if opened.kind == "invitation":
        return Said(
            tone=Tone.INFO,
            text="C’est une invitation\u202f: elle s’ouvre sur le nouveau poste, par"
            " «\u00a0Rejoindre une structure\u00a0», à sa première ouverture.",
        )
    if opened.kind == "statements" and not opened.statements:
        return Said(tone=Tone.INFO, text="Ce fichier n’apprend rien de nouveau à ce poste.")
    return Said(tone=Tone.DONE, text=_TAKEN.get(opened.kind, _TAKEN["statements"]))


_TAKEN = {
    "admission": "Ce poste est admis dans la structure\u202f: ses fiches partent et arrivent"
    " désormais avec chaque échange.",
    "structure-certificate": "La Région a reconnu la structure\u202f: les échanges sont ouverts.",
    "region": "L’adresse du relais de la Région est prise.",
    "statements": "Ce que le fichier apprend est pris\u202f: le prochain échange en tient compte.",
}


def _request_words(opened: Opened) -> Said:
    if opened.is_known:
        return Said(
            tone=Tone.DONE,
            text=f"La demande {opened.spoken} est là. Comparez ce code à voix haute, puis admettez"
            " le poste.",
        )
    return Said(
        tone=Tone.INFO,
        text=f"La demande {opened.spoken} est gardée, mais son invitation n’est pas encore connue"
        " ici, ou elle a déjà été admise. Si elle a été faite sur un autre poste, faites un échange"
        "\u202f: elle apparaîtra.",
    )
