"""What this desk believes, out of its statements and of what it knew first.

The first root known for a reference of the directory stands, and the first machine known under an
incarnation, whatever is certified or claimed later and however it is dated: this is remembered in
the store, beside the statements, and read again with them.
"""

import json
import threading
from collections.abc import Iterable

from app.domain.identifiers import Incarnation
from app.ports import SyncPort
from sync.certificates import Conflict, Pinned
from sync.registry import Registry
from sync.statement_shelf import Findings, Shelf

_KNOWN_FIRST = "known_first"
_DECIDED = "decided_conflicts"


_found = Findings()
_one_at_a_time = threading.Lock()


def registry_of(port: SyncPort, authority_key: bytes) -> Registry:
    """Return what is believed at this desk; what it knew first stands. Any thread.

    Each exchange asks again: that a key signed certain bytes is checked once in a process.
    """
    with _one_at_a_time:
        shelf = Shelf(port.statements(), _found)
    registry = Registry(authority_key, shelf, pinned=_pinned(port))
    with _one_at_a_time:
        _found.learn(shelf.findings)
    return registry


def note_registry(port: SyncPort, registry: Registry) -> None:
    """Tell the desk which structures take part and which incarnations are whose.

    A structure that was removed, or whose root gave way to another, takes part no more.

    What is believed for the first time is remembered as such. Repeating it changes nothing.
    """
    _remember(port, registry)
    port.note_structures(
        [
            (body.structure, body.name, body.directory)
            for body in registry.structures.values()
            if body.structure in registry.profiles and not registry.is_revoked(body.structure)
        ]
    )
    port.note_machines(
        {
            Incarnation(incarnation): min(structures)
            for incarnation, machine in registry.incarnations.items()
            if (structures := registry.structures_of(machine))
        }
    )


def pin_root(port: SyncPort, reference: str, structure: bytes, authority_key: bytes) -> None:
    """Make another root stand for a reference of the directory, as a person decided."""
    known = _pinned(port)
    _keep_pinned(
        port, Pinned(roots={**known.roots, reference: structure}, incarnations=known.incarnations)
    )
    note_registry(port, registry_of(port, authority_key))


def undecided(port: SyncPort, registry: Registry) -> list[Conflict]:
    """Return the conflicts of which nobody at this desk has decided yet."""
    decided = _decided(port)
    return [one for one in registry.conflicts if _key(one) not in decided]


def note_decided(port: SyncPort, conflicts: Iterable[Conflict]) -> None:
    """Remember that a person settled these. What is set aside by somebody else asks anew."""
    decided = _decided(port) | {_key(one) for one in conflicts}
    port.keep_memo(_DECIDED, json.dumps(sorted(decided)))


def _decided(port: SyncPort) -> set[tuple[str, ...]]:
    return {tuple(key) for key in json.loads(port.memo(_DECIDED) or "[]")}


def _key(conflict: Conflict) -> tuple[str, ...]:
    return conflict.code, conflict.about, conflict.kept.hex(), conflict.set_aside.hex()


def _pinned(port: SyncPort) -> Pinned:
    text = port.memo(_KNOWN_FIRST)
    if not text:
        return Pinned()
    known = json.loads(text)
    return Pinned(
        roots={reference: bytes.fromhex(name) for reference, name in known["roots"].items()},
        incarnations={
            bytes.fromhex(incarnation): bytes.fromhex(machine)
            for incarnation, machine in known["incarnations"].items()
        },
    )


def _remember(port: SyncPort, registry: Registry) -> None:
    before = _pinned(port)
    roots = {
        body.directory: structure
        for structure, body in registry.structures.items()
        if body.directory
    }
    incarnations = dict(registry.incarnations) | dict(before.incarnations)
    _keep_pinned(port, Pinned(roots=roots | dict(before.roots), incarnations=incarnations))


def _keep_pinned(port: SyncPort, pinned: Pinned) -> None:
    known = {
        "roots": {reference: name.hex() for reference, name in pinned.roots.items()},
        "incarnations": {
            incarnation.hex(): machine.hex() for incarnation, machine in pinned.incarnations.items()
        },
    }
    port.keep_memo(_KNOWN_FIRST, json.dumps(known, sort_keys=True))
