"""How a desk comes to belong: founding a structure, being certified, inviting, joining, admitting.

Each ceremony writes signed statements in the store and small files that people carry; none needs a
network. What is signed here reaches the relay at the next exchange.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.domain.identifiers import StructureId
from app.domain.spaces import structure_space
from sync.beliefs import note_registry
from sync.canonical import FormatError
from sync.ceremony import Ceremony, read_carried
from sync.ceremony_files import (
    CertificateFile,
    InvitationFile,
    JoinRequestFile,
    StructureRequest,
    read_certificate_file,
    read_invitation_file,
    read_join_request_file,
    structure_request,
)
from sync.errors import (
    NotTheRootError,
    OtherStructureError,
    UnknownMachineError,
    UnknownRequestError,
)
from sync.key_wraps import can_receive, wrap_epoch, wrap_structure_key
from sync.keyring import MACHINE, ROOT, STRUCTURE_KEY, Keyring
from sync.keys import MachineKeys, StructureKey, StructureRoot
from sync.registry import Registry
from sync.statement_files import StatementsFile, read_statements_file, statements_for
from sync.statements import (
    Body,
    Invitation,
    JoinRequest,
    MachineCertificate,
    Profile,
    StructureCertificate,
    UnknownStatement,
    fingerprint,
    read_statement,
    sign_statement,
    statement_name,
    token_hash,
)

INVITATION_VALID_S = 14 * 86_400
_GENERATION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRequest:
    """A machine that asks to join; `spoken` is the code to compare aloud."""

    spoken: str
    machine: bytes
    token_used: bool


class Membership(Ceremony):
    """How this desk comes to belong. Every step is durable and may be repeated."""

    def found(self) -> bytes:
        """Make this machine the first of a new structure; return the structure's identifier.

        The root stays on this machine. Nothing is certified yet: records can be written at once
        and leave when the Region has certified the root. Repeating it finishes what was cut short.

        Raises:
            NotTheRootError: this machine joined a structure that another founded.
        """
        secrets = self.port.secrets()
        if MACHINE in secrets and ROOT not in secrets:
            raise NotTheRootError
        if ROOT not in secrets:
            # In one transaction: a machine has all of its keys or none.
            self.port.keep_secrets(
                {
                    MACHINE: MachineKeys.generate().to_bytes(),
                    ROOT: StructureRoot.generate().to_bytes(),
                    f"{STRUCTURE_KEY}{_GENERATION}": StructureKey.generate().to_bytes(),
                }
            )
        root, keyring = self.root(), self.keyring()
        if not any(isinstance(body, MachineCertificate) for body in self._bodies()):
            self._sign_founders(root, keyring)
        return root.id

    def request(self, *, name: str, directory: str) -> StructureRequest:
        """Make the file by which the structure asks the Region to certify its root."""
        return structure_request(self.root(), name=name, directory=directory)

    def accept(self, text: str) -> CertificateFile:
        """Take the certificate the Region gave back.

        Raises:
            CarriedFileRefusedError: unreadable, or not signed by the Region this desk knows.
            OtherStructureError: it certifies another structure's root.
        """
        carried = read_carried(read_certificate_file, text)
        if carried.certificate.root_key != self.root().public:
            raise OtherStructureError
        self.keep_region(carried.region.to_json())
        self.keep([carried.statement])
        note_registry(self.port, self.registry())
        return carried

    def certified(self) -> list[StructureCertificate]:
        """Return the structures that this desk believes its Region certified."""
        return list(self.registry().structures.values())

    def invite(self) -> InvitationFile:
        """Make an invitation for one new machine of this structure.

        Raises:
            NoRegionError: the structure is not certified yet.
        """
        region, keyring = self.region(), self.keyring()
        registry = self.registry()
        structure = self.structure(registry)
        token, until_s = os.urandom(16), self.now_s() + INVITATION_VALID_S
        invitation = Invitation(
            machine=keyring.machine.id,
            structure=structure,
            token_hash=token_hash(token),
            until_s=until_s,
        )
        self.keep([sign_statement(invitation, keyring.machine.sign.private_key)])
        return InvitationFile(
            region=region,
            structure=structure,
            structure_statement=_certificate_bytes(registry, self.port.statements(), structure),
            token=token,
            until_s=until_s,
        )

    def join(self, text: str) -> tuple[InvitationFile, JoinRequestFile]:
        """Make this machine's keys and its request to join; the desk can work at once.

        Raises:
            CarriedFileRefusedError: the invitation is unreadable, or its Region did not sign it.
        """
        invitation = read_carried(read_invitation_file, text)
        self.keep_region(invitation.region.to_json())
        self.keep([invitation.structure_statement])
        secrets = self.port.secrets()
        known = secrets.get(MACHINE)
        machine = MachineKeys.from_bytes(known) if known else MachineKeys.generate()
        self.port.keep_secrets({MACHINE: machine.to_bytes()})
        request = JoinRequest(
            structure=invitation.structure,
            machine=machine.id,
            sign=machine.sign.public,
            hpke=machine.hpke.public,
            token=invitation.token,
        )
        data = sign_statement(request, machine.sign.private_key)
        self.keep([data])
        self.sign_incarnation(machine)
        return invitation, JoinRequestFile(statement=data, request=request)

    def waiting(self) -> list[WaitingRequest]:
        """Return the machines that ask to join this structure and that nobody admitted yet."""
        registry, own = self.registry(), self.keyring().machine.id
        mine = registry.active_structures_of(own)
        return [
            _waiting(registry, name, request)
            for name, request in registry.open_requests().items()
            if request.machine != own and request.structure in mine
        ]

    def take_request(self, text: str) -> None:
        """Take the request file of a new machine, carried by hand.

        It waits, unseen, until its invitation is known here: one made on another machine of the
        structure comes by the relay.

        Raises:
            CarriedFileRefusedError: unreadable, or not signed by the machine it names.
        """
        self.keep([read_carried(read_join_request_file, text).statement])

    def admit(self, spoken: str) -> WaitingRequest:
        """Sign the machine whose request has this spoken code, and hand it the structure's keys.

        The code was compared aloud: it is what ties the request to the machine in front of them.

        Raises:
            NotTheRootError: this machine does not hold the structure's root.
            UnknownRequestError: no waiting request has that code.
        """
        root, keyring, registry = self.root(), self.keyring(), self.registry()
        wanted = "".join(sign for sign in spoken.upper() if sign.isalnum())
        for name, request in registry.open_requests().items():
            waiting = _waiting(registry, name, request)
            # A code says nothing of the structure: a request to another one is not ours to admit.
            is_ours = request.structure == root.id and can_receive(request.hpke)
            if is_ours and waiting.spoken.replace("-", "") == wanted:
                self._admit(root, keyring, registry, request)
                return waiting
        raise UnknownRequestError(spoken)

    def admission(self, machine: bytes) -> StatementsFile:
        """Return what a machine just admitted needs to begin without any network.

        It holds no key in clear: those of the structure are sealed to that machine.

        Raises:
            NotTheRootError: this machine does not hold the structure's root.
            UnknownMachineError: the structure has no such machine.
        """
        root, registry = self.root(), self.registry()
        if root.id not in registry.active_structures_of(machine):
            raise UnknownMachineError(machine.hex())
        return StatementsFile(about="admission", statements=statements_for(registry, root.id))

    def take_statements(self, text: str) -> int:
        """Take statements that somebody carried; return how many of them are new and believed.

        An admission among them makes this machine a member at once.

        Raises:
            CarriedFileRefusedError: the file is unreadable.
            NoRegionError: this desk was given no Region yet.
        """
        carried = read_carried(read_statements_file, text).statements
        before = self.registry()
        self.keep(carried)
        registry, keyring = self.registry(), self.keyring()
        note_registry(self.port, registry)
        keyring.learn(registry)
        new = {statement_name(data) for data in carried}
        return sum(registry.believes(name) and not before.believes(name) for name in new)

    def is_admitted(self) -> bool:
        """Did the root of a structure sign this machine, as far as is known here?"""
        return bool(self.registry().active_structures_of(self.keyring().machine.id))

    def _admit(
        self, root: StructureRoot, keyring: Keyring, registry: Registry, request: JoinRequest
    ) -> None:
        certificate = self.certificate_of(root, request.sign, request.hpke)
        made = [sign_statement(certificate, root.private_key)]
        for generation, key in keyring.structure_keys.items():
            profile = registry.profile(root.id, generation)
            if profile is not None and keyring.matches(profile):
                made.append(wrap_structure_key(profile, key, certificate, keyring.machine))
        own_space = structure_space(StructureId(root.id)).id
        made += [
            wrap_epoch(epoch, certificate, keyring.machine)
            for epoch in keyring.epochs.values()
            if epoch.space == own_space
        ]
        self.keep(made)

    def _sign_founders(self, root: StructureRoot, keyring: Keyring) -> None:
        machine, key = keyring.machine, keyring.structure_keys[_GENERATION]
        profile = Profile(structure=root.id, generation=_GENERATION, hpke=key.public)
        certificate = self.certificate_of(root, machine.sign.public, machine.hpke.public)
        self.sign_incarnation(machine)
        # In one transaction, and last: their presence says that nothing is missing.
        self.keep([sign_statement(body, root.private_key) for body in (profile, certificate)])

    def _bodies(self) -> Iterator[Body | UnknownStatement]:
        for data in self.port.statements():
            with suppress(FormatError):
                yield read_statement(data).body


def _waiting(registry: Registry, name: bytes, request: JoinRequest) -> WaitingRequest:
    return WaitingRequest(
        spoken=fingerprint(registry.statement_bytes(name)),
        machine=request.machine,
        token_used=registry.is_token_consumed(request),
    )


def _certificate_bytes(registry: Registry, statements: Sequence[bytes], structure: bytes) -> bytes:
    """Return the certificate of a structure that is believed, the latest if there are several."""
    wanted = registry.structures[structure]
    return next(
        data
        for data in statements
        if registry.believes(statement_name(data)) and read_statement(data).body == wanted
    )
