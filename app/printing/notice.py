"""The information notice: a dated text, given with the program or put by a structure of its own."""

import json
from dataclasses import dataclass
from pathlib import Path

from app.printing.errors import NoticeTextError


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePart:
    """One question people ask, and its answer: sentences, then a list."""

    title: str
    sentences: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """The text of a notice. `{structure}` and `{contact}` stand for the structure's own.

    `version` names it, `dated_on` is the day from which it is given (`AAAA-MM-JJ`). `rights` are
    what people may ask, `how_to_ask` how. `on_slip` is said on a slip: what the recipient owes.
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
        content = json.loads(file.read_text(encoding="utf-8"))
        return NoticeText(
            version=str(content["version"]),
            dated_on=str(content["dated_on"]),
            title=str(content["title"]),
            lead=str(content["lead"]),
            parts=tuple(
                NoticePart(
                    title=str(part["title"]),
                    sentences=tuple(map(str, part.get("sentences", ()))),
                    items=tuple(map(str, part.get("items", ()))),
                )
                for part in content["parts"]
            ),
            rights=tuple(map(str, content["rights"])),
            how_to_ask=tuple(map(str, content["how_to_ask"])),
            on_slip=str(content["on_slip"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoticeTextError(file.name) from error
