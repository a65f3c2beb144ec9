"""Reading a reception from JSON: checked against its schema, refused with place and reason."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NoReturn

from app.domain.errors import UnreadableInputError
from app.domain.identifiers import id_text, parse_subject
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.reference.vocabulary import Vocabularies
from app.usecases.reception_schema import reception_schema
from app.usecases.receptions import RecordedReception

LONGEST_QUOTE = 60
"""Signs of a refused value that a refusal repeats."""

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "string": "un texte",
        "boolean": "vrai ou faux",
        "integer": "un nombre entier",
        "array": "une liste",
        "object": "un objet",
    }
)
_LISTS = ("already_met", "motives", "needs", "barriers", "information_given")


def reception_reader(vocabularies: Vocabularies) -> Callable[[str], Reception]:
    """Return a function that reads one reception, its schema compiled once for many lines."""
    import jsonschema

    checker = jsonschema.FormatChecker(("date",))
    # The library leaves moments unchecked unless another one is installed.
    checker.checks("date-time", raises=ValueError)(_is_moment)
    validator = jsonschema.Draft202012Validator(
        reception_schema(vocabularies), format_checker=checker
    )

    def read(text: str) -> Reception:
        content = parse_json(text)
        errors = sorted(validator.iter_errors(content), key=lambda error: _place(error.path))
        if errors:
            where = _place(errors[0].absolute_path)
            raise UnreadableInputError(where=where, problem=_problem(errors[0]))
        return reception_from(content)

    return read


def parse_json(text: str) -> Any:
    """Parse JSON strictly.

    Raises:
        UnreadableInputError: where it stops being JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        problem = f"ce n’est pas du JSON ({getattr(error, 'msg', error)})"
        raise UnreadableInputError(where="", problem=problem, line=line) from error


def reception_from(content: Mapping[str, Any]) -> Reception:
    """Build a reception from content that the schema accepted."""
    fields: dict[str, Any] = {
        name: tuple(value) if name in _LISTS else value for name, value in content.items()
    }
    if "person" in fields:
        fields["person"] = _person(fields["person"])
    if "referral" in fields:
        fields["referral"] = WantedReferral(**fields["referral"])
    if "demand" in fields:
        fields["demand"] = parse_subject(fields["demand"])
    if "duration_min" in fields:
        fields["duration_min"] = int(fields["duration_min"])  # in JSON, 30.0 is a whole number too
    return Reception(**fields)


def recorded_as_json(recorded: RecordedReception) -> dict[str, Any]:
    """Return the stable JSON of a saved reception."""
    return {
        "encounter_id": id_text(recorded.encounter),
        "demand_id": id_text(recorded.demand),
        "person_id": id_text(recorded.person) if recorded.person else None,
        "referral_id": id_text(recorded.referral) if recorded.referral else None,
        "route": recorded.route or None,
        "stays_here": recorded.stays_here,
    }


def _person(content: Mapping[str, Any]) -> PersonDetails:
    details = dict(content)
    known = details.pop("id", None)
    return PersonDetails(known=parse_subject(known) if known else None, **details)


def _is_moment(text: object) -> bool:
    if not isinstance(text, str):
        return True  # another rule speaks of it
    return dt.datetime.fromisoformat(text).tzinfo is not None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        message = "un champ écrit deux fois"
        raise ValueError(message)
    return content


def _place(path: Any) -> str:
    return ".".join(str(part) for part in path)


def _problem(error: Any) -> str:
    """Say in French what the schema refused; the schema's own words are English."""
    rule, value = error.validator, error.validator_value
    if rule == "required":
        return f"il manque {_quoted(name for name in value if name not in error.instance)}"
    if rule == "additionalProperties":
        known = error.schema["properties"]
        return f"champ inconnu {_quoted(name for name in error.instance if name not in known)}"
    if rule == "enum":
        return f"{_quoted([error.instance])} n’est pas une valeur admise\u202f: {', '.join(value)}"
    if rule == "type":
        return f"il faut {_TYPES[value]}"
    if rule in {"pattern", "format"}:
        return f"{_quoted([error.instance])} n’a pas la forme attendue"
    return f"valeur refusée (règle {rule})"


def _quoted(words: Iterable[object]) -> str:
    return ", ".join(f"«\u00a0{str(word)[:LONGEST_QUOTE]}\u00a0»" for word in words)
