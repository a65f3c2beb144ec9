"""Reading a stick: what others wrote is settled as if it had come by the network.

Whatever is damaged is passed over and the rest is taken. Bundles prove themselves: the signature of
a manifest says who holds what, it makes nothing believed.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.changes import Changes
from app.domain.identifiers import Incarnation, SpaceId
from app.ports import Clock, StickPort, SyncPort
from sync.beliefs import note_registry
from sync.checkpoint_adoption import fetch_nothing
from sync.checkpoint_states import note_states
from sync.checkpoints import Checkpoints
from sync.errors import (
    StickNotForUsError,
    StickReaderRemovedError,
    StickReaderUnknownError,
    StickWriterUnknownError,
)
from sync.keyring import Keyring
from sync.registry import Registry
from sync.renewal import keep_up
from sync.settlement import Settlement
from sync.statements import authority_id
from sync.stick.findings import Found, StickProblem, checked, look, refusal
from sync.stick.folder import StickFolder
from sync.stick.learning import Learnt, StickFiles, learn, spaces_for
from sync.stick.manifest import FileKind
from sync.stick.peers import (
    StickWriter,
    begin_life_if_led_elsewhere,
    missing,
    note_what_they_saw,
    remember,
    writers,
)
from sync.stick.pieces import keep_pieces
from sync.stick.receipts import keep_receipts
from sync.stick.region_pack import NO_PACK, CarriedPack, PackOnStick, take_pack
from sync.stick.taking import Taking
from sync.stick.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class StickRead:
    """What one reading did.

    `records` and `bundles` are new here, `known` bundles were here already, `set_aside` is how many
    wait in quarantine now. `missing` counts bundles that a writer has and that neither the stick
    nor this desk has: another stick brings them. `structures` are those met for the first time.
    `problems` say which folders were passed over, and why; `damaged` counts files that were lost,
    in part or whole; `pack` says what became of the Region's directory. `is_for_us` is false when
    all that was learnt is who others are.
    """

    records: int
    bundles: int
    known: int
    set_aside: int
    missing: int
    receipts: int
    statements: int
    structures: tuple[str, ...]
    writers: tuple[StickWriter, ...]
    damaged: int
    problems: tuple[StickProblem, ...]
    is_for_us: bool
    cancelled: bool
    took_ms: float
    pack: CarriedPack = NO_PACK


class StickReading:
    """Reads a stick, on the thread that calls.

    `on_arrivals` lets the desk note what arrived; `changed` is told what each durable step touched.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (the composition root plugs each part)
        self,
        port: SyncPort,
        sticks: StickPort,
        authority_key: bytes,
        clock: Clock,
        on_arrivals: Callable[[], Changes],
        changed: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._port = port
        self._sticks = sticks
        self._authority_key = authority_key
        self._clock = clock
        self._on_arrivals = on_arrivals
        self._changed = changed
        self._pack: CarriedPack | None = None

    def run(self, stick: StickFolder, watch: Watch) -> StickRead:
        """Take everything that is for this desk; repeating it takes nothing twice.

        Raises:
            NotAStickError, StickOfAnotherRegionError, StickFromTheFutureError, StickTornError,
            StickForgedError, StickWriterUnknownError: nothing could be taken, and why.
            StickNotForUsError: all of it is for other structures, and known already.
            StickReaderUnknownError, StickReaderRemovedError: this machine is of no structure.
            StickRemovedError: the stick went away; what was taken is kept.
        """
        started = time.monotonic()
        self._port.begin_life_if_copied()
        found, problems = self._look(stick, authority_id(self._authority_key))
        files = StickFiles(stick)
        learnt = learn(self._port, self._authority_key, files, found)
        good, unsigned = checked(found, learnt.registry)
        problems += unsigned
        self._check_introduced(learnt, good, problems)
        self._check_reader(learnt.registry, files, good)
        is_for_us, who = self._is_for_us(learnt, good, stick), self._writers(learnt, good)
        taking, lacking = self._take(learnt.registry, files, good, watch)
        receipts = self._keep_receipts(learnt.registry, files, good)
        self._conclude(taking, learnt.registry, good, lacking)
        return StickRead(
            records=taking.records,
            bundles=taking.bundles,
            known=taking.known,
            set_aside=len(self._port.places_aside()),
            missing=sum(lacking.values()),
            receipts=receipts,
            statements=learnt.new,
            structures=learnt.structures,
            writers=who,
            damaged=len(files.damaged),
            problems=tuple(problems),
            is_for_us=is_for_us,
            cancelled=taking.is_cut,
            took_ms=round((time.monotonic() - started) * 1000, 1),
            pack=NO_PACK if taking.is_cut else self._take_pack(stick),
        )

    @staticmethod
    def _look(stick: StickFolder, authority: bytes) -> tuple[list[Found], list[StickProblem]]:
        found, problems = look(stick, authority)
        if not found:
            raise refusal(problems[0])
        return found, problems

    @staticmethod
    def _check_introduced(
        learnt: Learnt, good: Sequence[Found], problems: Sequence[StickProblem]
    ) -> None:
        """Refuse a stick that nobody known signed, unless somebody introduces themselves there.

        Raises:
            SyncError: what is wrong with the first folder.
        """
        is_unknown = any(one.code == StickWriterUnknownError.code for one in problems)
        if not good and not (is_unknown and learnt.new):
            raise refusal(problems[0])

    def _check_reader(self, registry: Registry, files: StickFiles, good: Sequence[Found]) -> None:
        """Refuse a machine that is of no structure; one that was removed keeps its receipts."""
        if self._machine() in registry.machines and registry.is_revoked(self._machine()):
            self._keep_receipts(registry, files, good)
            raise StickReaderRemovedError
        if not registry.structures_of(self._machine()):
            raise StickReaderUnknownError

    def _take_pack(self, stick: StickFolder) -> CarriedPack:
        """Take the Region's directory, once; after all records, where there are any."""
        if self._pack is None:
            self._pack = take_pack(self._port, self._authority_key, stick, self._changed)
        return self._pack

    def _is_for_us(self, learnt: Learnt, good: Sequence[Found], stick: StickFolder) -> bool:
        """Is anything there for this desk, beside who others are?

        Raises:
            StickNotForUsError: nothing is, nothing was learnt, and no directory was taken.
        """
        ours = self._spaces(learnt.registry)
        is_for_us = any(one.manifest.spaces.keys() & ours for one in good)
        carries = any(file.kind is FileKind.BUNDLES for one in good for file in one.manifest.files)
        is_useless = carries and not is_for_us and not learnt.new
        if is_useless and self._take_pack(stick).what is not PackOnStick.TAKEN:
            raise StickNotForUsError
        return is_for_us

    def _take(
        self, registry: Registry, files: StickFiles, good: Sequence[Found], watch: Watch
    ) -> tuple[Taking, Mapping[bytes, int]]:
        """Settle what is for this desk; return what was done, and what is still missing."""
        spaces = self._spaces(registry)
        manifests = [one.manifest for one in good]
        begin_life_if_led_elsewhere(self._port, manifests, spaces)
        keep_pieces(self._port, registry, files, good, spaces)
        self._checkpoints(registry).adopt()
        settlement = Settlement(self._port, registry, Keyring(self._port).epoch_keys)
        taking = Taking(self._sticks, registry, settlement, watch, self._changed)
        taking.take(files, good, spaces)
        own = self._port.incarnation()
        held = {
            space: {
                **settlement.held(SpaceId(space)),
                own: self._port.head(SpaceId(space)).sequence,
            }
            for space in spaces
        }
        return taking, missing(self._port, manifests, held)

    def _keep_receipts(self, registry: Registry, files: StickFiles, good: Sequence[Found]) -> int:
        own = registry.structures_of(self._machine())
        carried = (
            receipt
            for one in good
            for receipt in files.statements(one, FileKind.RECEIPTS, spaces_for(one, own))
        )
        return keep_receipts(self._port, self._sticks, registry, carried, self._changed)

    def _conclude(
        self,
        taking: Taking,
        registry: Registry,
        good: Sequence[Found],
        lacking: Mapping[bytes, int],
    ) -> None:
        """Do what follows from having read everything, if it was, and remember it."""
        if taking.is_cut:
            return
        manifests = [one.manifest for one in good]
        note_what_they_saw(self._sticks, registry, manifests, self._changed)
        if self._port.former_lives().isdisjoint(lacking):
            lives = map(Incarnation, registry.lives_of(self._machine()))
            self._changed(self._port.rewrite_former([*lives]))
        self._changed(self._on_arrivals())
        made = keep_up(self._port, registry, Keyring(self._port), self._clock)
        checkpoints = self._checkpoints(registry.with_statements(made))
        checkpoints.go_on_without_relay()
        note_registry(self._port, checkpoints.registry)
        note_states(self._port, checkpoints.registry, checkpoints.spaces())
        # Last: what was cut before is read again.
        remember(self._sticks, good)

    def _checkpoints(self, registry: Registry) -> Checkpoints:
        keyring, now_s = Keyring(self._port), int(self._clock.now().timestamp())
        return Checkpoints(self._port, registry, keyring, now_s, fetch_nothing, self._changed)

    def _writers(self, learnt: Learnt, good: Sequence[Found]) -> tuple[StickWriter, ...]:
        return tuple(writers(self._sticks, learnt.registry, good))

    def _machine(self) -> bytes:
        return Keyring(self._port).machine.id

    def _spaces(self, registry: Registry) -> set[bytes]:
        machine = self._machine()
        return {space for space in registry.spaces if registry.machine_may(space, machine)}
