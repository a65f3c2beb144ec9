"""`deux-portes-relay take`: statements that somebody carried here, and that no machine brought."""

import time
from functools import partial
from pathlib import Path

import click

from sync.canonical import FormatError
from sync.carried_json import read_carried_file
from sync.ceremony_files import read_certificate_file, read_region
from sync.frames import encode_statement_frames
from sync.french_usage import FrenchCommand
from sync.relay import identity
from sync.relay.admission import Kept, admit_carried, read_brought
from sync.relay.commands.opening import (
    answer,
    answer_in_lines,
    database_option,
    existing_file,
    json_option,
    opened,
)
from sync.relay.database import Database
from sync.relay.directory import Directory
from sync.statement_files import read_statements_file

_REFUSED = 1


@click.command(
    cls=FrenchCommand,
    help="Prendre un fichier apporté : retrait décidé par la Région, certificat.",
)
@database_option
@json_option
@click.argument("file", metavar="FICHIER", type=existing_file)
def take(database_url: str | None, file: Path, *, as_json: bool) -> None:
    """Keep what a file holds, even while the relay serves; leave with 1 if nothing was believed.

    Nothing is believed but by its signatures: the file may come from anybody.
    """
    statements = _statements_in(file)
    with opened(database_url) as database:
        kept = _kept(database, statements)
    refused = [{"name": name.hex(), "code": code} for name, code in kept.refused]
    if as_json:
        answer({"kept": len(kept.kept), "refused": refused})
    else:
        answer_in_lines({"déclarations gardées": len(kept.kept), "refusées": len(refused)})
        for one in refused:
            click.echo(f"  {one['name'][:16]} {one['code']}")
    if statements and not kept.kept:
        raise click.exceptions.Exit(_REFUSED)


def _kept(database: Database, statements: tuple[bytes, ...]) -> Kept:
    authority_key = database.read(identity.served_authority)
    if authority_key is None:
        message = "ce relais ne sert encore aucune autorité. Lancez d’abord « init »."
        raise click.ClickException(message)
    brought = read_brought(encode_statement_frames(statements))
    directory = Directory(authority_key)
    database.read(directory.refreshed)
    now = int(time.time())
    return database.write(partial(admit_carried, directory=directory, brought=brought, now=now))


def _statements_in(file: Path) -> tuple[bytes, ...]:
    """Read a file of statements, of a Region, or of a certificate."""
    try:
        text = read_carried_file(file)
    except (OSError, UnicodeDecodeError, FormatError):
        text = ""
    for read in (_carried, _of_region, _of_certificate):
        try:
            return read(text)
        except FormatError:
            continue
    message = f"{file} n’est ni un fichier de déclarations, ni celui d’une Région."
    raise click.ClickException(message)


def _carried(text: str) -> tuple[bytes, ...]:
    return read_statements_file(text).statements


def _of_region(text: str) -> tuple[bytes, ...]:
    statement = read_region(text).relay_statement
    return (statement,) if statement else ()


def _of_certificate(text: str) -> tuple[bytes, ...]:
    return (read_certificate_file(text).statement,)
