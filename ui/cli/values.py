"""The kinds of values that commands take, refused in French."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any, TypeAlias

import click

from ui.texts import typeset

_Parameter: TypeAlias = click.Parameter | None
_Context: TypeAlias = click.Context | None

STANDARD_INPUT = "-"


class _FrenchType(click.ParamType):  # type: ignore[type-arg]  # click 8.2 takes no type here
    """A kind of value of ours, whose refusals are French."""


class Words(_FrenchType):
    """Some text, which must be text: bytes that are no UTF-8 are refused."""

    name = "texte"

    def convert(self, value: Any, param: _Parameter, ctx: _Context) -> str:
        """Return the text as it was typed."""
        try:
            str(value).encode()
        except UnicodeEncodeError:
            self.fail("ce n’est pas un texte lisible (UTF-8).", param, ctx)
        return str(value)


class OneOf(click.Choice[str]):
    """One word among a few."""

    def convert(self, value: Any, param: _Parameter, ctx: _Context) -> str:
        """Return the word when it is one of those proposed."""
        if value not in self.choices:
            known = ", ".join(self.choices)
            self.fail(
                typeset(f"« {value} » n’est pas proposé ; choisissez parmi {known}."), param, ctx
            )
        return str(value)


class Number(_FrenchType):
    """A whole number between two bounds, both included."""

    name = "nombre"

    def __init__(self, smallest: int, largest: int) -> None:
        self._smallest = smallest
        self._largest = largest

    def convert(self, value: Any, param: _Parameter, ctx: _Context) -> int:
        """Return the number when it lies between the bounds."""
        try:
            number = int(value)
        except ValueError:
            number = self._smallest - 1
        if not self._smallest <= number <= self._largest:
            bounds = f"entre {self._smallest} et {self._largest}"
            self.fail(typeset(f"« {value} » n’est pas un nombre entier {bounds}."), param, ctx)
        return number


class Day(_FrenchType):
    """A day, as ISO 8601 writes it."""

    name = "date"

    def convert(self, value: Any, param: _Parameter, ctx: _Context) -> dt.date:
        """Return the day."""
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(typeset(f"« {value} » n’est pas une date comme 2026-11-24."), param, ctx)


class InputFile(_FrenchType):
    """A file to read; `-` names the standard input where `or_standard_input` allows it."""

    name = "fichier"

    def __init__(self, *, or_standard_input: bool = False) -> None:
        self._or_standard_input = or_standard_input

    def convert(self, value: Any, param: _Parameter, ctx: _Context) -> Path:
        """Return the path when a file is there."""
        path = Path(value)
        if not (self._or_standard_input and value == STANDARD_INPUT) and not path.is_file():
            self.fail(typeset(f"il n’y a pas de fichier « {value} »."), param, ctx)
        return path


class OutputFile(_FrenchType):
    """A file to write, in a folder that exists."""

    name = "fichier"

    def convert(self, value: Any, param: _Parameter, ctx: _Context) -> Path:
        """Return the path when its folder is there and no folder has its name."""
        path = Path(value)
        if path.is_dir() or not path.absolute().parent.is_dir():
            self.fail(typeset(f"« {value} » n’est pas un fichier qu’on puisse écrire."), param, ctx)
        return path


class Folder(_FrenchType):
    """A folder, there already or to be made."""

    name = "dossier"

    def convert(self, value: Any, param: _Parameter, ctx: _Context) -> Path:
        """Return the path unless a file has its name."""
        path = Path(value)
        if path.is_file():
            self.fail(typeset(f"« {value} » est un fichier, pas un dossier."), param, ctx)
        return path


WORDS = Words()
DAY = Day()
INPUT_FILE = InputFile()
INPUT_FILE_OR_STREAM = InputFile(or_standard_input=True)
OUTPUT_FILE = OutputFile()
FOLDER = Folder()


def open_input(path: Path) -> Any:
    """Open what `INPUT_FILE_OR_STREAM` returned, as bytes; the caller closes it."""
    if str(path) == STANDARD_INPUT:
        return sys.stdin.buffer
    return path.open("rb")
