"""What a pulled bundle must prove before any of its events is applied here.

Name, header, chain of certificates, member of the space, place in its author's chain; then the
epoch key, the columns, the events. What fails is kept aside with its reason and tried again when
keys or statements arrive; the bundles after it go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import ForgedEventError
from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.domain.spaces import Space, SpaceKind
from app.ports import PulledBundle, Quarantined, SealedBundle, Settled, SyncPort
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

_PROVEN = frozenset(
    {MISSING_KEY, REVOKED, "cannot_open", "too_large", UNREADABLE, ForgedEventError.code}
)
"""Reasons that leave the author and the place in the chain proven: the next bundles may go on."""


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
    """Settles bundles one after the other; each is one transaction of the store."""

    def __init__(
        self, port: SyncPort, registry: Registry, epoch_keys: Mapping[tuple[bytes, bytes], bytes]
    ) -> None:
        self._port = port
        self._registry = registry
        self._epoch_keys = epoch_keys
        self._reasons: dict[bytes, str] = {}
        self._proven: dict[tuple[bytes, bytes], dict[int, bytes]] = {}
        for kept in port.set_aside():
            self._note_aside(kept.name, kept.reason, kept.data)

    def settle(self, name: bytes, data: bytes) -> Outcome:
        """Apply a bundle, or keep it aside with its reason; repeating it changes nothing."""
        space = SpaceId(b"")
        try:
            parsed = _parsed(name, data)
            space = SpaceId(parsed.header.space)
            settled = self._settled(parsed, data)
        except _AsideError as error:
            self._set_aside(BundleName(name), space, error.reason, data)
            return Outcome(reason=error.reason)
        self._release(parsed)
        return Outcome(settled=settled)

    def retry(self) -> list[Outcome]:
        """Try again everything set aside; release what settles, and what then follows from it."""
        outcomes: list[Outcome] = []
        moves = True
        while moves:
            tried = [self.settle(kept.name, kept.data) for kept in self._waiting()]
            outcomes += tried
            moves = any(outcome.settled is not None for outcome in tried)
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

    def _waiting(self) -> list[Quarantined]:
        """Return what is set aside, each author's bundles in the order of their sequences."""
        return sorted(self._port.set_aside(), key=_place_of)

    def _settled(self, parsed: ParsedBundle, data: bytes) -> Settled:
        structure = self._author(parsed)
        header = parsed.header
        head = self._port.head_of(SpaceId(header.space), Incarnation(header.incarnation))
        if parsed.name == head.name:
            return Settled()
        places = self._proven.get((header.space, header.incarnation), {})
        _check_chain(parsed, {head.sequence: head.name} | places)
        self._check_accepted(header)
        try:
            return self._port.settle(self._opened(parsed, data, structure))
        except (_AsideError, ForgedEventError) as error:
            if header.sequence <= head.sequence and header.sequence not in places:
                # Another bundle settled at that place: this author wrote two.
                raise _AsideError(FORKED) from error
            reason = error.reason if isinstance(error, _AsideError) else error.code
            raise _AsideError(reason) from error

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

    def _check_accepted(self, header: Header) -> None:
        machine = self._registry.incarnations[header.incarnation]
        accepted = self._registry.accepted_sequence(machine, header.space, header.incarnation)
        if accepted is not None and header.sequence > accepted:
            raise _AsideError(REVOKED)

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

    def _set_aside(self, name: BundleName, space: SpaceId, reason: str, data: bytes) -> None:
        known = self._reasons.get(name)
        # Bytes that do not bear their name never take the place of those that do.
        if known != reason and not (known and reason == WRONG_NAME):
            self._port.keep_aside(Quarantined(name=name, space=space, reason=reason, data=data))
            self._note_aside(name, reason, data)

    def _note_aside(self, name: bytes, reason: str, data: bytes) -> None:
        self._reasons[name] = reason
        if reason in _PROVEN:
            header = parse_bundle(data).header
            places = self._proven.setdefault((header.space, header.incarnation), {})
            places[header.sequence] = name

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


def _place_of(kept: Quarantined) -> tuple[bytes, bytes, int]:
    try:
        header = parse_bundle(kept.data).header
    except FormatError:
        return (b"", b"", 0)
    return (header.space, header.incarnation, header.sequence)
