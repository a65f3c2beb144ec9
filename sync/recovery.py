"""Recovering a structure whose only laptop burned, from a code printed while it still worked.

`RecoveryKit` makes the code, on the machine that holds the root. `recover` uses it on an empty
workspace: it opens the root out of the statements that the code's machine on paper may know, makes
new machine keys, signs them with that root and learns every key. The machines said to be lost are
removed at the end of the next exchange, once everything they sent has come.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.ports import Clock, SyncPort
from sync.beliefs import note_registry, registry_of
from sync.canonical import FormatError
from sync.ceremony import Ceremony, read_carried
from sync.ceremony_files import Region, read_region
from sync.errors import RecoveryCodeError, RecoveryUnknownError
from sync.keyring import MACHINE, ROOT, Keyring
from sync.keys import MachineKeys, StructureRoot
from sync.paper_machine import keys_of, new_code, open_root, seal_root
from sync.registry import Registry
from sync.renewal import DAY_S, remember_lost
from sync.rotation import machines_of, revoke, rotate, structure_keys_left_out
from sync.statements import StructureCertificate, sign_statement

PAPER_VALID_S = 30 * 366 * DAY_S
"""A paper in a drawer is not renewed: the structure's own certificate bounds it."""


class RecoveryKit(Ceremony):
    """The printed code of a structure. It is shown once and kept nowhere."""

    def make(self) -> str:
        """Make a code and return it; a former one stops working, and all it could read is rekeyed.

        It recovers the structure from the next exchange on.

        Raises:
            NotTheRootError: this machine does not hold the root.
            NoRegionError: the structure is not certified yet.
        """
        root, registry, keyring = self.root(), self.registry(), self.keyring()
        self.structure(registry)
        code = new_code()
        paper = keys_of(code)
        certificate = self.certificate_of(
            root, paper.sign.public, paper.hpke.public, valid_s=PAPER_VALID_S
        )
        former = [
            machine.machine
            for machine in machines_of(registry, root.id)
            if registry.is_on_paper(machine.machine, {root.id})
        ]
        made = [sign_statement(certificate, root.private_key), seal_root(root, paper)]
        made += [revoke(registry, root, one, accepted=(), now_s=self.now_s()) for one in former]
        known = registry.with_statements(made)
        if former:
            made += rotate(known, keyring, root)
            known = registry.with_statements(made)
        made += structure_keys_left_out(known, keyring, root.id)
        self.keep(made)
        return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A structure that a code opened: its root, and what is known of it.

    `others` are the machines of the structure that are not on paper and not removed.
    """

    region: Region
    region_text: str
    root: StructureRoot
    paper: MachineKeys
    registry: Registry
    statements: tuple[bytes, ...]

    @property
    def certificate(self) -> StructureCertificate:
        """The certificate of the structure."""
        return self.registry.structures[self.root.id]

    @property
    def others(self) -> tuple[bytes, ...]:
        """The machines that the structure had: what is lost is among them."""
        return tuple(
            machine.machine
            for machine in machines_of(self.registry, self.root.id)
            if not self.registry.is_on_paper(machine.machine, {self.root.id})
        )


def paper_keys(code: str) -> MachineKeys:
    """Return the keys of the machine on paper.

    Raises:
        RecoveryCodeError: a sign of the code is wrong or missing.
    """
    try:
        return keys_of(code)
    except FormatError as error:
        raise RecoveryCodeError from error


def open_structure(region_text: str, paper: MachineKeys, statements: Sequence[bytes]) -> Opened:
    """Open the root of the structure that a code recovers.

    Args:
        region_text: the region file, got by hand.
        paper: the keys of the code.
        statements: all that the relay tells that machine, or that a file carries.

    Raises:
        CarriedFileRefusedError: the region file is unreadable.
        RecoveryUnknownError: no structure of that Region is recovered by that code.
    """
    region = read_carried(read_region, region_text)
    registry = Registry(region.authority_key, statements)
    root = _opened_root(registry, paper)
    return Opened(
        region=region,
        region_text=region_text,
        root=root,
        paper=paper,
        registry=registry,
        statements=tuple(statements),
    )


def _opened_root(registry: Registry, paper: MachineKeys) -> StructureRoot:
    for structure in sorted(registry.active_structures_of(paper.id)):
        recovery = registry.recoveries.get((paper.id, structure))
        with suppress(FormatError):
            root = open_root(recovery, paper) if recovery else None
            if root is not None and root.id == structure:
                return root
    raise RecoveryUnknownError


class Recovered(Ceremony):
    """A new machine that takes the place of those that were lost."""

    @classmethod
    def begin(
        cls, port: SyncPort, clock: Clock, opened: Opened, lost: Iterable[bytes]
    ) -> "Recovered":
        """Make an empty workspace the machine that holds the root; repeating it changes nothing.

        Everything written before comes back with the next exchange, at the end of which the `lost`
        machines are removed.
        """
        ceremony = cls(port, clock)
        ceremony.keep_region(opened.region_text)
        ceremony.keep(opened.statements)
        ceremony.take_root(opened)
        remember_lost(port, lost)
        return ceremony

    def take_root(self, opened: Opened) -> None:
        """Keep the root and new keys for this machine, sign it, and learn every key."""
        root = opened.root
        if MACHINE not in self.port.secrets():
            secrets = {MACHINE: MachineKeys.generate().to_bytes(), ROOT: root.to_bytes()}
            self.port.keep_secrets(secrets)
        machine = self.keyring().machine
        certificate = self.certificate_of(root, machine.sign.public, machine.hpke.public)
        self.sign_incarnation(machine)
        self.keep([sign_statement(certificate, root.private_key)])
        registry = registry_of(self.port, opened.region.authority_key)
        note_registry(self.port, registry)
        Keyring(self.port).learn(registry, opened.paper)
