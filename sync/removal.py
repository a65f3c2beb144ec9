"""Machines that leave a structure, what they wrote afterwards, and keys that may have leaked.

All of it is signed by the structure's root, on the machine that holds it, and counts everywhere
once it has been exchanged. A machine that was removed goes on working where it is.
"""

from dataclasses import dataclass

from sync.ceremony import Ceremony
from sync.errors import NothingLateError, RemovesItselfError, UnknownMachineError
from sync.registry import Registry
from sync.rotation import held_heads, late_heads, revoke, rotate
from sync.statements import fingerprint

CODE_SIGNS = 8
_SHORTEST_PREFIX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A machine just removed: `accepted` counts the chains of bundles kept from it."""

    machine: bytes
    code: str
    accepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What came late of a removed machine and is accepted now: so many `bundles`."""

    machine: bytes
    code: str
    bundles: int


def machine_code(machine: bytes) -> str:
    """Return the code `XXXX-XXXX` by which people name a machine."""
    return fingerprint(machine)


def machine_named(registry: Registry, structure: bytes, named: str) -> bytes:
    """Return the machine of a structure that bears a code or an identifier, or begins with it.

    Raises:
        UnknownMachineError: none does, or several.
    """
    signs = "".join(sign for sign in named if sign.isalnum())
    found = [
        machine
        for machine in registry.machines
        if structure in registry.structures_of(machine)
        and (
            machine_code(machine).replace("-", "") == signs.upper()
            or (len(signs) >= _SHORTEST_PREFIX and machine.hex().startswith(signs.lower()))
        )
    ]
    if len(found) != 1:
        raise UnknownMachineError(named)
    return found[0]


class Removal(Ceremony):
    """What the machine that holds the root decides of the others."""

    def remove(self, named: str) -> Removed:
        """Remove a machine, and make the keys that it does not know.

        Of what it wrote, all that was settled here stays; the rest waits for a decision. Repeating
        it changes nothing.

        Raises:
            NotTheRootError: this machine does not hold the root.
            UnknownMachineError: no machine of the structure is so named.
            RemovesItselfError: it is this one.
        """
        root, keyring, registry = self.root(), self.keyring(), self.registry()
        machine = machine_named(registry, root.id, named)
        if machine == keyring.machine.id:
            raise RemovesItselfError
        accepted = held_heads(self.port, registry, [machine])
        if not registry.is_revoked(machine):
            made = [revoke(registry, root, machine, accepted=accepted, now_s=self.now_s())]
            self.keep(made)
            self.keep(rotate(registry.with_statements(made), keyring, root))
        return Removed(machine=machine, code=machine_code(machine), accepted=len(accepted))

    def rotate(self) -> int:
        """Make new keys for the structure and its spaces; return the new generation.

        Raises:
            NotTheRootError: this machine does not hold the root.
        """
        root, registry = self.root(), self.registry()
        made = rotate(registry, self.keyring(), root)
        self.keep(made)
        return registry.with_statements(made).profiles[root.id].generation

    def accept_late(self, named: str) -> Accepted:
        """Accept what a removed machine wrote after its removal, as far as it has come here.

        Raises:
            NotTheRootError, UnknownMachineError.
            NothingLateError: nothing of that machine waits.
        """
        root, registry = self.root(), self.registry()
        machine = machine_named(registry, root.id, named)
        before = held_heads(self.port, registry, [machine])
        after = late_heads(self.port, registry, machine)
        bundles = sum(head[2] for head in after) - sum(head[2] for head in before)
        if not bundles:
            raise NothingLateError
        self.keep([revoke(registry, root, machine, accepted=after, now_s=self.now_s())])
        return Accepted(machine=machine, code=machine_code(machine), bundles=bundles)
