"""Up to where a machine holds its spaces, in one mark: two ends with the same one need no pull."""

import hashlib
from collections.abc import Mapping

from sync.canonical import canonical

HEADS = "deux-portes-heads"
"""The header in which a relay tells the mark of what it keeps for its caller."""

_MARK = b"deux-portes/heads/1\0"
_MARK_BYTES = 16


def heads_mark(heads: Mapping[tuple[bytes, bytes], int]) -> str:
    """Return the mark of chains: (space, incarnation) → last sequence; empty ones do not count."""
    ends = [(*place, last) for place, last in sorted(heads.items()) if last]
    return hashlib.sha256(_MARK + canonical(ends)).digest()[:_MARK_BYTES].hex()
