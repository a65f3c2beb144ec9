"""Who may read what: spaces, their keys as wrapped, invitations and requests, out of statements.

`Registry` is what desks and relay ask. It adds to `Certificates` what machines say. It reads no
clock: `until` is judged by the relay alone.
"""

from operator import attrgetter

from sync.certificates import Certificates, StatementWaitsError, Wait, check_identifier
from sync.statements import (
    Invitation,
    JoinRequest,
    Receipt,
    SpaceStatement,
    Statement,
    StructureKeyWrap,
    Wrap,
    machine_id,
    token_hash,
)
from sync.wire import space_name


class Registry(Certificates):
    """Everything believed, out of any statements in any order.

    Attributes:
        spaces: what the name of each known space stands for.
        structure_keys: private parts of profiles, wrapped for machines of the structure.
        invitations: by structure and hash of their token.
        requests: machines that ask to join with a known invitation, by name of the statement.
        receipts: what certified relays acknowledged, by name of the bundle.
    """

    def wraps(self, space: bytes) -> tuple[Wrap, ...]:
        """Return the wraps believed in a space, the oldest epoch first."""
        return tuple(sorted(self._wraps.get(space, ()), key=attrgetter("number", "epoch")))

    def sealing_epochs(self, space: bytes) -> tuple[bytes, ...]:
        """Return the epochs under which one may still seal, the first to choose first.

        They go by greatest (number, epoch). An epoch whose key a removed machine was given, or
        made, or can reach through its structure, stays readable and seals no more; nor does one
        that went to a key which its structure has replaced since: who holds the replaced one is
        known inside that structure alone.
        """
        numbers: dict[bytes, int] = {}
        exposed: set[bytes] = set()
        for wrap in self._wraps.get(space, ()):
            numbers[wrap.epoch] = max(wrap.number, numbers.get(wrap.epoch, 0))
            is_exposed = any(self.is_revoked(reader) for reader in self._readers(wrap))
            if is_exposed or self._is_to_a_former_key(wrap):
                exposed.add(wrap.epoch)
        ordered = sorted((number, epoch) for epoch, number in numbers.items())
        return tuple(epoch for _, epoch in reversed(ordered) if epoch not in exposed)

    def members_of_space(self, space: bytes) -> frozenset[bytes]:
        """Return the members of a known space; none when the space is unknown."""
        statement = self.spaces.get(space)
        return frozenset(statement.members) if statement else frozenset()

    def machine_is_member(self, space: bytes, machine: bytes) -> bool:
        """Is, or was before its removal, the machine one of a member structure's?"""
        return not self.members_of_space(space).isdisjoint(self.structures_of(machine))

    def machine_may(self, space: bytes, machine: bytes) -> bool:
        """May the machine sign bundles and wraps of that space now: member, and not removed?"""
        return not self.members_of_space(space).isdisjoint(self.active_structures_of(machine))

    def open_requests(self) -> dict[bytes, JoinRequest]:
        """Return the requests, by name, of machines that no root has signed yet."""
        return {
            name: request
            for name, request in self.requests.items()
            if request.structure not in self.structures_of(request.machine)
        }

    def is_token_consumed(self, request: JoinRequest) -> bool:
        """Did another machine join with the token of this request already?"""
        return any(
            other.token == request.token
            and other.machine != request.machine
            and request.structure in self.structures_of(other.machine)
            for other in self.requests.values()
            if other.structure == request.structure
        )

    def _settle(self) -> None:
        super()._settle()
        self.spaces: dict[bytes, SpaceStatement] = {}
        self.structure_keys: tuple[StructureKeyWrap, ...] = ()
        self.invitations: dict[tuple[bytes, bytes], Invitation] = {}
        self.requests: dict[bytes, JoinRequest] = {}
        self.receipts: dict[bytes, Receipt] = {}
        self._wraps: dict[bytes, list[Wrap]] = {}
        self._each(SpaceStatement, self._believe_space)
        self._each(Wrap, self._believe_wrap)
        self.structure_keys = tuple(self._each(StructureKeyWrap, self._believe_structure_key))
        self._each(Invitation, self._believe_invitation)
        self._each(JoinRequest, self._believe_request)
        self._each(Receipt, self._believe_receipt)

    def _readers(self, wrap: Wrap) -> set[bytes]:
        """Return the machines and the structure that a wrap lets know its key."""
        holders = (
            {key.machine, key.recipient}
            for key in self.structure_keys
            if (key.structure, key.generation) == (wrap.recipient, wrap.generation)
        )
        return {wrap.machine, wrap.recipient}.union(*holders)

    def _is_to_a_former_key(self, wrap: Wrap) -> bool:
        """Was it wrapped for a profile of a structure that a later generation follows?"""
        profile = self.profiles.get(wrap.recipient)
        return bool(wrap.generation and profile and wrap.generation < profile.generation)

    def _believe_space(self, statement: Statement, body: SpaceStatement) -> None:
        check_identifier(body.space == space_name(body.space_kind, body.members))
        self._verify(statement, self._machine(body.machine).sign)
        if self.structures_of(body.machine).isdisjoint(body.members):
            raise StatementWaitsError(Wait.NOT_A_MEMBER)
        self.spaces.setdefault(body.space, body)

    def _believe_wrap(self, statement: Statement, body: Wrap) -> None:
        self._verify(statement, self._machine(body.machine).sign)
        if body.space not in self.spaces:
            raise StatementWaitsError(Wait.UNKNOWN_SPACE)
        if not self.machine_is_member(body.space, body.machine):
            raise StatementWaitsError(Wait.NOT_A_MEMBER)
        self._check_recipient(body)
        self._wraps.setdefault(body.space, []).append(body)

    def _check_recipient(self, wrap: Wrap) -> None:
        if wrap.generation:
            if wrap.recipient not in self.members_of_space(wrap.space):
                raise StatementWaitsError(Wait.UNKNOWN_RECIPIENT)
            if self.profile(wrap.recipient, wrap.generation) is None:
                raise StatementWaitsError(Wait.UNKNOWN_PROFILE)
        elif not self.machine_is_member(wrap.space, wrap.recipient):
            raise StatementWaitsError(Wait.UNKNOWN_RECIPIENT)

    def _believe_structure_key(self, statement: Statement, body: StructureKeyWrap) -> None:
        self._verify(statement, self._machine(body.machine).sign)
        if body.structure not in self.structures_of(body.machine):
            raise StatementWaitsError(Wait.NOT_A_MEMBER)
        if body.structure not in self.structures_of(body.recipient):
            raise StatementWaitsError(Wait.UNKNOWN_RECIPIENT)
        if self.profile(body.structure, body.generation) is None:
            raise StatementWaitsError(Wait.UNKNOWN_PROFILE)

    def _believe_invitation(self, statement: Statement, body: Invitation) -> None:
        self._verify(statement, self._machine(body.machine).sign)
        if body.structure not in self.active_structures_of(body.machine):
            raise StatementWaitsError(Wait.NOT_A_MEMBER)
        key = (body.structure, body.token_hash)
        known = self.invitations.get(key)
        if known is None or body.until_s > known.until_s:
            self.invitations[key] = body

    def _believe_request(self, statement: Statement, body: JoinRequest) -> None:
        check_identifier(body.machine == machine_id(body.sign, body.hpke))
        self._verify(statement, body.sign)
        if (body.structure, token_hash(body.token)) not in self.invitations:
            raise StatementWaitsError(Wait.UNKNOWN_INVITATION)
        self.requests[statement.name] = body

    def _believe_receipt(self, statement: Statement, body: Receipt) -> None:
        relay = self.relays.get(body.relay)
        if relay is None:
            raise StatementWaitsError(Wait.UNKNOWN_RELAY)
        self._verify(statement, relay.relay_key)
        self.receipts.setdefault(body.name, body)
