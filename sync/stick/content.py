"""What a machine puts on a stick: its bundles and others', receipts, statements; file by file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from app.domain.identifiers import SpaceId
from app.ports import Chain, SealedBundle, SequenceRange, StickPort, SyncPort
from sync.checkpoint_holdings import sound_until
from sync.registry import Registry
from sync.stick.already_held import Readers
from sync.stick.audiences import by_audience
from sync.stick.manifest import FileKind, Manifest, SpaceHeld, StickFile
from sync.stick.packs import Pack, bundle_packs, statement_packs
from sync.stick.pieces import packs_of_pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a manifest says beside its files: who writes, for which structure, when."""

    structure: bytes
    number: int
    written_at_s: int


class StickContent:
    """What one machine may write, and its readers may lack; nothing is read before it is asked.

    Attributes:
        statements: by audience, the statements to write.
        left_out: how many bundles held here every reader has already.
    """

    def __init__(
        self,
        port: SyncPort,
        sticks: StickPort,
        registry: Registry,
        machine: bytes,
        readers: Readers,
    ) -> None:
        self._port = port
        self._sticks = sticks
        self._registry = registry
        self._machine = machine
        self._readers = readers
        self.statements = by_audience(registry, port.statements(), machine)
        self.left_out = 0
        self._ranges = {space: list(self._ranges_of(space)) for space in self._spaces}

    @property
    def bundles(self) -> int:
        """How many bundles there are to write."""
        ranges = chain.from_iterable(self._ranges.values())
        return sum(some.last - some.first + 1 for some in ranges)

    def packs(self) -> Iterator[Pack]:
        """Give the files: what others rest on first."""
        for audience, statements in sorted(self.statements.items()):
            yield from statement_packs(FileKind.STATEMENTS, audience, statements)
        for space in self._spaces:
            yield from statement_packs(FileKind.RECEIPTS, space, self._receipts(space))
        for space, ranges in self._ranges.items():
            yield from bundle_packs(space, self._bundles_in(ranges))
        may = (one for one in self._spaces if self._registry.machine_may(one, self._machine))
        yield from packs_of_pieces(self._port, self._registry, may)

    def manifest(self, files: tuple[StickFile, ...], signed: Signed) -> Manifest:
        """Return what there is to sign once the files are written."""
        return Manifest(
            authority=self._registry.authority,
            machine=self._machine,
            structure=signed.structure,
            incarnation=self._port.incarnation(),
            number=signed.number,
            written_at_s=signed.written_at_s,
            files=files,
            spaces={space: self._held(space) for space in self._spaces},
        )

    @cached_property
    def _spaces(self) -> list[SpaceId]:
        """The spaces of which this machine is, or was before it was removed."""
        known = sorted(self._registry.spaces)
        return [
            SpaceId(one) for one in known if self._registry.machine_is_member(one, self._machine)
        ]

    def _ranges_of(self, space: SpaceId) -> Iterator[SequenceRange]:
        """Give what may be lacking elsewhere; of somebody removed, what nobody acknowledged."""
        may = self._registry.machine_may(space, self._machine)
        covered: Mapping[bytes, int] = self._readers.covers(space) if may else {}
        for held in self._sticks.chains(space):
            if not may and not held.own:
                continue
            above = covered.get(held.incarnation, 0) if may else held.acknowledged
            last = sound_until(self._port, self._registry, space, held)
            first = max(held.first, above + 1)
            self.left_out += min(first, last + 1) - held.first
            if first <= last:
                yield SequenceRange(
                    space=space, incarnation=held.incarnation, first=first, last=last
                )

    def _bundles_in(self, ranges: list[SequenceRange]) -> Iterator[SealedBundle]:
        return chain.from_iterable(self._port.bundles_in(some) for some in ranges)

    def _receipts(self, space: SpaceId) -> Iterator[bytes]:
        if not self._registry.machine_may(space, self._machine):
            return
        for held in self._sticks.receipts_of_others(space):
            if held.sequence > self._readers.acknowledged(space, held.incarnation):
                yield held.data

    def _held(self, space: SpaceId) -> SpaceHeld:
        statement = self._registry.spaces[space]
        head = self._port.head(space)
        return SpaceHeld(
            kind=statement.space_kind,
            members=statement.members,
            head=head.sequence,
            head_name=head.name,
            acknowledged=self._acknowledged(self._sticks.chains(space)),
            seen={bytes(name): last for name, last in self._port.seen(space).items()},
        )

    def _acknowledged(self, chains: Sequence[Chain]) -> int:
        own = self._port.incarnation()
        return next((held.acknowledged for held in chains if held.incarnation == own), 0)
