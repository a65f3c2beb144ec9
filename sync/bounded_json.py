"""JSON that strangers write, read within bounds: a small text never becomes a large object.

Whatever is wrong with it is a `ValueError`, depth included, so that callers refuse it in one way.
"""

import json
from typing import Any

MOST_VALUES = 500_000
"""Values in one text: more than all the names that a relay may tell, or a file may carry."""


def read_json(text: str | bytes) -> Any:
    """Read a text, or the bytes of one.

    Raises:
        ValueError: it is no JSON, is too deep, or holds too many values.
    """
    if _count(text) > MOST_VALUES:
        message = "too many values"
        raise ValueError(message)
    try:
        return json.loads(text)
    except RecursionError as error:
        message = "too deep"
        raise ValueError(message) from error


def _count(text: str | bytes) -> int:
    """Count the signs that begin a list, a map or another value; those inside texts count too."""
    if isinstance(text, bytes):
        return sum(map(text.count, (b"[", b"{", b",")))
    return sum(map(text.count, ("[", "{", ",")))
