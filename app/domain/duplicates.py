"""Are two files of one person? Reasons that a person can check, never a decision."""

from enum import StrEnum
from typing import Final

from app.domain.folding import fold_tokens
from app.domain.reception import PersonDetails

_TELEPHONE_DIGITS: Final = 9
_LEAST_TELEPHONE_DIGITS: Final = 8
_SHORTEST_NAME: Final = 2


class Reason(StrEnum):
    """Why two files may be of one person."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    BIRTH = "birth"
    BIRTH_SWAPPED = "birth_swapped"
    NAME = "name"
    CLOSE_NAME = "close_name"
    COMMUNE = "commune"


def reasons_for(one: PersonDetails, other: PersonDetails) -> tuple[Reason, ...]:
    """Return why two files may be of one person, nothing when it is unlikely.

    A name alone is no reason: homonyms are many. Nor is a telephone alone: a family shares one. The
    order of the two changes nothing.
    """
    found = _alike(one, other)
    is_named = Reason.NAME in found or Reason.CLOSE_NAME in found
    is_born = Reason.BIRTH in found or Reason.BIRTH_SWAPPED in found
    is_reached = Reason.TELEPHONE in found or Reason.EMAIL in found
    if one.birth_on and other.birth_on and not is_born:
        # Twins and parents share names, telephones and houses: not the day they were born.
        is_likely = Reason.NAME in found and is_reached
    else:
        is_likely = (is_named and (is_born or is_reached)) or (is_born and is_reached)
        is_likely |= Reason.NAME in found and Reason.COMMUNE in found
    return tuple(found) if is_likely else ()


def _alike(one: PersonDetails, other: PersonDetails) -> list[Reason]:
    tests = (
        (Reason.NAME, _same_name(one, other)),
        (Reason.CLOSE_NAME, not _same_name(one, other) and _close_name(one, other)),
        (Reason.BIRTH, bool(one.birth_on) and one.birth_on == other.birth_on),
        (Reason.BIRTH_SWAPPED, _swapped(one.birth_on, other.birth_on)),
        (Reason.TELEPHONE, _same_telephone(one.telephone, other.telephone)),
        (Reason.EMAIL, _same_email(one.email, other.email)),
        (Reason.COMMUNE, bool(one.commune) and one.commune == other.commune),
    )
    return [reason for reason, holds in tests if holds]


def _same_name(one: PersonDetails, other: PersonDetails) -> bool:
    """Is it the same given name with a family name in common, in whatever order they were typed?"""
    if not _given(one) or not _given(other):
        return False
    if sorted(_given(one) + _family(one)) == sorted(_given(other) + _family(other)):
        return True
    return _given(one) == _given(other) and bool(_families(one) & _families(other))


def _close_name(one: PersonDetails, other: PersonDetails) -> bool:
    """Is it the same name but for a slip of the fingers in one of its words?"""
    ours, theirs = sorted(_given(one) + _family(one)), sorted(_given(other) + _family(other))
    if len(ours) < _SHORTEST_NAME or len(ours) != len(theirs):
        return False
    differing = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return len(differing) == 1 and _one_slip(*differing[0])


def _one_slip(one: str, other: str) -> bool:
    """Do two words differ by one letter: more, less, another, or two of them swapped?"""
    if one == other or min(len(one), len(other)) <= _SHORTEST_NAME:
        return one == other
    start = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    a, b = one[start:], other[start:]
    return (
        a[1:] == b[1:]
        or a[1:] == b
        or a == b[1:]
        or (a[:2] == b[1::-1] and len(a) > 1 and a[2:] == b[2:])
    )


def _swapped(one: str, other: str) -> bool:
    """Are day and month of one date the month and day of the other?"""
    if not one or not other or one == other:
        return False
    return (one[:4], one[5:7], one[8:]) == (other[:4], other[8:], other[5:7])


def _same_telephone(one: str, other: str) -> bool:
    ours, theirs = _digits(one), _digits(other)
    return len(ours) >= _LEAST_TELEPHONE_DIGITS and ours == theirs


def _digits(telephone: str) -> str:
    """Return the digits that tell two numbers apart: 06… and +33 6… are one."""
    return "".join(sign for sign in telephone if sign.isdecimal())[-_TELEPHONE_DIGITS:]


def _same_email(one: str, other: str) -> bool:
    return "@" in one and one.strip().casefold() == other.strip().casefold()


def _given(known: PersonDetails) -> tuple[str, ...]:
    return fold_tokens(known.given_name)


def _family(known: PersonDetails) -> tuple[str, ...]:
    return fold_tokens(known.family_name)


def _families(known: PersonDetails) -> set[str]:
    names = (known.family_name, known.birth_name, known.usual_name)
    return {" ".join(fold_tokens(name)) for name in names if name.strip()}
