"""Which machines have been silent for long, by when their words came here: not by their clocks."""

import json

from app.domain.identifiers import SpaceId
from app.ports import SyncPort
from sync.registry import Registry

DORMANT_AFTER_S = 90 * 86_400

_HEARD = "heard"


def note_heard(port: SyncPort, registry: Registry, *, now_s: int) -> frozenset[bytes]:
    """Note what came of each machine since last time; return those silent for 90 days.

    What a machine says is told by its last statement and by its bundles. One that was never noted
    is heard now.
    """
    before = json.loads(port.memo(_HEARD) or "{}")
    heard: dict[str, tuple[str, int]] = {}
    for name, mark in _marks(port, registry).items():
        known, at_s = before.get(name, ("", now_s))
        heard[name] = (mark, min(int(at_s), now_s) if known == mark else now_s)
    port.keep_memo(_HEARD, json.dumps(heard, sort_keys=True))
    silent_since_s = now_s - DORMANT_AFTER_S
    return frozenset(
        bytes.fromhex(name) for name, (_, at_s) in heard.items() if at_s < silent_since_s
    )


def _marks(port: SyncPort, registry: Registry) -> dict[str, str]:
    """Sum up what each machine has said, so that anything more changes it."""
    bundles: dict[bytes, int] = {}
    for space in registry.spaces:
        for place in port.heads(SpaceId(space)):
            machine = registry.incarnations.get(place.incarnation)
            if machine is not None:
                bundles[machine] = bundles.get(machine, 0) + place.sequence
    return {
        machine.hex(): f"{registry.last_said_s(machine)}/{bundles.get(machine, 0)}"
        for machine in registry.machines
    }
