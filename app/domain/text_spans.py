"""A place in a text, and the signs that people put between the figures of one number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# Written as classes of regular expressions, without their brackets.
INVISIBLE: Final = (
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\u20e3\ufeff"
)
"""Signs without width, which a copy from a page or a document leaves between figures."""

BLANKS: Final = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Spaces of every width: no-break, narrow, full."""

SEPARATORS: Final = (
    f"{INVISIBLE}{BLANKS}.\u00b7\u2022\u2024\u22c5\uff0e\u2010-\u2015\u2212\ufe63\uff0d\\-"
)
"""What may stand between two figures of one number: spaces, dots, hyphens and dashes."""

LETTERS: Final = "A-Za-z\uff21-\uff3a\uff41-\uff5a"
"""Plain letters, those of full width too."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """From `start` to before `end`; `is_sure` tells that nothing typed next could undo it."""

    start: int
    end: int
    is_sure: bool = True


def covered(text: str, spans: Iterable[Span], sign: str) -> str:
    """Return a text of the same length, each sign of the spans, given in order, become another."""
    pieces, last = [], 0
    for span in spans:
        pieces += [text[last : span.start], sign * (span.end - span.start)]
        last = span.end
    return "".join([*pieces, text[last:]])
