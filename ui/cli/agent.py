"""Who works at this desk."""

from pathlib import Path

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.lines import aligned
from ui.cli.session import new_passphrase, open_desk, session
from ui.cli.values import INPUT_FILE, WORDS, OneOf
from ui.cli.workspace import ROLES
from ui.texts import typeset

_ROLE_LABELS = {"adviser": "conseil", "reception": "accueil"}


@click.group(cls=FrenchGroup)
def agent() -> None:
    """Gérer les agents de ce poste."""


@agent.command("list", cls=FrenchCommand)
def list_all() -> None:
    """Lister les agents de ce poste et leur rôle."""
    from app.usecases.agents import agents

    given = session()
    with open_desk(given) as desk:
        found = agents(desk)
    content = {
        "agents": [
            {"id": one.agent, "name": one.name, "role": one.role, "is_here": one.is_here}
            for one in found
        ]
    }
    rows = aligned(
        (one.name, _ROLE_LABELS.get(one.role, one.role), "ici" if one.is_here else "")
        for one in found
    )
    given.show(content, rows)


@agent.command(cls=FrenchCommand)
@click.option("--name", type=WORDS, required=True, metavar="NOM", help="Nom du nouvel agent.")
@click.option(
    "--role",
    type=OneOf(ROLES),
    required=True,
    metavar="adviser|reception",
    help="Conseil ou accueil : ce que l’agent peut lire en dépend.",
)
@click.option(
    "--new-passphrase-file",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Fichier de sa phrase de passe (ou variable DEUX_PORTES_NEW_PASSPHRASE).",
)
def add(name: str, role: str, new_passphrase_file: Path | None) -> None:
    """Ajouter un agent, avec sa propre phrase de passe."""
    from app.usecases.agents import add_agent

    given = session()
    with open_desk(given) as desk:
        add_agent(desk, name=name, role=role, passphrase=new_passphrase(new_passphrase_file))
    said = f"{name} peut ouvrir ce poste avec sa propre phrase de passe."
    given.show({"name": name, "role": role}, [typeset(said)])
