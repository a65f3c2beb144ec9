"""An invented Region with its structures and machines, all of whose statements are truly signed."""

import hashlib
import os
import time
from dataclasses import dataclass, field

from sync.http_signatures import RequestSigner
from sync.keys import AuthorityKey, MachineKeys, StructureRoot
from sync.statements import (
    Body,
    IncarnationStatement,
    MachineCertificate,
    SpaceStatement,
    StructureCertificate,
    sign_statement,
)
from sync.wire import Header, opening_bytes, padme_length, signature_input, space_name

YEAR_S = 365 * 86_400
STRUCTURE_SPACE, PAIR_SPACE = 1, 2


@dataclass(kw_only=True)
class Machine:
    """A certified machine, which writes under one incarnation."""

    structure: "Structure"
    keys: MachineKeys
    certificate: bytes
    incarnation: bytes = field(default_factory=lambda: os.urandom(8))
    _heads: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def id(self) -> bytes:
        return self.keys.id

    @property
    def signer(self) -> RequestSigner:
        return RequestSigner(machine=self.id, key=self.keys.sign.private_key)

    @property
    def own_space(self) -> bytes:
        return space_name(STRUCTURE_SPACE, [self.structure.id])

    def signs(self, body: Body) -> bytes:
        return sign_statement(body, self.keys.sign.private_key)

    def incarnation_statement(self) -> bytes:
        return self.signs(
            IncarnationStatement(machine=self.id, incarnation=self.incarnation, at_s=1)
        )

    def space_statement(self, *members: bytes) -> bytes:
        kind = STRUCTURE_SPACE if len(members) == 1 else PAIR_SPACE
        return self.signs(
            SpaceStatement(
                machine=self.id,
                space=space_name(kind, members),
                space_kind=kind,
                members=tuple(sorted(members)),
            )
        )

    def introduction(self) -> list[bytes]:
        """All that the relay needs to take this machine's bundles in its structure's space."""
        return [
            self.structure.certificate,
            self.certificate,
            self.incarnation_statement(),
            self.space_statement(self.structure.id),
        ]

    def bundle(
        self, space: bytes | None = None, size: int = 500, epoch: bytes = bytes(16)
    ) -> tuple[bytes, bytes]:
        """The next bundle of this machine in a space, sealed under a key that nobody holds."""
        space = space or self.own_space
        sequence, previous = self._heads.get(space, (0, b""))
        data = self.bundle_at(space, sequence + 1, previous, size, epoch)
        name = hashlib.sha256(data).digest()
        self._heads[space] = (sequence + 1, name)
        return name, data

    def go_on_from(self, space: bytes, sequence: int, name: bytes) -> None:
        """Write after that bundle from now on, whatever was written since."""
        self._heads[space] = (sequence, name)

    def bundle_at(
        self,
        space: bytes,
        sequence: int,
        previous: bytes,
        size: int = 500,
        epoch: bytes = bytes(16),
    ) -> bytes:
        header = Header(
            space=space,
            incarnation=self.incarnation,
            sequence=sequence,
            previous=previous,
            epoch=epoch,
            salt=os.urandom(16),
            padded_length=padme_length(size),
            seen={},
        )
        signed = opening_bytes(header) + os.urandom(header.padded_length + 16)
        return signed + self.keys.sign.private_key.sign(signature_input(signed))


@dataclass(kw_only=True)
class Structure:
    """A structure that the Region certified, with the root key that signs its machines."""

    root: StructureRoot
    certificate: bytes

    @property
    def id(self) -> bytes:
        return self.root.id

    def machine(self, until_s: int | None = None) -> Machine:
        keys = MachineKeys.generate()
        body = MachineCertificate(
            structure=self.id,
            machine=keys.id,
            sign=keys.sign.public,
            hpke=keys.hpke.public,
            from_s=0,
            until_s=until_s if until_s is not None else int(time.time()) + YEAR_S,
        )
        certificate = sign_statement(body, self.root.private_key)
        return Machine(structure=self, keys=keys, certificate=certificate)


@dataclass(kw_only=True)
class Region:
    """An authority and the structures it certifies; every name is invented."""

    authority: AuthorityKey = field(default_factory=AuthorityKey.generate)

    def structure(self, directory: str = "") -> Structure:
        root = StructureRoot.generate()
        body = StructureCertificate(
            authority=self.authority.id,
            structure=root.id,
            root_key=root.public,
            name="Structure (exemple)",
            directory=directory,
            from_s=0,
            until_s=int(time.time()) + YEAR_S,
        )
        certificate = sign_statement(body, self.authority.private_key)
        return Structure(root=root, certificate=certificate)
