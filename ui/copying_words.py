"""What « Copier pour… » fills its templates with: a meeting in plain French words. No Qt."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ui.texts import day, duration

if TYPE_CHECKING:
    from app.domain.events import Value
    from app.usecases.desk import Desk
    from app.usecases.encounters import Meeting

FIELDS: Final[Mapping[str, str]] = {
    "jour": "jour de l’accueil",
    "mode": "comment la personne a été reçue",
    "duree": "durée",
    "agent": "qui l’a reçue",
    "structure": "votre structure",
    "demande": "la demande, dans ses mots",
    "analyse": "la demande reformulée",
    "visee": "visée de la demande",
    "motifs": "motifs",
    "situation": "situation",
    "niveau": "niveau atteint",
    "age": "tranche d’âge",
    "besoins": "besoins",
    "freins": "freins",
    "informations": "informations données",
    "suite": "suite de l’accueil",
    "ensuite": "ce qui vient ensuite",
    "le": "quand",
    "relais": "à qui le relais a été passé",
    "nom": "prénom et nom",
    "naissance": "date de naissance",
    "telephone": "téléphone",
    "courriel": "courriel",
    "commune": "commune",
}
"""The fields that a template may hold, and what each is. What is sensitive by law is in none."""

_CODES: Final = {
    "mode": ("mode", "reception_mode"),
    "visee": ("purpose", "purpose"),
    "motifs": ("motives", "request_motive"),
    "situation": ("status", "public_status"),
    "niveau": ("level_reached", "training_level"),
    "age": ("age_band", "age_band"),
    "besoins": ("needs", "need"),
    "freins": ("barriers", "barrier"),
    "informations": ("information_given", "information_kind"),
    "suite": ("outcome", "outcome"),
    "ensuite": ("next_step", "next_step"),
}
_FINE_SPACES: Final = str.maketrans({"\u202f": " ", "\u00a0": " "})


def copied_text(desk: "Desk", meeting: "Meeting", template: str) -> str:
    """Return a meeting as a template has it, with plain spaces: other systems know no finer ones.

    Raises:
        UnknownTemplateError: there is no such template.
    """
    from app.usecases.copying import find_template

    filled = find_template(desk, template).filled(meeting_values(desk, meeting))
    return filled.translate(_FINE_SPACES)


def meeting_values(desk: "Desk", meeting: "Meeting") -> dict[str, str]:
    """Return the words of each field; "" for what nobody said."""
    details = meeting.line.details
    minutes = details.get("duration_min")
    next_on = _text(details.get("next_on"))
    return {
        "jour": day(meeting.line.received_at[:10]),
        "duree": duration(minutes) if isinstance(minutes, int) else "",
        "agent": meeting.line.author,
        "structure": desk.own_structure().name,
        "demande": " ".join(meeting.line.expressed.split()),
        "analyse": " ".join(_text(details.get("analysed")).split()),
        "le": day(next_on) if next_on else "",
        "relais": ", ".join(dict.fromkeys(one.to_name for one in meeting.referrals)),
        **{
            name: _labels(desk, vocabulary, details.get(field))
            for name, (field, vocabulary) in _CODES.items()
        },
        **_identity(desk, meeting),
    }


def _identity(desk: "Desk", meeting: "Meeting") -> dict[str, str]:
    if meeting.file is None:
        commune = _text(meeting.line.details.get("commune"))
        return {"commune": _commune_name(desk, commune)}
    person, known = meeting.file.person, meeting.file.details
    return {
        "nom": person.display_name,
        "naissance": day(person.birth_on) if person.birth_on else "",
        "telephone": person.telephone,
        "courriel": _text(known.get("email")),
        "commune": _commune_name(desk, person.commune),
    }


def _labels(desk: "Desk", vocabulary: str, value: "Value") -> str:
    words = desk.reference.vocabularies.get(vocabulary)
    sensitive = {entry.code for entry in words.entries if entry.is_sensitive}
    codes = [value] if isinstance(value, str) else value if isinstance(value, tuple) else ()
    shown = [code for code in codes if isinstance(code, str) and code and code not in sensitive]
    return ", ".join(words.label(code) for code in shown)


def _commune_name(desk: "Desk", code: str) -> str:
    from app.domain.errors import UnknownCommuneError

    try:
        return desk.reference.communes.by_code(code).name if code else ""
    except UnknownCommuneError:
        return code


def _text(value: "Value") -> str:
    return value if isinstance(value, str) else ""
