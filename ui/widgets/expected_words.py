"""Where somebody sent to a service is expected, and when, in a few words. No Qt."""

from app.reference.service_places import Place
from ui.matching_words import held_at
from ui.opening_words import hours_words
from ui.sentences import typeset


def expected_words(service_name: str, place: Place | None) -> str:
    """Return « Permanence à Bélâbre, 1er mardi du mois : 9 h à 12 h »; a service by its name.

    Args:
        service_name: the service chosen, "" when only its structure was: then nothing is said.
        place: where it is held, None when the directory no longer knows.
    """
    if not service_name:
        return ""
    if place is None or not place.kind:
        return typeset(f"Service : {service_name}")
    held = held_at(place.kind, place.commune_name)
    hours = hours_words(place.hours).replace("\n", " ; ")
    return typeset(", ".join(filter(None, (f"{held[:1].upper()}{held[1:]}", hours))))
