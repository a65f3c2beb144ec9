"""What bundles and pieces say of people, for somebody who holds the keys of every desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.domain.events import ERASE, Event
from sync.chunks import ChunkEntry, open_chunk, open_manifest
from sync.columns import decode_events
from sync.envelope import open_bundle
from sync.pieces import MANIFEST_MAGIC, piece_space
from sync.wire import parse_bundle
from tests.exchange.fuzz.screens import marks_of

Keys = Mapping[tuple[bytes, bytes], bytes]
_EPOCH = slice(20, 36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Sealed bytes as their readers open them: what they say of people, what they erase.

    `epoch` is the one that sealed them, with its space; `kept` tells the subject of each event that
    erases nobody.
    """

    epoch: tuple[bytes, bytes]
    marks: frozenset[str]
    erased: frozenset[bytes]
    kept: dict[bytes, bytes]
    events: frozenset[bytes]


@dataclass
class Opening:
    """Opens sealed bytes and remembers them: their keys may be destroyed later."""

    _opened: dict[bytes, Opened] = field(default_factory=dict)
    _entries: dict[bytes, tuple[tuple[bytes, bytes], tuple[ChunkEntry, ...]]] = field(
        default_factory=dict
    )

    def lacks(self, names: Iterable[bytes]) -> bool:
        return not all(name in self._opened or name in self._entries for name in names)

    def open(self, held: Mapping[bytes, bytes], keys: Keys) -> None:
        """Open what was not yet; what needs a key that nobody has any more stays closed."""
        for name, data in held.items():
            if data.startswith(MANIFEST_MAGIC):
                self._open_manifest(name, data, keys)
            elif data.startswith(b"DPB") and name not in self._opened:
                self._open_bundle(name, data, keys)
        for name in held.keys() & self._entries.keys():
            epoch, entries = self._entries[name]
            for entry in entries:
                if entry.name in held:
                    self._open_chunk(epoch, entry, held[entry.name])

    def of(self, names: Iterable[bytes]) -> dict[bytes, Opened]:
        """Return those of some bytes that were opened."""
        return {name: self._opened[name] for name in names if name in self._opened}

    def _open_manifest(self, name: bytes, data: bytes, keys: Keys) -> None:
        epoch = piece_space(data), data[_EPOCH]
        if name not in self._entries and epoch in keys:
            self._entries[name] = epoch, open_manifest(epoch[0], keys[epoch], data)

    def _open_chunk(self, epoch: tuple[bytes, bytes], entry: ChunkEntry, data: bytes) -> None:
        if entry.name not in self._opened:
            events = open_chunk(epoch[0], entry, data)
            self._opened[entry.name] = _told(events, epoch=epoch)
        elif self._opened[entry.name].epoch != epoch:  # kept from one checkpoint to the next
            self._opened[entry.name] = replace(self._opened[entry.name], epoch=epoch)

    def _open_bundle(self, name: bytes, data: bytes, keys: Keys) -> None:
        parsed = parse_bundle(data)
        header = parsed.header
        epoch = header.space, header.epoch
        if epoch in keys:
            plain = open_bundle(parsed, keys[epoch])
            events = decode_events(header.space, header.incarnation, plain)
            self._opened[name] = _told(events, epoch=epoch)


def _told(events: Iterable[Event], *, epoch: tuple[bytes, bytes]) -> Opened:
    several = list(events)
    marks = (marks_of(one.kind, repr(one).encode()) for one in several)
    return Opened(
        epoch=epoch,
        marks=frozenset().union(*marks),
        erased=frozenset(one.subject for one in several if one.kind == ERASE),
        kept={one.id: one.subject for one in several if one.kind != ERASE},
        events=frozenset(one.id for one in several),
    )
