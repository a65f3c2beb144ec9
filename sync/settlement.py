"""What a pulled bundle must prove before any of its events is applied here.

Name, header, chain of certificates, member of the space, place in its author's chain; then the
epoch key, the columns, the events. What fails is kept aside with its reason and tried again when
what it lacked is there; the bundles after it go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import CompartmentClosedError, ForgedEventError
from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.domain.spaces import Space, SpaceKind
from app.ports import (
    PlaceAside,
    PulledBundle,
    Quarantined,
    SealedBundle,
    SequenceRange,
    Settled,
    SyncPort,
)
from sync.canonical import FormatError
from sync.columns import decode_events
from sync.envelope import open_bundle
from sync.registry import Registry
from sync.wire import Header, ParsedBundle, bundle_name, parse_bundle, verify_bundle_signature

WRONG_NAME = "wrong_name"
UNKNOWN_INCARNATION = "unknown_incarnation"
NOT_A_MEMBER = "not_a_member"
BAD_SIGNATURE = "bad_signature"
MALFORMED = "malformed"
GAP = "gap"
FORKED = "forked"
MISSING_KEY = "missing_key"
UNREADABLE = "unreadable"
REVOKED = "revoked"
WAITS_FOR_AGENT = "waits_for_agent"
BEFORE_CHECKPOINT = "before_checkpoint"
"""Covered by a checkpoint, or under an epoch that one has ended: dropped, never set aside."""

_PROVEN = frozenset(
    {
        *(MISSING_KEY, REVOKED, "cannot_open", "too_large", UNREADABLE, WAITS_FOR_AGENT),
        ForgedEventError.code,
    }
)
"""Reasons that leave the author and the place in the chain proven: the next bundles may go on."""


_TRIED = "quarantine_tried"
_READER = 1
"""To be raised by a program that reads or folds what an older one set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a bundle: what it changed, or why it is set aside."""

    settled: Settled | None = None
    reason: str = ""


class _AsideError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Settlement:
    """Settles bundles one after the other.

    Attributes:
        brought_back: how many bundles of a former life of this file were settled.
    """

    def __init__(
        self, port: SyncPort, registry: Registry, epoch_keys: Mapping[tuple[bytes, bytes], bytes]
    ) -> None:
        self.brought_back = 0
        self._port = port
        self._registry = registry
        self._epoch_keys = epoch_keys
        self._lives = port.former_lives()
        adopted = {space: port.adopted(SpaceId(space)) for space in registry.spaces}
        self._covers = {space: one.cover for space, one in adopted.items() if one is not None}
        self._reasons: dict[bytes, str] = {}
        self._proven: dict[tuple[bytes, bytes], dict[int, bytes]] = {}
        for place in port.places_aside():
            self._note_aside(place)

    def settle(self, name: bytes, data: bytes) -> Outcome:
        """Apply a bundle, or keep it aside with its reason; repeating it changes nothing."""
        header: Header | None = None
        try:
            parsed = _parsed(name, data)
            header = parsed.header
            if self._is_before_checkpoint(parsed):
                self._release(parsed)
                return Outcome(reason=BEFORE_CHECKPOINT)
            settled = self._settled(parsed, data)
        except _AsideError as error:
            self._set_aside(_aside(name, header, error.reason), data)
            return Outcome(reason=error.reason)
        self._release(parsed)
        return Outcome(settled=settled)

    def _is_before_checkpoint(self, parsed: ParsedBundle) -> bool:
        header = parsed.header
        covered = self._covers.get(header.space, {}).get(Incarnation(header.incarnation), 0)
        return header.sequence <= covered or self._registry.has_ended(header.space, header.epoch)

    def retry(self) -> list[Outcome]:
        """Try again what was set aside and may settle now, and what then follows from it.

        What a bundle waits for is looked up before its bytes are: thousands of them cost nothing
        while nothing moves.
        """
        outcomes: list[Outcome] = []
        stamp = f"{_READER}/{len(self._lives)}"
        tries_all = self._port.memo(_TRIED) != stamp
        moves = True
        while moves:
            waiting = [place for place in self._waiting() if tries_all or self._may_move(place)]
            tried = [
                self.settle(place.name, self._port.bytes_aside(place.name)) for place in waiting
            ]
            outcomes += tried
            # What is void frees its place, for which another bundle may have been set aside.
            tries_all = any(outcome.reason == BEFORE_CHECKPOINT for outcome in tried)
            moves = tries_all or any(outcome.settled is not None for outcome in tried)
        self._port.keep_memo(_TRIED, stamp)
        return outcomes

    def held(self, space: SpaceId) -> dict[bytes, int]:
        """Return what need not be pulled again: settled, or set aside with its author proven.

        A bundle is taken only when the one before it is, so all that lies below is held as well.
        """
        held = {
            bytes(incarnation): self._port.head_of(space, incarnation).sequence
            for incarnation in self._port.seen(space)
        }
        for (of_space, incarnation), places in self._proven.items():
            if of_space == space and places:
                settled = self._port.head_of(space, Incarnation(incarnation)).sequence
                held[incarnation] = max(settled, *places)
        return held

    def _waiting(self) -> list[PlaceAside]:
        """Return what is set aside, each author's bundles in the order of their sequences."""
        places = self._port.places_aside()
        return sorted(places, key=lambda one: (one.space, one.incarnation, one.sequence))

    def _may_move(self, place: PlaceAside) -> bool:
        """Is there now what a bundle set aside was waiting for?"""
        if place.reason == MISSING_KEY:
            is_void = self._registry.has_ended(place.space, place.epoch)
            return is_void or (place.space, place.epoch) in self._epoch_keys
        if place.reason == GAP:
            return place.sequence <= self._last(place.space, place.incarnation) + 1
        machine = self._registry.incarnations.get(place.incarnation)
        if place.reason == REVOKED and machine is not None:
            return self._is_accepted(place.space, place.incarnation, place.sequence)
        if place.reason == NOT_A_MEMBER and machine is not None:
            return self._registry.machine_is_member(place.space, machine)
        is_known = place.reason == UNKNOWN_INCARNATION and machine is not None
        return is_known or place.reason == WAITS_FOR_AGENT

    def _last(self, space: SpaceId, incarnation: Incarnation) -> int:
        settled = self._port.head_of(space, incarnation).sequence
        return max(settled, *self._proven.get((space, incarnation), {}), 0)

    def _settled(self, parsed: ParsedBundle, data: bytes) -> Settled:
        structure = self._author(parsed)
        header = parsed.header
        if header.incarnation == self._port.incarnation():
            if self._is_held(parsed):
                return Settled()
            # This machine signed it, and this file never did: it was restored, marker and all.
            self._port.begin_life()
            self._lives = self._port.former_lives()
        head = self._port.head_of(SpaceId(header.space), Incarnation(header.incarnation))
        if parsed.name == head.name:
            return Settled()
        places = self._proven.get((header.space, header.incarnation), {})
        _check_chain(parsed, {head.sequence: head.name} | places)
        if not self._is_accepted(header.space, header.incarnation, header.sequence):
            raise _AsideError(REVOKED)
        try:
            settled = self._port.settle(self._opened(parsed, data, structure))
        except CompartmentClosedError as error:
            raise _AsideError(WAITS_FOR_AGENT) from error
        except (_AsideError, ForgedEventError) as error:
            if header.sequence <= head.sequence and header.sequence not in places:
                # Another bundle settled at that place: this author wrote two.
                raise _AsideError(FORKED) from error
            reason = error.reason if isinstance(error, _AsideError) else error.code
            raise _AsideError(reason) from error
        self.brought_back += header.incarnation in self._lives
        return settled

    def _is_held(self, parsed: ParsedBundle) -> bool:
        header = parsed.header
        place = SequenceRange(
            space=SpaceId(header.space),
            incarnation=Incarnation(header.incarnation),
            first=header.sequence,
            last=header.sequence,
        )
        return any(bundle.name == parsed.name for bundle in self._port.bundles_in(place))

    def _author(self, parsed: ParsedBundle) -> bytes:
        """Check who made the bundle; return the structure by which they are a member."""
        header = parsed.header
        machine = self._registry.incarnations.get(header.incarnation)
        if machine is None:
            raise _AsideError(UNKNOWN_INCARNATION)
        try:
            verify_bundle_signature(parsed, self._registry.machines[machine].sign)
        except FormatError as error:
            raise _AsideError(BAD_SIGNATURE) from error
        if not self._registry.machine_is_member(header.space, machine):
            raise _AsideError(NOT_A_MEMBER)
        members = self._registry.members_of_space(header.space)
        return min(self._registry.structures_of(machine) & members)

    def _is_accepted(self, space: bytes, incarnation: bytes, sequence: int) -> bool:
        machine = self._registry.incarnations[incarnation]
        accepted = self._registry.accepted_sequence(machine, space, incarnation)
        return accepted is None or sequence <= accepted

    def _opened(self, parsed: ParsedBundle, data: bytes, structure: bytes) -> PulledBundle:
        header = parsed.header
        key = self._epoch_keys.get((header.space, header.epoch))
        if key is None:
            raise _AsideError(MISSING_KEY)
        incarnation, space = Incarnation(header.incarnation), SpaceId(header.space)
        try:
            events = decode_events(space, incarnation, open_bundle(parsed, key))
        except FormatError as error:
            reason = error.code if error.code in _PROVEN else UNREADABLE
            raise _AsideError(reason) from error
        statement = self._registry.spaces[header.space]
        return PulledBundle(
            bundle=SealedBundle(
                name=BundleName(parsed.name),
                space=space,
                incarnation=incarnation,
                sequence=header.sequence,
                previous=header.previous,
                data=data,
            ),
            space=Space(kind=SpaceKind(statement.space_kind), members=statement.members),
            structure=structure,
            events=events,
            seen={Incarnation(name): sequence for name, sequence in header.seen.items()},
        )

    def _set_aside(self, place: PlaceAside, data: bytes) -> None:
        known = self._reasons.get(place.name)
        # Bytes that do not bear their name never take the place of those that do.
        if known != place.reason and not (known and place.reason == WRONG_NAME):
            self._port.keep_aside(
                Quarantined(
                    name=place.name,
                    space=place.space,
                    reason=place.reason,
                    data=data,
                    incarnation=place.incarnation,
                    sequence=place.sequence,
                    epoch=place.epoch,
                )
            )
            self._note_aside(place)

    def _note_aside(self, place: PlaceAside) -> None:
        self._reasons[place.name] = place.reason
        if place.reason in _PROVEN:
            places = self._proven.setdefault((place.space, place.incarnation), {})
            places[place.sequence] = place.name

    def _release(self, parsed: ParsedBundle) -> None:
        if self._reasons.pop(parsed.name, None) is not None:
            self._port.release(BundleName(parsed.name))
            header = parsed.header
            self._proven.get((header.space, header.incarnation), {}).pop(header.sequence, None)


def _parsed(name: bytes, data: bytes) -> ParsedBundle:
    if bundle_name(data) != name:
        raise _AsideError(WRONG_NAME)
    try:
        return parse_bundle(data)
    except FormatError as error:
        raise _AsideError(MALFORMED) from error


def _check_chain(parsed: ParsedBundle, places: Mapping[int, bytes]) -> None:
    """Check that a bundle is the one that its author's chain has at its place.

    Args:
        parsed: the bundle.
        places: what is known of the chain: the last settled bundle, and those set aside.
    """
    header = parsed.header
    last = max(places)
    if header.sequence > last + 1:
        raise _AsideError(GAP)
    if places.get(header.sequence, parsed.name) != parsed.name:
        raise _AsideError(FORKED)
    before = places.get(header.sequence - 1, header.previous)
    if header.sequence == last + 1 and header.previous != before:
        raise _AsideError(FORKED)


def _aside(name: bytes, header: Header | None, reason: str) -> PlaceAside:
    if header is None:
        return PlaceAside(name=BundleName(name), space=SpaceId(b""), reason=reason)
    return PlaceAside(
        name=BundleName(name),
        space=SpaceId(header.space),
        reason=reason,
        incarnation=Incarnation(header.incarnation),
        sequence=header.sequence,
        epoch=header.epoch,
    )
