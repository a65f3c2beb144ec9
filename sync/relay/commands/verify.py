"""`deux-portes-relay verify`: read everything, and say what is not what it should be."""

from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sync.french_usage import FrenchCommand
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
    "parts": "envoi commencé",
}


@click.command(
    cls=FrenchCommand,
    help="Tout relire et vérifier : noms, signatures, accusés. Rien n’est changé.",
)
@database_option
@json_option
@click.argument("file", metavar="[FICHIER]", type=existing_file, required=False)
def verify(database_url: str | None, file: Path | None, *, as_json: bool) -> None:
    """Verify the database, or the file of a backup; leave with 1 if anything is wrong."""
    verification = Verification()
    listed: list[Fault] = []

    def read(connection: Connection) -> None:
        for fault in verification.of(connection):
            if len(listed) < _LISTED_MAX:
                listed.append(fault)
            if not as_json:
                click.echo(f"{_WORDS[fault.what]} {fault.name} : {fault.code}")

    if file is not None:
        _read_file(file, read)
    else:
        with opened(database_url) as database:
            database.read(read)
    if as_json:
        wrong = [{"what": one.what, "name": one.name, "code": one.code} for one in listed]
        answer({**verification.counts, "faults": verification.faults, "wrong": wrong})
    else:
        answer_in_lines({**verification.counts, "faults": verification.faults})
    if verification.faults:
        raise click.exceptions.Exit(1)


def _read_file(file: Path, read: Callable[[Connection], None]) -> None:
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
