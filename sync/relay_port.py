"""What the exchange asks of a relay, whatever carries it: the network, or a model in a test."""

from base64 import b64decode, b64encode
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from sync.pack_marks import PackMark

NO_PACKS: Final[Mapping[str, int]] = MappingProxyType({})
"""What is said of packs by a machine that takes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """A relay that proved who it is. `offset_s` is its clock less ours.

    `heads` is the mark of what it keeps for this machine (`sync.heads`), "" when it did not say;
    `packs` are those of the Region that were made later than the ones held here.
    """

    relay: bytes
    authority: bytes
    time_s: int
    offset_s: float
    heads: str = ""
    packs: tuple[PackMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementNames:
    """The statements that the caller may know, and the mark under which to ask again."""

    names: frozenset[bytes]
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A bundle or a statement that the relay does not take, and its code."""

    name: bytes
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsAnswer:
    """What the relay did with statements: the names it holds now, and those it refused."""

    kept: tuple[bytes, ...] = ()
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushAnswer:
    """What the relay did with bundles: receipt statements (their signature unchecked), refusals."""

    receipts: tuple[bytes, ...] = ()
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offsets:
    """How many bytes the relay keeps of each bundle asked about, and receipts of whole ones."""

    offsets: Mapping[bytes, int]
    receipts: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialBundle:
    """The beginning of a bundle, kept when its download was cut."""

    name: bytes
    data: bytes


def partial_text(partial: PartialBundle | None) -> str:
    """Write the beginning of a bundle as the text of a memo, "" for none."""
    if partial is None or not partial.data:
        return ""
    return f"{partial.name.hex()} {b64encode(partial.data).decode()}"


def read_partial(text: str) -> PartialBundle | None:
    """Read what `partial_text` wrote."""
    if not text:
        return None
    name, data = text.split(" ")
    return PartialBundle(name=bytes.fromhex(name), data=b64decode(data))


class Ahead(Protocol):
    """What is made ready while bytes leave, so that a slow link never waits for it."""

    @property
    def to_come_bytes(self) -> int | None:
        """How much will leave after what is leaving now; None when nobody knows yet."""
        ...

    def go_on(self) -> None:
        """Make some more ready, within a fraction of a second."""
        ...


class NothingAhead:
    """Nothing follows."""

    to_come_bytes = 0

    def go_on(self) -> None:
        """There is nothing to do."""


NOTHING_AHEAD = NothingAhead()


class Transport(Protocol):
    """One relay, as one machine sees it. Not thread-safe; every call may raise a `SyncError`."""

    @property
    def bytes_up(self) -> int:
        """Bytes sent so far: bodies as they are, headers about."""
        ...

    @property
    def bytes_down(self) -> int:
        """Bytes received so far: bodies as they are, headers about."""
        ...

    @property
    def interrupted(self) -> PartialBundle | None:
        """What the last `pull` had of a bundle when it stopped; give it back as `resume`."""
        ...

    def hello(self) -> Hello:
        """Make sure that this is our relay, and learn its time. To be called first.

        Raises:
            NotOurRelayError: something else answers.
        """
        ...

    def greet(self, etag: str | None, packs: Mapping[str, int] = NO_PACKS) -> Hello:
        """Do what `hello` does while asking for statement names: one round trip for both.

        `statement_names`, asked next with the same mark, then answers at once. `packs` are the
        kinds taken here, each with when the one that is held was made, 0 for none.

        Raises:
            NotOurRelayError: something else answers.
        """
        ...

    def statement_names(self, etag: str | None) -> StatementNames | None:
        """Ask which statements this machine may know; None when nothing changed since `etag`."""
        ...

    def fetch_statements(self, names: Sequence[bytes]) -> tuple[bytes, ...]:
        """Fetch statements; those that this machine may not know are left out."""
        ...

    def send_statements(self, statements: Sequence[bytes]) -> StatementsAnswer:
        """Hand statements over, in an order such that the first certify this machine."""
        ...

    def push(
        self, bundles: Iterable[tuple[bytes, bytes, int]], ahead: Ahead = NOTHING_AHEAD
    ) -> PushAnswer:
        """Send bundles: name, all the bytes, and the offset up to which the relay has them.

        `ahead` goes on while they leave; what it raises ends the call. When it fails, what had
        arrived is kept: `offsets` tells it, receipts included.
        """
        ...

    def offsets(self, names: Sequence[bytes]) -> Offsets:
        """Ask how much of each bundle the relay keeps."""
        ...

    def pull(
        self, above: Mapping[bytes, Mapping[bytes, int]], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Receive the names and bytes of bundles, one by one as they arrive; nothing is checked.

        Args:
            above: for each space, the sequence of each incarnation up to which all is held.
            resume: what a former pull left in `interrupted`.
        """
        ...

    def fetch_pieces(
        self, space: bytes, names: Sequence[bytes], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Receive the pieces of checkpoints of a space, one by one; nothing is checked.

        Those that the relay does not keep whole are left out. `resume` is what a former call left
        in `interrupted`. Pieces are sent by `push`, and give no receipt.
        """
        ...

    def fetch_pack(self, pack: PackMark, offset: int) -> Generator[bytes]:
        """Receive the bytes of a pack of the Region that follow the first `offset`, as they come.

        Nothing is checked but that they are not more than its length. Closing it before the end
        lets go of the connection.
        """
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
