"""Reading a reception from JSON: checked against its schema, refused with place and reason."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NoReturn

from app.domain.errors import UnreadableInputError
from app.domain.identifiers import id_text, parse_subject
from app.domain.outside import OutsideStructure
from app.domain.personal_numbers import masked
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import LONG_TEXT, ONE_LINE
from app.reference.vocabulary import Vocabularies
from app.usecases.reception_schema import reception_schema
from app.usecases.reception_words import INVISIBLE_SIGN
from app.usecases.receptions import RecordedReception

LONGEST_QUOTE = 60
"""Signs of a refused value that a refusal repeats."""

MOST_QUOTES = 5
"""Names of fields that a refusal repeats."""

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "string": "un texte",
        "boolean": "vrai ou faux",
        "integer": "un nombre entier",
        "array": "une liste",
        "object": "un objet",
    }
)
_BOUNDS: Mapping[str, str] = MappingProxyType(
    {
        "maxLength": "il faut au plus {} signes",
        "maxItems": "il faut au plus {} éléments",
        "minimum": "il faut au moins {}",
        "maximum": "il faut au plus {}",
        "uniqueItems": "il faut une liste sans doublon",
    }
)
_WRITABLE = re.compile("[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]*")
"""What a refusal may repeat as it is: no control sign, no half of a surrogate pair."""

_TOO_DEEP = "ce n’est pas du JSON admis (trop de niveaux)"
_TOO_LONG = "ce n’est pas du JSON admis (un nombre trop long)"
_LISTS = (
    "already_met",
    "motives",
    "needs",
    "barriers",
    "languages",
    "information_given",
    "sensitive_agreed",
)


def reception_reader(vocabularies: Vocabularies) -> Callable[[str], Reception]:
    """Return a function that reads one reception, its schema compiled once for many lines."""
    import jsonschema

    checker = jsonschema.FormatChecker(("date",))
    # The library leaves moments unchecked unless another one is installed.
    checker.checks("date-time", raises=ValueError)(_is_moment)
    # The library searches patterns with Python's `$`, which a last line feed satisfies.
    strict = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # its stub has none
        jsonschema.Draft202012Validator, {"pattern": _matches_whole}
    )
    validator = strict(reception_schema(vocabularies), format_checker=checker)

    def read(text: str) -> Reception:
        content = parse_json(text)
        try:
            errors = sorted(validator.iter_errors(content), key=lambda error: _place(error.path))
            problem = _problem(errors[0]) if errors else ""
        except RecursionError as error:
            raise UnreadableInputError(where="", problem=_TOO_DEEP) from error
        if errors:
            raise UnreadableInputError(where=_place(errors[0].absolute_path), problem=problem)
        return reception_from(content)

    return read


def parse_json(text: str) -> Any:
    """Parse JSON strictly.

    Raises:
        UnreadableInputError: where it stops being JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        problem = f"ce n’est pas du JSON ({_position(error)})"
        raise UnreadableInputError(where="", problem=problem, line=error.lineno) from error
    except RecursionError as error:
        raise UnreadableInputError(where="", problem=_TOO_DEEP) from error
    except ValueError as error:
        # Python refuses to read a number of thousands of digits.
        raise UnreadableInputError(where="", problem=_TOO_LONG) from error


def reception_from(content: Mapping[str, Any]) -> Reception:
    """Build a reception from content that the schema accepted."""
    fields: dict[str, Any] = {
        name: tuple(value) if name in _LISTS else value for name, value in content.items()
    }
    if "person" in fields:
        fields["person"] = _person(fields["person"])
    if "referral" in fields:
        fields["referral"] = _referral(fields["referral"])
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
        "masked": list(recorded.masked),
    }


def _person(content: Mapping[str, Any]) -> PersonDetails | None:
    """Return who it is; nobody, when nothing is said of them."""
    details = {name: value for name, value in content.items() if value.strip()}
    if not details:
        return None
    known = details.pop("id", None)
    return PersonDetails(known=parse_subject(known) if known else None, **details)


def _referral(content: Mapping[str, Any]) -> WantedReferral:
    outside = content.get("outside")
    known = OutsideStructure(**outside) if outside is not None else None
    return WantedReferral(**{**content, "outside": known})


def _is_moment(text: object) -> bool:
    if not isinstance(text, str):
        return True  # another rule speaks of it
    return dt.datetime.fromisoformat(text).tzinfo is not None


def _matches_whole(
    _validator: object, pattern: str, instance: object, _schema: object
) -> Iterator[Any]:
    """Refuse a text that the pattern does not describe from its first sign to its last."""
    from jsonschema import ValidationError

    if isinstance(instance, str) and re.fullmatch(pattern, instance) is None:
        yield ValidationError(pattern)


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadableInputError(where="", problem=f"ce n’est pas du JSON («\u00a0{name}\u00a0»)")


def _position(error: json.JSONDecodeError) -> str:
    """Say where; the only line of a text goes without saying."""
    column = f"colonne {error.colno}"
    return f"ligne {error.lineno}, {column}" if "\n" in error.doc.strip() else column


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        problem = "ce n’est pas du JSON admis (un champ écrit deux fois)"
        raise UnreadableInputError(where="", problem=problem)
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
    return _bound_problem(rule, value) or _shape_problem(error)


def _bound_problem(rule: str, value: Any) -> str:
    sentence = _BOUNDS.get(rule, "")
    return sentence and sentence.format(f"{value:,}".replace(",", "\u202f"))


def _shape_problem(error: Any) -> str:
    if error.validator_value in {ONE_LINE, LONG_TEXT}:
        return INVISIBLE_SIGN
    return f"{_quoted([error.instance])} n’a pas la forme attendue"


def _quoted(words: Iterable[object]) -> str:
    told = list(words)
    first = ", ".join(f"«\u00a0{_written(word)}\u00a0»" for word in told[:MOST_QUOTES])
    return f"{first}…" if len(told) > MOST_QUOTES else first


def _written(value: object) -> str:
    """Return a value as JSON writes it, cut; a plain text is written as it is.

    What is refused may be shown, kept by a script, sent to somebody: numbers are masked there too.
    """
    if not isinstance(value, str):
        return masked(json.dumps(value, ensure_ascii=False))[:LONGEST_QUOTE]
    is_plain = _WRITABLE.fullmatch(value) is not None
    return (masked(value) if is_plain else json.dumps(masked(value))[1:-1])[:LONGEST_QUOTE]
