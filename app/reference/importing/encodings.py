"""In which encoding a text was written, judged from all of its bytes.

Publishers mix encodings: UTF-8 with or without its mark, what Excel writes on Windows (CP1252) or
wrote on older Macs, ISO-8859-15, UTF-16 for « texte Unicode », and UTF-8 with a few foreign cells.
"""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TextIO

from app.reference.importing.errors import NotTextError
from app.reference.importing.files import Source

_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FOREIGN: Final = re.compile("[\udc80-\udcff]")
_NOT_ASCII: Final = re.compile("[^\x00-\x7f]")
_FEW: Final = 20
"""One foreign byte among that many accented letters is a slip in UTF-8, not another encoding."""

_ALL: Final = bytes(range(256))
_LATIN: Final = "éèêëàâçîïôùûüÉÈÊÀÇÔ".encode("latin-1")
_MAC: Final = "éèêàçùû".encode("mac_roman")
_WINDOWS_ONLY: Final = bytes(range(0x80, 0xA0))
_LATIN_9: Final = re.compile(rb"[A-Za-z][\xbc\xbd]|[\xbc\xbd][A-Za-z]|\d ?\xa4")
"""« œ » within a word and « € » after a number, where CP1252 would have « ½ » and « ¤ »."""

_REPAIRED: Final = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", errors="ignore") for byte in range(0x80, 0x100)
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a text; with `errors` « surrogateescape », `repaired` mends foreign bytes."""

    name: str
    errors: str = "strict"


UTF_8: Final = Encoding("utf-8-sig")
MENDED_UTF_8: Final = Encoding("utf-8-sig", "surrogateescape")
UTF_16: Final = Encoding("utf-16", "replace")
CP1252: Final = Encoding("cp1252", "replace")
ISO_8859_15: Final = Encoding("iso8859-15")
MAC_ROMAN: Final = Encoding("mac_roman")


def detect_encoding(source: Source) -> Encoding:
    """Return the encoding of a text, after reading all of it.

    Raises:
        NotTextError: zeroes among the first bytes say that it is no text.
    """
    head = source.head()
    if head.startswith(_UTF_16_MARKS):
        return UTF_16
    if b"\0" in head:
        raise NotTextError(source.name)
    foreign, beyond_ascii = _utf_8_counts(source)
    if not foreign:
        return UTF_8
    if foreign * _FEW <= beyond_ascii:
        return MENDED_UTF_8
    return _one_byte_encoding(source)


@contextmanager
def opened_text(source: Source, encoding: Encoding) -> Iterator[TextIO]:
    """Open a text for reading by lines, their ends kept as they are."""
    with (
        source.opened() as stream,
        io.TextIOWrapper(
            stream, encoding=encoding.name, errors=encoding.errors, newline=""
        ) as text,
    ):
        yield text


def repaired(text: str) -> str:
    """Return a text with the bytes that were not UTF-8 read as Windows would; others unchanged."""
    return text if _FOREIGN.search(text) is None else text.translate(_REPAIRED)


def _utf_8_counts(source: Source) -> tuple[int, int]:
    """Count the bytes that are not UTF-8, and the letters beyond ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    foreign = beyond = 0
    for chunk in (*source.chunks(), b""):
        if chunk.isascii() and chunk:
            text = decoder.decode(chunk) if decoder.getstate()[0] else ""
        else:
            text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            foreign += len(_FOREIGN.findall(text))
            beyond += len(_NOT_ASCII.findall(text))
    return foreign, beyond


def _one_byte_encoding(source: Source) -> Encoding:
    latin = mac = windows = 0
    has_latin_9 = False
    for chunk in source.chunks():
        latin += _count(chunk, _LATIN)
        mac += _count(chunk, _MAC)
        windows += _count(chunk, _WINDOWS_ONLY)
        has_latin_9 = has_latin_9 or _LATIN_9.search(chunk) is not None
    if mac > latin:
        return MAC_ROMAN
    return ISO_8859_15 if has_latin_9 and not windows else CP1252


def _count(chunk: bytes, wanted: bytes) -> int:
    return len(chunk.translate(None, delete=bytes(set(_ALL) - set(wanted))))
