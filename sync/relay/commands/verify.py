"""`deux-portes-relay verify`: read everything, and say what is not what it should be."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sync.french_usage import FrenchCommand, typeset
from sync.relay import engines
from sync.relay.commands.opening import (
    answer,
    answer_in_lines,
    database_option,
    existing_file,
    json_option,
    opened,
    told_in_words,
)
from sync.relay.database import DatabaseFromTheFutureError
from sync.relay.upgrading import is_known, revision_of
from sync.relay.verification import Fault, Verification

_LISTED_MAX = 1_000
_WORDS = {
    "meta": "base",
    "database": "base",
    "statements": "déclaration",
    "bundles": "paquet",
    "pieces": "morceau de point de reprise",
    "parts": "envoi commencé",
    "packs": "annuaire publié",
}
_COUNTS = {
    "statements": "déclarations lues",
    "bundles": "paquets lus",
    "pieces": "morceaux de points de reprise lus",
    "parts": "morceaux d’envois commencés lus",
    "packs": "annuaires publiés lus",
}
FAULTS_FOUND = 3
"""With which code a command leaves that found something wrong."""


@click.command(
    cls=FrenchCommand,
    help="Tout relire et vérifier : noms, signatures, accusés. Rien n’est changé.",
)
@database_option
@json_option
@click.argument("file", metavar="[FICHIER]", type=existing_file, required=False)
def verify(database_url: str | None, file: Path | None, *, as_json: bool) -> None:
    """Verify the database, or the file of a backup; leave with 3 if anything is wrong."""
    verification = Verification()
    listed: list[Fault] = []

    def read(connection: Connection) -> None:
        for fault in verification.of(connection):
            if len(listed) < _LISTED_MAX:
                listed.append(fault)
            if not as_json:
                click.echo(_line(fault))

    if file is not None:
        read_file(file, read)
    else:
        with opened(database_url) as database:
            database.read(read)
    if as_json:
        answer(_told(verification, listed))
    else:
        counts = {_COUNTS.get(name, name): read for name, read in verification.counts.items()}
        answer_in_lines(counts | {"à savoir": verification.notices, "fautes": verification.faults})
    if verification.faults:
        raise click.exceptions.Exit(FAULTS_FOUND)


def _line(fault: Fault) -> str:
    kind = "à savoir" if fault.is_notice else "faute"
    return typeset(f"{kind} : {_WORDS.get(fault.what, fault.what)} {fault.name} {fault.code}")


def _told(verification: Verification, listed: Sequence[Fault]) -> dict[str, Any]:
    def shown(*, is_notice: bool) -> list[dict[str, str]]:
        return [
            {"what": one.what, "name": one.name, "code": one.code}
            for one in listed
            if one.is_notice is is_notice
        ]

    return {
        **verification.counts,
        "faults": verification.faults,
        "wrong": shown(is_notice=False),
        "notices": verification.notices,
        "noticed": shown(is_notice=True),
    }


def read_file(file: Path, read: Callable[[Connection], None]) -> None:
    """Read the file of a backup.

    Raises:
        ClickException: it is none, or a newer relay's.
    """
    engine = engines.open_file(file)
    try:
        with told_in_words(), engine.connect() as connection:
            _check_readable(connection)
            read(connection)
    except SQLAlchemyError as error:
        message = f"{file} n’est pas une copie de la base d’un relais."
        raise click.ClickException(message) from error
    finally:
        engine.dispose()


def _check_readable(connection: Connection) -> None:
    revision = revision_of(connection)
    if revision is not None and not is_known(revision):
        raise DatabaseFromTheFutureError
