"""How a structure and its machines come to take part in the exchange."""

from pathlib import Path

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.session import open_desk, session
from ui.cli.values import INPUT_FILE, OUTPUT_FILE, WORDS
from ui.cli.workspace import own_structure_shape
from ui.texts import count, typeset

_ALONE = (
    "Aucune autre structure ne participe encore. La liste arrive avec « deux-portes exchange run »."
)


_MODULES = {
    "invite": "ui.cli.structure_joining",
    "requests": "ui.cli.structure_joining",
    "admit": "ui.cli.structure_joining",
    "machines": "ui.cli.structure_machines",
    "remove": "ui.cli.structure_machines",
    "rotate": "ui.cli.structure_machines",
    "accept-late": "ui.cli.structure_machines",
    "heads": "ui.cli.structure_machines",
    "conflicts": "ui.cli.structure_machines",
    "accept-root": "ui.cli.structure_machines",
    "keep-known": "ui.cli.structure_machines",
    "recovery-kit": "ui.cli.structure_recovery",
    "recover": "ui.cli.structure_recovery",
    "statements": "ui.cli.structure_recovery",
}


@click.group(cls=FrenchGroup, modules=_MODULES)
def structure() -> None:
    """Faire certifier la structure ; inviter, retirer et reprendre ses postes."""


@structure.command(cls=FrenchCommand)
@click.option("--name", type=WORDS, default="", metavar="NOM", help="Nom de la structure.")
@click.option(
    "--reference",
    type=WORDS,
    default="",
    metavar="SOURCE/ID",
    help="Référence de la structure dans l’annuaire ; donne aussi son nom.",
)
@click.option(
    "--out",
    type=OUTPUT_FILE,
    required=True,
    metavar="FICHIER",
    help="Demande à envoyer à la Région.",
)
def init(name: str, reference: str, out: Path) -> None:
    """Nommer la structure et écrire sa demande de certificat."""
    from ui import compose_ceremonies
    from ui.cli.usage_words import WrongUsageError

    if not name and not reference:
        message = "Donnez le nom de la structure (--name) ou sa référence (--reference)."
        raise WrongUsageError(message, ctx=click.get_current_context())
    given = session()
    with open_desk(given) as desk:
        compose_ceremonies.structure_request(desk, name=name, reference=reference, out=out)
        content = {"structure": own_structure_shape(desk), "request_file": str(out)}
    said = f"Demande écrite dans {out}. Envoyez ce fichier à la Région, qui rendra un certificat."
    given.show(content, [typeset(said)])


@structure.command(cls=FrenchCommand)
@click.argument("certificate", metavar="CERTIFICAT", type=INPUT_FILE)
def enrol(certificate: Path) -> None:
    """Installer le certificat de la Région, ou l’admission écrite par un poste de la structure."""
    from ui import compose_ceremonies

    given = session()
    with open_desk(given) as desk:
        certified = compose_ceremonies.enrol(desk, certificate)
        content = {"structure": own_structure_shape(desk), "region": certified.region}
    said = f"{certified.name} est certifiée par {certified.region}."
    given.show(content, [typeset(f"{said} Lancez « deux-portes exchange run ».")])


@structure.command(cls=FrenchCommand)
@click.argument("file", metavar="FICHIER", type=INPUT_FILE)
def take(file: Path) -> None:
    """Prendre un fichier apporté : adresse du relais, retrait décidé par la Région, certificats.

    Rien n’en est cru sans la signature de qui en a le droit.
    """
    from ui import compose_machines

    given = session()
    with open_desk(given) as desk:
        taken = compose_machines.take_file(desk, file)
    news = count(taken.statements, "élément nouveau", "éléments nouveaux")
    given.show(
        {"kind": taken.kind, "new": taken.statements},
        [typeset(f"Fichier pris : {news}. Le prochain échange les fera connaître.")],
    )


@structure.command("list", cls=FrenchCommand)
def list_all() -> None:
    """Lister les structures qui participent à l’échange."""
    from app.usecases.recipients import recipients
    from ui.cli.lines import aligned
    from ui.cli.shapes import recipient_shape

    given = session()
    with open_desk(given) as desk:
        found = [one for one in recipients(desk) if one.takes_part]
        content = {
            "own": own_structure_shape(desk),
            "structures": [recipient_shape(one) for one in found],
        }
    rows = aligned((one.name, one.commune, one.reference) for one in found)
    given.show(content, rows or [typeset(_ALONE)])
