"""The table of communes, read without opening any workspace."""

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.session import session
from ui.cli.values import WORDS, Number


@click.group(cls=FrenchGroup)
def commune() -> None:
    """Trouver le code d’une commune."""


@commune.command(cls=FrenchCommand)
@click.option(
    "--limit",
    type=Number(1, 100),
    default=10,
    metavar="NOMBRE",
    help="Combien de communes au plus (10 par défaut).",
)
@click.argument("text", metavar="TEXTE...", type=WORDS, nargs=-1, required=True)
def search(text: tuple[str, ...], limit: int) -> None:
    """Chercher une commune par nom, code postal ou code INSEE."""
    from ui.cli.lines import aligned
    from ui.cli.shapes import commune_shape
    from ui.compose import load_reference

    found = load_reference().communes.search(" ".join(text), limit)
    rows = aligned(
        (one.insee_code, one.name, " ".join(one.postal_codes), one.epci_name) for one in found
    )
    nothing = ["Aucune commune ne correspond. Essayez le début du nom, ou un code postal."]
    session().show({"communes": [commune_shape(one) for one in found]}, rows or nothing)
