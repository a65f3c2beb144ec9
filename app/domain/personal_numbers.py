"""Numbers that identify somebody for life and have no place here: found in free text, masked.

The social security number (NIR) may be kept only by those whom the décret 2019-341 of 19 April 2019
names, for the uses that it names; a guidance desk is not among them. The number of pupils, students
and apprentices (INE) belongs to the ministries' own register (arrêté of 16 February 2012, RNIE).

Found are: a NIR whose key is right, however it is cut (`social_numbers`); a NIR without its key, or
with a wrong one, where the words beside it name it; an INE by its exact shape, or where the words
before it name it (`pupil_numbers`). SIRET, SIREN, telephones and the like pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.pupil_numbers import pupil_numbers
from app.domain.social_numbers import social_numbers
from app.domain.text_spans import Span

MASK: Final = "[numéro masqué]"
"""What stands in place of a number. It holds no digit, so masking twice changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A text without its numbers, and where a cursor that stood in it stands now."""

    text: str
    cursor: int
    count: int


def personal_numbers(text: str, *, typing_at: int | None = None) -> tuple[Span, ...]:
    """Return where numbers to be masked stand in a text, in its order, none over another.

    Args:
        text: any text, whoever wrote it; the time taken grows as its length.
        typing_at: where the cursor stands while somebody types. A number that may go on there (a
            NIR whose key was not typed yet, an INE that may turn out to be a longer word) is left
            alone until they go on; a NIR with its key is complete at once.
    """
    pupils = pupil_numbers(text)
    found = list(social_numbers(text, taken=pupils))
    starts = {span.start for span in found}
    for span in reversed(pupils):
        if span.end in starts or not text[span.end : span.end + 1].isdecimal():
            found.append(span)
            starts.add(span.start)
    return tuple(sorted(span for span in found if span.is_sure or span.end != typing_at))


def masked(text: str) -> str:
    """Return a text with `MASK` in place of each number; all the rest stays as it was."""
    return without_spans(text, personal_numbers(text))


def masked_while_typing(text: str, cursor: int) -> Masked:
    """Mask what is complete in a text being typed, and say where its cursor goes.

    A cursor inside a number, or just after it, goes after the mask.
    """
    spans = personal_numbers(text, typing_at=cursor)
    moved = cursor
    for span in spans:
        if cursor >= span.end:
            moved += len(MASK) - (span.end - span.start)
        elif cursor > span.start:
            moved += span.start + len(MASK) - cursor
    return Masked(text=without_spans(text, spans), cursor=moved, count=len(spans))


def without_spans(text: str, spans: Sequence[Span]) -> str:
    """Return a text with `MASK` in place of each span, given in order."""
    pieces, last = [], 0
    for span in spans:
        pieces += [text[last : span.start], MASK]
        last = span.end
    return "".join([*pieces, text[last:]])


def masked_file_name(name: str) -> str:
    """Return the name of a file as it may be shown or noted: what it is called, not what it is.

    Its ending is read apart: the 7 of « .7z » belongs to no number.
    """
    stem, dot, ending = name.rpartition(".")
    has_ending = bool(dot) and not ending.isdecimal()
    return f"{masked(stem)}.{masked(ending)}" if has_ending else masked(name)
