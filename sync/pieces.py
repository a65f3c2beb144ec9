"""The pieces of a checkpoint as they travel: a manifest and chunks, named by their SHA-256.

What is inside is for desks alone (`sync/chunks.py`); the relay checks no more than this.
"""

from sync.canonical import Flaw, FormatError

CHUNK_MAGIC = b"DPC\x01"
MANIFEST_MAGIC = b"DPM\x01"
MAX_PIECE_BYTES = 1_048_576

_SPACE_BYTES = 16


class PieceError(FormatError):
    """Bytes are no piece of a checkpoint, or cannot be opened.

    Codes: `malformed`, `too_large`, `cannot_open`.
    """


def piece_space(data: bytes) -> bytes:
    """Return the space of which a piece says it is.

    Raises:
        PieceError: `malformed` or `too_large`.
    """
    if len(data) > MAX_PIECE_BYTES:
        raise PieceError(Flaw.TOO_LARGE)
    begins_well = data.startswith((CHUNK_MAGIC, MANIFEST_MAGIC))
    if not begins_well or len(data) <= len(CHUNK_MAGIC) + _SPACE_BYTES:
        raise PieceError(Flaw.MALFORMED)
    return data[len(CHUNK_MAGIC) : len(CHUNK_MAGIC) + _SPACE_BYTES]
