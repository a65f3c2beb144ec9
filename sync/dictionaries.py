"""The zstd dictionaries that the program ships: what bundles of receptions have in common.

A dictionary never changes once shipped: a later one gets the next number, and all of them are read
for ever. `docs/data/train_dictionary.py` trains them, on invented receptions.
"""

import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from resources import resource_path

if sys.version_info >= (3, 14):  # pragma: no cover - older ones have it from elsewhere
    from compression import zstd
else:
    from backports import zstd

NO_DICTIONARY = 0
NEWEST = 1

SHIPPED: Mapping[int, str] = MappingProxyType(
    {1: "8648f20d57a50cb1c8b50716ecb8362514bc5a82211470eec5799161ef0208ff"}
)
"""The SHA-256 of the file of each dictionary."""


def best_dictionary() -> int:
    """Return the number of the dictionary to seal with: none when the newest is not here whole."""
    return NEWEST if shipped_dictionary(NEWEST) is not None else NO_DICTIONARY


@cache
def shipped_dictionary(number: int) -> zstd.ZstdDict | None:
    """Return a dictionary, read the first time that it is needed.

    Returns:
        None when this program has none of that number, or when its file was changed: records then
        leave without a dictionary, and what was sealed with one waits for a whole program.
    """
    wanted = SHIPPED.get(number)
    path = resource_path("dictionary", f"{number}.zdict")
    if wanted is None or not path.is_file():
        return None
    content = path.read_bytes()
    return zstd.ZstdDict(content) if hashlib.sha256(content).hexdigest() == wanted else None
