"""What of a text can stand on paper: no control signs, no letter that no font has.

PDF/UA refuses a page with a letter that nothing can draw, and what somebody wrote must never keep a
page from being made.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

UNKNOWN: Final = "\u25a1"
"""Stands for a letter that none of the fonts on board has, as a square."""

_LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control, format (direction marks among them), half pairs, private and unassigned signs.
_NEVER: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MARKS: Final = frozenset({"Mn", "Mc", "Me"})
_LATIN_END: Final = 0x180
_FRENCH: Final = frozenset("œŒ€’‘“”–—…\u202f\u2009•")
_LONGEST_PIECE: Final = 28
_LONG_WORD: Final = re.compile(rf"\S{{{_LONGEST_PIECE},}}")
_PIECE: Final = re.compile(rf"[^-.@_/,;:?&=]{{1,{_LONGEST_PIECE}}}[-.@_/,;:?&=]*|[-.@_/,;:?&=]+")
MAY_BREAK: Final = "\u200b"
"""Where a long word may go to the next line; the template makes it a space of no width."""


def printable(text: str, shows: Callable[[str], bool]) -> str:
    """Return a text that any page can hold.

    Args:
        text: what somebody wrote.
        shows: says whether some font has a letter that is neither Latin nor French punctuation.
    """
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    composed = unicodedata.normalize("NFC", lines)
    drawn = "".join(_drawn(sign, shows) for sign in composed)
    return _LONG_WORD.sub(_breakable, drawn)


def _drawn(sign: str, shows: Callable[[str], bool]) -> str:
    if sign == "\n" or " " <= sign <= "~":
        return sign
    category = unicodedata.category(sign)
    # A mark that composes with nothing would float; the letter alone is still read.
    if category in _NEVER or category in _MARKS:
        return ""
    if category == "Zs":
        return sign if sign in "\u00a0\u202f" else " "
    if ord(sign) < _LATIN_END or sign in _FRENCH or shows(sign):
        return sign
    return UNKNOWN


def _breakable(word: re.Match[str]) -> str:
    """Let a word too long for a line break after a sign, or anywhere, without any mark."""
    return MAY_BREAK.join(piece[0] for piece in _PIECE.finditer(word[0]))
