"""Small carried files as QR codes: drawn to be shown or printed, read from a photograph.

A code holds the text of the file, compressed, in the signs that QR codes write most densely
(RFC 9285, base 45). Both libraries are imported when they serve.
"""

import json
import zlib
from io import BytesIO
from pathlib import Path

from app.domain.errors import UnreadablePictureError
from app.domain.personal_numbers import masked_file_name

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"})

Squares = tuple[tuple[bool, ...], ...]
"""The rows of a QR code: True where it is dark."""

_MARK = "DP1:"
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE = len(_SIGNS)
_MOST_BYTES = 500_000
_MOST_POINTS = 60_000_000
_SCALE = 6
_BORDER = 4


def is_picture(file: Path) -> bool:
    """Is it, by its name, a picture to look for a code in?"""
    return file.suffix.lower() in PICTURES


def write_qr(file: Path, text: str) -> None:
    """Draw a carried file as a QR code; the end of the name says how (`.png` or `.svg`).

    Raises:
        DiskFullError, DiskRefusedError.
    """
    import segno

    from app.store.durable_file import write_durably

    content = signs_of(text)
    kind = "svg" if file.suffix.lower() == ".svg" else "png"
    drawn = BytesIO()
    segno.make_qr(content, error="l").save(drawn, kind=kind, scale=_SCALE)
    write_durably(file, drawn.getvalue())


def squares_of(text: str) -> Squares:
    """Return the squares of a carried file's QR code, its white border included, to be drawn."""
    import segno

    code = segno.make_qr(signs_of(text), error="l")
    return tuple(tuple(bool(dark) for dark in row) for row in code.matrix_iter(border=_BORDER))


def squares_of_code(code: str) -> Squares:
    """Return the squares of a QR code that holds a short code and nothing else.

    It is printed small and photographed askew: a quarter of it may be lost.
    """
    import segno

    drawn = segno.make_qr(code, error="q", boost_error=False)
    return tuple(tuple(bool(dark) for dark in row) for row in drawn.matrix_iter(border=_BORDER))


def read_qr(file: Path) -> str:
    """Return the text of the carried file that a picture shows.

    Raises:
        UnreadablePictureError: no code of ours is found in it.
    """
    import zxingcpp
    from PySide6.QtGui import QImage, QImageReader

    reader = QImageReader(str(file))
    size = reader.size()  # read before the picture is: a small file may announce a huge one
    if size.width() * size.height() > _MOST_POINTS:
        raise UnreadablePictureError(masked_file_name(file.name))
    image = reader.read()
    if image.isNull():
        raise UnreadablePictureError(masked_file_name(file.name))
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    ours = [code.text for code in zxingcpp.read_barcodes(grey) if code.text.startswith(_MARK)]
    if len(ours) != 1:
        raise UnreadablePictureError(masked_file_name(file.name))
    return text_of_signs(ours[0], masked_file_name(file.name))


def signs_of(text: str) -> str:
    """Return the signs that the QR code of a carried file shows."""
    compact = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    return _MARK + _base45(zlib.compress(compact.encode(), 9))


def text_of_signs(content: str, where: str) -> str:
    """Return the text of the carried file that a code shows; `where` names the picture.

    Raises:
        UnreadablePictureError: it is no code of ours, or damaged.
    """
    signs = content.removeprefix(_MARK)
    try:
        inflating = zlib.decompressobj()
        data = inflating.decompress(_bytes(signs), _MOST_BYTES)
        if not inflating.eof:
            raise UnreadablePictureError(where)
        return data.decode()
    except (ValueError, OverflowError, zlib.error) as error:
        raise UnreadablePictureError(where) from error


def _base45(data: bytes) -> str:
    signs = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, rest = divmod(number, _BASE)
            signs.append(_SIGNS[rest])
    return "".join(signs)


def _bytes(signs: str) -> bytes:
    data = bytearray()
    for at in range(0, len(signs), 3):
        some = signs[at : at + 3]
        number = sum(_SIGNS.index(sign) * _BASE**place for place, sign in enumerate(some))
        data += number.to_bytes(len(some) - 1, "big")
    return bytes(data)
