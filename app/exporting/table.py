"""A list as it was shown: titles, and rows of the same texts in the same order."""

import re
from dataclasses import dataclass
from typing import Final

_FIGURES: Final = re.compile(r"-?\d{1,15}")
_SPACES: Final = str.maketrans("", "", " \u00a0\u202f")
_LONE_SURROGATES: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownColumn:
    """A column: its title, and whether it holds figures, which a spreadsheet may then add."""

    title: str
    has_figures: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """What somebody sees of a list. `name` is what the list is called."""

    name: str
    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[str, ...], ...]


def figure_in(text: str) -> int | None:
    """Return the whole number that a text is, its thousands apart or not; None when it is none."""
    bare = text.translate(_SPACES)
    return int(bare) if _FIGURES.fullmatch(bare) and bare.isascii() else None


def writable(text: str) -> str:
    """Return a text without the half signs that no file can hold."""
    return _LONE_SURROGATES.sub("\ufffd", text)
