"""Recording receptions from JSON, one or many."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.domain.errors import AppError, UnreadableInputError
from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.refusals import DONE, INPUT, UNKNOWN, complain, exit_code, refusal_as_json
from ui.cli.session import Session, open_desk, session
from ui.cli.values import INPUT_FILE_OR_STREAM, open_input
from ui.texts import count, sentence_for, typeset
from ui.writing_words import masked_words

if TYPE_CHECKING:
    from app.domain.reception import Reception
    from app.usecases.desk import Desk
    from app.usecases.receptions import RecordedReception

_GO_ON_AFTER = frozenset({INPUT, UNKNOWN})
"""A line refused for what it says leaves the next ones their chance; a full disk does not."""


@click.group(cls=FrenchGroup)
def reception() -> None:
    """Enregistrer des accueils."""


@reception.command(cls=FrenchCommand)
def schema() -> None:
    """Afficher le schéma JSON d’un accueil, tous champs décrits."""
    from app.usecases.reception_schema import reception_schema
    from ui.compose import load_reference

    found = reception_schema(load_reference().vocabularies)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@reception.command(cls=FrenchCommand)
@click.option("--lines", is_flag=True, help="Le fichier contient un accueil par ligne (JSONL).")
@click.argument("file", metavar="FICHIER", type=INPUT_FILE_OR_STREAM)
def add(file: Path, *, lines: bool) -> int:
    """Enregistrer l’accueil décrit par FICHIER en JSON (- pour l’entrée standard).

    Rien n’est enregistré quand il est refusé. Avec --lines, chaque ligne est enregistrée pour
    elle-même : une ligne refusée est signalée avec son numéro et les suivantes continuent.
    Un numéro de sécurité sociale ou d’élève est masqué ; la réponse dit dans quels champs.
    """
    given = session()
    with open_desk(given) as desk:
        recorder = _recorder(desk)
        if lines:
            return _add_lines(given, file, recorder)
        with open_input(file) as stream:
            recorded = recorder(_text(stream.read()))
        _show(given, recorded)
    return DONE


def _recorder(desk: "Desk") -> "Callable[[str], RecordedReception]":
    """Return what saves one reception: durable when it returns, nothing written when it refuses."""
    from app.usecases.reception_json import reception_reader
    from app.usecases.receptions import record_reception

    read: Callable[[str], Reception] = reception_reader(desk.reference.vocabularies)
    return lambda text: record_reception(desk, read(text))


def _add_lines(given: Session, file: Path, recorder: "Callable[[str], RecordedReception]") -> int:
    """Save each line for itself; how many were saved is said however it ends."""
    number = saved = refused = ending = 0
    try:
        for number, line in _lines(file):
            try:
                recorded = recorder(_text(line))
            except AppError as error:
                _report(given, number, error)
                refused += 1
                ending = ending or exit_code(error)
                if exit_code(error) not in _GO_ON_AFTER:
                    break
            else:
                saved += 1
                _show(given, recorded, number)
    finally:
        _sum_up(given, saved=saved, refused=refused, last_line=number)
    return ending


def _sum_up(given: Session, *, saved: int, refused: int, last_line: int) -> None:
    done = (
        f"{count(saved, 'accueil enregistré', 'accueils enregistrés')}, {count(refused, 'refusé')}"
    )
    complain(
        f"{done} (dernière ligne lue : {last_line}).".replace(" :", "\u202f:"),
        {"saved": saved, "refused": refused, "last_line": last_line},
        as_json=given.as_json,
    )


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line that says something, with its number; a large file is never held whole."""
    with open_input(file) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield number, line


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(where="", problem="ce n’est pas du texte UTF-8") from error


def _show(given: Session, recorded: "RecordedReception", number: int = 0) -> None:
    """Answer; what was masked is in the JSON, and for people on the error stream."""
    from app.usecases.reception_json import recorded_as_json
    from ui.cli.lines import reception_line

    given.show(recorded_as_json(recorded), [reception_line(recorded)])
    if recorded.masked and not given.as_json:
        where = typeset(f"Ligne {number} : ") if number else ""
        click.echo(f"{where}{masked_words(recorded.masked)}", err=True)


def _report(given: Session, number: int, error: AppError) -> None:
    if isinstance(error, UnreadableInputError):
        # The place inside the line's own text would be taken for a line of the file.
        error.facts = {**error.facts, "line": 0}
    message = typeset(f"Ligne {number} : {sentence_for(error)}")
    complain(message, {"line": number, **refusal_as_json(error)}, as_json=given.as_json)
