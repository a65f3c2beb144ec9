"""Who is known to the relay, and who may know which statement.

All of it is derived from the statements in the database, so several relays may share one: before
each request, a relay reads those that came since. What is believed stands first: a statement that
came later never takes a reference or an incarnation from one that is believed already.
"""

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, insert, select

from sync.certificates import Pinned
from sync.registry import Registry
from sync.relay.covers import Covers
from sync.relay.refusals import RefusalError
from sync.relay.tables import statements
from sync.statement_shelf import Shelf
from sync.statements import (
    Checkpoint,
    Confirmation,
    Dormant,
    IncarnationStatement,
    Invitation,
    JoinRequest,
    MachineCertificate,
    Profile,
    Receiver,
    Recovery,
    RelayCertificate,
    Revocation,
    SpaceStatement,
    Statement,
    StructureCertificate,
    StructureKeyWrap,
    Wrap,
)

_KNOWN_TO_ALL = (
    RelayCertificate,
    StructureCertificate,
    Profile,
    MachineCertificate,
    Recovery,
    IncarnationStatement,
    Revocation,
)
_KNOWN_TO_MEMBERS = (SpaceStatement, Wrap, Checkpoint, Confirmation, Dormant)
_KNOWN_TO_STRUCTURE = (Receiver, StructureKeyWrap, Invitation, JoinRequest)
KEPT_KINDS = (*_KNOWN_TO_ALL, *_KNOWN_TO_MEMBERS, *_KNOWN_TO_STRUCTURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who makes a request. One that only asks to join acts for no structure yet."""

    machine: bytes
    structures: frozenset[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """The statements that a caller may know, and a mark that changes with them."""

    names: frozenset[bytes]
    etag: str


@dataclass(frozen=True, kw_only=True)
class View:
    """What the relay believed once it had read the statements up to `position`."""

    position: int
    shelf: Shelf
    registry: Registry
    _known: dict[frozenset[bytes], KnownNames] = field(default_factory=dict)

    def signing_key(self, machine: bytes) -> Ed25519PublicKey | None:
        """Return the key of a machine that is certified or has asked to join."""
        known = self.registry.machines.get(machine) or self._requests.get(machine)
        return Ed25519PublicKey.from_public_bytes(known.sign) if known else None

    def caller(self, machine: bytes) -> Caller:
        """Return who a machine is.

        Raises:
            RefusalError: `revoked`, or `unknown_machine`.
        """
        structures = self.registry.active_structures_of(machine)
        if not structures and self.registry.is_revoked(machine):
            raise RefusalError(code="revoked")
        if not structures and machine not in self._requests:
            raise RefusalError(code="unknown_machine")
        return Caller(machine=machine, structures=structures)

    def known_names(self, caller: Caller) -> KnownNames:
        """Return the names of the statements that the caller may know."""
        if not caller.structures:
            return _marked(self._names_for(caller))
        known = self._known.get(caller.structures)
        if known is None:
            known = self._known[caller.structures] = _marked(self._names_for(caller))
        return known

    def may_see_space(self, caller: Caller, space: bytes) -> bool:
        """Is the caller of a member structure? A space nobody named has no members."""
        return not self.registry.members_of_space(space).isdisjoint(caller.structures)

    def spaces_of(self, caller: Caller) -> list[bytes]:
        """Return the spaces of which the caller is a member."""
        return [space for space in self.registry.spaces if self.may_see_space(caller, space)]

    def check_not_expired(self, caller: Caller, *, now: int) -> None:
        """Refuse a caller whose certificate, or whose every structure's, has expired.

        Raises:
            RefusalError: `expired`.
        """
        if self.is_expired(caller.machine, now=now):
            raise RefusalError(code="expired")

    def is_expired(self, machine: bytes, *, now: int) -> bool:
        """Has the certificate of the machine, or of every structure it acts for, expired?"""
        certificate = self.registry.machines.get(machine)
        structures = self.registry.structures
        return certificate is None or not any(
            min(certificate.until_s, structures[structure].until_s) > now
            for structure in self.registry.active_structures_of(machine)
            if structure in structures
        )

    @cached_property
    def covers(self) -> Covers:
        """What the checkpoints stand for."""
        return Covers(self.registry)

    @cached_property
    def _requests(self) -> Mapping[bytes, JoinRequest]:
        return {request.machine: request for request in self.registry.requests.values()}

    def _names_for(self, caller: Caller) -> Iterable[bytes]:
        for kind in KEPT_KINDS:
            for statement in self.shelf.of_kind(kind):
                if self._may_know(caller, statement):
                    yield statement.name

    def _may_know(self, caller: Caller, statement: Statement) -> bool:
        body = statement.body
        if isinstance(body, _KNOWN_TO_MEMBERS):
            is_own = isinstance(body, Wrap) and body.recipient == caller.machine
            return is_own or self.may_see_space(caller, body.space)
        if isinstance(body, _KNOWN_TO_STRUCTURE):
            return body.structure in caller.structures
        return True


class Directory:
    """The relay's view of the statements, kept fresh. Thread-safe."""

    def __init__(self, authority_key: bytes) -> None:
        self._authority_key = authority_key
        self._refreshing = threading.Lock()
        shelf = Shelf(())
        self._view = View(position=0, shelf=shelf, registry=Registry(authority_key, shelf))

    def refreshed(self, connection: Connection) -> View:
        """Read the statements that came since last time, and return what is believed now."""
        with self._refreshing:
            self._view = self._read_on(self._view, connection)
            return self._view

    def seen_from(self, connection: Connection, since: View | None = None) -> View:
        """Like `refreshed`, remembering nothing: what a writer sees may still be rolled back.

        Args:
            connection: of the writer.
            since: what was seen last, if that may be later than what is remembered.
        """
        views = [view for view in (self._view, since) if view is not None]
        return self._read_on(max(views, key=lambda view: view.position), connection)

    def believing(self, view: View, more: Sequence[bytes]) -> tuple[Registry, Shelf]:
        """Return what would be believed with more statements, which take nothing from others."""
        shelf = view.shelf.with_more(more)
        pinned = _pinned(view.registry)
        registry = Registry(self._authority_key, shelf, pinned=pinned)
        if any(registry.is_revoked(structure) for structure in pinned.roots.values()):
            # What came removes a structure: the reference it held is free at once.
            standing = {
                reference: structure
                for reference, structure in pinned.roots.items()
                if not registry.is_revoked(structure)
            }
            pinned = Pinned(roots=standing, incarnations=pinned.incarnations)
            registry = Registry(self._authority_key, shelf, pinned=pinned)
        return registry, shelf

    def _read_on(self, view: View, connection: Connection) -> View:
        since = select(statements.c.position, statements.c.body).order_by(statements.c.position)
        rows = connection.execute(since.where(statements.c.position > view.position)).all()
        if not rows:
            return view
        registry, shelf = self.believing(view, [row.body for row in rows])
        return View(position=rows[-1].position, shelf=shelf, registry=registry)


def keep_statements(
    connection: Connection, bodies: Mapping[bytes, tuple[str, bytes]], *, now: int
) -> None:
    """Write statements (name, then kind and bytes) that are not here yet."""
    here = select(statements.c.name).where(statements.c.name.in_(bodies.keys()))
    known = set(connection.scalars(here))
    rows = [
        {"name": name, "kind": kind, "body": body, "at": now}
        for name, (kind, body) in bodies.items()
        if name not in known
    ]
    if rows:
        connection.execute(insert(statements), rows)


def _pinned(registry: Registry) -> Pinned:
    """Return what later statements may not take: references and incarnations already held.

    A reference whose structure was removed is free: the Region may certify another root for it.
    """
    return Pinned(
        roots={
            certificate.directory: structure
            for structure, certificate in registry.structures.items()
            if certificate.directory and not registry.is_revoked(structure)
        },
        incarnations=registry.incarnations,
    )


def _marked(names: Iterable[bytes]) -> KnownNames:
    known = frozenset(names)
    mark = hashlib.sha256(b"".join(sorted(known))).hexdigest()[:32]
    return KnownNames(names=known, etag=f'"{mark}"')
