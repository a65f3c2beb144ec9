"""`deux-portes-relay backup` and `restore`: the whole relay in one file, and back."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from sync.french_usage import FrenchCommand
from sync.relay.backup import NoBackupError, back_up
from sync.relay.backup import restore as fill
from sync.relay.commands.opening import answer, database_option, existing_file, opened
from sync.relay.upgrading import DatabaseNotEmptyError

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
@click.argument("target", metavar="FICHIER|DOSSIER", type=click.Path(path_type=Path))
def backup(database_url: str | None, target: Path, keep: int | None, *, replace: bool) -> None:
    """Write a backup: into that file, or into a dated file of that folder."""
    is_folder = target.is_dir()
    if keep is not None and not is_folder:
        message = "--keep attend un dossier, où les copies sont datées."
        raise click.ClickException(message)
    file = target / datetime.now(UTC).strftime(_DATED) if is_folder else target
    if file.exists() and not replace:
        message = f"{file} existe déjà. Voir --replace."
        raise click.ClickException(message)
    with opened(database_url) as database:
        try:
            back_up(database, file)
        except OSError as error:
            message = f"le fichier {file} ne peut pas être écrit."
            raise click.ClickException(message) from error
    dropped = _drop_old(target, keep) if keep is not None else 0
    answer({"backup": str(file), "bytes": file.stat().st_size, "dropped": dropped})


@click.command(
    cls=FrenchCommand,
    help="Remplir une base vide à partir d’une copie (relais arrêté).",
)
@database_option
@click.argument("file", metavar="FICHIER", type=existing_file)
def restore(database_url: str | None, file: Path) -> None:
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
    answer({"restored": str(file)})


def _drop_old(folder: Path, keep: int) -> int:
    """Remove all dated backups but the last ones: their names go by date."""
    old = sorted(folder.glob(_ANY_DATED))[:-keep]
    for file in old:
        file.unlink()
    return len(old)
