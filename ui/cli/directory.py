"""The directory of structures, read without opening any workspace."""

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.session import session
from ui.cli.values import WORDS, Number


@click.group(cls=FrenchGroup)
def directory() -> None:
    """Consulter l’annuaire des structures."""


@directory.command("list", cls=FrenchCommand)
@click.option(
    "--limit",
    type=Number(1, 1000),
    default=100,
    metavar="NOMBRE",
    help="Combien de structures au plus (100 par défaut).",
)
@click.argument("text", metavar="[TEXTE]...", type=WORDS, nargs=-1)
def list_all(text: tuple[str, ...], limit: int) -> None:
    """Lister les structures, toutes ou celles que TEXTE désigne."""
    from ui.cli.lines import aligned
    from ui.cli.shapes import structure_shape
    from ui.compose import load_reference

    structures = load_reference().directory
    words = " ".join(text)
    found = structures.search(words, limit) if words else structures.all()[:limit]
    rows = aligned((one.display_name, one.commune_name, one.reference) for one in found)
    nothing = ["Aucune structure ne correspond. Essayez moins de mots, ou une commune."]
    session().show({"structures": [structure_shape(one) for one in found]}, rows or nothing)
