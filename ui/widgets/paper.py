"""A page for a printer or a PDF: a title, a few sentences, a code in large groups."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageSize, QPdfWriter, QTextDocument

from ui.theme import FONT_FAMILY

_BODY_POINTS = 12
_CODE_POINTS = 30
_GROUPS_A_LINE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOnPaper:
    """What the page says."""

    title: str
    sentences: tuple[str, ...]
    groups: tuple[str, ...]


def print_code(paper: CodeOnPaper, device: QPagedPaintDevice) -> None:
    """Draw the page on a printer or in a PDF."""
    document = QTextDocument()
    document.setDefaultFont(QFont(FONT_FAMILY, _BODY_POINTS))
    document.setHtml(_html(paper))
    document.print_(device)


def pdf_of(paper: CodeOnPaper) -> bytes:
    """Return the page as a PDF, made in memory."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(paper.title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    print_code(paper, writer)
    del writer  # it ends the file
    return bytes(buffer.data().data())


def _html(paper: CodeOnPaper) -> str:
    lines = "".join(f"<p>{_line(line)}</p>" for line in _lines(paper.groups))
    said = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in paper.sentences)
    code = f'<div style="font-size:{_CODE_POINTS}pt; font-weight:600">{lines}</div>'
    return f"<h1>{html.escape(paper.title)}</h1>{code}{said}"


def _line(groups: Sequence[str]) -> str:
    return "&nbsp;&nbsp; ".join(html.escape(group) for group in groups)


def _lines(groups: Sequence[str]) -> list[Sequence[str]]:
    return [groups[at : at + _GROUPS_A_LINE] for at in range(0, len(groups), _GROUPS_A_LINE)]
