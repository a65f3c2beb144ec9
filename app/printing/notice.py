"""The information notice: a dated text, given with the program or put by a structure of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.printing.errors import NoticeTextError

LONGEST_NOTICE: Final = 40_000
"""Signs that a text may have in all: some ten pages, far more than anybody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePart:
    """One question people ask, and its answer: sentences, then a list."""

    title: str
    sentences: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """The text of a notice. `{structure}` and `{contact}` stand for the structure's own.

    `version` names it, `dated_on` is the day from which it is given (`AAAA-MM-JJ`); both are "" in
    a text that no structure gives yet. `rights` are what people may ask, `how_to_ask` how.
    `on_slip` is said on a slip: what the recipient owes.
    """

    version: str
    dated_on: str
    title: str
    lead: str
    parts: tuple[NoticePart, ...]
    rights: tuple[str, ...]
    how_to_ask: tuple[str, ...]
    on_slip: str


def read_notice(file: Path) -> NoticeText:
    """Read the text of a notice.

    Raises:
        NoticeTextError: the file cannot be read, or lacks a part.
    """
    try:
        return notice_from(json.loads(file.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoticeTextError(file.name) from error


def notice_from(content: Mapping[str, Any]) -> NoticeText:
    """Return a text out of its map, as `notice_map` makes it.

    Raises:
        KeyError, TypeError, ValueError: a part lacks, is empty, or is no text.
    """
    text = NoticeText(
        version=_said(content.get("version", "")),
        dated_on=_said(content.get("dated_on", "")),
        title=_text(content["title"]),
        lead=_text(content["lead"]),
        parts=tuple(map(_part, _some(content["parts"]))),
        rights=tuple(map(_text, _some(content["rights"]))),
        how_to_ask=tuple(map(_text, _some(content["how_to_ask"]))),
        on_slip=_text(content["on_slip"]),
    )
    if len(json.dumps(notice_map(text), ensure_ascii=False)) > LONGEST_NOTICE:
        raise ValueError
    return text


def notice_map(text: NoticeText) -> dict[str, Any]:
    """Return a text as the map that a file holds."""
    return {
        "version": text.version,
        "dated_on": text.dated_on,
        "title": text.title,
        "lead": text.lead,
        "parts": [
            {"title": part.title, "sentences": list(part.sentences), "items": list(part.items)}
            for part in text.parts
        ],
        "rights": list(text.rights),
        "how_to_ask": list(text.how_to_ask),
        "on_slip": text.on_slip,
    }


def _part(part: Mapping[str, Any]) -> NoticePart:
    return NoticePart(
        title=_text(part["title"]),
        sentences=tuple(map(_text, _list(part.get("sentences", ())))),
        items=tuple(map(_text, _list(part.get("items", ())))),
    )


def _some(value: Any) -> list[Any] | tuple[Any, ...]:
    found = _list(value)
    if not found:
        raise ValueError
    return found


def _list(value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not _said(value).strip():
        raise ValueError
    return str(value)


def _said(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # half a surrogate pair cannot be kept: a ValueError
    return value
