"""Why two files may be of one person, and who each is, in words. No Qt."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from app.domain.duplicates import Reason
from app.store.search import PersonFound
from ui.texts import day

_REASONS: Final[Mapping[Reason, str]] = {
    Reason.NAME: "même nom",
    Reason.CLOSE_NAME: "nom à une lettre près",
    Reason.BIRTH: "même date de naissance",
    Reason.BIRTH_SWAPPED: "jour et mois de naissance inversés",
    Reason.TELEPHONE: "même téléphone",
    Reason.EMAIL: "même courriel",
    Reason.COMMUNE: "même commune",
}


def reasons_words(reasons: Sequence[Reason]) -> str:
    """Say why two files may be of one person: « Même nom, même téléphone »."""
    said = ", ".join(_REASONS[reason] for reason in reasons)
    return f"{said[:1].upper()}{said[1:]}"


def who_words(person: PersonFound, commune_name: Callable[[str], str]) -> str:
    """Say who somebody is in a line, as far as it is known."""
    born = f"né(e) le {day(person.birth_on)}" if person.birth_on else ""
    commune = commune_name(person.commune) if person.commune else ""
    facts = (person.display_name or "Sans nom", born, commune, person.telephone)
    return ", ".join(filter(None, facts))
