"""The machines of a structure: who they are, removing one, new keys, what waits for a decision."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.cli.french import FrenchCommand
from ui.cli.lines import aligned
from ui.cli.session import confirm, open_desk, session
from ui.cli.usage_words import WrongUsageError
from ui.cli.values import OUTPUT_FILE, WORDS
from ui.texts import count, day, typeset, utc_text

if TYPE_CHECKING:
    from ui.compose_machines import Dispute, MachineSeen, Side

_NOTHING_DONE = "Rien n’a été fait."
_DIGITS = 32
_NO_DISPUTE = "Rien n’attend de décision."
_DISPUTES = {
    "root_changed": "Une autre clé est certifiée pour {about}",
    "incarnation_taken": "Deux postes disent écrire sous le même nom ({about})",
}


@click.command(cls=FrenchCommand)
def machines() -> None:
    """Lister les postes de la structure : code, échéance, dernier signe de vie."""
    from ui import compose_machines

    given = session()
    with open_desk(given) as desk:
        found = compose_machines.machines(desk)
    given.show({"machines": [_machine_shape(one) for one in found]}, aligned(map(_row, found)))


@click.command(cls=FrenchCommand)
@click.option("--yes", is_flag=True, help="Ne pas demander de confirmation.")
@click.argument("machine", metavar="POSTE", type=WORDS)
def remove(machine: str, *, yes: bool) -> None:
    """Retirer un poste (perdu, volé, parti) et changer les clés de la structure.

    POSTE est le code que donne « structure machines », ou son identifiant. Échangez d’abord si vous
    le pouvez : ce que ce poste a écrit et qui est arrivé ici est accepté, la suite attendra votre
    décision. Le poste retiré garde ses fiches.
    """
    from ui import compose_machines

    given = session()
    question = f"Retirer le poste {machine} de l’échange, pour toujours ?"
    if not yes and not confirm(question):
        given.show({"removed": False}, [_NOTHING_DONE])
        return
    with open_desk(given) as desk:
        removed = compose_machines.remove_machine(desk, machine)
    content = {"removed": True, "machine": removed.machine.hex(), "code": removed.code}
    said = (
        f"Le poste {removed.code} est retiré. Lancez « deux-portes exchange run » : les autres"
        " postes et les structures partenaires l’apprendront, et ce qui sera écrit ensuite lui est"
        " illisible."
    )
    given.show(content, [typeset(said)])


@click.command(cls=FrenchCommand)
def rotate() -> None:
    """Changer les clés de la structure sans retirer de poste (phrase de passe éventée)."""
    from ui import compose_machines

    given = session()
    with open_desk(given) as desk:
        generation = compose_machines.rotate_keys(desk)
    said = "Les clés sont changées. Lancez « deux-portes exchange run » pour les remettre."
    given.show({"generation": generation}, [typeset(said)])


@click.command(cls=FrenchCommand)
@click.argument("machine", metavar="POSTE", type=WORDS)
def accept_late(machine: str) -> None:
    """Accepter ce qu’un poste retiré a écrit après coup, et qui attend ici.

    La liste est donnée par « exchange quarantine » ; ne rien faire, c’est continuer de refuser.
    """
    from ui import compose_machines

    given = session()
    with open_desk(given) as desk:
        accepted = compose_machines.accept_late(desk, machine)
    content = {
        "machine": accepted.machine.hex(),
        "code": accepted.code,
        "bundles": accepted.bundles,
    }
    lots = count(accepted.bundles, "envoi accepté", "envois acceptés")
    said = f"{lots} du poste {accepted.code} : le prochain échange de chaque poste les ajoutera."
    given.show(content, [typeset(said)])


@click.command(cls=FrenchCommand)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FICHIER", help="Relevé à écrire.")
@click.option("--late", is_flag=True, help="Compter aussi ce qui est mis à part après un retrait.")
@click.argument("target", metavar="IDENTIFIANT", type=WORDS)
def heads(target: str, out: Path, *, late: bool) -> None:
    """Écrire jusqu’où ce poste tient ce qu’un poste ou une structure a écrit.

    La Région le demande avant un retrait qu’elle décide seule, pour ne rien refuser de ce qui est
    déjà arrivé ; avec --late, après coup, pour accepter ce qui attend. Le fichier ne contient que
    des numéros.
    """
    from ui import compose_machines

    given = session()
    identifier = _identifier(target)
    with open_desk(given) as desk:
        chains = compose_machines.write_heads(desk, identifier, out, late=late)
    said = f"Relevé écrit dans {out} ({count(chains, 'suite', 'suites')})."
    given.show({"heads": chains, "heads_file": str(out)}, [typeset(said)])


@click.command(cls=FrenchCommand)
def conflicts() -> None:
    """Lister ce que deux clés se disputent, avec les codes à comparer de vive voix."""
    from ui import compose_machines

    given = session()
    with open_desk(given) as desk:
        found = compose_machines.disputes(desk)
    lines = [typeset(line) for one in found for line in _dispute_lines(one)]
    content = {"conflicts": [_dispute_shape(one) for one in found]}
    given.show(content, lines or [_NO_DISPUTE])


@click.command(cls=FrenchCommand)
@click.argument("reference", metavar="SOURCE/ID", type=WORDS)
@click.argument("structure", metavar="STRUCTURE", type=WORDS)
def accept_root(reference: str, structure: str) -> None:
    """Accepter la nouvelle clé d’une structure, dont le code a été comparé de vive voix.

    STRUCTURE est l’identifiant que donne « structure conflicts ». La décision vaut pour ce poste.
    """
    from ui import compose_machines

    given = session()
    identifier = _identifier(structure)
    with open_desk(given) as desk:
        decided = compose_machines.accept_root(desk, reference, identifier)
    said = f"La clé {decided.set_aside.code} vaut désormais pour {reference} sur ce poste."
    given.show({"accepted": _side_shape(decided.set_aside)}, [typeset(said)])


@click.command(cls=FrenchCommand)
@click.argument("code", metavar="CODE", type=click.Choice(tuple(_DISPUTES)))
@click.argument("about", metavar="OBJET", type=WORDS)
def keep_known(code: str, about: str) -> None:
    """Garder ce que ce poste connaît, dans ce que liste « structure conflicts ».

    CODE et OBJET sont ceux que donne « structure conflicts --json ». La décision vaut pour ce
    poste, et peut être reprise.
    """
    from ui import compose_machines

    given = session()
    with open_desk(given) as desk:
        compose_machines.keep_known(desk, code, about)
    given.show({"kept": about}, [typeset(f"Ce poste garde ce qu’il connaît pour {about}.")])


def _identifier(text: str) -> bytes:
    try:
        identifier = bytes.fromhex(text)
    except ValueError:
        identifier = b""
    if len(identifier) * 2 != _DIGITS:
        message = f"« {text} » n’est pas un identifiant : il en faut les {_DIGITS} signes."
        raise WrongUsageError(message, ctx=click.get_current_context())
    return identifier


def _machine_shape(seen: "MachineSeen") -> dict[str, Any]:
    machine = seen.machine
    return {
        "id": machine.id.hex(),
        "code": machine.code,
        "from": utc_text(machine.from_s),
        "until": utc_text(machine.until_s),
        "this_one": machine.is_this_one,
        "holds_root": machine.holds_root,
        "on_paper": machine.is_on_paper,
        "removed": machine.is_removed,
        "leaving": machine.is_leaving,
        "introduced_at": _moment(machine.introduced_at_s),
        "last_written_at": _moment(seen.last_written_at_s),
        "bundles": machine.bundles,
    }


def _row(seen: "MachineSeen") -> tuple[str, ...]:
    machine, last_s = seen.machine, seen.last_written_at_s or seen.machine.introduced_at_s
    what = (
        (machine.is_removed, "retiré"),
        (machine.is_leaving, "à retirer au prochain échange"),
        (machine.is_on_paper, "code de reprise, sur papier"),
        (machine.is_this_one, "ce poste"),
        (machine.is_this_one and bool(machine.holds_root), "garde la clé principale"),
    )
    life = f"dernier signe le {day(utc_text(last_s))}" if last_s else ""
    until = f"jusqu’au {day(utc_text(machine.until_s))}"
    return (machine.code, until, life, ", ".join(word for holds, word in what if holds))


def _moment(at_s: int | None) -> str | None:
    return None if at_s is None else utc_text(at_s)


def _dispute_shape(dispute: "Dispute") -> dict[str, Any]:
    return {
        "code": dispute.code,
        "about": dispute.about,
        "kept": _side_shape(dispute.kept),
        "set_aside": _side_shape(dispute.set_aside),
        "decided": dispute.is_decided,
    }


def _side_shape(side: "Side") -> dict[str, Any]:
    return {"id": side.id.hex(), "code": side.code, "name": side.name or None}


def _dispute_lines(dispute: "Dispute") -> tuple[str, ...]:
    kept, other = dispute.kept, dispute.set_aside
    return (
        _DISPUTES[dispute.code].format(about=dispute.about),
        f"  gardé : {kept.code} {kept.name}".rstrip(),
        f"  écarté : {other.code} {other.name} ({other.id.hex()})",
        *(("  décidé sur ce poste",) if dispute.is_decided else ()),
    )
