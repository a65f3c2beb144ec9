"""Carrying records on a stick, from desk to desk, without a network."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.refusals import DONE, EXCHANGE, INTERRUPTED, complain, error_as_json
from ui.cli.session import open_desk, session
from ui.cli.values import FOLDER
from ui.texts import count, day, sentence, typeset, utc_text

if TYPE_CHECKING:
    from ui.compose import StickRead, StickWritten

_DAMAGED = "stick_damaged"
_NOTHING_WRITTEN = (
    "La clé est à jour : les autres postes ont déjà tout ce que ce poste peut porter."
)
_NOTHING_NEW = "Cette clé n’apprend rien de nouveau : tout ce qu’elle porte est déjà ici."
_NOT_FOR_US = "Rien sur cette clé n’est destiné à votre structure."


@click.group(cls=FrenchGroup)
def stick() -> None:
    """Porter des fiches sur une clé, d’un poste à l’autre, sans réseau."""


@stick.command(cls=FrenchCommand)
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
def write(folder: Path) -> int:
    """Écrire sur une clé ce qui attend, et ce que les autres postes n’ont pas encore.

    Tout est scellé. La clé peut être écrite plusieurs fois, par plusieurs postes : chacun a son
    dossier dans « deux-portes ». Retirée trop tôt, elle dit encore ce qu’elle disait.
    """
    from ui import compose

    given = session()
    with open_desk(given) as desk:
        written = compose.write_stick(desk, folder)
    given.show(_written_shape(written), [typeset(_written_words(written))])
    return INTERRUPTED if written.cancelled else DONE


@stick.command(cls=FrenchCommand)
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
def read(folder: Path) -> int:
    """Prendre sur une clé ce qui est destiné à ce poste.

    Une clé peut être lue plusieurs fois, et dans n’importe quel ordre : rien n’est pris en double.
    """
    from ui import compose

    given = session()
    with open_desk(given) as desk:
        taken = compose.read_stick(desk, folder)
    given.show(_read_shape(taken), map(typeset, _read_words(taken)))
    wrong = _what_is_wrong(taken)
    if wrong:
        said = sentence(wrong)
        complain(said, error_as_json(wrong, said), as_json=given.as_json)
        return EXCHANGE
    return INTERRUPTED if taken.cancelled else DONE


def _written_shape(written: "StickWritten") -> dict[str, Any]:
    return {
        "records": written.records,
        "bundles": written.bundles,
        "left_out": written.left_out,
        "receipts": written.receipts,
        "files_written": written.files_written,
        "files_kept": written.files_kept,
        "bytes_written": written.bytes_written,
        "cancelled": written.cancelled,
        "took_ms": written.took_ms,
    }


def _written_words(written: "StickWritten") -> str:
    if not written.bundles:
        return _NOTHING_WRITTEN
    records = count(written.records, "enregistrement", "enregistrements")
    return (
        f"Clé écrite : {records} en {count(written.bundles, 'paquet scellé', 'paquets scellés')}."
    )


def _read_shape(taken: "StickRead") -> dict[str, Any]:
    return {
        "records": taken.records,
        "bundles": taken.bundles,
        "known": taken.known,
        "set_aside": taken.set_aside,
        "missing": taken.missing,
        "receipts": taken.receipts,
        "statements": taken.statements,
        "structures": list(taken.structures),
        "writers": [
            {
                "machine": writer.machine.hex(),
                "structure": writer.structure_name,
                "written_at": utc_text(writer.written_at_s),
                "older": writer.is_older,
            }
            for writer in taken.writers
        ],
        "damaged": taken.damaged,
        "problems": [{"code": one.code, "folder": one.folder} for one in taken.problems],
        "for_us": taken.is_for_us,
        "cancelled": taken.cancelled,
        "took_ms": taken.took_ms,
    }


def _read_words(taken: "StickRead") -> Iterator[str]:
    yield _taken_words(taken)
    if taken.structures:
        yield f"Nouvelles structures connues : {', '.join(taken.structures)}."
    if taken.receipts:
        yield f"{count(taken.receipts, 'accusé', 'accusés')} de réception du relais."
    if taken.missing:
        yield (
            f"Il manque {count(taken.missing, 'paquet', 'paquets')} pour tout lire. Écrivez cette"
            " clé à votre tour et rendez-la : elle dira ce qui manque."
        )
    for writer in taken.writers:
        if writer.is_older:
            yield (
                f"Ce que {writer.structure_name} a écrit là date du"
                f" {day(utc_text(writer.written_at_s))} ; plus récent a déjà été lu."
            )


def _taken_words(taken: "StickRead") -> str:
    if taken.records or taken.bundles:
        return f"Clé lue : {count(taken.records, 'enregistrement reçu', 'enregistrements reçus')}."
    if not taken.is_for_us:
        return _NOT_FOR_US
    return "Clé lue." if taken.receipts or taken.statements else _NOTHING_NEW


def _what_is_wrong(taken: "StickRead") -> str:
    """Return the code of what somebody must see to, "" when all is well."""
    if taken.damaged:
        return _DAMAGED
    return taken.problems[0].code if taken.problems else ""
