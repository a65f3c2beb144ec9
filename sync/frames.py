"""Several bundles or statements in one body, kept as they come.

A bundle frame is `name (32) ‖ u32 total ‖ u32 offset ‖ bytes[offset:total]`. Its reader is fed
whatever the network brings and gives back every byte at once: what came before a cut is kept,
even when the request never ends. A statement frame is `u32 length ‖ statement`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sync.canonical import Flaw
from sync.statements import MAX_STATEMENT_BYTES
from sync.wire import MAX_BUNDLE_BYTES, NAME_BYTES, WireError

_U32 = 4
_FRAME_HEAD = NAME_BYTES + 2 * _U32


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some bytes of a bundle, at their place. `data` may be empty when nothing was missing."""

    name: bytes
    total: int
    offset: int
    data: bytes

    @property
    def reaches_end(self) -> bool:
        """Is this the last piece of its bundle?"""
        return self.offset + len(self.data) == self.total


def encode_frame(name: bytes, bundle: bytes, offset: int = 0) -> bytes:
    """Frame what the other side lacks of a bundle, from `offset` to its end.

    Raises:
        WireError: `malformed` when the offset is outside the bundle, `too_large`.
    """
    total = len(bundle)
    if total > MAX_BUNDLE_BYTES:
        raise WireError(Flaw.TOO_LARGE)
    if len(name) != NAME_BYTES or not 0 <= offset <= total:
        raise WireError(Flaw.MALFORMED)
    head = name + total.to_bytes(_U32, "big") + offset.to_bytes(_U32, "big")
    return head + bundle[offset:]


class FrameReader:
    """Reads bundle frames from chunks of any size, a piece for each run of bytes.

    It holds forty bytes at most besides the chunk that it is fed.
    """

    def __init__(self) -> None:
        self._head = b""
        self._name = b""
        self._total = 0
        self._offset = 0
        self._inside = False

    @property
    def is_between_frames(self) -> bool:
        """Did the last frame come whole, with nothing begun after it?"""
        return not self._inside and not self._head

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        """Give the pieces that this chunk brings, in order; they must all be consumed.

        Raises:
            WireError: `malformed` or `too_large`. Pieces given before it stand.
        """
        position = 0
        while position < len(chunk):
            if self._inside:
                data = chunk[position : position + self._total - self._offset]
                position += len(data)
                yield self._piece(data)
            else:
                position = self._read_head(chunk, position)
                if self._inside and self._offset == self._total:
                    yield self._piece(b"")

    def _piece(self, data: bytes) -> Piece:
        piece = Piece(name=self._name, total=self._total, offset=self._offset, data=data)
        self._offset += len(data)
        self._inside = not piece.reaches_end
        return piece

    def _read_head(self, chunk: bytes, position: int) -> int:
        wanted = _FRAME_HEAD - len(self._head)
        self._head += chunk[position : position + wanted]
        if len(self._head) < _FRAME_HEAD:
            return len(chunk)
        head, self._head = self._head, b""
        self._name = head[:NAME_BYTES]
        self._total = int.from_bytes(head[NAME_BYTES:-_U32], "big")
        self._offset = int.from_bytes(head[-_U32:], "big")
        if self._total > MAX_BUNDLE_BYTES:
            raise WireError(Flaw.TOO_LARGE)
        if self._total == 0 or self._offset > self._total:
            raise WireError(Flaw.MALFORMED)
        self._inside = True
        return position + wanted


def encode_statement_frames(statements: Iterable[bytes]) -> bytes:
    """Frame statements, one after the other.

    Raises:
        WireError: `too_large` when one is longer than any statement may be.
    """
    return b"".join(_statement_frame(statement) for statement in statements)


class StatementFrameReader:
    """Reads statement frames from chunks of any size, and gives each statement when it is whole.

    `most` says how many may come: who asked for some takes no more.
    """

    def __init__(self, most: int | None = None) -> None:
        self._waiting = bytearray()
        self._left = most

    @property
    def is_between_frames(self) -> bool:
        """Did the last frame come whole, with nothing begun after it?"""
        return not self._waiting

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Give the statements that this chunk completes; they must all be consumed.

        Raises:
            WireError: `too_large` (or one too many) or `malformed`, as soon as the length is known.
        """
        self._waiting += chunk
        while len(self._waiting) >= _U32:
            length = int.from_bytes(self._waiting[:_U32], "big")
            if length > MAX_STATEMENT_BYTES or self._left == 0:
                raise WireError(Flaw.TOO_LARGE)
            if length == 0:
                raise WireError(Flaw.MALFORMED)
            if len(self._waiting) < _U32 + length:
                return
            statement = bytes(self._waiting[_U32 : _U32 + length])
            del self._waiting[: _U32 + length]
            self._left = self._left - 1 if self._left is not None else None
            yield statement


def _statement_frame(statement: bytes) -> bytes:
    if len(statement) > MAX_STATEMENT_BYTES:
        raise WireError(Flaw.TOO_LARGE)
    return len(statement).to_bytes(_U32, "big") + statement
