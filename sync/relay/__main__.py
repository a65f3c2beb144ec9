"""`deux-portes-relay`: give the relay its Region, start it, look at what it holds."""

import json
import logging
import os
import sys
from pathlib import Path

import click
import platformdirs
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from sync.canonical import FormatError
from sync.ceremony_files import read_region, relay_request
from sync.french_usage import FrenchGroup
from sync.relay import identity
from sync.relay.app import Relay
from sync.relay.database import (
    Database,
    DatabaseBusyError,
    DatabaseFromTheFutureError,
    DatabaseFullError,
)
from sync.relay.directory import Directory
from sync.relay.server import serve as serve_requests
from sync.relay.tables import bundles, parts

AUTHORITY_VARIABLE = "DEUX_PORTES_AUTHORITY"

_PRIVATE = 0o077

_database_option = click.option(
    "--database",
    "database_url",
    metavar="URL",
    envvar="DEUX_PORTES_RELAY_DATABASE",
    help="URL SQLAlchemy de la base (par défaut : un fichier du dossier de données).",
)
_AUTHORITY_FILE = "Fichier public de l’autorité."
_authority_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(
    cls=FrenchGroup,
    help="Le relais régional : il garde des paquets scellés qu’il ne peut pas lire.",
)
def main() -> None:
    """Group the commands of the relay."""
    # The database holds the relay's private key.
    os.umask(_PRIVATE)


@main.command(help="Créer la clé du relais et la demande que l’autorité certifie.")
@_database_option
@click.option(
    "--authority",
    "authority",
    type=_authority_file,
    required=True,
    metavar="FICHIER",
    help=_AUTHORITY_FILE,
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="relay-request.json",
    show_default=True,
    metavar="FICHIER",
    help="Fichier de la demande à écrire.",
)
def init(database_url: str | None, authority: Path, out: Path) -> None:
    """Make the relay's key and its request; doing it again writes the same request."""
    database = _opened(database_url)
    _tell_authority(database, authority)
    request = relay_request(database.write(identity.own_key))
    database.close()
    try:
        out.write_text(request.to_json(), encoding="utf-8")
    except OSError as error:
        message = f"le fichier {out} ne peut pas être écrit."
        raise click.ClickException(message) from error
    _print({"request": str(out), "relay_key": request.relay_key.hex(), "code": request.spoken})


@main.command(help="Répondre aux postes jusqu’à l’arrêt ; le TLS est l’affaire du mandataire.")
@_database_option
@click.option(
    "--listen",
    default="127.0.0.1:8470",
    show_default=True,
    metavar="HÔTE:PORT",
    help="Adresse où écouter.",
)
@click.option(
    "--authority",
    "authority",
    type=_authority_file,
    envvar=AUTHORITY_VARIABLE,
    metavar="FICHIER",
    help=f"{_AUTHORITY_FILE[:-1]} ; la première fois seulement.",
)
def serve(database_url: str | None, listen: str, authority: Path | None) -> None:
    """Answer machines until SIGTERM. TLS is the reverse proxy's work."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    host, port = _host_and_port(listen)
    database = _opened(database_url)
    if authority is not None:
        _tell_authority(database, authority)
    key = database.write(identity.own_key)
    authority_key = database.read(identity.served_authority)
    if authority_key is None:
        click.echo("Pas encore d’autorité : tout est refusé. Voir --authority.", err=True)
    relay = Relay(database, key=key, authority_key=authority_key)
    shown = f"[{host}]" if ":" in host else host
    try:
        serve_requests(
            relay.application(),
            host=host,
            port=port,
            when_ready=lambda chosen: _print({"url": f"http://{shown}:{chosen}"}),
        )
    except OSError as error:
        message = f"impossible d’écouter sur {listen} : {error.strerror}."
        raise click.ClickException(message) from error
    finally:
        database.close()


@main.command(help="Compter ce que le relais garde.")
@_database_option
@click.option("--json", "as_json", is_flag=True, help="Écrire du JSON.")
def status(database_url: str | None, *, as_json: bool) -> None:
    """Count what the relay holds."""
    database = _opened(database_url)
    counts = _counts(database)
    database.close()
    if as_json:
        _print(counts)
    else:
        for name, count in counts.items():
            click.echo(f"{name}: {count}")


def _opened(url: str | None) -> Database:
    try:
        return Database(_usable(url) if url else _usual_database())
    except DatabaseFromTheFutureError as error:
        message = "cette base a été écrite par une version plus récente du relais."
        raise click.ClickException(message) from error
    except DatabaseFullError as error:
        message = "le disque est plein ; ce qui était gardé l’est toujours."
        raise click.ClickException(message) from error
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


def _tell_authority(database: Database, file: Path) -> None:
    try:
        region = read_region(file.read_text("utf-8"))
        database.write(
            lambda connection: identity.serve_authority(connection, region.authority_key)
        )
    except (FormatError, UnicodeDecodeError) as error:
        message = f"{file} n’est pas le fichier public d’une autorité."
        raise click.ClickException(message) from error
    except identity.OtherAuthorityError as error:
        message = "ce relais sert déjà une autre autorité."
        raise click.ClickException(message) from error


def _host_and_port(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        message = "--listen attend HÔTE:PORT."
        raise click.ClickException(message)
    return host.strip("[]"), int(port)


def _counts(database: Database) -> dict[str, int]:
    authority_key = database.read(identity.served_authority)
    held = select(func.count(), func.coalesce(func.sum(bundles.c.size), 0)).select_from(bundles)
    begun = select(func.count(parts.c.name.distinct()))
    count, size_bytes = database.read(lambda connection: connection.execute(held).one())
    machines = spaces = 0
    if authority_key is not None:
        registry = database.read(Directory(authority_key).refreshed).registry
        machines, spaces = len(registry.machines), len(registry.spaces)
    return {
        "machines": machines,
        "spaces": spaces,
        "bundles": count,
        "bytes": int(size_bytes),
        "partial_uploads": database.read(lambda connection: connection.scalar(begun)) or 0,
    }


def _print(value: dict[str, str] | dict[str, int]) -> None:
    click.echo(json.dumps(value))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
