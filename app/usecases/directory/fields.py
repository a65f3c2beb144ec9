"""The fields of an entry that people here may write, and the form of each."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from app.domain.errors import CorrectionRefusedError, UnknownCommuneError
from app.domain.events import Value
from app.domain.personal_numbers import masked
from app.reference.communes import Communes
from app.reference.directory import PLACE_KINDS
from app.reference.opening_hours import UnreadableHoursError, read_opening_hours

CHECKED: Final = "date_maj"
"""The day somebody vouched for an entry."""

PUBLISHED: Final = (
    "nom", "telephone", "courriel", "site_web", "adresse", "complement_adresse", "commune",
    "code_postal", "code_insee", "horaires_accueil", "description", "date_maj", "thematiques",
    "publics", "modes_accueil", "zone_eligibilite",
)  # fmt: skip
"""Fields of the schema that may be corrected, of a structure or of a service."""

OURS: Final = (
    "network", "cep_operator", "spro_member_from", "spro_member_to", "ended_on", "replaced_by",
    "direct_telephone", "accessibility", "languages", "waiting_days", "capacity", "team",
    "place_kind", "motives",
)  # fmt: skip
"""Facts of ours that may be corrected."""


def written(communes: Communes, fields: Mapping[str, Value]) -> dict[str, Value]:
    """Return fields as they are kept; a commune of the region brings its name and postal code.

    Raises:
        CorrectionRefusedError: a field cannot be written, or the value has not its form.
    """
    kept = {name: cleaned(name, value) for name, value in fields.items()}
    code = kept.get("code_insee")
    if code == "":
        return {"commune": "", "code_postal": "", **kept}
    try:
        commune = communes.by_code(code) if isinstance(code, str) else None
    except UnknownCommuneError:
        return kept  # of another region: what is given beside is all that is known
    if commune is None:
        return kept
    return {"commune": commune.name, "code_postal": commune.postal_codes[0], **kept}


def cleaned(name: str, value: Value) -> Value:
    """Return a value as it is kept, without any number of a person's.

    Raises:
        CorrectionRefusedError: the field cannot be corrected, or the value has not its form.
    """
    if not is_well_formed(name, value):
        raise CorrectionRefusedError(field=name, value=str(value))
    if isinstance(value, tuple):
        return tuple(masked(one.strip()) for one in value if isinstance(one, str))
    return masked(value.strip()) if isinstance(value, str) else value


def is_well_formed(name: str, value: Any) -> bool:
    """May a field be written here, and has the value its form?"""
    return name in PUBLISHED + OURS and bool(_FORMS.get(name, _is_text)(value))


def as_published(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return written values as the schema has them: emptied ones are None, lists are lists.

    What has not its form is left out: a newer program, or another one, may have written it.
    """
    return {
        name: None if value in ("", ()) else list(value) if isinstance(value, tuple) else value
        for name, value in fields.items()
        if is_well_formed(name, value)
    }


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_day(value: Any) -> bool:
    if value == "":
        return True
    try:
        return isinstance(value, str) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _is_hours(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return value == "" or bool(read_opening_hours(value))
    except UnreadableHoursError:
        return False


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 3 <= len(value.strip()) <= 150  # noqa: PLR2004  (the schema)


def _is_days(value: Any) -> bool:
    return value == "" or (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 999  # noqa: PLR2004
    )


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _are_words(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


_FORMS: Final = {
    "nom": _is_name,
    "date_maj": lambda value: value != "" and _is_day(value),
    "horaires_accueil": _is_hours,
    "thematiques": _are_words,
    "publics": _are_words,
    "modes_accueil": _are_words,
    "zone_eligibilite": _are_words,
    "cep_operator": _is_flag,
    "spro_member_from": _is_day,
    "spro_member_to": _is_day,
    "ended_on": _is_day,
    "languages": _are_words,
    "waiting_days": _is_days,
    "place_kind": lambda value: value == "" or value in PLACE_KINDS,
    "motives": _are_words,
}
