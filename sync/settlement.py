"""What a pulled bundle must prove before any of its events is applied here.

Name, header, chain of certificates, member of the space, place in its author's chain; then the
epoch key, the columns, the events. What fails is kept aside with its reason and tried again when
what it lacked is there; the bundles after it go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import CompartmentClosedError, ForgedEventError
from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.domain.spaces import known_space
from app.ports import (
    PlaceAside,
    PulledBundle,
    Quarantined,
    SealedBundle,
    SequenceRange,
    Settled,
    SyncPort,
)
from sync.accepted_chains import UNPROVEN, AcceptedChains
from sync.canonical import FormatError
from sync.columns import decode_events
from sync.envelope import open_bundle
from sync.registry import Registry
from sync.superseded import Superseded
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
UNKNOWN_SUITE = "unknown_suite"
"""Sealed by a later program: neither its header nor its author can be read."""
WAITS_FOR_AGENT = "waits_for_agent"
UNKNOWN_SPACE_KIND = "unknown_space_kind"
"""A later program's: a newer one settles what lies there."""
BEFORE_CHECKPOINT = "before_checkpoint"
"""Covered by a checkpoint, or under an epoch that one has ended: dropped, never set aside."""

_PROVEN = frozenset(
    {
        *(MISSING_KEY, REVOKED, "cannot_open", "too_large", UNREADABLE, WAITS_FOR_AGENT),
        UNKNOWN_SPACE_KIND,
        ForgedEventError.code,
    }
)
"""Reasons that leave the author and the place in the chain proven: the next bundles may go on."""


_NOBODYS = frozenset(
    {
        *(WRONG_NAME, MALFORMED, UNKNOWN_SUITE, BAD_SIGNATURE),
        *(UNKNOWN_INCARNATION, NOT_A_MEMBER),
    }
)
"""Reasons for which no member answers: whoever carries bundles could make up any number of them."""

MOST_OF_NOBODYS = 64
"""Of these, how many are kept: the others are pulled again while they are offered."""

_TRIED = "quarantine_tried"
_READER = 2
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
        self._accepted = AcceptedChains(port, registry)
        self._superseded = Superseded(port, registry, epoch_keys)
        self._reasons: dict[bytes, str] = {}
        self._nobodys: set[bytes] = set()
        self._proven: dict[tuple[bytes, bytes], dict[int, bytes]] = {}
        for place in port.places_aside():
            self._note_aside(place)

    def settle(self, name: bytes, data: bytes) -> Outcome:
        """Apply a bundle, or keep it aside with its reason; repeating it changes nothing."""
        header: Header | None = None
        try:
            parsed = _parsed(name, data)
            header = parsed.header
            if self._superseded.holds(parsed):
                self._release(parsed)
                return Outcome(reason=BEFORE_CHECKPOINT)
            settled = self._settled(parsed, data)
        except _AsideError as error:
            self._set_aside(_aside(name, header, error.reason), data)
            return Outcome(reason=error.reason)
        self._release(parsed)
        return Outcome(settled=settled)

    def retry(self) -> list[Outcome]:
        """Try again what was set aside and may settle now, and what then follows from it.

        What a bundle waits for is looked up before its bytes are: thousands of them cost nothing
        while nothing moves.
        """
        outcomes: list[Outcome] = []
        stamp = f"{_READER}/{len(self._lives)}"
        # A bundle set aside may follow one that came since and is void: its bytes say so.
        tries_all = self._port.memo(_TRIED) != stamp or self._superseded.is_any_void
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
        return self._accepted.reached(space, held)

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
        if place.reason in {REVOKED, UNPROVEN}:
            return self._may_be_accepted(place)
        machine = self._registry.incarnations.get(place.incarnation)
        if place.reason == NOT_A_MEMBER and machine is not None:
            return self._registry.machine_is_member(place.space, machine)
        is_known = place.reason == UNKNOWN_INCARNATION and machine is not None
        return is_known or place.reason == WAITS_FOR_AGENT

    def _may_be_accepted(self, place: PlaceAside) -> bool:
        """Did a removal say more of it, or did what proves it come?"""
        head = self._accepted.head(place.space, place.incarnation)
        if head is None or place.sequence > head.sequence:
            return place.reason == UNPROVEN
        if place.sequence <= self._port.head_of(place.space, place.incarnation).sequence:
            return True  # its place was taken: the accepted one settled
        key = (place.space, place.incarnation, place.sequence, place.name)
        return place.reason == REVOKED or self._accepted.is_proven(*key)

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
        self._check_place(parsed, {head.sequence: head.name} | places, head.sequence)
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

    def _check_place(self, parsed: ParsedBundle, places: Mapping[int, bytes], settled: int) -> None:
        """Check a bundle's place in its chain, and of a removed machine's what is accepted.

        Args:
            parsed: the bundle.
            places: what is known of the chain: the last settled bundle, and those set aside.
            settled: up to where the chain was settled here: that stands, whatever is accepted.
        """
        header = parsed.header
        accepted = self._accepted.head(header.space, header.incarnation)
        if accepted and settled < header.sequence <= accepted.sequence:
            place = (header.space, header.incarnation, header.sequence)
            if not self._accepted.is_proven(*place, parsed.name):
                raise _AsideError(UNPROVEN)
        _check_chain(parsed, places)
        if accepted and header.sequence > accepted.sequence:
            raise _AsideError(REVOKED)

    def _opened(self, parsed: ParsedBundle, data: bytes, structure: bytes) -> PulledBundle:
        header = parsed.header
        key = self._epoch_keys.get((header.space, header.epoch))
        if key is None:
            raise _AsideError(MISSING_KEY)
        incarnation, space = Incarnation(header.incarnation), SpaceId(header.space)
        statement = self._registry.spaces[space]
        named = known_space(statement.space_kind, statement.members)
        if named is None:
            raise _AsideError(UNKNOWN_SPACE_KIND)
        try:
            events = decode_events(space, incarnation, open_bundle(parsed, key))
        except FormatError as error:
            reason = error.code if error.code in _PROVEN else UNREADABLE
            raise _AsideError(reason) from error
        return PulledBundle(
            bundle=SealedBundle(
                name=BundleName(parsed.name),
                space=space,
                incarnation=incarnation,
                sequence=header.sequence,
                previous=header.previous,
                data=data,
            ),
            space=named,
            structure=structure,
            events=events,
            seen={Incarnation(name): sequence for name, sequence in header.seen.items()},
        )

    def _set_aside(self, place: PlaceAside, data: bytes) -> None:
        known = self._reasons.get(place.name)
        if known is None and place.reason in _NOBODYS and len(self._nobodys) >= MOST_OF_NOBODYS:
            return
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
        (self._nobodys.add if place.reason in _NOBODYS else self._nobodys.discard)(place.name)
        self._accepted.note_aside(place)
        places = self._proven.setdefault((place.space, place.incarnation), {})
        if place.reason in _PROVEN:
            places[place.sequence] = place.name
        elif places.get(place.sequence) == place.name:
            del places[place.sequence]

    def _release(self, parsed: ParsedBundle) -> None:
        self._nobodys.discard(parsed.name)
        if self._reasons.pop(parsed.name, None) is not None:
            self._port.release(BundleName(parsed.name))
            self._accepted.release(parsed.name)
            header = parsed.header
            self._proven.get((header.space, header.incarnation), {}).pop(header.sequence, None)


def _parsed(name: bytes, data: bytes) -> ParsedBundle:
    if bundle_name(data) != name:
        raise _AsideError(WRONG_NAME)
    try:
        return parse_bundle(data)
    except FormatError as error:
        is_later = error.code == UNKNOWN_SUITE
        raise _AsideError(UNKNOWN_SUITE if is_later else MALFORMED) from error


def _check_chain(parsed: ParsedBundle, places: Mapping[int, bytes]) -> None:
    """Check that a bundle is the one that its author's chain has at its place."""
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
