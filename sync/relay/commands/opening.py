"""What the relay's commands share: which database, how it opens, and how they answer."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import platformdirs
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from sync.canonical import FormatError
from sync.carried_json import read_carried_file
from sync.ceremony_files import read_region
from sync.french_usage import typeset
from sync.relay import identity
from sync.relay.database import (
    Database,
    DatabaseBusyError,
    DatabaseFromTheFutureError,
    DatabaseFullError,
)

AUTHORITY_VARIABLE = "DEUX_PORTES_AUTHORITY"
AUTHORITY_FILE = "Fichier public de l’autorité."
FULL = "le disque est plein ; ce qui était gardé l’est toujours."
FROM_THE_FUTURE = "cette base a été écrite par une version plus récente du relais."

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)

database_option = click.option(
    "--database",
    "database_url",
    metavar="URL",
    envvar="DEUX_PORTES_RELAY_DATABASE",
    help="URL SQLAlchemy de la base (par défaut : un fichier du dossier de données).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Écrire du JSON.")


@contextmanager
def opened(url: str | None) -> Iterator[Database]:
    """Open the database that was named, or the usual one, and close it at the end.

    Raises:
        ClickException: it does not open, with the reason in words.
    """
    with told_in_words():
        database = _database(url)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def told_in_words() -> Iterator[None]:
    """Say in words what the database answers."""
    try:
        yield
    except DatabaseFromTheFutureError as error:
        raise click.ClickException(FROM_THE_FUTURE) from error
    except DatabaseFullError as error:
        raise click.ClickException(FULL) from error
    except DatabaseBusyError as error:
        message = "la base ne répond pas, ou une autre commande la tient. Réessayez plus tard."
        raise click.ClickException(message) from error


def tell_authority(database: Database, file: Path) -> None:
    """Tell the relay whom it serves.

    Raises:
        ClickException: it serves another, or the file is not an authority's.
    """
    try:
        region = read_region(read_carried_file(file))
        database.write(
            lambda connection: identity.serve_authority(connection, region.authority_key)
        )
    except (FormatError, UnicodeDecodeError) as error:
        message = f"{file} n’est pas le fichier public d’une autorité."
        raise click.ClickException(message) from error
    except identity.OtherAuthorityError as error:
        message = "ce relais sert déjà une autre autorité."
        raise click.ClickException(message) from error


def answer(value: Mapping[str, Any]) -> None:
    """Write one line of JSON, at once."""
    click.echo(json.dumps(value))
    sys.stdout.flush()


def answer_in_lines(value: Mapping[str, object]) -> None:
    """Write a line for each figure, under its French name."""
    for name, told in value.items():
        click.echo(typeset(f"{name} : {told}"))


def _database(url: str | None) -> Database:
    try:
        return Database(_usable(url) if url else _usual_database())
    except (SQLAlchemyError, DatabaseBusyError, ImportError) as error:
        message = "la base ne s’ouvre pas. Vérifiez son adresse, ses droits, et que c’en est une."
        raise click.ClickException(message) from error


def _usual_database() -> str:
    """Return the address of the database of whoever gives none; its folder is made."""
    folder = platformdirs.user_data_path("deux-portes")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"le dossier {folder} ne peut pas être créé."
        raise click.ClickException(message) from error
    return f"sqlite:///{folder / 'relay.sqlite3'}"


def _usable(url: str) -> str:
    """Return the address given; a folder that is not there is more likely a mistake than a wish."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        folder = Path(parsed.database).absolute().parent
        if not folder.is_dir():
            message = (
                f"le dossier de la base n’existe pas ({folder}). Créez-le, ou corrigez --database."
            )
            raise click.ClickException(message)
    return url
