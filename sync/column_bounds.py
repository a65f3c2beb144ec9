"""What columns of events may hold, whoever writes or reads them, and how they are refused."""

from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise

from app.domain.events import Event
from app.domain.identifiers import COUNTER_MAX, Incarnation, counter_of, incarnation_of
from sync.canonical import Flaw, FormatError

MAX_EVENTS = 4_096
MAX_COLUMNS_BYTES = 16 * 1_048_576
MAX_LAMPORT = 2**53 - 1
MAX_TIME_S = 2**53 - 1
MAX_VERSION = 2**31 - 1
MAX_COUNTER = COUNTER_MAX - 1
INCARNATION_BYTES = 8


class Key(IntEnum):
    """The keys of the map of format 2, in the order of the protocol."""

    FORMAT = 1
    COUNT = 2
    COUNTERS = 3
    LAMPORTS = 4
    TIMES = 5
    DOUBTFUL = 6
    INCARNATIONS = 7
    SUBJECT_NUMBERS = 8
    SUBJECT_COUNTERS = 9
    AUTHORS = 10
    AUTHOR_OF = 11
    KINDS = 12
    SHAPES = 13
    SHAPE_OF = 14
    COLUMNS = 15
    NUMBERS = 16
    TEXTS = 17


class ColumnsError(FormatError):
    """The events cannot be written, or the bytes are not columns of events.

    Codes: `malformed`, `too_large`, `cannot_open` (a format that only a later program reads).
    """


def check_events(incarnation: Incarnation, events: Sequence[Event]) -> None:
    """Refuse to write what could not be read back.

    Raises:
        ColumnsError: `too_large` or `malformed`.
    """
    if len(events) > MAX_EVENTS:
        raise ColumnsError(Flaw.TOO_LARGE)
    is_sound = (
        len({event.space for event in events}) <= 1
        and all(earlier.id < later.id for earlier, later in pairwise(events))
        and all(_is_sound(event) and incarnation_of(event.id) == incarnation for event in events)
    )
    if not is_sound:
        raise ColumnsError(Flaw.MALFORMED)


def _is_sound(event: Event) -> bool:
    return (
        0 < counter_of(event.id) <= MAX_COUNTER
        and 0 <= event.lamport <= MAX_LAMPORT
        and abs(event.at_s) <= MAX_TIME_S
        and 0 <= event.version <= MAX_VERSION
        and len({write.field for write in event.writes}) == len(event.writes)
    )
