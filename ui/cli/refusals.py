"""How a command ends: its exit code, and on the error stream one sentence or one line of JSON."""

import errno
import json
from typing import Any, Final

import click

from app.domain.errors import (
    AppError,
    CompartmentClosedError,
    DiskFullError,
    DiskRefusedError,
    ForgedEventError,
    MissingPassphraseError,
    NotEnrolledError,
    TooSoonError,
    UnknownAgentError,
    UnknownImportError,
    UnknownRecordError,
    UnknownTemplateError,
    UnreadableIdentifierError,
    WeakPassphraseError,
    WorkspaceBusyError,
    WorkspaceError,
    WrongPassphraseError,
)
from app.printing.errors import PrintingError
from ui.texts import sentence_for

DONE: Final = 0
FAULT: Final = 1
USAGE: Final = 2
INPUT: Final = 3
WORKSPACE: Final = 4
PASSPHRASE: Final = 5
BUSY: Final = 6
EXCHANGE: Final = 7
UNKNOWN: Final = 8
PRINTING: Final = 9
INTERRUPTED: Final = 130

MEANINGS: Final = (
    (DONE, "fait"),
    (FAULT, "erreur du programme, notée dans le journal technique"),
    (USAGE, "commande mal écrite"),
    (INPUT, "contenu refusé (accueil, vocabulaire, commune, structure, JSON)"),
    (WORKSPACE, "espace de travail absent, existant, abîmé ou plus récent ; disque"),
    (PASSPHRASE, "phrase de passe, agent ou rôle"),
    (BUSY, "espace de travail déjà ouvert ailleurs"),
    (EXCHANGE, "échange (relais absent, refus, certificat)"),
    (UNKNOWN, "fiche inconnue"),
    (PRINTING, "impression (bibliothèque absente, fichier déjà là, note illisible)"),
    (INTERRUPTED, "interrompu"),
)
"""Every exit code with what it means, as the help page and the documentation list them."""

# The first family that an error belongs to gives the code.
_FAMILIES: Final[tuple[tuple[tuple[type[AppError], ...], int], ...]] = (
    ((WorkspaceBusyError,), BUSY),
    ((WorkspaceError,), WORKSPACE),
    (
        (
            WrongPassphraseError,
            TooSoonError,
            WeakPassphraseError,
            MissingPassphraseError,
            UnknownAgentError,
            CompartmentClosedError,
        ),
        PASSPHRASE,
    ),
    (
        (
            UnknownRecordError,
            UnknownTemplateError,
            UnknownImportError,
            UnreadableIdentifierError,
        ),
        UNKNOWN,
    ),
    ((NotEnrolledError, ForgedEventError), EXCHANGE),
    ((PrintingError,), PRINTING),
)


def exit_code(error: AppError) -> int:
    """Return the exit code of a refusal; what the exchange refuses has its own."""
    for family, code in _FAMILIES:
        if isinstance(error, family):
            return code
    if error.code == "unknown_request":
        return UNKNOWN
    # The command line does not import the exchange: its errors are known by where they are written.
    return EXCHANGE if type(error).__module__.split(".")[0] == "sync" else INPUT


def refusal_of(error: OSError) -> AppError:
    """Return what the system said of a file as one of our refusals."""
    # Windows has no quota of its own.
    full = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    return DiskFullError() if error.errno in full else DiskRefusedError()


def error_as_json(code: str, message: str, **more: Any) -> dict[str, Any]:
    """Return the stable JSON of an error."""
    return {"error": {"code": code, "message": message, **more}}


def refusal_as_json(error: AppError) -> dict[str, Any]:
    """Return the stable JSON of a refusal."""
    return error_as_json(error.code, sentence_for(error))


def complain(message: str, content: dict[str, Any], *, as_json: bool) -> None:
    """Write an error on the error stream: a sentence, or one line of JSON."""
    click.echo(json.dumps(content, ensure_ascii=False) if as_json else message, err=True)
