"""The shapes that fields of statements have: what a reader accepts of each."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

MAX_UINT = 2**48 - 1


@dataclass(frozen=True, slots=True)
class Octets:
    """The field holds bytes: this many, or up to `most`."""

    exactly: int = 0
    most: int = 0

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, bytes):
            return False
        return len(value) == self.exactly if self.exactly else len(value) <= self.most


@dataclass(frozen=True, slots=True)
class Words:
    """The field holds text, up to this many characters."""

    most: int

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        return isinstance(value, str) and len(value) <= self.most


@dataclass(frozen=True, slots=True)
class Uint:
    """The field holds an integer between these two, included."""

    least: int = 0
    most: int = MAX_UINT

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Members:
    """The field holds the members of a space: short bytes, each once."""

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, tuple) or not 1 <= len(value) <= 255:  # noqa: PLR2004 - a byte
            return False
        member = Octets(most=255)
        return all(map(member.accepts, value)) and len(set(value)) == len(value)


@dataclass(frozen=True, slots=True)
class Heads:
    """The field holds `[space, incarnation, sequence, name]` entries."""

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        return isinstance(value, tuple) and all(map(_is_head, value))


def _is_head(value: object) -> bool:
    shapes: tuple[Octets | Uint, ...] = (Octets(16), Octets(8), Uint(), Octets(32))
    if not isinstance(value, tuple) or len(value) != len(shapes):
        return False
    return all(shape.accepts(part) for shape, part in zip(shapes, value, strict=True))


@dataclass(frozen=True, slots=True)
class Cover:
    """The field holds `[incarnation, sequence, name]` entries, by incarnation, each once."""

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, tuple) or not all(map(_is_covered, value)):
            return False
        incarnations = [one[0] for one in value]
        return all(one < other for one, other in pairwise(incarnations))


@dataclass(frozen=True, slots=True)
class Names:
    """The field holds byte strings of one length, each once."""

    length: int

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, tuple) or not all(map(Octets(self.length).accepts, value)):
            return False
        return len(set(value)) == len(value)


@dataclass(frozen=True, slots=True)
class Uints:
    """The field holds integers, in increasing order."""

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, tuple) or not all(map(Uint().accepts, value)):
            return False
        return all(one < other for one, other in pairwise(value))


def _is_covered(value: object) -> bool:
    shapes: tuple[Octets | Uint, ...] = (Octets(8), Uint(least=1), Octets(32))
    if not isinstance(value, tuple) or len(value) != len(shapes):
        return False
    return all(shape.accepts(part) for shape, part in zip(shapes, value, strict=True))


Shape: TypeAlias = Octets | Words | Uint | Members | Heads | Cover | Names | Uints
