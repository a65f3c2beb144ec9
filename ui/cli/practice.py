"""The practice desk, started from the command line."""

from pathlib import Path

import click

from ui.cli.faces import faces
from ui.cli.french import FrenchCommand
from ui.cli.values import FOLDER


@click.command(cls=FrenchCommand)
@click.option(
    "--shots",
    type=FOLDER,
    metavar="DOSSIER",
    help="Dessiner les écrans dans ce dossier, sans rien afficher.",
)
def practice(shots: Path | None) -> int:
    """S’exercer sur un poste rempli de personnes et de structures inventées."""
    return faces().practice(shots)
