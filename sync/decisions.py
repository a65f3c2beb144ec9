"""What two statements dispute, and what a person decides of it."""

from dataclasses import dataclass

from sync.aside import first_seen_s, since
from sync.beliefs import note_decided, pin_root, registry_of, undecided
from sync.ceremony import Ceremony
from sync.certificates import Conflict
from sync.errors import UnknownConflictError
from sync.registry import Registry
from sync.removal import machine_code
from sync.statements import StructureCertificate, fingerprint, read_statement

ROOT_CHANGED = "root_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a dispute: its identifier, the code to compare aloud, a name if it has one."""

    id: bytes
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Two who claim the same thing: `kept` stands until a person decides.

    `code` is `root_changed` (`about` is a reference of the directory) or `incarnation_taken`
    (`about` is the incarnation, in hexadecimal). `is_decided`: a person said here that `kept` is
    the right one; another decision can still be taken.
    """

    code: str
    about: str
    kept: Side
    set_aside: Side
    is_decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideLine:
    """Bundles set aside for one reason, of one machine (None when their author is unknown).

    `structure` is the name of the machine's structure; `since_s` is when the first was seen, None
    until the end of an exchange.
    """

    reason: str
    machine: bytes | None
    code: str
    structure: str
    bundles: int
    since_s: int | None


class Decisions(Ceremony):
    """What this desk set aside for a person, and how that person settles it."""

    def disputes(self) -> list[Dispute]:
        """Return what is disputed, each dispute once; what waits for a decision comes first."""
        registry = self.registry()
        waiting = undecided(self.port, registry)
        found = {
            (one not in waiting, one.code, one.about, one.set_aside): _dispute(
                registry, one, is_decided=one not in waiting
            )
            for one in registry.conflicts
        }
        return [found[key] for key in sorted(found)]

    def set_aside(self) -> list[AsideLine]:
        """Return what is in quarantine here, by reason and author.

        Raises:
            NoRegionError: this desk was given no Region yet.
        """
        registry, since_s = self.registry(), since(self.port)
        counted: dict[tuple[str, bytes | None], list[int | None]] = {}
        for one in self.port.places_aside():
            machine = registry.incarnations.get(one.incarnation)
            moment_s = first_seen_s(since_s, one)
            counted.setdefault((one.reason, machine), []).append(moment_s)
        lines = []
        for (reason, machine), moments in counted.items():
            line = AsideLine(
                reason=reason,
                machine=machine,
                code=machine_code(machine) if machine else "",
                structure=_structure_of(registry, machine),
                bundles=len(moments),
                since_s=min((moment for moment in moments if moment), default=None),
            )
            lines.append(line)
        return sorted(lines, key=lambda line: (line.reason, line.code))

    def accept_root(self, reference: str, structure: bytes) -> Dispute:
        """Take another root for a structure of the directory, whose code was compared aloud.

        It counts at this desk alone: every structure decides for itself whom it hands keys to.

        Raises:
            UnknownConflictError: that root does not wait under that reference.
        """
        for dispute in self.disputes():
            asked = (ROOT_CHANGED, reference, structure)
            if (dispute.code, dispute.about, dispute.set_aside.id) == asked:
                pin_root(self.port, reference, structure, self.region().authority_key)
                self.keep_known(ROOT_CHANGED, reference)
                return dispute
        raise UnknownConflictError

    def keep_known(self, code: str, about: str) -> None:
        """Settle what is disputed of a place: what stands here is right. Repeating it is harmless.

        It counts at this desk alone. Whoever claims the place afterwards asks for a new decision.

        Raises:
            UnknownConflictError: nothing of that place is disputed.
        """
        registry = registry_of(self.port, self.region().authority_key)
        settled = [one for one in registry.conflicts if (one.code, one.about) == (code, about)]
        if not settled:
            raise UnknownConflictError
        note_decided(self.port, settled)


def _structure_of(registry: Registry, machine: bytes | None) -> str:
    structures = registry.structures_of(machine) if machine else frozenset()
    names = (registry.structures[one].name for one in structures if one in registry.structures)
    return min(names, default="")


def _dispute(registry: Registry, conflict: Conflict, *, is_decided: bool) -> Dispute:
    return Dispute(
        is_decided=is_decided,
        code=conflict.code,
        about=conflict.about,
        kept=_side(registry, conflict.kept, None),
        set_aside=_side(registry, conflict.set_aside, conflict.statement),
    )


def _side(registry: Registry, identifier: bytes, statement: bytes | None) -> Side:
    body = read_statement(registry.statement_bytes(statement)).body if statement else None
    certificate = body if isinstance(body, StructureCertificate) else None
    certificate = certificate or registry.structures.get(identifier)
    if certificate is None or certificate.structure != identifier:
        return Side(id=identifier, code=machine_code(identifier), name="")
    return Side(id=identifier, code=fingerprint(certificate.root_key), name=certificate.name)
