"""`deux-portes-relay backup` and `restore`: the whole relay in one file, and back."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from sync.french_usage import FrenchCommand
from sync.relay.backup import NoBackupError, back_up
from sync.relay.backup import restore as fill
from sync.relay.commands.opening import (
    answer,
    answer_in_lines,
    database_option,
    existing_file,
    json_option,
    opened,
)
from sync.relay.commands.verify import FAULTS_FOUND, read_file
from sync.relay.upgrading import DatabaseNotEmptyError
from sync.relay.verification import Verification

_DATED = "relais-%Y-%m-%dT%H%M%SZ.sqlite3"
_ANY_DATED = "relais-????-??-??T??????Z.sqlite3"


@click.command(
    cls=FrenchCommand,
    help="Copier toute la base dans un fichier, pendant que le relais répond.",
)
@database_option
@click.option("--replace", is_flag=True, help="Remplacer le fichier s’il existe.")
@click.option(
    "--keep",
    type=click.IntRange(min=1, max=10_000),
    metavar="NOMBRE",
    help="Dans un dossier : ne garder que les dernières copies.",
)
@click.option("--verify", "verifies", is_flag=True, help="Relire et vérifier la copie.")
@json_option
@click.argument("target", metavar="FICHIER|DOSSIER", type=click.Path(path_type=Path))
def backup(target: Path, **options: Any) -> None:
    """Write a backup: into that file, or into a dated file of that folder.

    With `--verify` it is read again, and older ones are dropped only if nothing is wrong with it;
    else the command leaves with 3.
    """
    keep, is_folder = options["keep"], target.is_dir()
    if keep is not None and not is_folder:
        message = "--keep attend un dossier, où les copies sont datées."
        raise click.ClickException(message)
    file = target / datetime.now(UTC).strftime(_DATED) if is_folder else target
    if file.exists() and not options["replace"]:
        message = f"{file} existe déjà. Voir --replace."
        raise click.ClickException(message)
    _write(options["database_url"], file)
    faults = _faults_in(file) if options["verifies"] else None
    dropped = _drop_old(target, keep) if keep is not None and not faults else 0
    _tell(file, faults, dropped, as_json=options["as_json"])
    if faults:
        raise click.exceptions.Exit(FAULTS_FOUND)


def _write(database_url: str | None, file: Path) -> None:
    with opened(database_url) as database:
        try:
            back_up(database, file)
        except OSError as error:
            message = f"le fichier {file} ne peut pas être écrit."
            raise click.ClickException(message) from error


def _faults_in(file: Path) -> int:
    verification = Verification()

    def read(connection: Connection) -> None:
        for _ in verification.of(connection):
            pass

    read_file(file, read)
    return verification.faults


def _tell(file: Path, faults: int | None, dropped: int, *, as_json: bool) -> None:
    size_bytes = file.stat().st_size
    if as_json:
        answer({"backup": str(file), "bytes": size_bytes, "dropped": dropped, "faults": faults})
        return
    told: dict[str, object] = {"copie": file, "taille (octets)": size_bytes}
    if faults is not None:
        told["fautes"] = faults
    answer_in_lines(told | {"anciennes copies supprimées": dropped})


@click.command(
    cls=FrenchCommand,
    help="Remplir une base vide à partir d’une copie (relais arrêté).",
)
@database_option
@json_option
@click.argument("file", metavar="FICHIER", type=existing_file)
def restore(database_url: str | None, file: Path, *, as_json: bool) -> None:
    """Fill an empty database, of whatever kind, from a backup."""
    with opened(database_url) as database:
        try:
            database.write(partial(fill, file))
        except NoBackupError as error:
            message = f"{file} n’est pas une copie de la base d’un relais."
            raise click.ClickException(message) from error
        except DatabaseNotEmptyError as error:
            message = "cette base n’est pas vide ; une copie ne s’y ajoute pas."
            raise click.ClickException(message) from error
    if as_json:
        answer({"restored": str(file)})
    else:
        answer_in_lines({"base remplie à partir de": file})


def _drop_old(folder: Path, keep: int) -> int:
    """Remove all dated backups but the last ones: their names go by date."""
    old = sorted(folder.glob(_ANY_DATED))[:-keep]
    for file in old:
        file.unlink()
    return len(old)
