"""Reading a situation from JSON, for whom a partner is sought: checked field by field.

Keys: `commune` (required), `motives`, `purpose`, `status`, `age`, `age_band`, `level`, `executive`,
`disability_stated`, `languages` (codes, or their French names), `can_travel_km`, `mode`, `at` (ISO
8601, local; now when it is missing), `until` (another moment, when they can go from `at` to then),
`followed_by`, `own_reference`. What is null is not known.
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.domain.errors import UnknownStructureError, UnreadableInputError
from app.domain.folding import fold
from app.matching.situation import Situation
from app.reference.directory import Directory
from app.reference.matching_rules import MatchingRules
from app.reference.networks import OLDEST
from app.reference.vocabulary import Vocabularies, Vocabulary
from app.usecases.reception_json import parse_json

FARTHEST_KM: Final = 20_000
YEARS: Final = (2000, 2100)
LONGEST: Final = 200
"""Signs of a text, and elements of a list."""

_TEXTS: Final = ("commune", "purpose", "status", "age_band", "mode", "own_reference")
_LISTS: Final = ("motives", "languages", "followed_by")
_FLAGS: Final = ("executive", "disability_stated")
_VOCABULARY_OF: Final = {
    "purpose": "purpose",
    "status": "public_status",
    "age_band": "age_band",
    "level": "training_level",
}


def read_situation(
    text: str,
    *,
    vocabularies: Vocabularies,
    directory: Directory,
    rules: MatchingRules,
    now: dt.datetime,
) -> Situation:
    """Read one situation.

    Args:
        text: the JSON.
        vocabularies: the codes that may be written.
        directory: where structures named must be.
        rules: which modes exist.
        now: the present moment, aware; what `at` is when it is not given.

    Raises:
        UnreadableInputError: it is not JSON, or a field is missing, unknown or of another kind.
        UnknownVocabularyCodeError: a code is in no vocabulary.
        UnknownStructureError: a structure named is not in the directory.
    """
    content = parse_json(text)
    if not isinstance(content, dict):
        raise UnreadableInputError(where="", problem="il faut un objet")
    fields = _fields({name: value for name, value in content.items() if value is not None}, now)
    if not fields.get("commune"):
        raise UnreadableInputError(where="commune", problem="il manque le code INSEE de la commune")
    for name, vocabulary in _VOCABULARY_OF.items():
        if fields.get(name):
            vocabularies.check(vocabulary, fields[name])
    for motive in fields.get("motives", ()):
        vocabularies.check("request_motive", motive)
    if fields.get("mode") and fields["mode"] not in rules.modes:
        vocabularies.check("reception_mode", fields["mode"])
    languages = vocabularies.get("language")
    fields["languages"] = tuple(_language(languages, one) for one in fields.get("languages", ()))
    for named in (*fields.get("followed_by", ()), *filter(None, [fields.get("own_reference")])):
        _check_structure(directory, named)
    return Situation(**fields)


def _fields(content: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Return the fields given, each of its kind, and the moment."""
    readers: dict[str, Callable[[str, Any], Any]] = {
        **dict.fromkeys(_TEXTS, _text),
        **dict.fromkeys(_LISTS, _list),
        **dict.fromkeys(_FLAGS, _flag),
        "age": _age,
        "level": _level,
        "can_travel_km": _km,
        "at": _moment,
        "until": _moment,
    }
    unknown = next((name for name in content if name not in readers), None)
    if unknown is not None:
        shown = unknown.encode("utf-8", "replace").decode()[:LONGEST]
        raise UnreadableInputError(where="", problem=f"champ inconnu «\u00a0{shown}\u00a0»")
    fields = {name: readers[name](name, value) for name, value in content.items()}
    fields.setdefault("at", _local(now))
    if "until" in fields and fields["until"] <= fields["at"]:
        raise UnreadableInputError(where="until", problem="il faut un moment qui vienne après")
    return fields


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise UnreadableInputError(where=name, problem="il faut un texte")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        problem = "ce n’est pas un texte lisible"
        raise UnreadableInputError(where=name, problem=problem) from error
    return value.strip()


def _list(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > LONGEST:
        raise UnreadableInputError(where=name, problem="il faut une liste")
    return tuple(dict.fromkeys(_text(name, one) for one in value))


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnreadableInputError(where=name, problem="il faut vrai ou faux")
    return value


def _number(name: str, value: Any, most: int) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not 0 <= value <= most:
        raise UnreadableInputError(where=name, problem=f"il faut un nombre de 0 à {most}")
    return float(value)


def _age(name: str, value: Any) -> int:
    years = _number(name, value, OLDEST)
    if not years.is_integer():
        raise UnreadableInputError(where=name, problem="il faut un nombre entier")
    return int(years)


def _level(name: str, value: Any) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return _text(name, str(value) if is_number else value)


def _km(name: str, value: Any) -> float:
    return _number(name, value, FARTHEST_KM)


def _moment(name: str, value: Any) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(_text(name, value))
    except ValueError as error:
        problem = "il faut un moment, comme 2026-11-24T10:00"
        raise UnreadableInputError(where=name, problem=problem) from error
    first, last = YEARS
    if not first <= at.year <= last:
        raise UnreadableInputError(where=name, problem=f"il faut une année de {first} à {last}")
    return _local(at)


def _local(at: dt.datetime) -> dt.datetime:
    """Return a moment as the clock on the wall says it; one that is already so is kept."""
    return at if at.tzinfo is None else at.astimezone().replace(tzinfo=None)


def _language(languages: Vocabulary, text: str) -> str:
    """Return the code of a language, named by it or by its French name."""
    named = fold(text)
    by_name = next((one.code for one in languages.entries if fold(one.label) == named), text)
    return languages.check(by_name).code


def _check_structure(directory: Directory, named: str) -> None:
    try:
        directory.by_reference(named)
    except UnknownStructureError:
        directory.by_id(named)
