"""JSON files that people carry: read with suspicion, written so that a person can read them."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sync.bounded_json import read_json
from sync.canonical import Flaw, FormatError

FORMAT = 1
MAX_FILE_CHARS = 500_000
MAX_FILE_BYTES = 16_000_000
"""The longest of them, a file of statements."""
MAX_TEXT_CHARS = 500
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
MAX_MOMENT_S = 2**48 - 1


class CarriedFileError(FormatError):
    """The file is not the one expected, or not whole.

    Codes: `malformed`, `too_large`, `wrong_identifier`.
    """


def read_carried_file(file: Path) -> str:
    """Return the text of a file that somebody brings; one longer than any may be is not read whole.

    Raises:
        OSError: the disk refuses, or there is no such file.
        UnicodeDecodeError: it is no text.
        CarriedFileError: `too_large`.
    """
    with file.open("rb") as opened:
        data = opened.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise CarriedFileError(Flaw.TOO_LARGE)
    return data.decode()


def carried_text(kind: str, fields: dict[str, Any]) -> str:
    """Return the text of a file of that kind."""
    return (
        json.dumps({"format": FORMAT, "kind": kind} | fields, ensure_ascii=False, indent=2) + "\n"
    )


def carried_line(kind: str, fields: dict[str, Any]) -> str:
    """Return one line of a journal, to be read back as a file of that kind."""
    return json.dumps({"format": FORMAT, "kind": kind} | fields, ensure_ascii=False) + "\n"


def carried_kind(text: str) -> str:
    """Return the kind that a file says it is, "" when it is none of ours; it is not read yet."""
    try:
        fields = read_json(text)
    except ValueError:
        return ""
    kind = fields.get("kind", "") if isinstance(fields, dict) else ""
    return kind if isinstance(kind, str) else ""


def base64_text(data: bytes) -> str:
    """Return bytes as the text that `Carried.base64` reads."""
    return base64.b64encode(data).decode("ascii")


@dataclass(frozen=True, slots=True)
class Carried:
    """An object of such a file; each method gives one field, or refuses the file."""

    fields: dict[str, Any]

    @classmethod
    def read(cls, text: str, kind: str, *, most_chars: int = MAX_FILE_CHARS) -> Self:
        """Read a file of that kind.

        Raises:
            CarriedFileError: `too_large` or `malformed`.
        """
        if len(text) > most_chars:
            raise CarriedFileError(Flaw.TOO_LARGE)
        try:
            fields = read_json(text)
        except ValueError as error:
            raise CarriedFileError(Flaw.MALFORMED) from error
        if not isinstance(fields, dict) or fields.get("kind") != kind:
            raise CarriedFileError(Flaw.MALFORMED)
        if type(fields.get("format")) is not int or fields["format"] != FORMAT:  # `true` is none
            raise CarriedFileError(Flaw.MALFORMED)
        return cls(fields)

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """Return a short text."""
        value = self.fields.get(name)
        if not isinstance(value, str) or len(value) > MAX_TEXT_CHARS:
            raise CarriedFileError(Flaw.MALFORMED)
        if not (value or may_be_empty) or _LONE_SURROGATE.search(value):
            raise CarriedFileError(Flaw.MALFORMED)
        return value

    def octets(self, name: str, length: int) -> bytes:
        """Return so many bytes, written in hexadecimal."""
        try:
            value = bytes.fromhex(self.text(name))
        except ValueError as error:
            raise CarriedFileError(Flaw.MALFORMED) from error
        if len(value) != length:
            raise CarriedFileError(Flaw.MALFORMED)
        return value

    def base64(self, name: str) -> bytes:
        """Return bytes written in base64."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise CarriedFileError(Flaw.MALFORMED)
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            raise CarriedFileError(Flaw.MALFORMED) from error

    def moment(self, name: str) -> int:
        """Return a moment, in seconds since 1970."""
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_MOMENT_S:
            raise CarriedFileError(Flaw.MALFORMED)
        return value

    def is_null(self, name: str) -> bool:
        """Is the field there, and empty?"""
        return name in self.fields and self.fields[name] is None

    def inner(self, name: str) -> Self:
        """Return the object inside a field."""
        value = self.fields.get(name)
        if not isinstance(value, dict):
            raise CarriedFileError(Flaw.MALFORMED)
        return type(self)(value)
