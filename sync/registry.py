"""Who may read what: spaces, their keys, checkpoints, invitations, requests, out of statements.

`Registry` is what desks and relay ask. It adds to `Certificates` what machines say. It reads no
clock: `until` is judged by the relay alone.
"""

from collections.abc import Iterable
from operator import attrgetter

from sync.certificates import Certificates, StatementWaitsError, Wait, check_identifier
from sync.statements import (
    Checkpoint,
    Confirmation,
    Dormant,
    Invitation,
    JoinRequest,
    MachineCertificate,
    Receipt,
    Receiver,
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
        checkpoints: those proposed, by name of the statement.
        exposed_by_age: the receivers and profiles, by generation, that were handed ended epochs.
    """

    def wraps(self, space: bytes) -> tuple[Wrap, ...]:
        """Return the wraps believed in a space, the oldest epoch first."""
        return tuple(sorted(self._wraps.get(space, ()), key=attrgetter("number", "epoch")))

    def sealing_epochs(self, space: bytes) -> tuple[bytes, ...]:
        """Return the epochs under which one may still seal, the first to choose first.

        They go by greatest (number, epoch), and none is older than that of the last checkpoint
        proposed: what is sealed from then on is above it. An epoch whose key a removed machine was
        given, or made, or can reach through its structure, stays readable and seals no more; nor
        does one that went to a key which its structure has replaced since: who holds the replaced
        one is known inside that structure alone.
        """
        exposed: set[bytes] = set()
        for wrap in self._wraps.get(space, ()):
            is_exposed = any(self.is_revoked(reader) for reader in self._readers(wrap))
            if is_exposed or self._is_to_a_former_key(wrap):
                exposed.add(wrap.epoch)
        last = self.last_proposal(space)
        least = self.epoch_number(space, last[1].epoch) if last else 0
        ordered = sorted(
            ((self.epoch_number(space, wrap.epoch), wrap.epoch) for wrap in self.wraps(space)),
            reverse=True,
        )
        return tuple(
            epoch
            for number, epoch in dict.fromkeys(ordered)
            if epoch not in exposed and number >= least
        )

    def epoch_number(self, space: bytes, epoch: bytes) -> int:
        """Return the number of an epoch, 0 when nobody was handed it."""
        return self._numbers.get((space, epoch), 0)

    def has_ended(self, space: bytes, epoch: bytes) -> bool:
        """Does a complete checkpoint end that epoch? Its bundles are void, its key destroyed."""
        number = self.epoch_number(space, epoch)
        return 0 < number < self._first_numbers.get(space, 0)

    def receiver(self, machine: bytes) -> Receiver | None:
        """Return the last key under which a machine said that it receives keys."""
        return self._last_receivers.get(machine)

    def receiving(self, certificate: MachineCertificate) -> MachineCertificate | Receiver:
        """Return under what to wrap keys for a machine now."""
        return self._last_receivers.get(certificate.machine, certificate)

    def is_handed_epoch(self, space: bytes, epoch: bytes, machine: bytes) -> bool:
        """Was a machine handed an epoch under its present key, or does it say that it holds it?"""
        last = self._last_receivers.get(machine)
        if last is not None and epoch in last.epochs:
            return True
        place = (epoch, machine, last.generation if last else 0)
        return any(
            (wrap.epoch, wrap.recipient, wrap.generation) == place
            for wrap in self._wraps.get(space, ())
        )

    def last_proposal(self, space: bytes) -> tuple[bytes, Checkpoint] | None:
        """Return the name and body of the checkpoint that counts of those proposed."""
        name = self._last_proposed.get(space)
        return (name, self.checkpoints[name]) if name else None

    def last_complete(self, space: bytes) -> tuple[bytes, Checkpoint] | None:
        """Return the name and body of the last checkpoint that waits for nobody."""
        name = self._last_complete.get(space)
        return (name, self.checkpoints[name]) if name else None

    def complete_checkpoint(self, space: bytes) -> Checkpoint | None:
        """Return the last checkpoint of a space that waits for nobody."""
        found = self.last_complete(space)
        return found[1] if found else None

    def waits_for(self, checkpoint: bytes) -> frozenset[bytes]:
        """Return the machines whose confirmation a believed checkpoint still waits for.

        It never waits again for somebody it did not: not for the removed, nor for those declared
        dormant for it.
        """
        body = self.checkpoints[checkpoint]
        said = self._confirmed.get(checkpoint, {}).keys() | self._dormant.get(checkpoint, {}).keys()
        missing = frozenset(body.machines) - said - {body.machine}
        return frozenset(one for one in missing if self.machine_may(body.space, one))

    def confirmed_by(self, checkpoint: bytes) -> frozenset[bytes]:
        """Return the machines that made or confirmed a believed checkpoint."""
        made = self.checkpoints[checkpoint].machine
        return frozenset({made, *self._confirmed.get(checkpoint, ())})

    def last_said_s(self, machine: bytes) -> int:
        """Return the time of the last statement of a machine that bears one; or its certificate's.

        It is the machine's own clock: nothing is believed after it.
        """
        said = [self.machines[machine].from_s]
        receiver = self._last_receivers.get(machine)
        said += [receiver.at_s] if receiver else []
        said += [body.at_s for body in self.checkpoints.values() if body.machine == machine]
        said += [ones[machine].at_s for ones in self._confirmed.values() if machine in ones]
        return max(said)

    def dormant_machines(self, space: bytes) -> frozenset[bytes]:
        """Return the machines that a checkpoint did not wait for, and that confirmed none since."""
        numbers: dict[bytes, int] = {}
        for name, targets in self._dormant.items():
            for target in targets if self.checkpoints[name].space == space else ():
                numbers[target] = max(self.checkpoints[name].number, numbers.get(target, 0))
        return frozenset(
            target for target, number in numbers.items() if self._woke(space, target) < number
        )

    def _woke(self, space: bytes, machine: bytes) -> int:
        """Return the greatest number of a checkpoint that a machine made or confirmed."""
        return max(
            (
                body.number
                for name, body in self.checkpoints.items()
                if body.space == space
                and (machine == body.machine or machine in self._confirmed.get(name, ()))
            ),
            default=0,
        )

    def _greatest(self, among: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return, by space, the name of the checkpoint that counts of some."""
        in_order = sorted((self.checkpoints[name].number, name) for name in among)
        return {self.checkpoints[name].space: name for _, name in in_order}

    def members_of_space(self, space: bytes) -> frozenset[bytes]:
        """Return the members of a known space; none when the space is unknown."""
        statement = self.spaces.get(space)
        return frozenset(statement.members) if statement else frozenset()

    def lives_of(self, machine: bytes) -> frozenset[bytes]:
        """Return the incarnations under which a machine ever wrote, as far as it is known."""
        return frozenset(name for name, author in self.incarnations.items() if author == machine)

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
        self._receivers: dict[tuple[bytes, int], Receiver] = {}
        self._last_receivers: dict[bytes, Receiver] = {}
        self._numbers: dict[tuple[bytes, bytes], int] = {}
        self._each(SpaceStatement, self._believe_space)
        self._each(Receiver, self._believe_receiver)
        self._each(Wrap, self._believe_wrap)
        self._settle_checkpoints()
        self.structure_keys = tuple(self._each(StructureKeyWrap, self._believe_structure_key))
        self._each(Invitation, self._believe_invitation)
        self._each(JoinRequest, self._believe_request)
        self._each(Receipt, self._believe_receipt)

    def _settle_checkpoints(self) -> None:
        self.checkpoints: dict[bytes, Checkpoint] = {}
        self._confirmed: dict[bytes, dict[bytes, Confirmation]] = {}
        self._dormant: dict[bytes, dict[bytes, Dormant]] = {}
        self._each(Checkpoint, self._believe_checkpoint)
        self._each(Confirmation, self._believe_confirmation)
        self._each(Dormant, self._believe_dormant)
        self._last_proposed = self._greatest(self.checkpoints)
        complete = [name for name in self.checkpoints if not self.waits_for(name)]
        self._last_complete = self._greatest(complete)
        self._first_numbers = {
            space: self.epoch_number(space, self.checkpoints[name].epoch)
            for space, name in self._last_complete.items()
        }
        self.exposed_by_age: set[tuple[bytes, int]] = set()
        self._forget_ended_wraps()

    def _forget_ended_wraps(self) -> None:
        """Let go of the wraps of ended epochs: nobody opens them, nobody hands them on.

        They stay believed, for the number of an epoch is what tells that it has ended.
        """
        for space in self._first_numbers:
            wraps = self._wraps.get(space, [])
            ended = [wrap for wrap in wraps if self.has_ended(space, wrap.epoch)]
            self.exposed_by_age |= {(wrap.recipient, wrap.generation) for wrap in ended}
            self._wraps[space] = [wrap for wrap in wraps if not self.has_ended(space, wrap.epoch)]

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
        place = (body.space, body.epoch)
        self._numbers[place] = max(body.number, self._numbers.get(place, 0))

    def _check_recipient(self, wrap: Wrap) -> None:
        if wrap.generation and wrap.recipient in self.members_of_space(wrap.space):
            if self.profile(wrap.recipient, wrap.generation) is None:
                raise StatementWaitsError(Wait.UNKNOWN_PROFILE)
            return
        is_known = not wrap.generation or (wrap.recipient, wrap.generation) in self._receivers
        if not is_known or not self.machine_is_member(wrap.space, wrap.recipient):
            raise StatementWaitsError(Wait.UNKNOWN_RECIPIENT)

    def _believe_receiver(self, statement: Statement, body: Receiver) -> None:
        self._verify(statement, self._machine(body.machine).sign)
        if self.is_on_paper(body.machine, {body.structure}):
            raise StatementWaitsError(Wait.ON_PAPER)
        if body.structure not in self.structures_of(body.machine):
            raise StatementWaitsError(Wait.NOT_A_MEMBER)
        self._receivers[body.machine, body.generation] = body
        last = self._last_receivers.get(body.machine)
        if last is None or body.generation >= last.generation:
            self._last_receivers[body.machine] = body

    def _believe_checkpoint(self, statement: Statement, body: Checkpoint) -> None:
        self._check_member(statement, body)
        if not self.epoch_number(body.space, body.epoch):
            raise StatementWaitsError(Wait.UNKNOWN_EPOCH)
        self.checkpoints[statement.name] = body

    def _believe_confirmation(self, statement: Statement, body: Confirmation) -> None:
        self._check_member(statement, body)
        self._check_checkpoint(body)
        self._confirmed.setdefault(body.checkpoint, {})[body.machine] = body

    def _believe_dormant(self, statement: Statement, body: Dormant) -> None:
        self._check_member(statement, body)
        self._check_checkpoint(body)
        self._dormant.setdefault(body.checkpoint, {})[body.target] = body

    def _check_member(
        self, statement: Statement, body: Checkpoint | Confirmation | Dormant
    ) -> None:
        self._verify(statement, self._machine(body.machine).sign)
        if body.space not in self.spaces:
            raise StatementWaitsError(Wait.UNKNOWN_SPACE)
        if self.is_on_paper(body.machine, self.members_of_space(body.space)):
            raise StatementWaitsError(Wait.ON_PAPER)
        if not self.machine_is_member(body.space, body.machine):
            raise StatementWaitsError(Wait.NOT_A_MEMBER)

    def _check_checkpoint(self, body: Confirmation | Dormant) -> None:
        about = self.checkpoints.get(body.checkpoint)
        if about is None or about.space != body.space:
            raise StatementWaitsError(Wait.UNKNOWN_CHECKPOINT)

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
