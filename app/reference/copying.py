"""Texts to copy into the systems that users must also fill in: templates held as data.

A template is lines with fields in braces: `Motifs : {motifs}`. What stands between square brackets
goes when every field in it is empty, `Accueil du {jour}[ ({mode})]`, and so does a whole line: what
nobody said leaves no label behind. Brackets may hold others; one that is not closed is a sign like
any other.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_PIECES: Final = re.compile(r"(\{[a-z_]+\}|\[|\])")
_DOUBLE_STOP: Final = re.compile(r"(?<=[.!?…])\.$")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTemplate:
    """A text to fill: its code, its words for people, its lines."""

    code: str
    label: str
    lines: tuple[str, ...]

    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields, each once."""
        return tuple(dict.fromkeys(_FIELD.findall("\n".join(self.lines))))

    def unknown_fields(self, known: Collection[str]) -> tuple[str, ...]:
        """Return the names that nothing fills: a slip of whoever wrote the template."""
        return tuple(name for name in self.fields() if name not in known)

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the text. A value is copied as it is, whatever signs it holds."""
        lines = (_filled_line(line, values) for line in self.lines)
        return "\n".join(line for line in lines if line)


@dataclass(slots=True)
class _Part:
    """What was filled between two brackets so far."""

    text: str = ""
    has_fields: bool = False
    says_something: bool = False

    def stands(self) -> bool:
        return self.says_something or not self.has_fields


def read_templates(file: Path) -> tuple[CopyTemplate, ...]:
    """Return the templates of a file of the program."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return tuple(
        CopyTemplate(code=one["code"], label=one["label"], lines=tuple(one["lines"]))
        for one in content["templates"]
    )


def _filled_line(line: str, values: Mapping[str, str]) -> str:
    open_parts = [_Part()]
    for piece in _pieces(line):
        part = open_parts[-1]
        if piece == "[":
            open_parts.append(_Part())
        elif piece == "]" and len(open_parts) > 1:
            _close(open_parts)
        elif piece.startswith("{") and (name := _FIELD.fullmatch(piece)):
            value = values.get(name[1], "").strip()
            part.text += value
            part.has_fields = True
            part.says_something |= bool(value)
        else:
            part.text += piece
    while len(open_parts) > 1:
        open_parts[-1].text = "[" + open_parts[-1].text
        _close(open_parts)
    whole = open_parts[0]
    return _DOUBLE_STOP.sub("", whole.text).strip() if whole.stands() else ""


def _pieces(line: str) -> Iterator[str]:
    return (piece for piece in _PIECES.split(line) if piece)


def _close(open_parts: list[_Part]) -> None:
    """Put what a pair of brackets holds into what is around it, if it says something."""
    inner, outer = open_parts.pop(), open_parts[-1]
    outer.has_fields |= inner.has_fields
    outer.says_something |= inner.says_something
    if inner.stands():
        outer.text += inner.text
