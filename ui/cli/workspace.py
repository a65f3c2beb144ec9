"""Making a workspace, knowing how it stands, folding it again."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.cli.french import FrenchCommand
from ui.cli.lines import labelled
from ui.cli.session import open_desk, session
from ui.cli.usage_words import WrongUsageError
from ui.cli.values import INPUT_FILE, WORDS, OneOf
from ui.exchange_words import status_notices
from ui.texts import count, due_sentence, exchange_line, sentence, typeset

if TYPE_CHECKING:
    from app.usecases.desk import Desk, OwnStructure
    from app.usecases.exchange_status import ExchangeStatus

ROLES = ("adviser", "reception")
_FIRST_AGENT = {"adviser": "Conseil", "reception": "Accueil"}
_UNNAMED = "structure sans nom"

role_option = click.option(
    "--role",
    type=OneOf(ROLES),
    default="adviser",
    metavar="adviser|reception",
    help="Rôle du premier agent : conseil (par défaut) ou accueil.",
)
"""The role of the first agent of a workspace that a command makes."""


def first_agent(name: str | None, role: str) -> str:
    """Return the name of a workspace's first agent: the one given, or the role's word."""
    return name or _FIRST_AGENT[role]


def own_structure_shape(desk: "Desk") -> dict[str, Any] | None:
    """Return the structure of a workspace as JSON, None when it has none."""
    own = _own_structure(desk)
    if own is None:
        return None
    return {"id": own.id.hex(), "name": own.name, "reference": own.reference or None}


@click.command(cls=FrenchCommand)
@role_option
@click.option("--region", type=INPUT_FILE, metavar="FICHIER", help="Fichier de la Région.")
@click.option("--name", type=WORDS, default="", metavar="NOM", help="Nom de la structure.")
@click.option(
    "--reference",
    type=WORDS,
    default="",
    metavar="SOURCE/ID",
    help="Référence de la structure dans l’annuaire ; donne aussi son nom.",
)
@click.option(
    "--practice",
    is_flag=True,
    help="Pour l’exercice : « invent » pourra le remplir ; ne se donne pas avec --region.",
)
def init(role: str, region: Path | None, name: str, reference: str, *, practice: bool) -> None:
    """Créer un espace de travail chiffré et son premier agent (--agent).

    Le code de secours n’est affiché qu’ici : imprimez-le. La structure est fondée sur ce poste ;
    on y travaille aussitôt, et les fiches partent quand la Région l’a certifiée.
    """
    from app.domain.errors import WorkspaceExistsError
    from app.usecases.agents import agents_who_can_unlock
    from app.usecases.practising import mark_for_practice
    from ui import compose

    _check_no_region(region if practice else None)
    given = session()
    folder = given.folder
    if agents_who_can_unlock(folder):
        raise WorkspaceExistsError(str(folder))
    desk, recovery_code = compose.create_desk(
        folder,
        agent_name=first_agent(given.agent, role),
        role=role,
        passphrase=given.first_passphrase(),
        region_file=region,
        name=name,
        reference=reference,
    )
    try:
        if practice:
            mark_for_practice(desk)
        made = {"role": role, "recovery_code": recovery_code, "practice": practice}
        content = _workspace_shape(desk) | made
    finally:
        desk.workspace.close()
    given.show(
        content,
        [
            typeset(f"Espace de travail créé : {folder}"),
            typeset(f"Code de secours, à imprimer et à ranger sous clé : {recovery_code}"),
        ],
    )


def _check_no_region(region: Path | None) -> None:
    if region is not None:
        message = "Un espace d’exercice n’entre dans aucune Région : retirez --region."
        raise WrongUsageError(message, ctx=click.get_current_context())


def _workspace_shape(desk: "Desk") -> dict[str, Any]:
    return {
        "workspace": str(desk.workspace.folder),
        "agent": desk.workspace.agent_name,
        "structure": own_structure_shape(desk),
    }


@click.command(cls=FrenchCommand)
def status() -> None:
    """Dire où en est l’espace de travail : ce qui attend, ce qui est parti, ce qui est reçu."""
    from app.store.migrations import FORMAT
    from app.usecases.checkpoints import checkpoint_states
    from app.usecases.exchange_status import exchange_status
    from ui.cli.checkpoints import lines, shapes
    from ui.cli.shapes import standing_shape, status_shape
    from ui.compose_machines import standing

    given = session()
    with open_desk(given) as desk:
        state, stands = exchange_status(desk), standing(desk)
        checkpoints = [one for one in checkpoint_states(desk) if one.state != "none"]
        content = (
            status_shape(state)
            | standing_shape(stands)
            | {
                "checkpoints": shapes(checkpoints),
                "structure": own_structure_shape(desk),
                "agent": {"name": desk.workspace.agent_name, "role": desk.workspace.role},
                "workspace": {"folder": str(given.folder), "format": FORMAT},
            }
        )
        due = [due_sentence(one.code, one.until_s) for one in stands.warnings]
        given.show(content, [*_status_lines(desk, state), *lines(checkpoints), *due])


@click.command(cls=FrenchCommand)
def rebuild() -> None:
    """Recalculer toutes les listes à partir du journal ; elles reviennent identiques."""
    from app.usecases.rebuild import rebuild_rows

    given = session()
    with open_desk(given) as desk:
        rebuilt = rebuild_rows(desk)
    folded = count(rebuilt.subjects, "fiche recalculée", "fiches recalculées")
    given.show({"subjects": rebuilt.subjects}, [f"{folded}."])


def _own_structure(desk: "Desk") -> "OwnStructure | None":
    from app.domain.errors import NotEnrolledError

    try:
        return desk.own_structure()
    except NotEnrolledError:
        return None


def _status_lines(desk: "Desk", state: "ExchangeStatus") -> list[str]:
    own = _own_structure(desk)
    lines = [
        exchange_line(state, desk.now()),
        *labelled(
            (
                ("Structure", (own.name if own else "") or _UNNAMED),
                ("Agent", desk.workspace.agent_name),
                ("Dossier", str(desk.workspace.folder)),
                ("À envoyer", str(state.pending)),
                ("Remis sur clé", str(state.on_stick)),
                ("Reçus par clé", str(state.received)),
                ("Envoyés, accusé attendu", str(state.sent)),
                ("Reçus par le relais", str(state.acknowledged)),
                ("Venus d’ailleurs", str(state.pulled)),
                ("Restent sur ce poste", str(state.confined)),
            )
        ),
    ]
    lines += status_notices(state)
    if state.last_failure is not None:
        lines.append(_failure(state.last_failure.code))
    return lines


def _failure(code: str) -> str:
    try:
        return sentence(code)
    except LookupError:
        return typeset(f"Le dernier échange n’a pas abouti ({code}) ; tout est gardé ici.")
