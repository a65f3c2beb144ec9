"""Carrying records on a stick, from desk to desk, without a network."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.packs import imported_lines, imported_now, imported_shape
from ui.cli.refusals import DONE, EXCHANGE, INTERRUPTED, complain, error_as_json
from ui.cli.session import open_desk, session
from ui.cli.values import FOLDER
from ui.stick_words import taken_words, written_pack_words, written_words, wrong_codes
from ui.texts import sentence, utc_text

if TYPE_CHECKING:
    from ui.compose import StickRead, StickWritten
    from ui.stick_words import CarriedPack


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
    lines = [written_words(written), *written_pack_words(written)]
    given.show(_written_shape(written), lines)
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
        arrived = imported_now(desk)
    content = _read_shape(taken) | {"imported": imported_shape(arrived)}
    given.show(content, [*taken_words(taken), *imported_lines(arrived)])
    wrong = wrong_codes(taken)
    if wrong:
        said = sentence(wrong[0])
        complain(said, error_as_json(wrong[0], said), as_json=given.as_json)
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
        "directory": _pack_shape(written.pack),
        "cancelled": written.cancelled,
        "took_ms": written.took_ms,
    }


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
        "directory": _pack_shape(taken.pack),
        "cancelled": taken.cancelled,
        "took_ms": taken.took_ms,
    }


def _pack_shape(pack: "CarriedPack") -> dict[str, Any] | None:
    made_at = utc_text(pack.made_s) if pack.made_s else None
    return {"what": str(pack.what), "made_at": made_at} if pack.what else None
