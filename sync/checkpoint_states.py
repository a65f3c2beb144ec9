"""Where the checkpoints of each space stand, told to whoever looks: a memo in the file."""

import json
from collections.abc import Sequence

from app.checkpoint_port import CHECKPOINT_STATES
from app.domain.identifiers import SpaceId
from app.ports import SyncPort
from sync.checkpoint_adoption import DIFFERS, DISAGREES
from sync.registry import Registry
from sync.statements import fingerprint


def note_states(port: SyncPort, registry: Registry, spaces: Sequence[SpaceId]) -> None:
    """Remember, for each space, its last checkpoint, when it was made, and whom it waits for.

    A state is `none`, `waiting`, `loading`, `differs` or `adopted`; `waiting` names machines by
    their identifiers and structures.
    """
    states = [_state(port, registry, space) for space in spaces]
    port.keep_memo(CHECKPOINT_STATES, json.dumps(states, sort_keys=True))


def _state(port: SyncPort, registry: Registry, space: SpaceId) -> dict[str, object]:
    last, adopted = registry.last_proposal(space), port.adopted(space)
    waits_for = sorted(registry.waits_for(last[0])) if last else []
    members = registry.members_of_space(space)
    return {
        "space": space.hex(),
        "kind": registry.spaces[space].space_kind,
        "members": [member.hex() for member in sorted(members)],
        "number": last[1].number if last else 0,
        "at": last[1].at_s if last else 0,
        "adopted": adopted.number if adopted else 0,
        "adopted_at": adopted.at_s if adopted else 0,
        "state": _word(port, registry, space),
        "waiting": [
            {
                "machine": machine.hex(),
                "code": fingerprint(machine),
                "structure": min(registry.structures_of(machine) & members).hex(),
            }
            for machine in waits_for
        ],
    }


def _word(port: SyncPort, registry: Registry, space: SpaceId) -> str:
    last = registry.last_proposal(space)
    if last is None:
        return "none"
    name = last[0].hex()
    if any(port.memo(memo + space.hex()).startswith(name) for memo in (DIFFERS, DISAGREES)):
        return "differs"
    if registry.waits_for(last[0]):
        return "waiting"
    adopted = port.adopted(space)
    return "adopted" if adopted and adopted.checkpoint == last[0] else "loading"
