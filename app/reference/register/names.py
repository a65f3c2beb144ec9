"""Names as registers write them, « DUPONT Marie », « Mme Le Goff Anne », and texts without them."""

import re
from collections.abc import Iterable
from typing import Final

from app.domain.folding import fold
from app.reference.register.words import RegisterWords

REMOVED: Final = "[retiré]"
"""What stands in a text in place of a name or a contact that may not be kept."""

_EMAIL: Final = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>(),;]+")
_TELEPHONE: Final = re.compile(
    r"(?<!\d)(?:(?:\+|00)33[\s.]?(?:\(0\)[\s.]?)?|0)[1-9](?:[\s.\-/]?\d{2}){4}(?!\d)"
)
_SHORTEST_NAME: Final = 2


def split_name(text: str, words: RegisterWords, *, given_first: bool = False) -> tuple[str, str]:
    """Return the family name and the given name that one cell holds.

    Words in capitals are the family name; without them the first word is (the last one when
    `given_first`), with the particles that go with it.
    """
    parts = [part for part in text.replace(",", " ").split() if fold(part)]
    while parts and fold(parts[0]) in words.civilities:
        parts = parts[1:]
    capitals = [part for part in parts if part.isupper() and len(part) > 1]
    if capitals and len(capitals) < len(parts):
        given = [part for part in parts if part not in capitals]
        return " ".join(capitals), " ".join(given)
    if len(parts) <= 1:
        return " ".join(parts), ""
    if given_first:
        return " ".join(parts[1:]), parts[0]
    length = 1
    while length < len(parts) - 1 and fold(parts[length - 1]) in words.particles:
        length += 1
    return " ".join(parts[:length]), " ".join(parts[length:])


def without_identity(text: str, names: Iterable[str]) -> str:
    """Return a text without these names, written with a capital, and without telephone nor address.

    A name in small letters is left: « petit » and « olive » are words too.
    """
    text = _TELEPHONE.sub(REMOVED, _EMAIL.sub(REMOVED, text))
    known = {fold(part) for name in names for part in re.split(r"[\s,\-]+", name)}
    known = {part for part in known if len(part) > _SHORTEST_NAME}
    if not known:
        return text
    return re.sub(r"[^\W\d_]+", lambda word: _kept(word[0], known), text)


def telephone_of(text: str) -> str:
    """Return a telephone number, with the zero that a spreadsheet took from it."""
    digits = "".join(text.split())
    is_bare = digits.isascii() and digits.isdecimal() and len(digits) == len("612345678")
    return f"0{digits}" if is_bare and digits[0] != "0" else text


def _kept(word: str, known: set[str]) -> str:
    return REMOVED if word[0].isupper() and fold(word) in known else word
