"""How a desk comes to belong: founding a structure, being certified, inviting, joining, admitting.

Each ceremony writes signed statements in the store and small files that people carry; none needs a
network. What is signed here reaches the relay at the next exchange.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from app.domain.identifiers import StructureId
from app.domain.spaces import structure_space
from app.ports import Clock, SyncPort
from sync.beliefs import note_registry, registry_of
from sync.canonical import FormatError
from sync.ceremony_files import (
    CertificateFile,
    InvitationFile,
    JoinRequestFile,
    Region,
    StructureRequest,
    read_certificate_file,
    read_invitation_file,
    read_join_request_file,
    read_region,
    structure_request,
)
from sync.errors import (
    CarriedFileRefusedError,
    NoRegionError,
    NotTheRootError,
    OtherStructureError,
    UnknownRequestError,
)
from sync.key_wraps import wrap_epoch, wrap_structure_key
from sync.keyring import MACHINE, ROOT, STRUCTURE_KEY, Keyring
from sync.keys import MachineKeys, StructureKey, StructureRoot
from sync.registry import Registry
from sync.statements import (
    Body,
    IncarnationStatement,
    Invitation,
    JoinRequest,
    MachineCertificate,
    Profile,
    StructureCertificate,
    UnknownStatement,
    fingerprint,
    machine_id,
    read_statement,
    sign_statement,
    statement_name,
    token_hash,
)

T = TypeVar("T")

MACHINE_VALID_S = 3 * 366 * 86_400
INVITATION_VALID_S = 14 * 86_400
_GENERATION = 1
_REGION = "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRequest:
    """A machine that asks to join; `spoken` is the code to compare aloud."""

    spoken: str
    machine: bytes
    token_used: bool


class Membership:
    """The ceremonies of one desk, over its store. Every step is durable and may be repeated."""

    def __init__(self, port: SyncPort, clock: Clock) -> None:
        self._port = port
        self._clock = clock

    def found(self) -> bytes:
        """Make this machine the first of a new structure; return the structure's identifier.

        The root stays on this machine. Nothing is certified yet: records can be written at once
        and leave when the Region has certified the root. Repeating it finishes what was cut short.

        Raises:
            NotTheRootError: this machine joined a structure that another founded.
        """
        secrets = self._port.secrets()
        if MACHINE in secrets and ROOT not in secrets:
            raise NotTheRootError
        if ROOT not in secrets:
            # In one transaction: a machine has all of its keys or none.
            self._port.keep_secrets(
                {
                    MACHINE: MachineKeys.generate().to_bytes(),
                    ROOT: StructureRoot.generate().to_bytes(),
                    f"{STRUCTURE_KEY}{_GENERATION}": StructureKey.generate().to_bytes(),
                }
            )
        root, keyring = self._root(), Keyring(self._port)
        if not any(isinstance(body, MachineCertificate) for body in self._bodies()):
            self._sign_founders(root, keyring)
        return root.id

    def region(self) -> Region:
        """Return the Region this desk was given.

        Raises:
            NoRegionError: none yet.
        """
        text = self._port.memo(_REGION)
        if not text:
            raise NoRegionError
        return _read(read_region, text)

    def keep_region(self, text: str) -> Region:
        """Take a region file; the first authority given stands, and the relay given last.

        Raises:
            CarriedFileRefusedError: unreadable, or of another authority than the one known.
        """
        region = _read(read_region, text)
        known = _read(read_region, self._port.memo(_REGION) or text)
        if known.authority_key != region.authority_key:
            raise CarriedFileRefusedError(reason="other_authority")
        if known.relay_statement and not region.relay_statement:
            return known  # the file was made before the Region had its relay
        self._port.keep_memo(_REGION, text)
        if region.relay_statement:
            self._keep([region.relay_statement])
        return region

    def request(self, *, name: str, directory: str) -> StructureRequest:
        """Make the file by which the structure asks the Region to certify its root."""
        return structure_request(self._root(), name=name, directory=directory)

    def accept(self, text: str) -> CertificateFile:
        """Take the certificate the Region gave back.

        Raises:
            CarriedFileRefusedError: unreadable, or not signed by the Region this desk knows.
            OtherStructureError: it certifies another structure's root.
        """
        carried = _read(read_certificate_file, text)
        if carried.certificate.root_key != self._root().public:
            raise OtherStructureError
        self.keep_region(carried.region.to_json())
        self._keep([carried.statement])
        note_registry(self._port, self._registry())
        return carried

    def certified(self) -> list[StructureCertificate]:
        """Return the structures that this desk believes its Region certified."""
        return list(self._registry().structures.values())

    def invite(self) -> InvitationFile:
        """Make an invitation for one new machine of this structure.

        Raises:
            NoRegionError: the structure is not certified yet.
        """
        region, keyring = self.region(), Keyring(self._port)
        registry = self._registry()
        structure = self._structure(registry, keyring)
        token, until_s = os.urandom(16), self._now_s() + INVITATION_VALID_S
        invitation = Invitation(
            machine=keyring.machine.id,
            structure=structure,
            token_hash=token_hash(token),
            until_s=until_s,
        )
        self._keep([sign_statement(invitation, keyring.machine.sign.private_key)])
        return InvitationFile(
            region=region,
            structure=structure,
            structure_statement=_certificate_bytes(registry, self._port.statements(), structure),
            token=token,
            until_s=until_s,
        )

    def join(self, text: str) -> tuple[InvitationFile, JoinRequestFile]:
        """Make this machine's keys and its request to join; the desk can work at once.

        Raises:
            CarriedFileRefusedError: the invitation is unreadable, or its Region did not sign it.
        """
        invitation = _read(read_invitation_file, text)
        self.keep_region(invitation.region.to_json())
        self._keep([invitation.structure_statement])
        secrets = self._port.secrets()
        known = secrets.get(MACHINE)
        machine = MachineKeys.from_bytes(known) if known else MachineKeys.generate()
        self._port.keep_secrets({MACHINE: machine.to_bytes()})
        request = JoinRequest(
            structure=invitation.structure,
            machine=machine.id,
            sign=machine.sign.public,
            hpke=machine.hpke.public,
            token=invitation.token,
        )
        data = sign_statement(request, machine.sign.private_key)
        self._keep([data])
        self._sign_incarnation(machine)
        return invitation, JoinRequestFile(statement=data, request=request)

    def waiting(self) -> list[WaitingRequest]:
        """Return the machines that ask to join this structure and that nobody admitted yet."""
        registry, own = self._registry(), Keyring(self._port).machine.id
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
        self._keep([_read(read_join_request_file, text).statement])

    def admit(self, spoken: str) -> WaitingRequest:
        """Sign the machine whose request has this spoken code, and hand it the structure's keys.

        The code was compared aloud: it is what ties the request to the machine in front of them.

        Raises:
            NotTheRootError: this machine does not hold the structure's root.
            UnknownRequestError: no waiting request has that code.
        """
        root, keyring, registry = self._root(), Keyring(self._port), self._registry()
        wanted = "".join(sign for sign in spoken.upper() if sign.isalnum())
        for name, request in registry.open_requests().items():
            waiting = _waiting(registry, name, request)
            # A code says nothing of the structure: a request to another one is not ours to admit.
            if request.structure == root.id and waiting.spoken.replace("-", "") == wanted:
                self._admit(root, keyring, registry, request)
                return waiting
        raise UnknownRequestError(spoken)

    def _admit(
        self, root: StructureRoot, keyring: Keyring, registry: Registry, request: JoinRequest
    ) -> None:
        certificate = self._certificate_of(root, request.sign, request.hpke)
        made = [sign_statement(certificate, root.private_key)]
        for generation, key in keyring.structure_keys.items():
            if (profile := registry.profile(root.id, generation)) is not None:
                made.append(wrap_structure_key(profile, key, certificate, keyring.machine))
        own_space = structure_space(StructureId(root.id)).id
        made += [
            wrap_epoch(epoch, certificate, keyring.machine)
            for epoch in keyring.epochs.values()
            if epoch.space == own_space
        ]
        self._keep(made)

    def _registry(self) -> Registry:
        return registry_of(self._port, self.region().authority_key)

    def _structure(self, registry: Registry, keyring: Keyring) -> bytes:
        structures = registry.active_structures_of(keyring.machine.id)
        if not structures:
            raise NoRegionError
        return min(structures)

    def _root(self) -> StructureRoot:
        secrets = self._port.secrets()
        if ROOT not in secrets:
            raise NotTheRootError
        return StructureRoot(secrets[ROOT])

    def _certificate_of(self, root: StructureRoot, sign: bytes, hpke: bytes) -> MachineCertificate:
        now_s = self._now_s()
        return MachineCertificate(
            structure=root.id,
            machine=machine_id(sign, hpke),
            sign=sign,
            hpke=hpke,
            from_s=now_s,
            until_s=now_s + MACHINE_VALID_S,
        )

    def _sign_incarnation(self, machine: MachineKeys) -> None:
        incarnation = self._port.incarnation()
        body = IncarnationStatement(machine=machine.id, incarnation=incarnation, at_s=self._now_s())
        self._keep([sign_statement(body, machine.sign.private_key)])

    def _sign_founders(self, root: StructureRoot, keyring: Keyring) -> None:
        machine, key = keyring.machine, keyring.structure_keys[_GENERATION]
        profile = Profile(structure=root.id, generation=_GENERATION, hpke=key.public)
        certificate = self._certificate_of(root, machine.sign.public, machine.hpke.public)
        self._sign_incarnation(machine)
        # In one transaction, and last: their presence says that nothing is missing.
        self._keep([sign_statement(body, root.private_key) for body in (profile, certificate)])

    def _bodies(self) -> Iterator[Body | UnknownStatement]:
        for data in self._port.statements():
            with suppress(FormatError):
                yield read_statement(data).body

    def _keep(self, statements: Sequence[bytes]) -> None:
        self._port.keep_statements({statement_name(data): data for data in statements})

    def _now_s(self) -> int:
        return int(self._clock.now().timestamp())


def _read(reader: Callable[[str], T], text: str) -> T:
    try:
        return reader(text)
    except FormatError as error:
        raise CarriedFileRefusedError(reason=error.code) from error


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
