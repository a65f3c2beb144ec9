"""The choices of the page, made from the vocabularies: what is offered first, what is apart."""

from collections.abc import Iterable
from typing import Final

from app.reference.vocabulary import Entry, Vocabularies, Vocabulary
from ui.widgets.choices import NOT_SAID, Choice

SENSITIVE_FIELDS: Final = (("public_status", "status"), ("barrier", "barrier"), ("need", "need"))
"""Vocabularies with words to be written only at the person's request, and their short names."""


def choices_of(vocabulary: Vocabulary) -> list[Choice]:
    """Return the words to offer, in their order; numbered levels come first, by number.

    A level answers then to its own digit: 3 for a CAP, 4 for a baccalauréat.
    """
    offered = _offered(vocabulary.active())
    numbered = [entry for entry in offered if entry.code.isdecimal()]
    named = [entry for entry in offered if not entry.code.isdecimal()]
    return [_choice(entry) for entry in (*numbered, *named)]


def families_of(vocabulary: Vocabulary) -> list[Choice]:
    """Return the headings under which there is something to offer."""
    used = {entry.family for entry in _offered(vocabulary.active())}
    return [
        Choice(code=family.code, label=family.label)
        for family in vocabulary.families
        if family.code in used
    ]


def choices_in(vocabulary: Vocabulary, family: str) -> list[Choice]:
    """Return the words of a heading, without « non communiqué » and the heading itself."""
    return [
        _choice(entry)
        for entry in _offered(vocabulary.active())
        if entry.family == family and entry.code not in {family, NOT_SAID.code}
    ]


def sensitive_choices(vocabularies: Vocabularies) -> list[Choice]:
    """Return what is written only at the person's request, as `status:code`, `barrier:code`..."""
    return [
        Choice(code=f"{short}:{entry.code}", label=entry.label, hint=entry.hint)
        for name, short in SENSITIVE_FIELDS
        for entry in vocabularies.get(name).active()
        if entry.is_sensitive
    ]


def _offered(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.is_sensitive]


def _choice(entry: Entry) -> Choice:
    return Choice(code=entry.code, label=entry.label, hint=entry.hint)
