"""The machines of this structure as a person looks at them, and what will soon need that person."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from sync.beliefs import undecided
from sync.canonical import FormatError
from sync.ceremony import Ceremony
from sync.keyring import ROOT
from sync.registry import Registry
from sync.removal import machine_code
from sync.renewal import DAY_S, RENEWED_BEFORE_S, lost
from sync.rotation import held_heads, machines_of
from sync.statements import IncarnationStatement, read_statement

MACHINE_WARNED_BEFORE_S = 90 * DAY_S
"""Later than its renewal by itself: the machine that holds the root has not exchanged since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineLine:
    """A machine of the structure.

    `holds_root` is None when this desk cannot tell: only the machine itself knows.
    `introduced_at_s` is when it last began a life; `bundles` counts what is held here of it, over
    all spaces. `is_leaving`: it is removed at the end of the next exchange.
    """

    id: bytes
    code: str
    from_s: int
    until_s: int
    is_this_one: bool
    holds_root: bool | None
    is_on_paper: bool
    is_removed: bool
    is_leaving: bool
    incarnations: tuple[bytes, ...]
    introduced_at_s: int | None
    bundles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotice:
    """Something that a person must see to: a stable code, and until when (None: at any time)."""

    code: str
    until_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How long this machine and its structure stand, and what to see to.

    The moments are None while the Region has certified nothing.
    """

    certificate_until_s: int | None = None
    machine_until_s: int | None = None
    warnings: tuple[DueNotice, ...] = ()


class Machines(Ceremony):
    """What this desk knows of the machines of its structure."""

    def all(self) -> list[MachineLine]:
        """Return the machines that the structure's root ever signed, those that act first.

        Raises:
            NoRegionError: the structure is not certified yet.
        """
        registry = self.registry()
        structure = self._own(registry)
        lines = [
            self._line(registry, machine)
            for machine in registry.machines
            if structure in registry.structures_of(machine)
        ]
        return sorted(lines, key=lambda line: (line.is_removed, line.is_on_paper, line.from_s))

    def standing(self) -> Standing:
        """Return how long this desk stands in the exchange; nothing stops work when it ends.

        Raises:
            NoRegionError: this desk was given no Region yet.
        """
        registry, machine = self.registry(), self.keyring().machine.id
        structures = registry.structures_of(machine)
        certificate = registry.structures.get(min(structures, default=b""))
        own = registry.machines.get(machine)
        if certificate is None or own is None:
            return Standing()
        return Standing(
            certificate_until_s=certificate.until_s,
            machine_until_s=own.until_s,
            warnings=tuple(self._warnings(registry, certificate.structure)),
        )

    def _warnings(self, registry: Registry, structure: bytes) -> Iterator[DueNotice]:
        machine, now_s = self.keyring().machine.id, self.now_s()
        if registry.is_revoked(machine):
            yield DueNotice(code="machine_removed")
        yield from _due(
            "structure", registry.structures[structure].until_s, now_s, RENEWED_BEFORE_S
        )
        yield from _due(
            "machine", registry.machines[machine].until_s, now_s, MACHINE_WARNED_BEFORE_S
        )
        has_paper = any(
            registry.is_on_paper(one.machine, {structure})
            for one in machines_of(registry, structure)
        )
        if self._holds_root() and not has_paper:
            yield DueNotice(code="no_recovery_kit")
        if undecided(self.port, registry):
            yield DueNotice(code="decision_awaited")

    def _own(self, registry: Registry) -> bytes:
        """Return the structure of this machine, also when it was removed from it."""
        structures = registry.structures_of(self.keyring().machine.id)
        return min(structures) if structures else self.structure(registry)

    def _holds_root(self) -> bool:
        return ROOT in self.port.secrets()

    def _line(self, registry: Registry, machine: bytes) -> MachineLine:
        certificate, is_this_one = registry.machines[machine], self._is_this_one(machine)
        incarnations = [name for name, one in registry.incarnations.items() if one == machine]
        is_on_paper = registry.is_on_paper(machine)
        return MachineLine(
            id=machine,
            code=machine_code(machine),
            from_s=certificate.from_s,
            until_s=certificate.until_s,
            is_this_one=is_this_one,
            holds_root=self._holds_root() if is_this_one else True if is_on_paper else None,
            is_on_paper=is_on_paper,
            is_removed=registry.is_revoked(machine),
            is_leaving=machine in lost(self.port) and not registry.is_revoked(machine),
            incarnations=tuple(sorted(incarnations)),
            introduced_at_s=self._introduced_at_s(machine),
            bundles=sum(head[2] for head in held_heads(self.port, registry, [machine])),
        )

    def _is_this_one(self, machine: bytes) -> bool:
        return machine == self.keyring().machine.id

    def _introduced_at_s(self, machine: bytes) -> int | None:
        said = []
        for data in self.port.statements():
            with suppress(FormatError):
                body = read_statement(data).body
                if isinstance(body, IncarnationStatement) and body.machine == machine:
                    said.append(body.at_s)
        return max(said, default=None)


def _due(what: str, until_s: int, now_s: int, before_s: int) -> Iterator[DueNotice]:
    if until_s <= now_s:
        yield DueNotice(code=f"{what}_expired", until_s=until_s)
    elif until_s - now_s < before_s:
        yield DueNotice(code=f"{what}_expires_soon", until_s=until_s)
