"""Writing a stick: everything that its readers may lack, sealed as it leaves by the network.

Files first, then the manifest that names them, then the old files go: a stick taken away at any
byte holds what the manifest before said. What is there already is not written again.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from app.changes import Changes
from app.domain.errors import NotEnrolledError
from app.domain.identifiers import BundleName, SpaceId
from app.ports import Clock, StickPort, SyncPort
from sync.beliefs import note_registry, registry_of
from sync.canonical import FormatError
from sync.checkpoint_adoption import fetch_nothing
from sync.checkpoint_states import note_states
from sync.checkpoints import Checkpoints
from sync.errors import NotAStickError, StickFullError, StickHoldsMoreError
from sync.keyring import Keyring
from sync.registry import Registry
from sync.sealing import Sealing
from sync.statements import (
    IncarnationStatement,
    JoinRequest,
    read_statement,
    sign_statement,
    statement_name,
)
from sync.stick.already_held import Readers
from sync.stick.content import Signed, StickContent
from sync.stick.findings import Found, checked, look
from sync.stick.folder import MANIFEST, StickFolder
from sync.stick.manifest import FileKind, StickFile, sign_manifest
from sync.stick.peers import begin_life_if_led_elsewhere, remembered
from sync.stick.region_pack import NO_PACK, CarriedPack, write_pack
from sync.stick.watch import StickProgress, StickStep, Watch

_NUMBER: Final = "stick_number"
_WELCOME: Final = """\
Cette clé transporte des fiches de Deux Portes d’un poste à un autre, sans réseau.

Tout y est scellé\u202f: rien ici ne peut être lu sans les clés des structures destinataires.
Seul l’annuaire, s’il y est (directory.dpp), est public\u202f: la Région l’a signé.
Chaque dossier vient d’un poste. Ne renommez et ne modifiez rien.

Pour la lire\u202f: dans Deux Portes, écran «\u00a0Échange\u00a0», ou par la commande
«\u00a0deux-portes stick read DOSSIER\u00a0».

Vous l’avez trouvée\u202f? Rapportez-la à un lieu d’accueil et d’orientation proche.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StickWritten:
    """What one writing did: `bundles`, and the `records` in them, are on the stick.

    `left_out` counts bundles that every reader holds already, `files_kept` files that were there
    from before; `pack` says what became of the Region's directory. When it was `cancelled` the
    stick still says what it said.
    """

    records: int
    bundles: int
    left_out: int
    receipts: int
    statements: int
    files_written: int
    files_kept: int
    bytes_written: int
    cancelled: bool
    took_ms: float
    pack: CarriedPack = NO_PACK


class StickWriting:
    """Writes a stick, on the thread that calls; `changed` is told what was marked as written."""

    def __init__(
        self,
        port: SyncPort,
        sticks: StickPort,
        authority_key: bytes,
        clock: Clock,
        changed: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._port = port
        self._sticks = sticks
        self._authority_key = authority_key
        self._clock = clock
        self._changed = changed

    def run(self, stick: StickFolder, watch: Watch) -> StickWritten:
        """Seal what waits and write what may be lacking elsewhere.

        A machine that was removed writes what it sealed and nobody acknowledged, so that no work
        is ever locked in; one that asks to join writes its request.

        Raises:
            NotEnrolledError: the structure is not certified yet: nothing can be sealed.
            StickHoldsMoreError: read it first: it holds work of this desk that the desk has lost.
            StickFullError, StickReadOnlyError, StickRemovedError: the stick refuses; what it held
                stands.
        """
        started = time.monotonic()
        self._port.begin_life_if_copied()
        keyring = Keyring(self._port)
        machine = keyring.machine.id
        registry = registry_of(self._port, self._authority_key)
        structure = self._structure(registry, machine)
        found = self._found_on(stick, registry)
        self._check_nothing_lost([one for one in found if one.manifest.machine == machine])
        said = [one.manifest for one in found]
        begin_life_if_led_elsewhere(self._port, said, registry.spaces)
        registry = self._introduced(registry, keyring)
        watch.progress(StickProgress(step=StickStep.SEALING, done=0, total=0))
        registry = self._sealed(registry, keyring)
        readers = Readers(registry, machine, chain(said, remembered(self._sticks).values()))
        content = StickContent(self._port, self._sticks, registry, machine, readers)
        writer = _Writer(stick, content, stick.own(machine), watch)
        if writer.write_files():
            signed = Signed(
                structure=structure, number=self._next_number(), written_at_s=self._now_s()
            )
            manifest = content.manifest(tuple(writer.files), signed)
            writer.finish(sign_manifest(manifest, keyring.machine.sign.private_key))
            self._changed(self._sticks.mark_on_stick(writer.names))
            # Last: a stick that is taken away now holds every record.
            writer.pack = write_pack(self._port, self._authority_key, stick)
        return writer.report(self._port, started)

    def _introduced(self, registry: Registry, keyring: Keyring) -> Registry:
        """Return what is believed, once the incarnation under which this file writes is signed."""
        own, machine = self._port.incarnation(), keyring.machine
        if own in registry.incarnations or machine.id not in registry.machines:
            return registry
        body = IncarnationStatement(machine=machine.id, incarnation=own, at_s=self._now_s())
        data = sign_statement(body, machine.sign.private_key)
        self._port.keep_statements({statement_name(data): data})
        return registry.with_statements([data])

    def _sealed(self, registry: Registry, keyring: Keyring) -> Registry:
        """Hand over keys and seal what waits; return what is believed with that."""
        checkpoints = self._checkpoints(registry, keyring)
        checkpoints.adopt()
        sealing = Sealing(self._port, checkpoints.registry, keyring)
        sealing.hand_over_keys()
        sealing.seal_all()
        checkpoints = self._checkpoints(sealing.registry, keyring)
        checkpoints.go_on_without_relay()
        note_registry(self._port, checkpoints.registry)
        note_states(self._port, checkpoints.registry, checkpoints.spaces())
        return checkpoints.registry

    def _checkpoints(self, registry: Registry, keyring: Keyring) -> Checkpoints:
        return Checkpoints(
            self._port, registry, keyring, self._now_s(), fetch_nothing, self._changed
        )

    def _structure(self, registry: Registry, machine: bytes) -> bytes:
        active = registry.active_structures_of(machine)
        belongs = active or registry.structures_of(machine) or self._asked(machine)
        if not belongs:
            raise NotEnrolledError
        return min(belongs)

    def _asked(self, machine: bytes) -> frozenset[bytes]:
        """Return the structures that this machine asked to join."""
        asked = set()
        for data in self._port.statements():
            with suppress(FormatError):
                body = read_statement(data).body
                if isinstance(body, JoinRequest) and body.machine == machine:
                    asked.add(body.structure)
        return frozenset(asked)

    def _found_on(self, stick: StickFolder, registry: Registry) -> list[Found]:
        """Return what machines say on the stick; nothing when it is new, or all is damaged."""
        with suppress(NotAStickError):
            found, _ = look(stick, registry.authority)
            good, _ = checked(found, registry)
            return good
        return []

    def _check_nothing_lost(self, own: Sequence[Found]) -> None:
        """Never write over work of this machine that it has lost and never read back."""
        read = self._sticks.manifests()
        for one in own:
            for space, held in one.manifest.spaces.items():
                chains = self._sticks.chains(SpaceId(space))
                ends = {bytes(each.incarnation): each.last for each in chains}
                if held.head > ends.get(one.manifest.incarnation, 0) and one.data not in read:
                    raise StickHoldsMoreError

    def _next_number(self) -> int:
        number = int(self._port.memo(_NUMBER) or "0") + 1
        self._port.keep_memo(_NUMBER, str(number))
        return number

    def _now_s(self) -> int:
        return max(0, int(self._clock.now().timestamp()))


class _Writer:
    """The files of one stick as they are written, and what they hold."""

    def __init__(self, stick: StickFolder, content: StickContent, own: Path, watch: Watch) -> None:
        self.files: list[StickFile] = []
        self.names: list[BundleName] = []
        self.pack = NO_PACK
        self._stick = stick
        self._content = content
        self._own = own
        self._watch = watch
        self._written = self._kept = self._bytes = self._receipts = 0
        self._before: frozenset[str] = frozenset()
        self._is_whole = False

    def write_files(self) -> bool:
        """Write what the manifest will name; False when somebody made it stop.

        Raises:
            StickFullError, StickReadOnlyError, StickRemovedError: the stick refuses.
        """
        self._before = self._stick.prepare(self._own, _WELCOME)
        with self._giving_back():
            return self._write_packs()

    def finish(self, manifest: bytes) -> None:
        """Write the manifest; from then on the stick says something new.

        Raises:
            StickFullError, StickReadOnlyError, StickRemovedError: the stick refuses.
        """
        with self._giving_back():
            self._put(MANIFEST, manifest)
        self._is_whole = True
        self._stick.keep_only(self._own, {MANIFEST, *(file.name for file in self.files)})

    def report(self, port: SyncPort, started: float) -> StickWritten:
        """Say what was done since a moment of the monotonic clock."""
        return StickWritten(
            records=port.events_in(self.names) if self._is_whole else 0,
            bundles=len(self.names),
            left_out=self._content.left_out,
            receipts=self._receipts,
            statements=sum(map(len, self._content.statements.values())),
            files_written=self._written,
            files_kept=self._kept,
            bytes_written=self._bytes,
            cancelled=not self._is_whole,
            took_ms=round((time.monotonic() - started) * 1000, 1),
            pack=self.pack,
        )

    @contextmanager
    def _giving_back(self) -> Iterator[None]:
        """Leave no trace of what did not fit: the room may be wanted for something else."""
        try:
            yield
        except StickFullError:
            self._stick.keep_only(self._own, self._before)
            raise

    def _write_packs(self) -> bool:
        total = self._content.bundles
        for pack in self._content.packs():
            if self._watch.cancelled():
                return False
            self._put(pack.file.name, pack.data)
            self.files.append(pack.file)
            self.names += pack.names
            self._receipts += pack.count if pack.file.kind is FileKind.RECEIPTS else 0
            done = StickProgress(step=StickStep.WRITING, done=len(self.names), total=total)
            self._watch.progress(done)
        return not self._watch.cancelled()

    def _put(self, name: str, data: bytes) -> None:
        if self._put_before_packs(name, data):
            self._written += 1
            self._bytes += len(data)
        else:
            self._kept += 1

    def _put_before_packs(self, name: str, data: bytes) -> bool:
        """Write a file, with the room of a pack if there is no other."""
        try:
            return self._stick.put(self._own, name, data)
        except StickFullError:
            if not self._stick.take_packs_away():
                raise
        return self._stick.put(self._own, name, data)
