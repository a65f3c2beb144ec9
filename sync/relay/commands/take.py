"""`deux-portes-relay take`: what somebody carried here: statements, or a pack of the Region."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from sync.canonical import Flaw, FormatError
from sync.carried_json import read_carried_file
from sync.ceremony_files import read_certificate_file, read_region
from sync.frames import encode_statement_frames
from sync.french_usage import FrenchCommand, typeset
from sync.pack_marks import MAX_PACK_BYTES
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
from sync.relay.published import Published, kept_packs, publish
from sync.signed_packs import MAGIC, is_pack
from sync.statement_files import read_statements_file

_REFUSED = 1
_PACK_WORDS: Mapping[str, str] = {
    Published.KEPT: "annuaire publié : chaque poste le recevra à un prochain échange.",
    Published.KNOWN: "cet annuaire est déjà publié.",
    Published.OLDER: "refusé : un annuaire plus récent est déjà publié.",
    Published.TOO_EARLY: (
        "refusé : cet annuaire est daté de demain ou plus tard. Vérifiez l’heure de ce serveur, et"
        " celle de l’ordinateur qui l’a signé."
    ),
    Flaw.BAD_SIGNATURE: "refusé : la Région de ce relais n’a pas signé ce fichier.",
    Flaw.WRONG_IDENTIFIER: "refusé : cet annuaire est d’une autre Région.",
    Flaw.TOO_LARGE: "refusé : ce fichier est trop grand pour être publié.",
    Flaw.MALFORMED: "refusé : ce fichier est abîmé, ou n’est pas un annuaire signé.",
}
"""What is said of a pack, by what was done with it."""


@click.command(
    cls=FrenchCommand,
    help="Prendre un fichier apporté : annuaire signé, retrait décidé par la Région, certificat.",
)
@database_option
@json_option
@click.argument("file", metavar="FICHIER", type=existing_file)
def take(database_url: str | None, file: Path, *, as_json: bool) -> None:
    """Keep what a file holds, even while the relay serves; leave with 1 if nothing was believed.

    Nothing is believed but by its signatures: the file may come from anybody.
    """
    if pack := _pack_in(file):
        _publish(database_url, pack, as_json=as_json)
        return
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


def _pack_in(file: Path) -> bytes:
    """Return the bytes of a pack, none of any other file; one that is too long is cut."""
    with file.open("rb") as opened_file:
        head = opened_file.read(len(MAGIC))
        return head + opened_file.read(MAX_PACK_BYTES) if is_pack(head) else b""


def _publish(database_url: str | None, pack: bytes, *, as_json: bool) -> None:
    """Keep a pack of the Region for every machine; leave with 1 if it is refused.

    One that is there already, or older, changes nothing: the former is no refusal.
    """
    with opened(database_url) as database:
        now, authority_key = int(time.time()), _served(database)
        done = database.write(lambda connection: publish(connection, pack, authority_key, now=now))
        kept = database.read(kept_packs)
    is_kept = done in {Published.KEPT, Published.KNOWN}
    if as_json:
        told = {kind: {"made": one.made_s, "bytes": one.size} for kind, one in kept.items()}
        answer({"pack": str(done), "packs": told})
    else:
        click.echo(typeset(_PACK_WORDS.get(done, _PACK_WORDS["malformed"])))
    if not is_kept:
        raise click.exceptions.Exit(_REFUSED)


def _served(database: Database) -> bytes:
    authority_key = database.read(identity.served_authority)
    if authority_key is None:
        message = "ce relais ne sert encore aucune autorité. Lancez d’abord « init »."
        raise click.ClickException(message)
    return authority_key


def _kept(database: Database, statements: tuple[bytes, ...]) -> Kept:
    authority_key = _served(database)
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
