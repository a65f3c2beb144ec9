"""The number of pupils, students and apprentices (INE), found in free text.

Eleven signs, in the forms that schools have given:

- since 2018, from the national register (RNIE): nine digits and two letters;
- before, from academies (« BEA », and « INAA » in farming schools): ten digits and a letter, which
  is the remainder by 23 of the number, in an alphabet without I, O and Q;
- for apprentices, and for provisional numbers: four digits, A or D, five digits and a letter;
- from universities, before 2018: ten letters or digits, and a digit.

Only the second has a key that is public. Without a word that names it, a number is therefore taken
only when it stands alone, in one piece: the first form with both letters of one case and no unit of
measure (« 123456789km »), the second with its right letter, the third in capitals. The last one, as
well as numbers cut by spaces or with a wrong letter, are taken after « INE », « BEA », « INAA »,
« RNIE », « identifiant national » or « numéro d’étudiant » alone. Glued after another word
(« RR123456789FR », the number of a parcel), nothing is taken.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.domain.folding import fold
from app.domain.text_spans import BLANKS, LETTERS, SEPARATORS, Span, covered

_KEY_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_UNITS: Final = frozenset(
    [
        "km",
        "kg",
        "mg",
        "ml",
        "cl",
        "dl",
        "cm",
        "mm",
        "dm",
        "ha",
        "go",
        "mo",
        "ko",
        "to",
        "kw",
        "er",
        "re",
        "nd",
        "me",
        "et",
        "ou",
    ]
)
"""Two small letters that follow figures for another reason: measures, ranks, a space forgotten."""

_L: Final = f"[{LETTERS}]"
_S: Final = f"[{SEPARATORS}]{{0,2}}"
_LENGTH: Final = 11

# Figures may be glued after it: `personal_numbers` says whether they are another number.
_ALONE: Final = re.compile(
    rf"(?<![^\W_])(?:\d{{9}}(?:\d{_L}|{_L}{{2}})|\d{{4}}[ADad\uff21\uff24]\d{{5}}{_L})+"
    r"(?![^\W\d_])"
)
_NAMED: Final = re.compile(
    r"(?<![^\W\d_])(?:INE[Ss]?|BEA|INAA|RNIE|identifiants?\s+nation\w+"
    r"|(?:num[eé]ro|n\s?[°ºo])\s*(?:d[’'e]\s*)?(?:[eé]tudiant|[eé]l[eè]ve)e?)(?![^\W\d_])"
    rf"(?:[{BLANKS}:=.,;()«»\"'’°º/_-]"
    r"|(?:num[eé]ro|num|no|n|code|est|le|la|de|du|d|son|sa|mon|ma|bea|ine|rnie|inaa"
    r"|[eé]l[eè]ve|[eé]tudiante?|apprentie?|national)(?![^\W_])){0,12}"
    rf"(?P<number>\d(?:{_S}\d){{8}}{_S}(?:\d{_S}{_L}|{_L}{_S}{_L})"
    rf"|\d(?:{_S}\d){{3}}{_S}[ADad]{_S}\d(?:{_S}\d){{4}}{_S}{_L}"
    rf"|(?=[^\W_]*\d[^\W_]*\d[^\W_]*\d)[\d{LETTERS}]{{10}}\d(?!\d))"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)


def pupil_numbers(text: str) -> tuple[Span, ...]:
    """Return where numbers of pupils stand in a text, in its order, none over another.

    One with figures glued after it is among them; it is one only if these are another number.
    """
    named = tuple(_named(text))
    # What is glued to a number found already stands alone.
    return tuple(sorted((*named, *_alone(covered(text, named, " ")))))


def _named(text: str) -> Iterator[Span]:
    for match in _NAMED.finditer(text):
        yield Span(start=match.start("number"), end=match.end("number"), is_sure=False)


def _alone(text: str) -> Iterator[Span]:
    for match in _ALONE.finditer(text):
        for start in range(match.start(), match.end(), _LENGTH):
            if _is_pupils(text[start : start + _LENGTH]):
                yield Span(start=start, end=start + _LENGTH, is_sure=False)


def _is_pupils(word: str) -> bool:
    """Is a word that has one of the forms an INE, as far as one can tell without another word?"""
    if word[:10].isdecimal():
        return fold(word[10]).upper() == _KEY_LETTERS[int(word[:10]) % len(_KEY_LETTERS)]
    if word[:9].isdecimal():
        letters = word[9:]
        return letters.isupper() or (letters.islower() and fold(letters) not in _UNITS)
    return word.isupper()
