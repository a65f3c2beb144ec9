"""What every ceremony of a desk starts from: its store, its clock, its keys, what it believes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from app.ports import Clock, SyncPort
from sync.beliefs import registry_of
from sync.canonical import FormatError
from sync.ceremony_files import Region, read_region
from sync.errors import CarriedFileRefusedError, NoRegionError, NotTheRootError
from sync.keyring import ROOT, Keyring
from sync.keys import MachineKeys, StructureRoot
from sync.registry import Registry
from sync.renewal import MACHINE_VALID_S
from sync.statements import (
    IncarnationStatement,
    MachineCertificate,
    RelayCertificate,
    Revocation,
    machine_id,
    read_statement,
    relay_id,
    sign_statement,
    statement_name,
    verify_statement,
)

T = TypeVar("T")

REGION = "region"


class Ceremony:
    """The ceremonies of one desk, over its store. Every step is durable and may be repeated."""

    def __init__(self, port: SyncPort, clock: Clock) -> None:
        self.port = port
        self._clock = clock

    def region(self) -> Region:
        """Return the Region this desk was given.

        Raises:
            NoRegionError: none yet.
        """
        text = self.port.memo(REGION)
        if not text:
            raise NoRegionError
        return read_carried(read_region, text)

    def keep_region(self, text: str) -> Region:
        """Take a region file; the first authority given stands, and the relay given last.

        Raises:
            CarriedFileRefusedError: unreadable, or of another authority than the one known.
        """
        region = read_carried(read_region, text)
        known = read_carried(read_region, self.port.memo(REGION) or text)
        if known.authority_key != region.authority_key:
            raise CarriedFileRefusedError(reason="other_authority")
        if known.relay_statement and not region.relay_statement:
            return known  # the file was made before the Region had its relay
        self.port.keep_memo(REGION, text)
        if region.relay_statement:
            self.keep([region.relay_statement])
        return region

    def relays(self) -> list[Region]:
        """Return the Region with each relay it certified and did not remove, the known one first.

        A new address comes by the exchange while the former relay still answers, or by a file.

        Raises:
            NoRegionError: no Region is known, or it has no relay yet.
        """
        region = self.region()
        if not region.relay_key:
            raise NoRegionError
        bodies, removed = {region.relay_statement: region}, set()
        for data in self.port.statements():
            with suppress(FormatError):
                statement = read_statement(data)
                body = statement.body
                if isinstance(body, RelayCertificate):
                    bodies.setdefault(data, _region_with(region, data, body.url))
                elif isinstance(body, Revocation):
                    verify_statement(statement, region.authority_key)
                    removed.add(body.target)
        standing = [one for one in bodies.values() if relay_id(one.relay_key) not in removed]
        return standing or [region]

    def prefer_relay(self, region: Region) -> None:
        """Remember the relay that answered."""
        if region != self.region():
            self.port.keep_memo(REGION, region.to_json())

    def registry(self) -> Registry:
        """Return what this desk believes.

        Raises:
            NoRegionError: it knows no authority yet.
        """
        return registry_of(self.port, self.region().authority_key)

    def keyring(self) -> Keyring:
        """Return the keys of this machine.

        Raises:
            NoIdentityError: it has none.
        """
        return Keyring(self.port)

    def root(self) -> StructureRoot:
        """Return the structure's root.

        Raises:
            NotTheRootError: this machine does not hold it.
        """
        secrets = self.port.secrets()
        if ROOT not in secrets:
            raise NotTheRootError
        return StructureRoot(secrets[ROOT])

    def structure(self, registry: Registry) -> bytes:
        """Return the structure for which this machine acts.

        Raises:
            NoRegionError: it acts for none, that the Region certified.
        """
        structures = registry.active_structures_of(self.keyring().machine.id)
        if not structures:
            raise NoRegionError
        return min(structures)

    def certificate_of(
        self, root: StructureRoot, sign: bytes, hpke: bytes, valid_s: int = MACHINE_VALID_S
    ) -> MachineCertificate:
        """Return the certificate of a machine of the structure, to be signed by its root."""
        now_s = self.now_s()
        return MachineCertificate(
            structure=root.id,
            machine=machine_id(sign, hpke),
            sign=sign,
            hpke=hpke,
            from_s=now_s,
            until_s=now_s + valid_s,
        )

    def sign_incarnation(self, machine: MachineKeys) -> None:
        """Say under which incarnation this machine writes."""
        body = IncarnationStatement(
            machine=machine.id, incarnation=self.port.incarnation(), at_s=self.now_s()
        )
        self.keep([sign_statement(body, machine.sign.private_key)])

    def keep(self, statements: Sequence[bytes]) -> None:
        """Keep statements in the store; the next exchange carries them."""
        self.port.keep_statements({statement_name(data): data for data in statements})

    def now_s(self) -> int:
        """Return the present moment by this machine's clock, in seconds since 1970."""
        return int(self._clock.now().timestamp())


def _region_with(region: Region, relay_statement: bytes, url: str) -> Region:
    """Return the region with another relay, if its authority certified that one.

    Raises:
        FormatError: it did not.
    """
    other = replace(region, relay_url=url, relay_statement=relay_statement)
    return read_region(other.to_json())


def read_carried(reader: Callable[[str], T], text: str) -> T:
    """Read a file that somebody carried.

    Raises:
        CarriedFileRefusedError: it is not the one expected, or not whole.
    """
    try:
        return reader(text)
    except FormatError as error:
        raise CarriedFileRefusedError(reason=error.code) from error
