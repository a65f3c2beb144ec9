"""Who is who: relays, structures, machines and their incarnations, out of signed statements.

The authority's key certifies relays and the *roots* of structures, and can remove; it never makes
a machine believed. Whatever the order in which statements came, and however often, the same set of
them is believed in the same way: kinds are read one after the other along the chain, and where
two statements compete the choice depends on what they say alone, or on what was known first
(`Pinned`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Self, TypeVar, cast

from sync.accepted import Accepted, least_accepted
from sync.canonical import Flaw
from sync.statement_shelf import Shelf
from sync.statements import (
    Body,
    IncarnationStatement,
    MachineCertificate,
    Profile,
    Recovery,
    RelayCertificate,
    Revocation,
    Statement,
    StatementError,
    StructureCertificate,
    UnknownStatement,
    authority_id,
    machine_id,
    relay_id,
    structure_id,
)

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """What was known first and stands, whatever is certified later, until a person decides.

    `roots` says which structure holds a directory reference, `incarnations` which machine writes
    under an incarnation.
    """

    roots: Mapping[str, bytes] = field(default_factory=dict)
    incarnations: Mapping[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two statements that cannot both be true; the one named `statement` is set aside.

    `code` is `root_changed` (`about` is the directory reference, the others structures) or
    `incarnation_taken` (`about` is the incarnation in hex, the others machines).
    """

    code: str
    about: str
    kept: bytes
    set_aside: bytes
    statement: bytes


class Wait(StrEnum):
    """Why a statement is not believed yet: what it rests on is missing, or set aside."""

    INCARNATION_TAKEN = "incarnation_taken"
    NOT_A_MEMBER = "not_a_member"
    ON_PAPER = "on_paper"
    ROOT_CHANGED = "root_changed"
    UNKNOWN_CHECKPOINT = "unknown_checkpoint"
    UNKNOWN_EPOCH = "unknown_epoch"
    UNKNOWN_INVITATION = "unknown_invitation"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_MACHINE = "unknown_machine"
    UNKNOWN_PROFILE = "unknown_profile"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    UNKNOWN_RELAY = "unknown_relay"
    UNKNOWN_SIGNER = "unknown_signer"
    UNKNOWN_SPACE = "unknown_space"
    UNKNOWN_STRUCTURE = "unknown_structure"


class StatementWaitsError(Exception):
    """A statement cannot be believed yet."""

    def __init__(self, reason: Wait) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Certificates:
    """What is believed of the people of the exchange. Nothing in it changes once it is built.

    Attributes:
        relays: certified relays, by identifier.
        structures: certified structures, the latest certificate of each.
        profiles: the profile of the greatest generation of each structure.
        machines: certified machines, the latest certificate of each.
        recoveries: how each structure is recovered, by machine that exists on paper alone for it,
            and structure.
        incarnations: which machine writes under an incarnation.
        doubled_profiles: generations of which a structure's root signed two profiles.
        refused: names of statements that nothing will ever make believable, and why.
        waiting: names of statements that rest on something unknown, and on what.
        conflicts: what was set aside for a person to decide.
    """

    def __init__(
        self,
        authority_key: bytes,
        statements: Iterable[bytes] | Shelf = (),
        *,
        pinned: Pinned | None = None,
    ) -> None:
        self.authority_key = authority_key
        self.authority = authority_id(authority_key)
        self.pinned = pinned or Pinned()
        self._shelf = statements if isinstance(statements, Shelf) else Shelf(statements)
        self._settle()

    def with_statements(self, statements: Iterable[bytes]) -> Self:
        """Return what is believed with more statements; signatures are checked only once."""
        shelf = self._shelf.with_more(statements)
        return type(self)(self.authority_key, shelf, pinned=self.pinned)

    def believes(self, name: bytes) -> bool:
        """Is that statement here, well formed, signed by whom it should, and not set aside?"""
        return name in self._shelf.data and name not in self.waiting and name not in self.refused

    def knows(self, name: bytes) -> bool:
        """Was that statement given to this registry, whatever it is worth?"""
        return name in self._shelf.data

    def statement_bytes(self, name: bytes) -> bytes:
        """Return the bytes of a statement given to this registry.

        Raises:
            KeyError: it was never given.
        """
        return self._shelf.data[name]

    def believed_statements(self) -> list[bytes]:
        """Return the statements given here that are believed, in the order of their names."""
        return [data for name, data in sorted(self._shelf.data.items()) if self.believes(name)]

    def structure_by_directory(self, reference: str) -> StructureCertificate | None:
        """Return the structure kept for a reference of the directory, if one is certified."""
        structure = self._roots.get(reference)
        return self.structures.get(structure) if structure else None

    def profile(self, structure: bytes, generation: int) -> Profile | None:
        """Return a profile of a structure, also one that a later generation has followed."""
        return self._profiles.get((structure, generation))

    def structures_of(self, machine: bytes) -> frozenset[bytes]:
        """Return the structures whose root signed that machine, removed or not."""
        return frozenset(self._memberships.get(machine, ()))

    def active_structures_of(self, machine: bytes) -> frozenset[bytes]:
        """Return the structures for which the machine acts: neither it nor they are removed."""
        removed_by = self._removals.get(machine, {}).keys()
        if self.authority in removed_by:
            return frozenset()
        remaining = self.structures_of(machine) - removed_by
        return frozenset(name for name in remaining if name not in self._removals)

    def is_revoked(self, target: bytes) -> bool:
        """Was that machine or structure removed by somebody entitled to?"""
        if target in self._memberships:
            return not self.active_structures_of(target)
        return target in self._removals

    def accepted(self, machine: bytes, space: bytes, incarnation: bytes) -> Accepted | None:
        """Return the last bundle accepted of a removed machine; None: it acts, without limit."""
        if not self.is_revoked(machine):
            return None
        targets = {machine} | self.structures_of(machine)
        removals = (one for target in targets for one in self.removals_of(target))
        return least_accepted(removals, space, incarnation)

    def accepted_sequence(self, machine: bytes, space: bytes, incarnation: bytes) -> int | None:
        """Return up to which sequence bundles of a removed machine are accepted; None: no limit."""
        head = self.accepted(machine, space, incarnation)
        return None if head is None else head.sequence

    @property
    def recovery_machines(self) -> frozenset[bytes]:
        """The machines that exist on paper alone: they receive keys, never write, never confirm."""
        return frozenset(machine for machine, _ in self.recoveries if self.is_on_paper(machine))

    def is_on_paper(self, machine: bytes, among: Collection[bytes] | None = None) -> bool:
        """Does a machine exist on paper alone, say all of its structures, or those among some?

        Each root speaks for its own structure: it takes nobody else's machine out of the exchange.
        """
        structures = self.structures_of(machine)
        said_by = structures if among is None else structures.intersection(among)
        return bool(said_by) and all((machine, one) in self.recoveries for one in said_by)

    def removals_of(self, target: bytes) -> tuple[Revocation, ...]:
        """Return the revocations that count for a machine or structure: the latest of each signer.

        Of one signer the greatest `at` counts, so that a later decision can accept more; of two
        with the same `at`, both do.
        """
        counting = []
        for revocations in self._removals.get(target, {}).values():
            latest_s = max(revocation.at_s for revocation in revocations)
            counting += [one for one in revocations if one.at_s == latest_s]
        return tuple(counting)

    def _settle(self) -> None:
        """Decide anew what is believed, from the first link of the chain to the last."""
        self.refused: dict[bytes, str] = dict(self._shelf.unreadable)
        self.waiting: dict[bytes, Wait] = {}
        self.conflicts: list[Conflict] = []
        self.relays: dict[bytes, RelayCertificate] = {}
        self.structures: dict[bytes, StructureCertificate] = {}
        self.profiles: dict[bytes, Profile] = {}
        self.machines: dict[bytes, MachineCertificate] = {}
        self.recoveries: dict[tuple[bytes, bytes], Recovery] = {}
        self.incarnations: dict[bytes, bytes] = {}
        self._roots: dict[str, bytes] = dict(self.pinned.roots)
        self._profiles: dict[tuple[bytes, int], Profile] = {}
        self.doubled_profiles: set[tuple[bytes, int]] = set()
        self._memberships: dict[bytes, set[bytes]] = {}
        self._removals: dict[bytes, dict[bytes, list[Revocation]]] = {}
        for statement in self._shelf.of_kind(UnknownStatement):
            self.waiting[statement.name] = Wait.UNKNOWN_KIND
        self._settle_authority_removals()
        self._each(RelayCertificate, self._believe_relay)
        self._settle_structures()
        self._each(Profile, self._believe_profile)
        self._each(MachineCertificate, self._believe_machine)
        self._each(Recovery, self._believe_recovery)
        self._each(Revocation, self._believe_revocation)
        self._settle_incarnations()

    def _each(self, kind: type[B], believe: Callable[[Statement, B], None]) -> list[B]:
        """Try every statement of a kind, note why it fails, and return those that do not."""
        believed = []
        for statement in self._shelf.of_kind(kind):
            body = cast("B", statement.body)  # `_of_kind` gave no other
            try:
                believe(statement, body)
            except StatementWaitsError as waits:
                self.waiting[statement.name] = waits.reason
            except StatementError as error:
                self.refused[statement.name] = error.code
            else:
                self.waiting.pop(statement.name, None)
                believed.append(body)
        return believed

    def _verify(self, statement: Statement, key: bytes) -> None:
        self._shelf.verify(statement, key)

    def _believe_relay(self, statement: Statement, body: RelayCertificate) -> None:
        check_identifier(body.authority == self.authority)
        self._verify(statement, self.authority_key)
        self.relays[relay_id(body.relay_key)] = body

    def _settle_structures(self) -> None:
        certified = self._each(StructureCertificate, self._check_structure)
        # Without anything known before, the earliest certificate holds its reference; one whose
        # root the authority has removed gives way to another.
        for body in sorted(certified, key=self._precedence):
            if body.directory:
                self._roots.setdefault(body.directory, body.structure)
        self._each(StructureCertificate, self._believe_structure)

    def _precedence(self, body: StructureCertificate) -> tuple[bool, int, bytes]:
        return (body.structure in self._removals, body.from_s, body.structure)

    def _check_structure(self, statement: Statement, body: StructureCertificate) -> None:
        check_identifier(
            body.authority == self.authority and body.structure == structure_id(body.root_key)
        )
        self._verify(statement, self.authority_key)

    def _believe_structure(self, statement: Statement, body: StructureCertificate) -> None:
        self._check_structure(statement, body)
        kept = self._roots.get(body.directory, body.structure)
        if kept != body.structure:
            conflict = Conflict(
                code="root_changed",
                about=body.directory,
                kept=kept,
                set_aside=body.structure,
                statement=statement.name,
            )
            self.conflicts.append(conflict)
            raise StatementWaitsError(Wait(conflict.code))
        known = self.structures.get(body.structure)
        if known is None or (body.from_s, body.until_s) >= (known.from_s, known.until_s):
            self.structures[body.structure] = body

    def _root_key(self, structure: bytes) -> bytes:
        certificate = self.structures.get(structure)
        if certificate is None:
            raise StatementWaitsError(Wait.UNKNOWN_STRUCTURE)
        return certificate.root_key

    def _believe_profile(self, statement: Statement, body: Profile) -> None:
        self._verify(statement, self._root_key(body.structure))
        place = body.structure, body.generation
        if place in self._profiles and self._profiles[place].hpke != body.hpke:
            self.doubled_profiles.add(place)
        self._profiles[place] = body
        known = self.profiles.get(body.structure)
        if known is None or body.generation >= known.generation:
            self.profiles[body.structure] = body

    def _believe_machine(self, statement: Statement, body: MachineCertificate) -> None:
        check_identifier(body.machine == machine_id(body.sign, body.hpke))
        self._verify(statement, self._root_key(body.structure))
        self._memberships.setdefault(body.machine, set()).add(body.structure)
        known = self.machines.get(body.machine)
        if known is None or (body.until_s, body.from_s) >= (known.until_s, known.from_s):
            self.machines[body.machine] = body

    def _believe_recovery(self, statement: Statement, body: Recovery) -> None:
        self._verify(statement, self._root_key(body.structure))
        if body.structure not in self.structures_of(body.machine):
            raise StatementWaitsError(Wait.UNKNOWN_MACHINE)
        self.recoveries[body.machine, body.structure] = body

    def _settle_authority_removals(self) -> None:
        for statement in self._shelf.of_kind(Revocation):
            if self._shelf.is_signed_by(statement, self.authority_key):
                self._remove(cast("Revocation", statement.body), self.authority)

    def _believe_revocation(self, statement: Statement, body: Revocation) -> None:
        """Believe a removal by the authority, or by the root of the structure concerned."""
        if self._shelf.is_signed_by(statement, self.authority_key):
            return
        for structure in sorted(self.structures_of(body.target) or {body.target}):
            certificate = self.structures.get(structure)
            if certificate and self._shelf.is_signed_by(statement, certificate.root_key):
                self._remove(body, structure)
                return
        raise StatementWaitsError(Wait.UNKNOWN_SIGNER)

    def _remove(self, body: Revocation, by: bytes) -> None:
        self._removals.setdefault(body.target, {}).setdefault(by, []).append(body)

    def _settle_incarnations(self) -> None:
        claims = self._each(IncarnationStatement, self._check_incarnation)
        self._writers: dict[bytes, bytes] = dict(self.pinned.incarnations)
        for body in sorted(claims, key=attrgetter("at_s", "machine")):
            self._writers.setdefault(body.incarnation, body.machine)
        self._each(IncarnationStatement, self._believe_incarnation)

    def _check_incarnation(self, statement: Statement, body: IncarnationStatement) -> None:
        self._verify(statement, self._machine(body.machine).sign)
        if self.is_on_paper(body.machine):
            raise StatementWaitsError(Wait.ON_PAPER)

    def _believe_incarnation(self, statement: Statement, body: IncarnationStatement) -> None:
        self._check_incarnation(statement, body)
        kept = self._writers[body.incarnation]
        if kept != body.machine:
            conflict = Conflict(
                code="incarnation_taken",
                about=body.incarnation.hex(),
                kept=kept,
                set_aside=body.machine,
                statement=statement.name,
            )
            self.conflicts.append(conflict)
            raise StatementWaitsError(Wait(conflict.code))
        self.incarnations[body.incarnation] = body.machine

    def _machine(self, machine: bytes) -> MachineCertificate:
        certificate = self.machines.get(machine)
        if certificate is None:
            raise StatementWaitsError(Wait.UNKNOWN_MACHINE)
        return certificate


def check_identifier(holds: bool) -> None:  # noqa: FBT001 - reads as a sentence at every call
    """Refuse a statement in which a name is not that of the key or members it stands for."""
    if not holds:
        raise StatementError(Flaw.WRONG_IDENTIFIER)
