"""Desks on real files around one relay in memory: the exchange as it is, the network apart.

Making a desk costs two slow key derivations, so that worlds are made once, closed, and copied.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from app.changes import Changes
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.ports import SyncPort
from app.store.life_marker import Markers
from app.store.migrations import ROW_TABLES
from app.store.slots import Opened
from app.store.sync_port import StoreSyncPort
from app.store.workspace import LOCK_FILE, Workspace, create_workspace
from app.usecases.desk import Desk, Reference, name_own_structure
from app.usecases.exchange_status import ExchangeStatus, exchange_status
from app.usecases.receptions import RecordedReception, record_reception
from app.usecases.referrals import (
    Answer,
    ReferralLine,
    acknowledge_arrivals,
    answer_referral,
    list_referrals,
)
from sync.beliefs import registry_of
from sync.ceremony_files import CertificateFile, Region, StructureRequest
from sync.engine import Exchange, ExchangeReport, TrustAnchor
from sync.envelope import open_bundle
from sync.keyring import Keyring
from sync.keys import AuthorityKey
from sync.membership import Membership
from sync.registry import Registry
from sync.relay_port import Transport
from sync.statements import RelayCertificate, StructureCertificate, sign_statement
from sync.wire import parse_bundle
from tests.fakes.clock import A_MORNING, TickingClock
from tests.fakes.transport import ModelTransport, RelayModel
from ui.compose import load_reference

PASSPHRASE = "une phrase pour exemple"
URL = "https://relais.exemple.fr"
COMMUNES = {"blanc": "36018", "chateauroux": "36044", "argenton": "36006"}


@cache
def reference_data() -> Reference:
    """The reference data that the program ships."""
    return load_reference()


@dataclass(slots=True)
class Door:
    """One desk of a world; `close` is its world's."""

    world: "World"
    desk: Desk
    reports: list[ExchangeReport] = field(default_factory=list)

    @property
    def port(self) -> StoreSyncPort:
        return StoreSyncPort(self.desk.workspace)

    @property
    def membership(self) -> Membership:
        return Membership(self.port, self.desk.clock)

    @property
    def keyring(self) -> Keyring:
        return Keyring(self.port)

    @property
    def registry(self) -> Registry:
        return registry_of(self.port, self.world.authority.public)

    @property
    def reference(self) -> str:
        return self.desk.own_structure().reference

    def transport(self) -> ModelTransport:
        return ModelTransport(self.world.relay, self.keyring.machine.id)

    def exchange(
        self, transport: Transport | None = None, port: SyncPort | None = None
    ) -> ExchangeReport:
        """Exchange once, with all that a run needs made anew as the program does."""
        exchange = Exchange(
            port or self.port,
            transport or self.transport(),
            TrustAnchor(
                authority_key=self.world.authority.public, relay_key=self.world.relay.key.public
            ),
            self.desk.clock,
            self.arrivals,
        )
        return exchange.run()

    def arrivals(self) -> Changes:
        return acknowledge_arrivals(self.desk)

    def receive(self, to: "Door | None" = None, **changes: Any) -> RecordedReception:
        """Receive somebody, and hand them over to another door if one is named."""
        return record_reception(self.desk, a_reception(to.reference if to else "", **changes))

    def answer(self, status: str = "acceptee", which: int = 0, **more: str) -> None:
        line = self.referrals("in")[which]
        answer_referral(self.desk, line.referral, Answer(status=status, **more))

    def referrals(self, direction: str) -> list[ReferralLine]:
        return list_referrals(self.desk, direction)

    def statuses(self, direction: str) -> list[str]:
        return [line.status for line in self.referrals(direction)]

    def counts(self) -> ExchangeStatus:
        return exchange_status(self.desk)

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self.desk.workspace.read() as connection:
            return [tuple(row) for row in connection.execute(sql, parameters).fetchall()]

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that screens read, and the events it comes from; not how events were bundled."""
        tables = {name: f"SELECT * FROM {name}" for name in ROW_TABLES}  # noqa: S608
        tables["person_search"] = "SELECT person, words FROM person_search"
        tables["events"] = "SELECT event, space, subject, kind, lamport, at_s, author, body, own,"
        tables["events"] += " confined FROM events"
        return {name: sorted(self.query(sql), key=repr) for name, sql in tables.items()}

    def reasons(self) -> list[str]:
        """Why bundles are set aside here."""
        return sorted(kept.reason for kept in self.port.set_aside())


@dataclass(slots=True)
class World:
    """An invented Region: its authority, its relay, its doors by name."""

    folder: Path
    authority: AuthorityKey
    relay: RelayModel
    clock: TickingClock = field(default_factory=TickingClock)
    doors: dict[str, Door] = field(default_factory=dict)
    keys: dict[str, Opened] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Door:
        return self.doors[name]

    @property
    def region(self) -> Region:
        body = RelayCertificate(
            authority=self.authority.id, relay_key=self.relay.key.public, url=URL
        )
        return Region(
            name="Région (exemple)",
            authority_key=self.authority.public,
            relay_url=URL,
            relay_statement=sign_statement(body, self.authority.private_key),
        )

    def new_door(self, name: str) -> Door:
        """Make a desk that belongs to nobody yet."""
        workspace, _ = create_workspace(
            self.folder / name,
            agent_name=f"Agent {name} (exemple)",
            role="adviser",
            passphrase=PASSPHRASE,
            markers=self.markers(name),
        )
        self.keys[name] = workspace.opened
        return self._add(name, workspace)

    def found(self, name: str) -> Door:
        """Make the first desk of a structure, not certified yet."""
        door = self.new_door(name)
        door.membership.keep_region(self.region.to_json())
        reference = reference_at(COMMUNES[name])
        name_own_structure(
            door.desk, structure=door.membership.found(), name=name, reference=reference
        )
        return door

    def certify(self, name: str) -> None:
        """Have the Region certify a structure, by the files that people carry."""
        door = self.doors[name]
        request = door.membership.request(name=name, directory=door.reference)
        door.membership.accept(self.certificate(request).to_json())

    def certificate(self, request: StructureRequest) -> CertificateFile:
        now_s = int(self.clock.now().timestamp())
        body = StructureCertificate(
            authority=self.authority.id,
            structure=request.structure,
            root_key=request.root_key,
            name=request.name,
            directory=request.directory,
            from_s=now_s,
            until_s=now_s + 10**8,
        )
        data = sign_statement(body, self.authority.private_key)
        return CertificateFile(region=self.region, statement=data, certificate=body)

    def opened_bundles(self) -> dict[bytes, bytes]:
        """Open all that the relay holds with every key of every desk: what really left."""
        keys: dict[tuple[bytes, bytes], bytes] = {}
        for door in self.doors.values():
            keys |= door.keyring.epoch_keys
        opened = {}
        for name, data in self.relay.bundles.items():
            parsed = parse_bundle(data)
            opened[name] = open_bundle(parsed, keys[parsed.header.space, parsed.header.epoch])
        return opened

    def copy(self, folder: Path) -> "World":
        """Copy a closed world; the copy is open."""
        shutil.copytree(self.folder, folder)
        relay = RelayModel(
            authority_key=self.relay.authority_key,
            key=self.relay.key,
            statements=dict(self.relay.statements),
            bundles=dict(self.relay.bundles),
            parts=dict(self.relay.parts),
            receipts=dict(self.relay.receipts),
            pieces=dict(self.relay.pieces),
            heard=dict(self.relay.heard),
        )
        world = World(folder=folder, authority=self.authority, relay=relay, keys=dict(self.keys))
        for name in self.keys:
            world.open(name)
        return world

    def open(self, name: str, *, copy: Path | None = None, machine: str | None = None) -> Door:
        """Open a closed desk, or a copy of its folder, on its own machine or on another."""
        folder = copy or self.folder / name
        lock = FileLock(folder / LOCK_FILE)
        lock.acquire(timeout=0)
        markers = self.markers(machine or name)
        return self._add(name, Workspace(folder, self.keys[name], lock, markers=markers))

    def markers(self, name: str) -> Markers:
        """What a machine keeps outside its workspace; a copied world is the same machines."""
        return Markers(self.folder / "lives" / name)

    def close(self) -> None:
        for door in self.doors.values():
            door.desk.workspace.close()

    def _add(self, name: str, workspace: Workspace) -> Door:
        desk = Desk(workspace=workspace, clock=self.clock, reference=reference_data())
        self.doors[name] = Door(world=self, desk=desk)
        return self.doors[name]


def new_world(folder: Path) -> World:
    """Make a world without any desk."""
    authority = AuthorityKey.generate()
    relay = RelayModel(authority_key=authority.public, now_s=int(A_MORNING.timestamp()) + 60)
    return World(folder=folder, authority=authority, relay=relay)


def joining(world: World, to: str, name: str = "second") -> tuple[Door, str]:
    """Make a desk that asks to join a structure; return it and the code to read aloud."""
    door = world.new_door(name)
    invitation, request = door.membership.join(world[to].membership.invite().to_json())
    name_own_structure(
        door.desk, structure=invitation.structure, name=to, reference=world[to].reference
    )
    return door, request.spoken


def joined(world: World, to: str, name: str = "second") -> Door:
    """Make a second machine of a structure, admitted by the relay."""
    door, spoken = joining(world, to, name)
    world[to].exchange()
    door.exchange()
    world[to].exchange()
    world[to].membership.admit(spoken)
    world[to].exchange()
    door.exchange()
    return door


def reopened(door: Door) -> Door:
    """Start the program of a desk again, after it was killed; its door is another one."""
    world = door.world
    name = next(name for name, one in world.doors.items() if one is door)
    door.desk.workspace.close()
    return world.open(name)


@contextmanager
def opened_copy(template: World, folder: Path) -> Iterator[World]:
    """Copy a closed world and close the copy at the end."""
    world = template.copy(folder)
    try:
        yield world
    finally:
        world.close()


def reference_at(commune: str) -> str:
    """The first structure of the practice directory in a commune."""
    entries = reference_data().directory.all()
    return next(entry.reference for entry in entries if entry.commune_code == commune)


def a_reception(to: str = "", **changes: Any) -> Reception:
    """A whole reception, with a hand-over that was agreed to when `to` names a structure."""
    values: dict[str, Any] = {
        "expressed": "Je voudrais travailler dehors.",
        "status": "demandeur_emploi",
        "commune": "36018",
        "motives": ("trouver_formation",),
        "notice_given": True,
        "agreement_to_record": True,
        "person": PersonDetails(
            family_name="Exemplier", given_name="Nadia", telephone="+33639980021"
        ),
    }
    if to:
        values["referral"] = WantedReferral(to=to, agreement=True, handover="fiche_transmise")
    return Reception(**(values | changes))
