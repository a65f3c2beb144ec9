"""Choosing a partner for a situation written in JSON, without opening any workspace."""

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.domain.errors import UnreadableInputError
from ui.cli.french import FrenchCommand
from ui.cli.session import open_desk, session
from ui.cli.usage_words import WrongUsageError
from ui.cli.values import INPUT_FILE, INPUT_FILE_OR_STREAM, open_input
from ui.texts import typeset

if TYPE_CHECKING:
    from app.matching.situation import Candidate, Match, SetAside
    from app.reference.communes import Communes
    from app.reference.directory import Directory
    from app.usecases.desk import Reference
    from ui.matching_words import MatchingWords


@click.command(cls=FrenchCommand)
@click.option(
    "--directory",
    "directory_file",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Un autre annuaire que celui du programme.",
)
@click.option("--here", is_flag=True, help="L’annuaire de ce poste : imports et corrections.")
@click.argument("file", metavar="FICHIER", type=INPUT_FILE_OR_STREAM)
def match(file: Path, directory_file: Path | None, *, here: bool) -> None:
    """Choisir le partenaire le plus compétent pour la situation décrite par FICHIER en JSON.

    Donne un premier choix, deux autres au plus, et qui est écarté, chacun avec ses raisons. La
    commune est demandée ; motifs, situation, âge, niveau, distance possible, mode et moment aident.
    Rien n’est enregistré. Sans --here, aucun poste n’est ouvert.
    """
    from app.matching.matcher import prepare
    from app.usecases.situation_json import read_situation
    from ui.compose import load_reference
    from ui.matching_words import MatchingWords

    reference = load_reference()
    directory, communes = _directory(reference, directory_file, here=here)
    rules = reference.rules.matching
    situation = read_situation(
        _given(file),
        vocabularies=reference.vocabularies,
        directory=directory,
        rules=rules,
        now=dt.datetime.now(dt.UTC),
    )
    matcher = prepare(
        directory=directory,
        communes=communes,
        vocabularies=reference.vocabularies,
        networks=reference.networks,
        rules=rules,
        minors=reference.rules.minors,
    )
    started = time.perf_counter()
    found = matcher.match(situation)
    took_ms = (time.perf_counter() - started) * 1000
    words = MatchingWords(reference.vocabularies, situation.at)
    session().show(match_shape(found, words, took_ms), match_lines(found, words))


def _directory(
    shipped: "Reference", file: Path | None, *, here: bool
) -> tuple["Directory", "Communes"]:
    """Return the directory to choose in: that of the program, of a file, or of this desk.

    With it come the communes, at the places known to the program or to this desk.
    """
    from app.reference.directory import read_directory
    from app.usecases.directory.commune_places import desk_communes
    from app.usecases.directory.shelf import desk_directory

    if file is not None:
        if here:
            message = "Choisissez entre --here et --directory."
            raise WrongUsageError(message, ctx=click.get_current_context())
        return read_directory(file), shipped.communes
    if not here:
        return shipped.directory, shipped.communes
    with open_desk(session()) as desk:
        return desk_directory(desk), desk_communes(desk)


def match_shape(found: "Match", words: "MatchingWords", took_ms: float) -> dict[str, Any]:
    """Return the stable JSON of an answer; `took_ms` leaves the reading of the directory out."""
    return {
        "first": _candidate_shape(found.first, words) if found.first else None,
        "fallbacks": [_candidate_shape(one, words) for one in found.fallbacks],
        "set_aside": [_set_aside_shape(one, words) for one in found.set_aside],
        "took_ms": round(took_ms, 1),
    }


def match_lines(found: "Match", words: "MatchingWords") -> list[str]:
    """Return an answer for people."""
    if found.first is None:
        lines = [
            "Personne, dans cet annuaire, ne reçoit ce public de cette manière et à cette distance."
        ]
    else:
        lines = [*_candidate_lines("Premier choix", found.first, words)]
    for one in found.fallbacks:
        lines += ["", *_candidate_lines("Sinon", one, words)]
    if found.set_aside:
        lines += ["", typeset("Écartés :")]
    lines += [
        typeset(f"  {one.structure.display_name} : {words.set_aside(one)}.")
        for one in found.set_aside
    ]
    return lines


def _candidate_shape(one: "Candidate", words: "MatchingWords") -> dict[str, Any]:
    return {
        "structure_id": one.structure.id,
        "reference": one.structure.reference,
        "service_id": one.service.id if one.service else None,
        "name": one.structure.display_name,
        "service": one.service.reference if one.service else None,
        "service_name": one.service.name if one.service else None,
        "standing": one.standing.name.lower(),
        "distance_km": round(one.distance.km, 1) if one.distance else None,
        "distance_is_approximate": one.distance.is_approximate if one.distance else None,
        "reasons": words.reasons(one),
        "codes": [str(reason.code) for reason in one.reasons],
    }


def _set_aside_shape(one: "SetAside", words: "MatchingWords") -> dict[str, Any]:
    return {
        "structure_id": one.structure.id,
        "name": one.structure.display_name,
        "reason": words.set_aside(one),
        "code": str(one.reason.code),
    }


def _candidate_lines(heading: str, one: "Candidate", words: "MatchingWords") -> list[str]:
    service = f", {one.service.name}" if one.service else ""
    return [
        typeset(f"{heading} : {one.structure.display_name}{service}"),
        f"  {words.line(one)}.",
    ]


def _given(file: Path) -> str:
    with open_input(file) as stream:
        content: bytes = stream.read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(where="", problem="ce n’est pas du texte UTF-8") from error
