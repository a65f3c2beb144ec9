"""Invented parties of the exchange, with keys drawn from labels: the same at every run."""

import hashlib
from dataclasses import dataclass, field

from sync.key_wraps import EpochKey, wrap_epoch, wrap_structure_key
from sync.keys import (
    AuthorityKey,
    HpkeKey,
    MachineKeys,
    RelayKey,
    SigningKey,
    StructureKey,
    StructureRoot,
)
from sync.statements import (
    Checkpoint,
    Confirmation,
    Dormant,
    IncarnationStatement,
    Invitation,
    JoinRequest,
    MachineCertificate,
    Profile,
    Receipt,
    Receiver,
    RelayCertificate,
    Revocation,
    SpaceStatement,
    StructureCertificate,
    read_statement,
    sign_statement,
    token_hash,
)
from sync.wire import space_name

NOW_S = 1_795_000_000
YEAR_S = 31_557_600


def octets(label: str, length: int = 32) -> bytes:
    """Bytes that look random and never change."""
    return hashlib.shake_256(f"exemple/{label}".encode()).digest(length)


def machine_keys(label: str) -> MachineKeys:
    return MachineKeys(SigningKey(octets(f"{label}/sign")), HpkeKey(octets(f"{label}/hpke", 96)))


@dataclass
class Region:
    """An authority, and the relay it certified."""

    label: str = "region"
    key: AuthorityKey = field(init=False)
    relay: RelayKey = field(init=False)

    def __post_init__(self):
        self.key = AuthorityKey(octets(f"{self.label}/authority"))
        self.relay = RelayKey(octets(f"{self.label}/relay"))

    def relay_certificate(self, url="https://relais.exemple.fr") -> bytes:
        body = RelayCertificate(authority=self.key.id, relay_key=self.relay.public, url=url)
        return sign_statement(body, self.key.private_key)

    def certify(self, structure: "Structure", *, directory="", from_s=NOW_S) -> bytes:
        body = StructureCertificate(
            authority=self.key.id,
            structure=structure.id,
            root_key=structure.root.public,
            name=f"Structure {structure.label} (exemple)",
            directory=directory,
            from_s=from_s,
            until_s=from_s + 5 * YEAR_S,
        )
        return sign_statement(body, self.key.private_key)

    def revoke(self, target: bytes, accepted=()) -> bytes:
        body = Revocation(target=target, at_s=NOW_S, accepted=accepted)
        return sign_statement(body, self.key.private_key)

    def receipt(self, name: bytes, space: bytes, incarnation: bytes, sequence=1) -> bytes:
        body = Receipt(
            relay=self.relay.id,
            name=name,
            space=space,
            incarnation=incarnation,
            sequence=sequence,
            at_s=NOW_S,
        )
        return sign_statement(body, self.relay.private_key)


@dataclass
class Structure:
    """A structure: its root, the private side of its profile, and what it signs."""

    label: str
    root: StructureRoot = field(init=False)

    def __post_init__(self):
        self.root = StructureRoot(octets(f"{self.label}/root"))

    @property
    def id(self) -> bytes:
        return self.root.id

    @property
    def space(self) -> bytes:
        return space_name(1, [self.id])

    def key(self, generation=1) -> StructureKey:
        return StructureKey(octets(f"{self.label}/profile/{generation}", 96))

    def profile(self, generation=1) -> bytes:
        hpke = self.key(generation).public
        body = Profile(structure=self.id, generation=generation, hpke=hpke)
        return sign_statement(body, self.root.private_key)

    def sign_machine(self, machine: MachineKeys, from_s=NOW_S) -> bytes:
        body = MachineCertificate(
            structure=self.id,
            machine=machine.id,
            sign=machine.sign.public,
            hpke=machine.hpke.public,
            from_s=from_s,
            until_s=from_s + 2 * YEAR_S,
        )
        return sign_statement(body, self.root.private_key)

    def revoke(self, target: bytes, accepted=(), at_s=NOW_S) -> bytes:
        body = Revocation(target=target, at_s=at_s, accepted=accepted)
        return sign_statement(body, self.root.private_key)


@dataclass
class Machine:
    """A machine, and what it signs."""

    label: str
    keys: MachineKeys = field(init=False)

    def __post_init__(self):
        self.keys = machine_keys(self.label)

    @property
    def id(self) -> bytes:
        return self.keys.id

    @property
    def incarnation(self) -> bytes:
        return octets(f"{self.label}/incarnation", 8)

    def live(self, incarnation=None, at_s=NOW_S) -> bytes:
        name = incarnation or self.incarnation
        body = IncarnationStatement(machine=self.id, incarnation=name, at_s=at_s)
        return sign_statement(body, self.keys.sign.private_key)

    def name_space(self, kind: int, *members: bytes) -> bytes:
        body = SpaceStatement(
            machine=self.id,
            space=space_name(kind, members),
            space_kind=kind,
            members=tuple(members),
        )
        return sign_statement(body, self.keys.sign.private_key)

    def wrap(self, epoch: EpochKey, recipient: bytes) -> bytes:
        """Hand an epoch to the machine or profile of a statement, whoever signed it."""
        return wrap_epoch(epoch, read_statement(recipient).body, self.keys)

    def receive_under(self, structure: Structure, generation=1, *, epochs=(), held=(1,)) -> bytes:
        body = Receiver(
            machine=self.id,
            structure=structure.id,
            generation=generation,
            hpke=HpkeKey(octets(f"{self.label}/receiver/{generation}", 96)).public,
            epochs=tuple(epochs),
            generations=tuple(held),
            at_s=NOW_S,
        )
        return sign_statement(body, self.keys.sign.private_key)

    def propose(self, epoch: EpochKey, machines, **changes) -> bytes:
        values = {
            "machine": self.id,
            "space": epoch.space,
            "number": 1,
            "epoch": epoch.epoch,
            "machines": tuple(sorted(machines)),
            "cover": (),
            "digest": octets("digest"),
            "manifest": octets("manifest"),
            "chunks": (octets("chunk"),),
            "at_s": NOW_S,
        }
        return sign_statement(Checkpoint(**(values | changes)), self.keys.sign.private_key)

    def confirm(self, proposal: bytes) -> bytes:
        about = read_statement(proposal)
        body = Confirmation(
            machine=self.id, space=about.body.space, checkpoint=about.name, at_s=NOW_S
        )
        return sign_statement(body, self.keys.sign.private_key)

    def declare_dormant(self, target: bytes, proposal: bytes) -> bytes:
        about = read_statement(proposal)
        body = Dormant(
            machine=self.id,
            space=about.body.space,
            checkpoint=about.name,
            target=target,
            at_s=NOW_S,
        )
        return sign_statement(body, self.keys.sign.private_key)

    def wrap_structure_key(self, structure: Structure, recipient: bytes, generation=1) -> bytes:
        profile = read_statement(structure.profile(generation)).body
        certificate = read_statement(recipient).body
        return wrap_structure_key(profile, structure.key(generation), certificate, self.keys)

    def invite(self, structure: Structure, token: bytes, until_s=NOW_S + 86_400) -> bytes:
        body = Invitation(
            machine=self.id,
            structure=structure.id,
            token_hash=token_hash(token),
            until_s=until_s,
        )
        return sign_statement(body, self.keys.sign.private_key)

    def ask_to_join(self, structure: Structure, token: bytes) -> bytes:
        body = JoinRequest(
            structure=structure.id,
            machine=self.id,
            sign=self.keys.sign.public,
            hpke=self.keys.hpke.public,
            token=token,
        )
        return sign_statement(body, self.keys.sign.private_key)


def epoch(space: bytes, label="1", number=1) -> EpochKey:
    return EpochKey(space=space, number=number, key=octets(f"epoch/{label}"))
