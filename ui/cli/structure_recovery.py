"""Recovering a structure whose laptop burned, from a code printed while it still worked."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.french import FrenchCommand
from ui.cli.session import Session, open_desk, session, structure_code
from ui.cli.usage_words import WrongUsageError
from ui.cli.values import INPUT_FILE, OUTPUT_FILE, WORDS
from ui.cli.workspace import first_agent, role_option
from ui.texts import count, typeset

if TYPE_CHECKING:
    from ui.compose_recovery import Lost, RecoveredDesk


@click.command(cls=FrenchCommand)
def recovery_kit() -> None:
    """Donner, une fois, le code qui reprendra la structure si tous ses postes sont perdus.

    Imprimez-le et rangez-le ailleurs que le poste. Il remplace tout code donné avant, et sert à
    partir du prochain échange. Ce n’est pas le code de secours d’un poste.
    """
    from ui import compose_machines

    given = session()
    with open_desk(given) as desk:
        code = compose_machines.make_recovery_kit(desk)
    lines = (
        f"Code de reprise de la structure, à imprimer et à ranger ailleurs : {code}",
        "Lancez « deux-portes exchange run » : il sert à partir de là.",
    )
    given.show({"structure_code": code}, map(typeset, lines))


@click.command(cls=FrenchCommand)
@click.option(
    "--region", type=INPUT_FILE, required=True, metavar="FICHIER", help="Fichier de la Région."
)
@role_option
@click.option(
    "--lost",
    "named",
    type=WORDS,
    multiple=True,
    metavar="POSTE",
    help="Poste perdu, à retirer ; peut être répété.",
)
@click.option("--lost-all", is_flag=True, help="Tous les postes de la structure sont perdus.")
@click.option("--lost-none", is_flag=True, help="Aucun poste n’est à retirer.")
@click.option(
    "--statements",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Certificats apportés (« structure statements »), au lieu de les demander au relais.",
)
@click.option(
    "--ca",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Certificats (PEM) à croire au lieu des autorités publiques, ici et par la suite.",
)
@click.option(
    "--proxy", type=WORDS, default="", metavar="URL", help="Passer par ce proxy, et le garder."
)
def recover(  # noqa: PLR0913, PLR0917  (an option each)
    region: Path,
    role: str,
    named: tuple[str, ...],
    statements: Path | None,
    ca: Path | None,
    proxy: str,
    *,
    lost_all: bool,
    lost_none: bool,
) -> None:
    """Créer un poste qui reprend la structure, avec le code imprimé par « recovery-kit ».

    Le code vient de DEUX_PORTES_STRUCTURE_CODE ou du clavier. L’échange suivant ramène tout ce que
    le relais a reçu, puis retire les postes perdus et change les clés.
    """
    from app.domain.errors import WorkspaceExistsError
    from app.usecases.agents import agents_who_can_unlock
    from ui import compose_recovery

    given = session()
    if agents_who_can_unlock(given.folder):
        raise WorkspaceExistsError(str(given.folder))
    trusted = b"" if ca is None else ca.read_bytes()
    found = compose_recovery.open_lost_structure(
        region, structure_code(), statements, ca=trusted, proxy=proxy
    )
    if not (named or lost_all or lost_none):
        raise WrongUsageError(_which_are_lost(found), ctx=click.get_current_context())
    every = [machine for machine, _ in found.machines]
    recovered = compose_recovery.recover(
        found,
        given.folder,
        agent_name=first_agent(given.agent, role),
        role=role,
        passphrase=given.first_passphrase(),
        lost=every if lost_all else [_machine(found, one) for one in named],
    )
    _show_recovered(given, recovered)


def _show_recovered(given: Session, recovered: "RecoveredDesk") -> None:
    content = {
        "workspace": str(given.folder),
        "structure_name": recovered.structure_name,
        "code": recovered.code,
        "recovery_code": recovered.recovery_code,
        "leaving": list(recovered.leaving),
    }
    leaving = ", ".join(recovered.leaving) or "aucun"
    lines = (
        f"Ce poste ({recovered.code}) reprend {recovered.structure_name}.",
        f"Postes à retirer à la fin du prochain échange : {leaving}",
        f"Code de secours de ce poste, à imprimer et à ranger sous clé : {recovered.recovery_code}",
        "Lancez « deux-portes exchange run » : tout revient. Puis changez de code de reprise.",
    )
    given.show(content, map(typeset, lines))


@click.command(cls=FrenchCommand)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FICHIER", help="À écrire.")
def statements(out: Path) -> None:
    """Écrire les certificats de la structure, pour la reprendre là où il n’y a pas de réseau."""
    from ui import compose_machines

    given = session()
    with open_desk(given) as desk:
        written = compose_machines.write_statements(desk, out)
    said = f"{count(written, 'certificat écrit', 'certificats écrits')} dans {out}."
    given.show({"statements": written, "statements_file": str(out)}, [typeset(said)])


def _which_are_lost(found: "Lost") -> str:
    codes = ", ".join(code for _, code in found.machines)
    return (
        f"{found.structure_name} est retrouvée. Dites quels postes sont perdus : --lost POSTE (un"
        f" ou plusieurs), --lost-all ou --lost-none. Elle a : {codes}."
    )


def _machine(found: "Lost", named: str) -> bytes:
    for machine, code in found.machines:
        if named.upper() == code or named.lower() == machine.hex():
            return machine
    message = f"Aucun poste de la structure n’a le code « {named} »."
    raise WrongUsageError(message, ctx=click.get_current_context())
