"""What every command starts from: the common options given, the passphrase, the open desk."""

import contextlib
import getpass
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.domain.errors import MissingPassphraseError, WorkspaceMissingError
from ui.cli.french import GIVEN
from ui.cli.usage_words import WrongUsageError
from ui.texts import typeset

if TYPE_CHECKING:
    from app.usecases.desk import Desk

PASSPHRASE_VARIABLE = "DEUX_PORTES_PASSPHRASE"  # noqa: S105  (the name of a variable)
STRUCTURE_CODE_VARIABLE = "DEUX_PORTES_STRUCTURE_CODE"
NEW_PASSPHRASE_VARIABLE = "DEUX_PORTES_NEW_PASSPHRASE"  # noqa: S105  (the name of a variable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The options common to every command, wherever they stood among the words."""

    workspace: Path | None
    as_json: bool
    agent: str | None
    passphrase_file: Path | None
    recovery: bool

    @property
    def folder(self) -> Path:
        """The folder of the workspace: given, from the environment, or this user's own."""
        from ui.compose import default_workspace

        return self.workspace or default_workspace()

    def passphrase(self) -> str:
        """Return the passphrase that opens the workspace.

        Raises:
            MissingPassphraseError: none was given, and nobody is there to be asked.
        """
        words = "Code de secours" if self.recovery else "Phrase de passe"
        return _secret(self.passphrase_file, PASSPHRASE_VARIABLE) or _asked(words)

    def first_passphrase(self) -> str:
        """Return the passphrase of a workspace about to be made; typed, it is typed twice."""
        given = _secret(self.passphrase_file, PASSPHRASE_VARIABLE)
        return given or _asked_twice("Phrase de passe (dix signes au moins)")

    def show(self, content: Any, lines: Iterable[str]) -> None:
        """Answer: one line of JSON when it was asked for, else lines for people."""
        if self.as_json:
            click.echo(json.dumps(content, ensure_ascii=False))
        else:
            click.echo("\n".join(lines))


def session() -> Session:
    """Return the session of the command that is running."""
    given = click.get_current_context().meta.get(GIVEN, {})
    return Session(
        workspace=given.get("workspace"),
        as_json=given.get("json", False),
        agent=given.get("agent"),
        passphrase_file=given.get("passphrase_file"),
        recovery=given.get("recovery", False),
    )


@contextlib.contextmanager
def open_desk(given: Session) -> Iterator["Desk"]:
    """Open the workspace of a session, and close it whatever happens.

    Raises:
        WorkspaceMissingError: before any passphrase is asked.
    """
    from app.usecases.agents import agents_who_can_unlock
    from ui import compose

    folder = given.folder
    if not agents_who_can_unlock(folder):
        raise WorkspaceMissingError(str(folder))
    desk = compose.open_desk(
        folder, agent=given.agent, passphrase=given.passphrase(), recovery=given.recovery
    )
    try:
        yield desk
    finally:
        desk.workspace.close()


def new_passphrase(file: Path | None) -> str:
    """Return the passphrase of an agent about to be added; typed, it is typed twice.

    Raises:
        MissingPassphraseError: none was given, and nobody is there to be asked.
    """
    given = _secret(file, NEW_PASSPHRASE_VARIABLE)
    return given or _asked_twice("Phrase de passe du nouvel agent (dix signes au moins)")


def structure_code() -> str:
    """Return the printed code that recovers a structure, from the environment or the keyboard.

    Raises:
        MissingPassphraseError: none was given, and nobody is there to be asked.
    """
    given = os.environ.get(STRUCTURE_CODE_VARIABLE, "")
    return given or _asked("Code de reprise de la structure")


def confirm(question: str) -> bool:
    """Ask a question to be answered « oui »; anything else is no.

    Raises:
        WrongUsageError: nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        message = "Cette commande demande une confirmation : ajoutez --yes."
        raise WrongUsageError(message, ctx=click.get_current_context())
    click.echo(typeset(f"{question} Tapez « oui » pour confirmer : "), nl=False, err=True)
    return sys.stdin.readline().strip().lower() == "oui"


def _secret(file: Path | None, variable: str) -> str:
    """Return the first line of a file, or a variable; "" when neither is given."""
    if file is None:
        return os.environ.get(variable, "")
    try:
        return file.read_text(encoding="utf-8-sig").split("\n")[0].rstrip("\r")
    except UnicodeDecodeError as error:
        message = "Le fichier de la phrase de passe n’est pas un texte (UTF-8)."
        raise WrongUsageError(message, ctx=click.get_current_context()) from error


def _asked(words: str) -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        raise MissingPassphraseError
    return getpass.getpass(typeset(f"{words} : "))


def _asked_twice(words: str) -> str:
    typed = _asked(words)
    if typed != _asked("La même, encore une fois"):
        message = "Les deux phrases de passe diffèrent : rien n’a été fait."
        raise WrongUsageError(message, ctx=click.get_current_context())
    return typed
