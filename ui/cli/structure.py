"""How a structure and its machines come to take part in the exchange."""

from pathlib import Path

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.session import open_desk, session
from ui.cli.values import INPUT_FILE, OUTPUT_FILE, WORDS, OneOf
from ui.cli.workspace import ROLES, first_agent, own_structure_shape
from ui.texts import day, typeset, utc_text

_ALONE = (
    "Aucune autre structure ne participe encore. La liste arrive avec « deux-portes exchange run »."
)
_NOBODY_WAITS = (
    "Aucun poste n’attend d’être admis. Sa demande arrive par un échange, ou par le fichier donné à"
    " « deux-portes structure admit CODE --request FICHIER »."
)


@click.group(cls=FrenchGroup)
def structure() -> None:
    """Faire certifier la structure, inviter et admettre des postes."""


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
    from ui import compose
    from ui.cli.usage_words import WrongUsageError

    if not name and not reference:
        message = "Donnez le nom de la structure (--name) ou sa référence (--reference)."
        raise WrongUsageError(message, ctx=click.get_current_context())
    given = session()
    with open_desk(given) as desk:
        compose.structure_request(desk, name=name, reference=reference, out=out)
        content = {"structure": own_structure_shape(desk), "request_file": str(out)}
    said = f"Demande écrite dans {out}. Envoyez ce fichier à la Région, qui rendra un certificat."
    given.show(content, [typeset(said)])


@structure.command(cls=FrenchCommand)
@click.argument("certificate", metavar="CERTIFICAT", type=INPUT_FILE)
def enrol(certificate: Path) -> None:
    """Installer le certificat rendu par la Région : l’échange peut commencer."""
    from ui import compose

    given = session()
    with open_desk(given) as desk:
        certified = compose.accept_certificate(desk, certificate)
        content = {"structure": own_structure_shape(desk), "region": certified.region}
    said = f"{certified.name} est certifiée par {certified.region}."
    given.show(content, [typeset(f"{said} Lancez « deux-portes exchange run ».")])


@structure.command(cls=FrenchCommand)
@click.option(
    "--out", type=OUTPUT_FILE, required=True, metavar="FICHIER", help="Invitation à porter."
)
def invite(out: Path) -> None:
    """Écrire une invitation pour un nouveau poste de la structure ; elle sert une fois."""
    from ui import compose

    given = session()
    with open_desk(given) as desk:
        invited = compose.invite(desk, out)
    content = {"invitation_file": str(invited.file), "until": utc_text(invited.until_s)}
    until = day(utc_text(invited.until_s))
    said = f"Invitation écrite dans {invited.file}, valable jusqu’au {until}."
    given.show(content, [typeset(said)])


@structure.command(cls=FrenchCommand)
def requests() -> None:
    """Lister les postes qui demandent à rejoindre la structure, avec leur code à voix haute."""
    from ui import compose

    given = session()
    with open_desk(given) as desk:
        waiting = compose.pending_requests(desk)
    content = {
        "requests": [
            {"code": one.spoken, "machine": one.machine.hex(), "token_used": one.token_used}
            for one in waiting
        ]
    }
    rows = [
        one.spoken + ("  (invitation déjà utilisée)" if one.token_used else "") for one in waiting
    ]
    given.show(content, rows or [typeset(_NOBODY_WAITS)])


@structure.command(cls=FrenchCommand)
@click.option(
    "--request",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Demande du poste, apportée à la main plutôt que reçue par un échange.",
)
@click.argument("code", metavar="CODE", type=WORDS)
def admit(code: str, request: Path | None) -> None:
    """Admettre le poste dont la demande porte ce code, comparé à voix haute."""
    from ui import compose

    given = session()
    with open_desk(given) as desk:
        if request is not None:
            compose.take_request(desk, request)
        admitted = compose.admit(desk, code)
    content = {
        "code": admitted.spoken,
        "machine": admitted.machine.hex(),
        "token_used": admitted.token_used,
    }
    said = (
        f"Le poste {admitted.spoken} est admis. Il recevra les fiches après un échange de chacun."
    )
    given.show(content, [typeset(said)])


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


@click.command(cls=FrenchCommand)
@click.option(
    "--role",
    type=OneOf(ROLES),
    default="adviser",
    metavar="adviser|reception",
    help="Rôle du premier agent : conseil (par défaut) ou accueil.",
)
@click.option(
    "--out",
    type=OUTPUT_FILE,
    metavar="FICHIER",
    help="Où écrire la demande ; dans l’espace de travail par défaut.",
)
@click.argument("invitation", metavar="INVITATION", type=INPUT_FILE)
def join(invitation: Path, role: str, out: Path | None) -> None:
    """Créer un poste qui rejoint une structure, à partir d’une invitation.

    Lisez à voix haute le code affiché au premier poste de la structure, qui l’admet.
    """
    from app.domain.errors import WorkspaceExistsError
    from app.usecases.agents import agents_who_can_unlock
    from ui import compose

    given = session()
    if agents_who_can_unlock(given.folder):
        raise WorkspaceExistsError(str(given.folder))
    joined = compose.join(
        invitation,
        given.folder,
        agent_name=first_agent(given.agent, role),
        role=role,
        passphrase=given.first_passphrase(),
        out=out,
    )
    content = {
        "workspace": str(given.folder),
        "structure_name": joined.structure_name,
        "spoken_code": joined.spoken_code,
        "recovery_code": joined.recovery_code,
        "request_file": str(joined.request_file),
    }
    lines = (
        f"Ce poste demande à rejoindre {joined.structure_name}.",
        f"Code à lire à voix haute : {joined.spoken_code}",
        f"Demande, à porter ou à laisser partir par un échange : {joined.request_file}",
        f"Code de secours, à imprimer et à ranger sous clé : {joined.recovery_code}",
    )
    given.show(content, map(typeset, lines))
