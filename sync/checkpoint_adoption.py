"""Adopting complete checkpoints at one desk; see `sync/PROTOCOL.md`, section 8.

A desk that holds all that is covered, and finds the same survivors, adopts at once. Another loads
the pieces first. Nothing is let go of where the two do not agree.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence

from app.changes import Changes
from app.checkpoint_port import Adoption
from app.domain.errors import ForgedEventError
from app.domain.events import Event
from app.domain.identifiers import Incarnation, SpaceId, incarnation_of
from app.domain.spaces import known_space
from app.ports import SyncPort
from sync.canonical import Flaw, FormatError
from sync.checkpoint_building import Survivors, events_of, read_pieces
from sync.checkpoint_holdings import Holdings
from sync.errors import RelayAnswerUnreadableError
from sync.keyring import Keyring
from sync.registry import Registry
from sync.statements import Checkpoint

DIFFERS = "checkpoint_differs/"
"""Memo, by space: the checkpoint with which this desk does not agree; then, if its pieces could
only not be read, the number of the reader."""

_LATER = frozenset({Flaw.CANNOT_OPEN, Flaw.UNKNOWN_SUITE})
"""Flaws of pieces that a later program may not find."""

_READER = 1
"""To be raised by a program that reads pieces that an older one could not."""

DISAGREES = "checkpoint_disagrees/"
"""Memo, by space: the proposal that this desk will not confirm."""

_AWAITED = "checkpoint_awaited/"
"""Memo, by space: the complete checkpoint whose key or pieces are not here, and since when."""

AWAITED_FOR_S = 7 * 86_400
"""Who holds them hands them over when they next exchange; as others, by a clock that may be years
ahead."""

Fetch = Callable[[bytes, Sequence[bytes]], None]
"""Fetches pieces of a space into the store; it may fail, or find some of them only."""


def fetch_nothing(_space: bytes, _names: Sequence[bytes]) -> None:
    """Fetch no piece: without a relay, those that the stick brought are here already."""


class Adopting:
    """Adopts the checkpoints of the spaces of one desk."""

    def __init__(
        self,
        port: SyncPort,
        keyring: Keyring,
        fetch: Fetch,
        changed: Callable[[Changes], None],
        *,
        now_s: int,
    ) -> None:
        self._port = port
        self._keyring = keyring
        self._fetch = fetch
        self._changed = changed
        self._now_s = now_s

    def adopt_last(self, registry: Registry, space: SpaceId) -> None:
        """Adopt the last complete checkpoint of a space, if it is news and its pieces are here."""
        self._changed(self._port.finish_adoption(space))
        last = registry.last_complete(space)
        if last is None or not self._is_news(space, *last):
            return
        name, body = last
        held = Holdings(port=self._port, registry=registry, body=body)
        self._begin_life_if_restored(held)
        if self._agrees(registry, name, held) or self._load(registry, name, held):
            self._adopt(registry, name, held)

    def is_awake(self, registry: Registry, space: SpaceId) -> bool:
        """Did this machine make or confirm the last checkpoint that it adopted?"""
        adopted = self._port.adopted(space)
        if adopted is None or adopted.checkpoint not in registry.checkpoints:
            return True
        return self._keyring.machine.id in registry.confirmed_by(adopted.checkpoint)

    def is_out_of_reach(self, registry: Registry, space: SpaceId) -> bool:
        """Has nobody brought the key or the pieces of the last complete checkpoint for a week?

        They were lost with the disk of whoever made it: what it covers is nowhere any more but in
        what is held here.
        """
        last, adopted = registry.last_complete(space), self._port.adopted(space)
        if last is None or (adopted is not None and adopted.checkpoint == last[0]):
            return False
        name, body = last
        has_key = (space, body.epoch) in self._keyring.epochs
        if has_key and self._port.piece_names(space).issuperset({body.manifest, *body.chunks}):
            return False
        memo = _AWAITED + space.hex()
        told, _, since_s = self._port.memo(memo).partition(" ")
        if told != name.hex():
            self._port.keep_memo(memo, f"{name.hex()} {self._now_s}")
            return False
        return abs(self._now_s - int(since_s)) >= AWAITED_FOR_S

    def is_loadable(self, held: Holdings) -> bool:
        """Are the pieces of a proposal at hand, and does nothing held here contradict them?"""
        key = self._keyring.epochs.get((held.space, held.body.epoch))
        if key is None or not self._are_here(held):
            return False
        try:
            survivors = read_pieces(self._port, held.body, key.key)
        except FormatError:
            return False
        return self._agree_with(held, survivors)

    def _is_news(self, space: SpaceId, name: bytes, body: Checkpoint) -> bool:
        adopted = self._port.adopted(space)
        known = (adopted.number, adopted.checkpoint) if adopted else (0, b"")
        return (body.number, name) > known and (space, body.epoch) in self._keyring.epochs

    def _begin_life_if_restored(self, held: Holdings) -> None:
        """Begin another life when others know more of the present one than this file."""
        own = self._port.incarnation()
        of_own = [place for place in held.cover if place.incarnation == own]
        if not all(self._port.holds_place(held.space, place) for place in of_own):
            self._port.begin_life()

    def _agrees(self, registry: Registry, name: bytes, held: Holdings) -> bool:
        is_confirmed = self._keyring.machine.id in registry.confirmed_by(name)
        return held.is_whole() if is_confirmed else held.agrees()

    def _adopt(self, registry: Registry, name: bytes, held: Holdings) -> None:
        body, space = held.body, held.space
        number = registry.epoch_number(space, body.epoch)
        ended = self._keyring.ended_epochs(registry, space, number)
        confirmed = map(registry.structures_of, registry.confirmed_by(name))
        structures = frozenset[bytes]().union(*confirmed) & registry.members_of_space(space)
        adoption = Adoption(
            space=space,
            checkpoint=name,
            number=body.number,
            cover=held.cover,
            at_s=self._now_s,
            void=tuple(held.void()),
            aside=tuple(held.aside()),
            ended_keys=ended,
            structures=tuple(sorted(structures)),
        )
        self._changed(self._port.adopt(adoption))
        self._keyring.forget_epochs(ended)
        self._port.keep_memo(DIFFERS + space.hex(), "")
        last = registry.last_proposal(space)
        counting = [body, last[1]] if last else [body]  # a greater one may be complete tomorrow
        live = {piece for one in counting for piece in (one.manifest, *one.chunks)}
        self._port.drop_pieces([one for one in self._port.piece_names(space) if one not in live])

    def _load(self, registry: Registry, name: bytes, held: Holdings) -> bool:
        """Load the pieces, if they are all at hand; say whether they were applied."""
        memo, differs = DIFFERS + held.space.hex(), name.hex()
        unread = f"{differs} {_READER}"
        if self._port.memo(memo) in {differs, unread} or not self._are_here(held):
            return False
        key = self._keyring.epochs[held.space, held.body.epoch].key
        try:
            survivors = read_pieces(self._port, held.body, key)
            is_same = self._agree_with(held, survivors)
            if is_same:
                self._apply(registry, held, survivors)
        except FormatError as error:
            is_same, differs = False, unread if error.code in _LATER else differs
        except ForgedEventError:  # a full disk, for one, says nothing of what was loaded
            is_same = False
        if not is_same:
            # Nothing is let go of: what is held here stays, and people are told.
            self._port.keep_memo(memo, differs)
        return is_same

    def _agree_with(self, held: Holdings, survivors: Survivors) -> bool:
        """Does all that is held here within the cover survive, or is it of somebody erased?"""
        return not self._port.contradicts(
            held.space, held.last_covered, survivors.events, survivors.erased
        )

    def _are_here(self, held: Holdings) -> bool:
        wanted = (held.body.manifest, *held.body.chunks)
        kept = self._port.piece_names(held.space)
        if missing := [one for one in wanted if one not in kept]:
            self._fetch(held.space, missing)
            kept = self._port.piece_names(held.space)
        return kept.issuperset(wanted)

    def _apply(self, registry: Registry, held: Holdings, survivors: Survivors) -> None:
        statement = registry.spaces[held.space]
        space = known_space(statement.space_kind, statement.members)
        if space is None:  # nobody asks for it: a later program's is left to it
            raise FormatError(Flaw.UNKNOWN_SUITE)
        places = {place.incarnation: place for place in held.cover}
        for events in events_of(self._port, held.body, survivors.entries):
            for incarnation, its in _by_author(events):
                applied = self._port.apply_survivors(space, its, place=places[incarnation])
                self._changed(applied.changes)


def keep_fetched(
    port: SyncPort, space: bytes, asked: Collection[bytes], pieces: Iterable[tuple[bytes, bytes]]
) -> None:
    """Keep pieces as they come, those that bear their name.

    Raises:
        RelayAnswerUnreadableError: one comes that was not asked for: nobody fills the disk so.
    """
    for name, data in pieces:
        if name not in asked:
            raise RelayAnswerUnreadableError
        if hashlib.sha256(data).digest() == name:
            port.keep_pieces(SpaceId(space), {name: data})


def _by_author(events: Sequence[Event]) -> list[tuple[Incarnation, list[Event]]]:
    found: dict[Incarnation, list[Event]] = {}
    for event in events:
        found.setdefault(incarnation_of(event.id), []).append(event)
    return list(found.items())
