"""What a paper says: a title, blocks in the order they are read, perhaps an answer to detach.

A document knows nothing of fonts or of pages. Its texts are final: nothing in them is ever read as
instructions for the page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A title inside the paper; `level` 1 or 2. What follows it belongs to it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Some sentences; line ends are kept. `is_strong` for what must not be missed."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A name and what is said of it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names and values. Those without a value are left out, with their name."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list, one short sentence each."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Boxes to tick by hand; `columns` beside each other where the page is wide enough."""

    texts: tuple[str, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Lines to write on by hand, under a name."""

    label: str
    lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The short code, large, with its QR code.

    `squares` are the rows of the QR code, True where it is dark; without them the code stands
    alone. `alternative` is what those who do not see the picture read.
    """

    label: str
    text: str
    squares: tuple[tuple[bool, ...], ...] = ()
    alternative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns; nothing is shown when there is no row.

    `shares` are the widths of the columns beside each other.
    """

    head: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """Places to sign by hand, each under the name of who signs."""

    names: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Facts | Items | Boxes | Blank | Code | Table | Signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is cut off and given back: kept on one page, at its bottom.

    `cut_here` is written on the line to cut along.
    """

    cut_here: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper.

    `title` and `author` go into the properties of the file: neither names a person received.
    `footer` is repeated under each page, `file_name` is proposed, without ending.
    """

    title: str
    author: str
    footer: str
    file_name: str
    blocks: tuple[Block, ...]
    answer: Answer | None = None
    is_large: bool = False


def in_large_print(document: Document) -> Document:
    """Return the same paper in letters of 18 points."""
    return replace(document, is_large=True)


def words_in(document: Document) -> str:
    """Return all that a paper says, line after line, for those who hear it."""
    said = without_empties(document)
    spoken = [said.title]
    for block in (*said.blocks, *(said.answer.blocks if said.answer else ())):
        spoken += _words(block)
    return "\n".join(filter(None, spoken))


def rewritten(value: Any, rewrite: Callable[[str], str]) -> Any:
    """Return a document, or a part of one, with every text passed through `rewrite`."""
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, tuple):
        return tuple(rewritten(item, rewrite) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        texts = {part.name: rewritten(getattr(value, part.name), rewrite) for part in fields(value)}
        return replace(value, **texts)
    return value


def without_empties(document: Document) -> Document:
    """Return the paper without names that have no value, nor headings over nothing."""
    answer = document.answer
    return replace(
        document,
        blocks=_filled(document.blocks),
        answer=replace(answer, blocks=_filled(answer.blocks)) if answer else None,
    )


def _words(block: Block) -> tuple[str, ...]:
    match block:
        case Heading(text=text) | Paragraph(text=text):
            return (text,)
        case Facts(lines=lines):
            return tuple(f"{line.label}, {line.value}" for line in lines if line.value)
        case Items(texts=texts) | Boxes(texts=texts) | Signatures(names=texts):
            return texts
        case Blank(label=label):
            return (label,)
        case Code(label=label, text=text):
            return (f"{label}, {' '.join(text)}",)
        case Table(rows=rows):
            return tuple(", ".join(row) for row in rows)


def _filled(blocks: Iterable[Block]) -> tuple[Block, ...]:
    kept: list[Block] = []
    for block in reversed([each for each in map(_said, blocks) if each is not None]):
        follows = kept[-1] if kept else None
        if isinstance(block, Heading) and _is_over_nothing(block, follows):
            continue
        kept.append(block)
    return tuple(reversed(kept))


def _is_over_nothing(heading: Heading, follows: Block | None) -> bool:
    return follows is None or (isinstance(follows, Heading) and follows.level <= heading.level)


def _said(block: Block) -> Block | None:
    """Return what a block still says once its empty parts are left out, None for nothing."""
    match block:
        case Facts(lines=lines):
            said = tuple(line for line in lines if line.value.strip())
            return Facts(lines=said) if said else None
        case Items(texts=texts) | Boxes(texts=texts):
            written = tuple(text for text in texts if text.strip())
            return replace(block, texts=written) if written else None
        case Signatures(names=names):
            signing = tuple(name for name in names if name.strip())
            return Signatures(names=signing) if signing else None
        case Heading(text=text) | Paragraph(text=text) | Code(text=text):
            return block if text.strip() else None
        case Table(rows=rows):
            return block if rows else None
    return block
