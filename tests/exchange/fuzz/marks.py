"""Words that the fuzzer writes, each once: one that shows up again says where it comes from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

GIVEN_NAME = "Nadiouchka"
"""In every name that is written: no byte that leaves may hold it."""

_PATTERN = re.compile(
    rb"Zq\d{6}x|\+33639\d{6}|2001-01-\d\dT\d\d:\d\d:\d\d\+01:00",
)
_CLEAR = re.compile(rb"Zq\d{6}x|\+33639\d{6}|" + GIVEN_NAME.encode())


@dataclass
class Marks:
    """Draws marks in order, so that a replay draws the same."""

    drawn: int = 0

    def word(self) -> str:
        self.drawn += 1
        return f"Zq{self.drawn:06d}x"

    def telephone(self) -> str:
        self.drawn += 1
        return f"+33639{self.drawn:06d}"

    def moment(self) -> str:
        """A moment long past, by any clock that the fuzzer sets: it names one meeting."""
        self.drawn += 1
        minutes, second = divmod(self.drawn, 60)
        hours, minute = divmod(minutes, 60)
        day, hour = divmod(hours, 24)
        return f"2001-01-{day + 1:02d}T{hour:02d}:{minute:02d}:{second:02d}+01:00"


def marks_in(data: bytes) -> frozenset[str]:
    """The marks that some bytes show."""
    return frozenset(found.decode() for found in _PATTERN.findall(data))


def clear_words(pieces: Iterable[bytes]) -> frozenset[str]:
    """What of anybody can be read in bytes that should be sealed."""
    return frozenset(word.decode() for data in pieces for word in _CLEAR.findall(data))


def copy_of(mark: str) -> str:
    """The mark of the copy that another structure receives of a record."""
    return f"copy of {mark}"
