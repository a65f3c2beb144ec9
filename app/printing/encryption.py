"""A paper locked by a passphrase, for a partner without the program: any current reader opens it.

The only module that imports pypdf, when the first such file is asked for. AES-256 as PDF 2.0 has it
(revision 6); structure, language and title stay. All in memory: nothing is written in clear.
"""

import secrets
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from app.domain.identifiers import SPOKEN_ALPHABET
from app.printing.errors import PageRefusedError, PrintingMissingError

_GROUPS: Final = 4
_SIGNS_A_GROUP: Final = 4
"""Sixteen signs of thirty-two: 80 bits, out of reach of whoever finds the file and tries."""

_ALGORITHM: Final = "AES-256"
_VERSION: Final = "%PDF-2.0"


def new_passphrase() -> tuple[str, ...]:
    """Return a passphrase as groups to be said aloud, drawn by chance and kept nowhere."""
    return tuple(
        "".join(secrets.choice(SPOKEN_ALPHABET) for _ in range(_SIGNS_A_GROUP))
        for _ in range(_GROUPS)
    )


def encrypted(pdf: bytes, passphrase: Sequence[str]) -> bytes:
    """Return a PDF that opens with the groups typed one after the other, capitals or not.

    Raises:
        PrintingMissingError: pypdf is not there.
        PageRefusedError: the file could not be locked; it is given to nobody.
    """
    library = _library()
    words = "".join(passphrase)
    writer = library.PdfWriter(clone_from=BytesIO(pdf))
    writer.pdf_header = _VERSION
    # A file has two passphrases and a reader tries both: capitals or not, it opens.
    writer.encrypt(words, words.lower(), algorithm=_ALGORITHM)
    made = BytesIO()
    writer.write(made)
    locked = made.getvalue()
    if not library.PdfReader(BytesIO(locked)).is_encrypted:
        raise PageRefusedError
    return locked


def _library() -> Any:
    try:
        import pypdf
    except ImportError as error:
        raise PrintingMissingError from error
    return pypdf
