"""Reads the records of a JSON file one by one, so that a quarter of a gigabyte needs little memory.

Publishers give a list, or an object that holds lists (`service`, `structures`, `results`…). Bytes
that are not UTF-8 are read as Windows would, once values are cleaned.
"""

import codecs
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, NamedTuple, TextIO

from app.reference.importing.encodings import MENDED_UTF_8, UTF_16, Encoding
from app.reference.importing.errors import BrokenFileError
from app.reference.importing.files import Source

_CHUNK: Final = 1 << 18
_LARGEST_VALUE: Final = 1 << 25
"""Letters of one value; a record has some thousands, a table of facts some millions."""
_SPACES: Final = " \t\r\n"
_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class JsonItem(NamedTuple):
    """One value found: `table` is the key of its list, « » for a list alone.

    `number` counts from one within the list; it is 0 for a value that is in no list.
    """

    table: str
    number: int
    value: Any


def starts_like_json(head: bytes) -> bool:
    """Tell whether the first bytes of a text begin a list or an object."""
    if head.startswith(_UTF_16_MARKS):
        text = head.decode("utf-16", errors="ignore")
    else:
        text = head.decode("utf-8-sig", errors="ignore")
    return text.lstrip(_SPACES).startswith(("[", "{"))


@contextmanager
def opened_json(source: Source) -> Iterator[TextIO]:
    """Open a JSON source as text."""
    encoding = UTF_16 if source.head(2) in _UTF_16_MARKS else MENDED_UTF_8
    with source.opened() as stream:
        yield as_text(stream, encoding)


def as_text(stream: BinaryIO | io.BufferedReader, encoding: Encoding = MENDED_UTF_8) -> TextIO:
    """Return a binary stream as text."""
    return io.TextIOWrapper(stream, encoding=encoding.name, errors=encoding.errors)


def json_items(text: TextIO, file: str) -> Iterator[JsonItem]:
    """Yield what the lists of a JSON text hold, and the values beside them, in their order.

    Raises:
        BrokenFileError: while iterating, where the text stops or is no JSON; names the line.
    """
    window = _Window(text, file)
    opening = window.peek()
    if opening == "[":
        yield from _listed(window, "")
    elif opening == "{":
        yield from _members(window)
    else:
        raise window.broken()
    if window.peek():
        raise window.broken()


def _members(window: "_Window") -> Iterator[JsonItem]:
    window.skip("{")
    if window.peek() == "}":
        window.skip("}")
        return
    while True:
        key = window.value()
        if not isinstance(key, str):
            raise window.broken()
        window.skip(":")
        if window.peek() == "[":
            yield from _listed(window, key)
        else:
            yield JsonItem(key, 0, window.value())
        if window.peek() != ",":
            break
        window.skip(",")
    window.skip("}")


def _listed(window: "_Window", table: str) -> Iterator[JsonItem]:
    window.skip("[")
    number = 0
    if window.peek() == "]":
        window.skip("]")
        return
    while True:
        number += 1
        yield JsonItem(table, number, window.value())
        if window.peek() != ",":
            break
        window.skip(",")
    window.skip("]")


class _Window:
    """The part of the text that is held, with the place reached in it."""

    def __init__(self, text: TextIO, file: str) -> None:
        self._text = text
        self._file = file
        self._held = ""
        self._place = 0
        self._lines_gone = 0
        self._decoder = json.JSONDecoder(parse_constant=lambda _name: None, strict=False)

    def peek(self) -> str:
        """Return the next sign that is no space, without taking it; « » at the end."""
        while True:
            while self._place < len(self._held):
                sign = self._held[self._place]
                if sign not in _SPACES:
                    return sign
                self._place += 1
            if not self._more():
                return ""

    def skip(self, sign: str) -> None:
        """Take a sign that must be there."""
        if self.peek() != sign:
            raise self.broken()
        self._place += 1

    def value(self) -> Any:
        """Take a whole value."""
        self.peek()
        while True:
            start = self._place
            try:
                value, end = self._decoder.raw_decode(self._held, start)
            except RecursionError as error:
                raise self.broken() from error
            except ValueError as error:
                # Cut in the middle, most often: more text may make it whole.
                if not self._more():
                    raise self.broken() from error
                continue
            if end < len(self._held):
                self._place = end
                return value
            if not self._more():  # A number may go on in the text that follows.
                self._place = end - start
                return value

    def broken(self) -> BrokenFileError:
        """Return the error to raise for what lies at this place."""
        line = self._lines_gone + self._held.count("\n", 0, self._place) + 1
        return BrokenFileError(self._file, line=line)

    def _more(self) -> bool:
        """Read on, forgetting what was taken; tell whether there was anything left."""
        if len(self._held) - self._place > _LARGEST_VALUE:
            raise self.broken()
        chunk = self._text.read(max(_CHUNK, len(self._held) - self._place))
        self._lines_gone += self._held.count("\n", 0, self._place)
        self._held = self._held[self._place :] + chunk
        self._place = 0
        return bool(chunk)
