"""JSON files that people carry: read with suspicion, written so that a person can read them."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Self

from sync.canonical import Flaw, FormatError

FORMAT = 1
MAX_FILE_CHARS = 500_000
MAX_TEXT_CHARS = 500
MAX_MOMENT_S = 2**48 - 1


class CarriedFileError(FormatError):
    """The file is not the one expected, or not whole.

    Codes: `malformed`, `too_large`, `wrong_identifier`.
    """


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
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return str(fields.get("kind", "")) if isinstance(fields, dict) else ""


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
            fields = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CarriedFileError(Flaw.MALFORMED) from error
        if not isinstance(fields, dict) or (fields.get("format"), fields.get("kind")) != (
            FORMAT,
            kind,
        ):
            raise CarriedFileError(Flaw.MALFORMED)
        return cls(fields)

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """Return a short text."""
        value = self.fields.get(name)
        if not isinstance(value, str) or len(value) > MAX_TEXT_CHARS:
            raise CarriedFileError(Flaw.MALFORMED)
        if not (value or may_be_empty):
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
