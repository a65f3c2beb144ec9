"""Reads a PDF as those who check or hear it do."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader

from app.printing.document import Block, Document, Paragraph


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the structure: its role, what stands for it, how deep it lies."""

    role: str
    alternative: str
    depth: int


def a_paper(*blocks: Block, **fields: Any) -> Document:
    """A paper that says little."""
    known = {
        "title": "Essai",
        "author": "Structure d’exemple",
        "footer": "pied",
        "file_name": "essai",
    }
    return Document(blocks=blocks or (Paragraph(text="Un mot."),), **(known | fields))


def read(file: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(file))


def text_of(file: bytes) -> str:
    """All the text, in the order of the file, page after page."""
    return "\n".join(page.extract_text() for page in read(file).pages)


def elements(file: bytes) -> list[Element]:
    """The structure, in the order it is read."""
    return list(_below(read(file).trailer["/Root"]["/StructTreeRoot"], 0))


def roles(file: bytes) -> list[str]:
    return [element.role for element in elements(file)]


def sizes_of(file: bytes) -> dict[str, float]:
    """Each piece of text with the size of its letters, in points."""
    found: dict[str, float] = {}

    def visit(text, matrix, text_matrix, _font, size):
        if text.strip():
            found[text.strip()] = round(abs(size * text_matrix[3] * matrix[3]), 1)

    for page in read(file).pages:
        page.extract_text(visitor_text=visit)
    return found


def squeezed(text: str) -> str:
    """A text without what separates words and lines."""
    return "".join(text.split())


def _below(node: Any, depth: int) -> Iterator[Element]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _below(child, depth)
    elif hasattr(node, "get"):
        if node.get("/S"):
            yield Element(str(node["/S"]).lstrip("/"), str(node.get("/Alt", "")), depth)
        if "/K" in node:
            yield from _below(node["/K"], depth + 1)
