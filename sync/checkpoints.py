"""Checkpoints at one desk: proposing, confirming, adopting; see `sync/PROTOCOL.md`, section 8.

Nothing here knows how statements and pieces travel: whoever calls hands over what was `made`, and
fetches what is lacking. Every step may be cut short anywhere and is gone on with the next time.
"""

from collections.abc import Callable, Iterable

from app.changes import Changes
from app.checkpoint_port import CHECKPOINT_ASKED, KEYS_DESTROYED
from app.domain.identifiers import SpaceId
from app.domain.spaces import known_space
from app.ports import SyncPort
from sync.canonical import FormatError
from sync.checkpoint_adoption import DISAGREES, Adopting, Fetch, fetch_nothing
from sync.checkpoint_building import build
from sync.checkpoint_hearing import note_heard
from sync.checkpoint_holdings import Holdings
from sync.chunks import ChunkEntry, open_manifest
from sync.keyring import Keyring
from sync.registry import Registry
from sync.sealing import Sealing
from sync.settlement import BAD_SIGNATURE, FORKED, MALFORMED, NOT_A_MEMBER, WRONG_NAME
from sync.statement_shapes import MAX_UINT
from sync.statements import (
    Body,
    Checkpoint,
    Confirmation,
    Dormant,
    read_statement,
    sign_statement,
    statement_name,
)

DAY_S = 86_400
REPLACED_AFTER_S = 7 * DAY_S
"""As others, either way: without a relay its author dates a proposal, by a clock that may be years
ahead."""

ERASED_AT_MOST_EVERY_S = 7 * DAY_S
MOST_BUNDLES = 500
MOST_BYTES = 1_048_576

_NOBODYS = frozenset({BAD_SIGNATURE, FORKED, MALFORMED, NOT_A_MEMBER, WRONG_NAME})
"""Reasons for which what is set aside is no member's word, and holds nothing up."""


class Checkpoints:
    """The checkpoints of the spaces of one desk, during one exchange.

    Args:
        port: the store.
        registry: what is believed.
        keyring: the keys of this machine.
        now_s: the time, the relay's if it was asked: nothing is believed for it, only proposed.
        fetch: fetches pieces into the store.
        changed: told what each durable step touched.

    Attributes:
        registry: what is believed, with the statements made here.
        made: the statements made here, kept in the store, to be handed over.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (the exchange plugs each part)
        self,
        port: SyncPort,
        registry: Registry,
        keyring: Keyring,
        now_s: int,
        fetch: Fetch = fetch_nothing,
        changed: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self.registry = registry
        self.made: list[bytes] = []
        self._port = port
        self._keyring = keyring
        self._now_s = now_s
        self._fetch = fetch
        self._knows_time = True
        self._adopting = Adopting(port, keyring, fetch, changed, now_s=self._now_s)

    def spaces(self) -> list[SpaceId]:
        """Return the spaces that this machine may write in, whose checkpoints concern it.

        Those of a kind that only a later program knows are left to it.
        """
        machine = self._keyring.machine.id
        return [
            SpaceId(space)
            for space, said in sorted(self.registry.spaces.items())
            if known_space(said.space_kind, said.members)
            and self.registry.machine_may(space, machine)
        ]

    def adopt(self) -> None:
        """Adopt the last complete checkpoint of each space, as far as its pieces are at hand.

        To be called before anything is sealed, pulled or handed on.
        """
        for space in self.spaces():
            self._adopting.adopt_last(self.registry, space)
            if not self._adopting.is_awake(self.registry, space):
                self._wake(space)
        self._turn_keys()

    def confirm(self) -> None:
        """Confirm the last proposals that wait for this machine and agree with what it holds."""
        for space in self.spaces():
            last = self.registry.last_proposal(space)
            if last and self._keyring.machine.id in self.registry.waits_for(last[0]):
                held = self._held(last[1])
                is_same = self._is_ready(held) and self._agrees(last[0], held)
                if is_same or self._can_begin_anew(held):
                    self._sign(self._confirmation(space, last[0]))

    def dormant(self) -> list[bytes]:
        """Sign that proposals need not wait for machines silent for 90 days.

        These are not kept: whoever calls keeps those that nobody knows better of.
        """
        made = []
        silent = note_heard(self._port, self.registry, now_s=self._now_s)
        for space in self.spaces():
            last = self.registry.last_proposal(space)
            for target in sorted(self.registry.waits_for(last[0])) if last else ():
                if last and target in silent:
                    body = Dormant(
                        machine=self._keyring.machine.id,
                        space=space,
                        checkpoint=last[0],
                        target=target,
                        at_s=self._now_s,
                    )
                    made.append(sign_statement(body, self._keyring.machine.sign.private_key))
        return made

    def go_on_without_relay(self) -> None:
        """Confirm, propose and adopt, when statements and pieces travel on sticks alone.

        Nobody is declared dormant, and nothing lost, where a relay has ever answered: it knows
        better, and a desk that was away from it must not take all others for silent.
        """
        self._knows_time = not self._port.memo("last_contact_at")
        self.confirm()
        dormant = self.dormant()
        if self._knows_time:
            self.believe(dormant)
        self.propose()
        self.adopt()

    def believe(self, statements: Iterable[bytes]) -> None:
        """Keep and believe statements made here."""
        kept = list(statements)
        if kept:
            self._port.keep_statements({statement_name(data): data for data in kept})
            self.registry = self.registry.with_statements(kept)

    def ask_where_doubted(self, refused: Iterable[bytes]) -> None:
        """Ask for another checkpoint where the relay refuses a `dormant` that one rests on.

        It was restored, and has heard the machine since: to whoever learns from it, that checkpoint
        waits still, and what it covers is nowhere else.
        """
        asked = set(self._port.memo(CHECKPOINT_ASKED).split())
        for name in filter(self.registry.knows, refused):
            body = read_statement(self.registry.statement_bytes(name)).body
            if isinstance(body, Dormant):
                adopted = self._port.adopted(SpaceId(body.space))
                if adopted is not None and adopted.checkpoint == body.checkpoint:
                    asked.add(body.space.hex())
        self._port.keep_memo(CHECKPOINT_ASKED, " ".join(sorted(asked)))

    def propose(self) -> None:
        """Propose a checkpoint of each space in which one is due, or asked for by hand.

        Due is one as well where nobody can load the last any more.
        """
        asked = frozenset(self._port.memo(CHECKPOINT_ASKED).split())
        left = set(asked)
        for space in self.spaces():
            is_lost = self._is_lost(space)
            is_asked = is_lost or space.hex() in asked
            if self._may_propose(space, is_asked=is_asked, is_lost=is_lost):
                left.discard(space.hex())
                if self._is_due(space, is_asked=is_asked):
                    self._propose(space)
        self._port.keep_memo(CHECKPOINT_ASKED, " ".join(sorted(left)))

    def _held(self, body: Checkpoint) -> Holdings:
        return Holdings(port=self._port, registry=self.registry, body=body)

    def _confirmation(self, space: SpaceId, name: bytes) -> Confirmation:
        machine = self._keyring.machine.id
        return Confirmation(machine=machine, space=space, checkpoint=name, at_s=self._now_s)

    def _wake(self, space: SpaceId) -> None:
        """Say that this machine is there again, when others did without it."""
        adopted = self._port.adopted(space)
        if adopted is not None:
            self._sign(self._confirmation(space, adopted.checkpoint))

    def _is_ready(self, held: Holdings) -> bool:
        """Is everything here that a confirmation promises, contents apart?"""
        if (held.space, held.body.epoch) not in self._keyring.epochs or not held.is_whole():
            return False
        if held.was_covered_above():
            return False  # its author could not load what was adopted here, and will
        return not any(True for _ in held.aside()) and not any(True for _ in held.void())

    def _can_begin_anew(self, held: Holdings) -> bool:
        """Can this machine, for which the last complete one is lost, go on from that proposal?"""
        return self._is_lost(held.space) and self._adopting.is_loadable(held)

    def _agrees(self, name: bytes, held: Holdings) -> bool:
        """Does the same survive here? When not, it is remembered, and not found again each time."""
        memo = DISAGREES + held.space.hex()
        if self._port.memo(memo) == name.hex():
            return False
        if held.agrees():
            return True
        self._port.keep_memo(memo, name.hex())
        return False

    def _turn_keys(self) -> None:
        """Once keys were destroyed, destroy as well what could unwrap them again."""
        self._keyring.forget_former_profiles(self.registry)
        if self._port.memo(KEYS_DESTROYED) or self._keyring.is_behind(self.registry):
            data = self._keyring.turn_receiver(self.registry, self._now_s)
            if data is not None:
                self.believe([data])
                self.made.append(data)
                self._port.keep_memo(KEYS_DESTROYED, "")

    def _may_propose(self, space: SpaceId, *, is_asked: bool, is_lost: bool) -> bool:
        """Is all sealed, settled and adopted here, so that a proposal can stand?

        What is set aside, and may be a member's, is waited for unless somebody asks. Where the last
        complete one is lost, what waits here may wait for another.
        """
        if not self._port.heads(space):
            return False
        if is_lost:
            return True
        if self._port.pending(space, limit=1) or not self._is_adopted(space):
            return False
        waited_for = (
            place
            for place in self._port.places_aside()
            if place.space == space and place.reason not in _NOBODYS
        )
        return is_asked or not any(True for _ in waited_for)

    def _is_lost(self, space: SpaceId) -> bool:
        return self._knows_time and self._adopting.is_out_of_reach(self.registry, space)

    def _is_adopted(self, space: SpaceId) -> bool:
        last, adopted = self.registry.last_complete(space), self._port.adopted(space)
        return (last[0] if last else b"") == (adopted.checkpoint if adopted else b"")

    def _is_due(self, space: SpaceId, *, is_asked: bool) -> bool:
        last = self.registry.last_proposal(space)
        if last is not None and last[1].number == MAX_UINT:
            return False  # none can follow it: what was sent stays, and work goes on
        if last is not None and self.registry.waits_for(last[0]):
            return self._is_stale(last[1])
        backlog = self._port.backlog(space)
        is_rested = last is None or abs(self._now_s - last[1].at_s) >= ERASED_AT_MOST_EVERY_S
        is_long = backlog.bundles > MOST_BUNDLES or backlog.size_bytes > MOST_BYTES
        return is_asked or (backlog.bundles > 0 and (is_long or (backlog.has_erased and is_rested)))

    def _is_stale(self, body: Checkpoint) -> bool:
        """Can a proposal not be confirmed any more, because its cover misses something?"""
        is_ours = body.machine == self._keyring.machine.id
        is_old = abs(self._now_s - body.at_s) >= REPLACED_AFTER_S
        held = self._held(body)
        if held.was_covered_above():
            return True
        return (is_ours or is_old) and any(True for _ in held.void())

    def _propose(self, space: SpaceId) -> None:
        statement = self.registry.spaces[space]
        known, cover = self._known_chunks(space), self._port.heads(space)
        last = self.registry.last_proposal(space)
        sealing = Sealing(self._port, self.registry, self._keyring)
        named = known_space(statement.space_kind, statement.members)
        epoch = sealing.new_epoch(named) if named else None
        self.registry = sealing.registry
        self.made += sealing.made
        if epoch is None:
            return
        built = build(self._port, epoch, known)
        body = Checkpoint(
            machine=self._keyring.machine.id,
            space=space,
            number=last[1].number + 1 if last else 1,
            epoch=epoch.epoch,
            machines=self._confirmers(space),
            cover=tuple((place.incarnation, place.sequence, place.name) for place in cover),
            digest=built.digest,
            manifest=built.manifest,
            chunks=built.chunks,
            at_s=self._now_s,
        )
        # Something may have been erased while it was built: then the content of some was lost.
        if self._held(body).digest() == body.digest:
            self._port.keep_pieces(space, built.pieces)
            self._sign(body)

    def _confirmers(self, space: SpaceId) -> tuple[bytes, ...]:
        """Return whom a proposal waits for: who may write, and holds what was covered before.

        Who has not confirmed the last complete checkpoint loads one first; its pieces may be
        nowhere any more, and this proposal what brings them back.
        """
        registry, last = self.registry, self.registry.last_complete(space)
        left_out, members = registry.dormant_machines(space), registry.members_of_space(space)
        held_by = registry.confirmed_by(last[0]) if last else frozenset(registry.machines)
        return tuple(
            machine
            for machine in sorted(held_by | {self._keyring.machine.id})
            if machine not in left_out
            and registry.machine_may(space, machine)
            and not registry.is_on_paper(machine, members)
        )

    def _known_chunks(self, space: SpaceId) -> dict[bytes, ChunkEntry]:
        """Return the chunks of the checkpoint adopted last, by content, if its manifest is here."""
        adopted = self._port.adopted(space)
        body = self.registry.checkpoints.get(adopted.checkpoint) if adopted else None
        if body is None:
            return {}
        if not self._port.piece(body.manifest):
            self._fetch(space, [body.manifest])
        try:
            key = self._keyring.epochs[space, body.epoch].key
            entries = open_manifest(space, key, self._port.piece(body.manifest))
        except (FormatError, KeyError):
            return {}
        return {entry.content: entry for entry in entries}

    def _sign(self, body: Body) -> None:
        data = sign_statement(body, self._keyring.machine.sign.private_key)
        self.believe([data])
        self.made.append(data)
