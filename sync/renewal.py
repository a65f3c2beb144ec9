"""What a machine does at the end of each exchange, above all the one that holds the root.

Certificates that near their end are signed again; machines that somebody said are lost are removed
once everything they sent has come; a key that somebody removed holds is replaced; whoever was left
out is handed the structure's keys. Other machines only note since when bundles are set aside.
"""

import json
from collections.abc import Iterable, Sequence

from app.ports import Clock, SyncPort
from sync.aside import note_aside
from sync.keyring import Keyring
from sync.keys import StructureRoot
from sync.registry import Registry
from sync.rotation import (
    held_heads,
    is_doubled,
    is_exposed,
    is_outlived,
    machines_of,
    revoke,
    rotate,
    structure_keys_left_out,
)
from sync.statements import MachineCertificate, sign_statement, statement_name

DAY_S = 86_400
MACHINE_VALID_S = 3 * 366 * DAY_S
RENEWED_BEFORE_S = 180 * DAY_S

_LOST = "machines_lost"


def renew(port: SyncPort, registry: Registry, keyring: Keyring, clock: Clock) -> tuple[bytes, ...]:
    """Sign again the certificates that near their end; return them, kept in the store.

    Repeating it signs nothing more. Machines without the structure's root sign nothing.
    """
    if keyring.root is None:
        return ()
    made = _renewed(registry, keyring.root, int(clock.now().timestamp()))
    port.keep_statements({statement_name(data): data for data in made})
    return tuple(made)


def keep_up(
    port: SyncPort, registry: Registry, keyring: Keyring, clock: Clock
) -> tuple[bytes, ...]:
    """Sign what is due once all is here; return the statements made, kept in the store.

    To be called when everything has been pulled. Repeating it makes nothing more.
    """
    now_s = int(clock.now().timestamp())
    note_aside(port, now_s)
    root = keyring.root
    if root is None or keyring.machine.id not in registry.machines:
        return ()
    made = _lost_removed(port, registry, root, now_s)
    known = _with(registry, made)
    must_hide = (
        is_exposed(known, root.id)
        or is_doubled(known, root.id)
        or not keyring.holds_profile(known, root.id)
    )
    if must_hide or is_outlived(known, root.id):
        made += rotate(known, keyring, root, by_age=not must_hide)
        known = _with(registry, made)
    made += structure_keys_left_out(known, keyring, root.id)
    port.keep_statements({statement_name(data): data for data in made})
    port.keep_memo(_LOST, "")
    return tuple(made)


def remember_lost(port: SyncPort, machines: Iterable[bytes]) -> None:
    """Note machines to remove when all they sent has come: what they wrote must not be refused."""
    port.keep_memo(_LOST, json.dumps(sorted({one.hex() for one in (*machines, *lost(port))})))


def lost(port: SyncPort) -> tuple[bytes, ...]:
    """Return the machines that are to be removed at the end of the next exchange."""
    return tuple(map(bytes.fromhex, json.loads(port.memo(_LOST) or "[]")))


def _with(registry: Registry, made: Sequence[bytes]) -> Registry:
    return registry.with_statements(made) if made else registry


def _lost_removed(
    port: SyncPort, registry: Registry, root: StructureRoot, now_s: int
) -> list[bytes]:
    return [
        revoke(
            registry,
            root,
            machine,
            accepted=held_heads(port, registry, [machine]),
            now_s=now_s,
        )
        for machine in lost(port)
        if not registry.is_revoked(machine) and root.id in registry.structures_of(machine)
    ]


def _renewed(registry: Registry, root: StructureRoot, now_s: int) -> list[bytes]:
    return [
        sign_statement(
            MachineCertificate(
                structure=root.id,
                machine=machine.machine,
                sign=machine.sign,
                hpke=machine.hpke,
                from_s=now_s,
                until_s=now_s + MACHINE_VALID_S,
            ),
            root.private_key,
        )
        for machine in machines_of(registry, root.id)
        if machine.until_s - now_s < RENEWED_BEFORE_S
    ]
