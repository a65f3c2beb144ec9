"""Which packs of the Region a machine holds and a relay keeps, each in one line of a header.

A machine says, of each kind that it takes, when the one that it holds was made; a relay answers
with those that were made later, and says nothing when there are none. A line that cannot be read
says nothing either: a pack is never worth the records that the same answer is about.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

PACKS: Final = "deux-portes-packs"
"""The header, of the question and of the answer."""

MAX_PACK_BYTES: Final = 64_000_000
MAX_MOMENT_S: Final = 253_402_300_799
"""The last second of the year 9999, after which no calendar here goes."""
KINDS_MAX: Final = 8

_KIND: Final = "[a-z][a-z-]{0,39}"
_NUMBER: Final = "0|[1-9][0-9]{0,14}"
_HELD: Final = re.compile(f"({_KIND}) ({_NUMBER})", re.ASCII)
_KEPT: Final = re.compile(f"({_KIND}) ({_NUMBER}) ([0-9a-f]{{64}}) ({_NUMBER})", re.ASCII)
_BETWEEN: Final = ", "


@dataclass(frozen=True, slots=True, kw_only=True)
class PackMark:
    """A whole pack: its kind, when it was made (seconds since 1970), the SHA-256 of its bytes."""

    kind: str
    made_s: int
    name: bytes
    size: int


def is_kind(text: str) -> bool:
    """Can a pack of that kind be named in a line?"""
    return re.fullmatch(_KIND, text, re.ASCII) is not None


def pack_name(data: bytes) -> bytes:
    """Return the name of a pack, the SHA-256 of all its bytes."""
    return hashlib.sha256(data).digest()


def held_line(held: Mapping[str, int]) -> str:
    """Write the kinds that a machine takes, and when the one that it holds was made, 0 for none."""
    return _BETWEEN.join(f"{kind} {made_s}" for kind, made_s in sorted(held.items()))


def read_held(line: str) -> dict[str, int]:
    """Read what a machine says; nothing when it cannot be read."""
    found = [_HELD.fullmatch(part) for part in _parts(line)]
    held = {one[1]: int(one[2]) for one in found if one is not None}
    is_sound = len(held) == len(found) and all(moment <= MAX_MOMENT_S for moment in held.values())
    return held if is_sound else {}


def kept_line(kept: Iterable[PackMark]) -> str:
    """Write the packs that a relay keeps."""
    return _BETWEEN.join(f"{one.kind} {one.made_s} {one.name.hex()} {one.size}" for one in kept)


def read_kept(line: str) -> tuple[PackMark, ...]:
    """Read what a relay says; nothing when it cannot be read."""
    found = [_KEPT.fullmatch(part) for part in _parts(line)]
    kept = tuple(
        PackMark(kind=one[1], made_s=int(one[2]), name=bytes.fromhex(one[3]), size=int(one[4]))
        for one in found
        if one is not None
    )
    is_sound = len({one.kind for one in kept}) == len(found) and all(map(_is_sound, kept))
    return kept if is_sound else ()


def _is_sound(mark: PackMark) -> bool:
    return mark.made_s <= MAX_MOMENT_S and 0 < mark.size <= MAX_PACK_BYTES


def _parts(line: str) -> list[str]:
    """Cut a line; one of more kinds than there can be says nothing."""
    parts = line.split(_BETWEEN, KINDS_MAX) if line else []
    return parts if len(parts) <= KINDS_MAX else []
