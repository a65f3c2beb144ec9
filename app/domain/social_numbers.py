"""The social security number (NIR), found in free text, however it is cut.

Thirteen signs and a key (décret 82-103 of 22 January 1982, article 4): sex, two digits of the
year, two of the month, five of the place of birth (department and commune, 2A and 2B in Corsica, 99
abroad), three of order; the key is 97 less the remainder by 97 of the thirteen, 2A being read 19
and 2B 18.

- Sex: 1 and 2; 3 and 4, 7 and 8 in numbers given meanwhile to people not yet registered.
- Month: 01 to 12; 20, 30 to 42 and 50 to 99 where the month of birth is not known. In former
  provisional numbers (7 or 8, then 1 or 2) the number of a fund stands there: any figures.

A number with a right key is taken when its cuts are those of its parts, whatever stands beside it,
or when it stands alone, whatever its cuts. One that is not cut from the figures glued to it is not
taken: in a row of 27 figures (an IBAN) some fifteen would often have a right key by chance. Nor is:

- what begins after « + »: a telephone;
- a postal code and a telephone (cut after five figures, then 0);
- a SIREN or a SIRET and figures more (« 5, rue »): nine or fourteen figures that have Luhn's key
  and are cut as those are. A SIRET by itself has a figure too few to be a NIR, even when its first
  thirteen look like one. Cut after its first figure alone, as NIR are, it is taken for one.

Without a right key, thirteen or fifteen figures of the right form are taken only where the words
beside them say what they are (« sécu », « NIR », « n° SS », « carte Vitale », « INSEE ») and do not
name another number nearer (« SIRET », « tél »).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.folding import fold
from app.domain.text_spans import BLANKS, INVISIBLE, SEPARATORS, Span, covered

_WITHOUT_KEY: Final = 13
_WITH_KEY: Final = 15
_SIRET: Final = 14
_SIREN: Final = 9
_CUTS_OF_SIRET: Final = frozenset({3, 6, 9, 14})
_POSTAL_CODE: Final = 5
_DEPARTMENT: Final = 2
_BEFORE_LETTER: Final = 6  # sex, year, month and the 2 of 2A or 2B
_PARTS: Final = frozenset({1, 3, 5, 7, 8, 10, 13})
"""Where a number is cut: after sex, year, month, department (of two or three), commune, order."""

_ANYWHERE: Final = frozenset(range(1, _WITH_KEY))

_FORM: Final = re.compile(
    r"(?:[123478]\d\d(?:0[1-9]|1[0-2]|20|3\d|4[0-2]|[5-9]\d)(?!00)(?:\d\d|2[AB])\d{6}"
    r"|[78][12]\d{11})(?:\d\d)?"
)
_GROUP: Final = re.compile(rf"\d+(?:[{INVISIBLE}]{{1,3}}\d+)*")
_NARROW: Final = re.compile(rf"[{SEPARATORS}]{{1,3}}")
_WIDE: Final = re.compile(rf"[{SEPARATORS}\n\r/_]{{1,4}}")
_CORSICA: Final = re.compile(
    rf"[{SEPARATORS}]{{0,3}}(?P<letter>[ABab\uff21\uff22\uff41\uff42])(?P<cut>[{SEPARATORS}\n/_]{{0,3}})"
)
_VISIBLE: Final = re.compile(rf"[^{INVISIBLE}]")
_BEFORE_KEY: Final = re.compile(
    rf"[{BLANKS}]{{0,3}}[-\u2010-\u2015/(\[:,;|+]?[{BLANKS}]{{0,2}}"
    rf"(?:cl(?:[ée]|e\u0301)f?)?[{BLANKS}]{{0,2}}[:=]?[{BLANKS}]{{0,2}}",
    re.IGNORECASE,
)
_LONGEST_GAP: Final = 16
_NO_FIGURE: Final = "]"  # as a mask ends: no gap holds one, and words beside a number end there

_NAMES: Final = frozenset(["secu", "securite", "nir", "nirpp", "ss", "vitale", "insee"])
_OTHER_NAMES: Final = frozenset(
    {"siret", "siren", "tva", "urssaf", "rna", "tel", "telephone", "portable", "fax"}
    | {"iban", "rib", "compte", "facture", "ean", "isbn"}
)
_WORDS_BEFORE: Final = 48
_WORDS_AFTER: Final = 28
_ENDS_WORDS: Final = re.compile(r"[\d\[\]\n\r]")


@dataclass(frozen=True, slots=True)
class _Group:
    """Figures glued together, with the sort of gap before the next ones."""

    start: int
    end: int
    figures: str
    gap: str
    gap_text: str


# Sorts of gap: none that a number could have; cuts anywhere; cuts between parts; 2A or 2B; a key.
_BREAK, _CUT, _PART, _LETTER, _KEY = "break", "cut", "part", "letter", "key"


def social_numbers(text: str, *, taken: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return where social security numbers stand in a text, in its order, none over another.

    Args:
        text: any text.
        taken: what is known to be another number, in order.
    """
    text = covered(text, taken, _NO_FIGURE)
    groups = _groups(text)
    spans: list[Span] = []
    rest: list[_Group] = []
    place = 0
    while place < len(groups):
        last = _last_of_cut_number(groups, place)
        if last is None or _is_telephone(text, groups[place]):
            rest.append(groups[place])
            place += 1
            continue
        if rest:
            rest[-1] = _broken(rest[-1])
        spans.append(Span(start=groups[place].start, end=groups[last].end))
        place = last + 1
    spans += _standing_alone(text, rest)
    return tuple(sorted(spans))


def key_of(number: str) -> int:
    """Return the key of the thirteen signs of a NIR, 2A or 2B in capitals among them."""
    figures = number[:_WITHOUT_KEY].replace("2A", "19").replace("2B", "18")
    return 97 - int(figures) % 97


def has_luhn_key(figures: str) -> bool:
    """Does the last figure prove the others by Luhn's rule, as in a SIREN or a SIRET?"""
    doubled = (
        int(figure) * (2 if place % 2 else 1) for place, figure in enumerate(reversed(figures))
    )
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0  # noqa: PLR2004


def _groups(text: str) -> list[_Group]:
    """Return the figures of a text in groups, with the gap that follows each."""
    matches = [match.span() for match in _GROUP.finditer(text)]
    groups = []
    for place, (start, end) in enumerate(matches):
        following = matches[place + 1][0] if place + 1 < len(matches) else end
        gap_text = text[end:following] if following - end <= _LONGEST_GAP else ""
        figures = "".join(str(int(sign)) for sign in text[start:end] if sign.isdecimal())
        gap = _sort_of_gap(gap_text, figures)
        groups.append(_Group(start, end, figures, gap, gap_text))
    return groups


def _sort_of_gap(gap: str, before: str) -> str:
    if not gap:
        return _BREAK
    if _NARROW.fullmatch(gap):
        return _CUT
    if _WIDE.fullmatch(gap):
        return _PART
    if before.endswith("2") and _CORSICA.fullmatch(gap):
        return _LETTER
    return _KEY if _BEFORE_KEY.fullmatch(gap) else _BREAK


def _broken(group: _Group) -> _Group:
    return _Group(group.start, group.end, group.figures, _BREAK, "")


def _read(
    groups: Sequence[_Group], place: int, length: int, within: frozenset[int] = _ANYWHERE
) -> tuple[int, str, set[int]] | None:
    """Read so many signs from a group on: the last group, the signs, and after which of them cut.

    None when no group ends just there, or when something is cut elsewhere than `within`.
    """
    signs, cuts = "", set[int]()
    for last in range(place, min(place + length, len(groups))):
        group = groups[last]
        signs += group.figures[: length + 1]
        if len(signs) >= length:
            return (last, signs, cuts) if len(signs) == length else None
        if group.gap == _LETTER:
            letter = _CORSICA.fullmatch(group.gap_text)
            if letter is None or len(signs) != _BEFORE_LETTER:
                return None
            signs += "A" if letter["letter"] in "Aa\uff21\uff41" else "B"
            cuts |= {len(signs)} if _VISIBLE.search(letter["cut"]) else set()
        elif group.gap == _BREAK or (group.gap == _KEY and len(signs) != _WITHOUT_KEY):
            return None
        else:
            cuts.add(len(signs))
        if not cuts <= within:
            return None
    return None


def _last_of_cut_number(groups: Sequence[_Group], place: int) -> int | None:
    """Return the last group of a number that begins here and is cut as its parts are."""
    read = _read(groups, place, _WITH_KEY, _PARTS)
    if read is None:
        return None
    last, signs, cuts = read
    is_cut_as_parts = not cuts or 1 in cuts or _WITHOUT_KEY in cuts
    return last if is_cut_as_parts and _is_right(signs) else None


def _is_right(signs: str) -> bool:
    return _FORM.fullmatch(signs) is not None and key_of(signs) == int(signs[_WITHOUT_KEY:])


def _is_telephone(text: str, group: _Group) -> bool:
    return text[: group.start].endswith("+", max(group.start - 1, 0))


def _standing_alone(text: str, groups: Sequence[_Group]) -> Iterator[Span]:
    """Give the numbers that stand between two breaks, cut anyhow, or named by words beside them."""
    first = 0
    for last, group in enumerate(groups):
        if group.gap in {_CUT, _LETTER}:
            continue
        row = groups[first : last + 1]
        first = last + 1
        if len(row) <= _WITH_KEY and not _is_telephone(text, row[0]):
            span = Span(start=row[0].start, end=row[-1].end, is_sure=False)
            whole = _whole(row, _WITH_KEY)
            if (whole is not None and _is_alone_right(*whole)) or _is_named(text, span, row):
                yield span


def _whole(row: Sequence[_Group], length: int) -> tuple[str, set[int]] | None:
    """Return the signs of a row and its cuts, if it has just so many."""
    read = _read(row, 0, length)
    return read[1:] if read is not None and read[0] == len(row) - 1 else None


def _is_alone_right(signs: str, cuts: set[int]) -> bool:
    return _is_right(signs) and not (
        any(_begins_as(signs, cuts, length) for length in (_SIREN, _SIRET))
        or (signs[_POSTAL_CODE] == "0" and _begins_as_postal_code(cuts))
    )


def _begins_as_postal_code(cuts: set[int]) -> bool:
    """Are the first five figures apart, in one piece or after the two of the département?"""
    return _POSTAL_CODE in cuts and {cut for cut in cuts if cut < _POSTAL_CODE} <= {_DEPARTMENT}


def _begins_as(signs: str, cuts: set[int], length: int) -> bool:
    """Does a row begin with a SIREN or a SIRET, cut from what follows?"""
    figures = signs[:length]
    is_cut_so = length in cuts and cuts <= _CUTS_OF_SIRET
    return is_cut_so and figures.isdecimal() and has_luhn_key(figures)


def _is_named(text: str, span: Span, row: Sequence[_Group]) -> bool:
    """Has a row the form of a number, and do the words beside it say that it is one?"""
    whole = _whole(row, _WITHOUT_KEY) or _whole(row, _WITH_KEY)
    if whole is None or _FORM.fullmatch(whole[0]) is None:
        return False
    before = _ENDS_WORDS.split(text[max(span.start - _WORDS_BEFORE, 0) : span.start])[-1]
    named = [word for word in _words(before) if word in _NAMES | _OTHER_NAMES]
    if named:
        return named[-1] in _NAMES
    after = _ENDS_WORDS.split(text[span.end : span.end + _WORDS_AFTER])[0]
    named = [word for word in _words(after) if word in _NAMES | _OTHER_NAMES]
    return bool(named) and named[0] in _NAMES


def _words(text: str) -> list[str]:
    return f" {fold(text)} ".replace(" n i r ", " nir ").split()
