"""What people may ask and what they agreed to, in words, on screens and papers alike. No Qt."""

from collections.abc import Callable

from app.domain.rights import RequestClock
from ui.texts import count, day

Label = Callable[[str, str], str]

RECORD, TRANSMIT, SENSITIVE = "record", "transmit", "sensitive"
"""The kinds of agreements."""

_OF_SENSITIVE_FACTS = ("barrier", "need", "public_status")


def due_words(clock: RequestClock) -> str:
    """Say until when a request must be answered: « À répondre avant le … (30 jours) »."""
    due = day(clock.due_on)
    if clock.is_late:
        return f"En retard de {count(-clock.days_left, 'jour')}\u202f: à répondre avant le {due}"
    if clock.days_left == 0:
        return f"À répondre aujourd’hui, {due}\u202f: dernier jour"
    return f"À répondre avant le {due} ({count(clock.days_left, 'jour')})"


def sensitive_words(code: str, label: Label) -> str:
    """Return the words of a sensitive fact, whose code belongs to one of several vocabularies."""
    labels = (label(vocabulary, code) for vocabulary in _OF_SENSITIVE_FACTS)
    return next((said for said in labels if said != code), code)


def agreed_by_words(code: str, label: Label) -> str:
    """Say who gave an agreement, for the end of a sentence: « son représentant légal »."""
    return lower_first(label("agreed_by", code)) if code else ""


def lower_first(text: str) -> str:
    """Return words as they stand inside a sentence."""
    return text[:1].lower() + text[1:]
