"""New machines of a structure: invited, asking, admitted; by files, QR codes or the exchange."""

from pathlib import Path

import click

from ui.cli.french import FrenchCommand
from ui.cli.session import open_desk, session
from ui.cli.usage_words import WrongUsageError
from ui.cli.values import INPUT_FILE, OUTPUT_FILE, WORDS
from ui.cli.workspace import first_agent, role_option
from ui.texts import day, typeset, utc_text

_NOBODY_WAITS = (
    "Aucun poste n’attend d’être admis. Sa demande arrive par un échange, ou par le fichier donné à"
    " « deux-portes structure admit CODE --request FICHIER »."
)
_PICTURE = "Image du code QR à écrire (.png ou .svg)."


@click.command(cls=FrenchCommand)
@click.option("--out", type=OUTPUT_FILE, metavar="FICHIER", help="Invitation à porter.")
@click.option("--qr", type=OUTPUT_FILE, metavar="IMAGE", help=_PICTURE)
def invite(out: Path | None, qr: Path | None) -> None:
    """Écrire une invitation pour un nouveau poste de la structure ; elle sert une fois."""
    from ui import compose_ceremonies

    if out is None and qr is None:
        message = "Dites où écrire l’invitation : --out FICHIER, --qr IMAGE, ou les deux."
        raise WrongUsageError(message, ctx=click.get_current_context())
    given = session()
    with open_desk(given) as desk:
        invited = compose_ceremonies.invite(desk, out, qr)
    content = {
        "invitation_file": _text(invited.file),
        "qr_file": _text(invited.qr),
        "until": utc_text(invited.until_s),
    }
    until = day(utc_text(invited.until_s))
    said = f"Invitation écrite dans {invited.file or invited.qr}, valable jusqu’au {until}."
    given.show(content, [typeset(said)])


@click.command(cls=FrenchCommand)
def requests() -> None:
    """Lister les postes qui demandent à rejoindre la structure, avec leur code à voix haute."""
    from ui import compose_ceremonies

    given = session()
    with open_desk(given) as desk:
        waiting = compose_ceremonies.pending_requests(desk)
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


@click.command(cls=FrenchCommand)
@click.option(
    "--request",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Demande du poste (fichier ou image), apportée plutôt que reçue par un échange.",
)
@click.option(
    "--out",
    type=OUTPUT_FILE,
    metavar="ADMISSION",
    help="Fichier à rendre au nouveau poste, s’il n’a pas de réseau.",
)
@click.argument("code", metavar="CODE", type=WORDS)
def admit(code: str, request: Path | None, out: Path | None) -> None:
    """Admettre le poste dont la demande porte ce code, comparé à voix haute."""
    from ui import compose_ceremonies

    given = session()
    with open_desk(given) as desk:
        if request is not None:
            compose_ceremonies.take_request(desk, request)
        admitted = compose_ceremonies.admit(desk, code, out)
    content = {
        "code": admitted.spoken,
        "machine": admitted.machine.hex(),
        "token_used": admitted.token_used,
        "admission_file": _text(out),
    }
    then = (
        "Il recevra les fiches après un échange de chacun."
        if out is None
        else f"Rendez-lui {out}, à installer par « deux-portes structure enrol »."
    )
    said = f"Le poste {admitted.spoken} est admis. {then}"
    given.show(content, [typeset(said)])


@click.command(cls=FrenchCommand)
@role_option
@click.option(
    "--out",
    type=OUTPUT_FILE,
    metavar="FICHIER",
    help="Où écrire la demande ; dans l’espace de travail par défaut.",
)
@click.option("--qr", type=OUTPUT_FILE, metavar="IMAGE", help=_PICTURE)
@click.argument("invitation", metavar="INVITATION", type=INPUT_FILE)
def join(invitation: Path, role: str, out: Path | None, qr: Path | None) -> None:
    """Créer un poste qui rejoint une structure, à partir d’une invitation (fichier ou image).

    Lisez à voix haute le code affiché au premier poste de la structure, qui l’admet.
    """
    from app.domain.errors import WorkspaceExistsError
    from app.usecases.agents import agents_who_can_unlock
    from ui import compose_ceremonies

    given = session()
    if agents_who_can_unlock(given.folder):
        raise WorkspaceExistsError(str(given.folder))
    joined = compose_ceremonies.join(
        invitation,
        given.folder,
        agent_name=first_agent(given.agent, role),
        role=role,
        passphrase=given.first_passphrase(),
        out=out,
        qr=qr,
    )
    content = {
        "workspace": str(given.folder),
        "structure_name": joined.structure_name,
        "spoken_code": joined.spoken_code,
        "recovery_code": joined.recovery_code,
        "request_file": str(joined.request_file),
        "qr_file": _text(joined.request_qr),
    }
    lines = (
        f"Ce poste demande à rejoindre {joined.structure_name}.",
        f"Code à lire à voix haute : {joined.spoken_code}",
        f"Demande, à porter ou à laisser partir par un échange : {joined.request_file}",
        f"Code de secours, à imprimer et à ranger sous clé : {joined.recovery_code}",
    )
    given.show(content, map(typeset, lines))


def _text(file: Path | None) -> str | None:
    return None if file is None else str(file)
