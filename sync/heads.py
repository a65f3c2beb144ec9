"""Up to where a machine holds its spaces, in one mark: two ends with the same one need no pull."""

import hashlib
from collections.abc import Mapping

from sync.canonical import canonical

HEADS = "deux-portes-heads"
"""The header in which a relay tells the mark of what it keeps for its caller."""

_MARK = b"deux-portes/heads/1\0"
_MARK_BYTES = 16


def heads_mark(heads: Mapping[bytes, Mapping[bytes, int]]) -> str:
    """Return the mark of spaces: of each, the last sequence by incarnation; 0 does not count.

    A space in which nothing is kept counts: who does not know of it has another mark.
    """
    ends = [
        (space, [(name, last) for name, last in sorted(chains.items()) if last])
        for space, chains in sorted(heads.items())
    ]
    return hashlib.sha256(_MARK + canonical(ends)).digest()[:_MARK_BYTES].hex()
