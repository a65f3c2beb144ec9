"""What bundles and pieces say of people, for somebody who holds the keys of every desk."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.domain.events import ERASE, Event
from sync.chunks import ChunkEntry, open_chunk, open_manifest
from sync.columns import decode_events
from sync.envelope import open_bundle
from sync.pieces import MANIFEST_MAGIC, piece_space
from sync.wire import parse_bundle
from tests.exchange.fuzz.screens import marks_of

Epoch = tuple[bytes, bytes]
Keys = Mapping[Epoch, bytes]
_EPOCH = slice(20, 36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Sealed bytes as their readers open them: what they say of people, what they erase.

    `epochs` are those that sealed them, each with its space: of a piece, those of the manifests
    that lie beside it, by which alone it opens; `kept` tells the subject of each event that erases
    nobody.
    """

    epochs: frozenset[Epoch]
    marks: frozenset[str]
    erased: frozenset[bytes]
    kept: dict[bytes, bytes]
    events: frozenset[bytes]


@dataclass
class Opening:
    """Opens sealed bytes and remembers them: their keys may be destroyed later."""

    _opened: dict[bytes, Opened] = field(default_factory=dict)
    _entries: dict[bytes, tuple[Epoch, tuple[ChunkEntry, ...]]] = field(default_factory=dict)

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
                if entry.name in held and entry.name not in self._opened:
                    events = open_chunk(epoch[0], entry, held[entry.name])
                    self._opened[entry.name] = _told(events)

    def of(self, names: Collection[bytes]) -> dict[bytes, Opened]:
        """Return those of some bytes that were opened, by the manifests that are among them."""
        epochs: dict[bytes, frozenset[Epoch]] = defaultdict(frozenset)
        for name in self._entries.keys() & set(names):
            epoch, entries = self._entries[name]
            for entry in entries:
                epochs[entry.name] |= {epoch}
        found = {name: self._opened[name] for name in names if name in self._opened}
        return {name: replace(one, epochs=one.epochs | epochs[name]) for name, one in found.items()}

    def _open_manifest(self, name: bytes, data: bytes, keys: Keys) -> None:
        epoch = piece_space(data), data[_EPOCH]
        if name not in self._entries and epoch in keys:
            self._entries[name] = epoch, open_manifest(epoch[0], keys[epoch], data)

    def _open_bundle(self, name: bytes, data: bytes, keys: Keys) -> None:
        parsed = parse_bundle(data)
        header = parsed.header
        epoch = header.space, header.epoch
        if epoch in keys:
            plain = open_bundle(parsed, keys[epoch])
            events = decode_events(header.space, header.incarnation, plain)
            self._opened[name] = replace(_told(events), epochs=frozenset({epoch}))


def _told(events: Iterable[Event]) -> Opened:
    several = list(events)
    marks = (marks_of(one.kind, repr(one).encode()) for one in several)
    return Opened(
        epochs=frozenset(),
        marks=frozenset().union(*marks),
        erased=frozenset(one.subject for one in several if one.kind == ERASE),
        kept={one.id: one.subject for one in several if one.kind != ERASE},
        events=frozenset(one.id for one in several),
    )
