"""Bundles on their way: several in one body that leaves by small reads, or arriving by pieces."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sync.canonical import FormatError
from sync.errors import LinkCutError, RelayAnswerUnreadableError
from sync.frames import FrameReader, Piece, encode_frame
from sync.lacking import LACKING_NAME
from sync.relay_port import NOTHING_AHEAD, Ahead, PartialBundle

Item = TypeVar("Item")

FRAME_HEAD_BYTES = 40
HAS_WAITED_S = 0.02
"""What taking some bytes lasts at least when there is no room for them yet."""
AHEAD_AFTER_BYTES = 8_192
"""What a connection is given first: half a second of a slow link, in which a bundle is sealed."""


class FramedBundles:
    """A body of several bundles, of known length and read by small steps, without one great copy.

    Small bundles share a step; `count` is told every byte that is taken. `ahead` goes on when the
    kernel has so much to send that it made us wait: the link is never left idle for it.
    """

    def __init__(
        self,
        bundles: Sequence[tuple[bytes, bytes, int]],
        count: Callable[[int], None],
        ahead: Ahead = NOTHING_AHEAD,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._length = sum(FRAME_HEAD_BYTES + len(data) - offset for _, data, offset in bundles)
        self._frames = (encode_frame(name, data, offset) for name, data, offset in bundles)
        self._count = count
        self._ahead = ahead
        self._clock = clock
        self._given_bytes, self._given_at = 0, clock()
        self._has_begun_ahead = False
        self._waiting = bytearray()

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; none at the end."""
        if self._is_link_busy():
            self._has_begun_ahead = True
            self._ahead.go_on()
        while size < 0 or len(self._waiting) < size:
            frame = next(self._frames, None)
            if frame is None:
                break
            self._waiting += frame
        end = len(self._waiting) if size < 0 else size
        taken = bytes(self._waiting[:end])
        del self._waiting[:end]
        self._given_bytes += len(taken)
        self._count(len(taken))
        self._given_at = self._clock()
        return taken

    def _is_link_busy(self) -> bool:
        if self._given_bytes == self._length:
            return True
        if not self._has_begun_ahead:
            return self._given_bytes >= AHEAD_AFTER_BYTES
        return self._clock() - self._given_at >= HAS_WAITED_S


class PullReader:
    """Puts together the bundles of a pull, and keeps the beginning of the one a cut broke."""

    def __init__(self, resume: PartialBundle | None) -> None:
        self._resume = resume
        self._frames = FrameReader()
        self._name = b""
        self._data = bytearray()

    @property
    def interrupted(self) -> PartialBundle | None:
        """The bundle that is not whole yet, or the one to resume if it has not come."""
        if self._data and self._name != LACKING_NAME:
            return PartialBundle(name=self._name, data=bytes(self._data))
        return self._resume

    def feed(self, chunk: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Give the bundles that this chunk completes.

        Raises:
            RelayAnswerUnreadableError: these are not frames, or not those that were asked for.
        """
        with unreadable_frames():
            for piece in self._frames.feed(chunk):
                self._place(piece)
                if piece.reaches_end:
                    whole, self._data = bytes(self._data), bytearray()
                    yield self._name, whole

    def finish(self) -> None:
        """Say that the answer ended.

        Raises:
            LinkCutError: it ended inside a bundle.
        """
        if not self._frames.is_between_frames:
            raise LinkCutError

    def _place(self, piece: Piece) -> None:
        if piece.name != self._name or not self._data:
            self._name = piece.name
            self._data = bytearray(self._beginning(piece))
        if len(self._data) != piece.offset:
            raise RelayAnswerUnreadableError
        self._data += piece.data

    def _beginning(self, piece: Piece) -> bytes:
        """Return what is held of a bundle whose first piece arrives; the resumed one once."""
        resume = self._resume
        if resume is None or resume.name != piece.name:
            return b""
        self._resume = None
        return resume.data[: piece.offset]


def pull_question(
    above: Mapping[bytes, Mapping[bytes, int]], resume: PartialBundle | None
) -> dict[str, Any]:
    """Return what is asked of a relay that holds bundles above a vector, for each space."""
    spaces = [
        {
            "space": space.hex(),
            "above": {incarnation.hex(): sequence for incarnation, sequence in vector.items()},
        }
        for space, vector in above.items()
    ]
    return {"spaces": spaces, "resume": _resumed(resume)}


def pieces_question(
    space: bytes, names: Sequence[bytes], resume: PartialBundle | None
) -> dict[str, Any]:
    """Return what is asked of a relay that holds pieces of checkpoints of a space."""
    listed = [name.hex() for name in names]
    return {"space": space.hex(), "names": listed, "resume": _resumed(resume)}


def _resumed(resume: PartialBundle | None) -> dict[str, Any] | None:
    return {"name": resume.name.hex(), "offset": len(resume.data)} if resume else None


@contextmanager
def unreadable_frames() -> Iterator[None]:
    """Tell frames that nobody can read as what they are to the exchange.

    Raises:
        RelayAnswerUnreadableError: the bytes are not frames.
    """
    try:
        yield
    except FormatError as error:
        raise RelayAnswerUnreadableError from error


def at_most(most_bytes: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give what comes.

    Raises:
        RelayAnswerUnreadableError: it is too long to be our relay's.
    """
    brought_bytes = 0
    for chunk in chunks:
        brought_bytes += len(chunk)
        if brought_bytes > most_bytes:
            raise RelayAnswerUnreadableError
        yield chunk


def by_number(items: Sequence[Item], most: int) -> Iterator[Sequence[Item]]:
    """Group items in their order, `most` at once."""
    for start in range(0, len(items), most):
        yield items[start : start + most]


def by_size(
    items: Iterable[Item], size: Callable[[Item], int], most_bytes: int
) -> Iterator[list[Item]]:
    """Group items in their order, so that no group is larger unless it is one item."""
    group: list[Item] = []
    filled = 0
    for item in items:
        if group and filled + size(item) > most_bytes:
            yield group
            group, filled = [], 0
        group.append(item)
        filled += size(item)
    if group:
        yield group
