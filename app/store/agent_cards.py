"""The labels of the agents who can unlock: all that the first window needs of a workspace.

Kept apart from the slots themselves so that the first window loads no cryptography.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.errors import (
    DiskRefusedError,
    WorkspaceDamagedError,
    WorkspaceFromTheFutureError,
)

DATABASE_FILE = "desk.db"
SLOTS_FILE = "slots.json"
FORMAT = 1
RECOVERY_SLOT = "recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCard:
    """What the unlock screen shows of a slot: no more than a label chosen by the agent."""

    slot_id: str
    label: str


def agent_cards(folder: Path) -> tuple[AgentCard, ...]:
    """Return the agents who can unlock a workspace, in the order they were added.

    Returns:
        Nobody when there is no workspace.

    Raises:
        WorkspaceDamagedError: the slots are unreadable, or gone while the file is there.
        WorkspaceFromTheFutureError, DiskRefusedError.
    """
    if not (folder / SLOTS_FILE).exists():
        if (folder / DATABASE_FILE).exists():
            raise WorkspaceDamagedError  # its slots may come back from a backup: nobody replaces it
        return ()
    return tuple(
        AgentCard(slot_id=slot_id, label=str(slot.get("label", "")))
        for slot_id, slot in read_slots(folder / SLOTS_FILE).items()
        if slot_id != RECOVERY_SLOT
    )


def read_slots(path: Path) -> dict[str, dict[str, Any]]:
    """Return the slots of a file, by name, still sealed.

    Raises:
        WorkspaceDamagedError: the file is not what this program writes.
        WorkspaceFromTheFutureError: a newer program wrote it.
        DiskRefusedError: the disk refuses to be read.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["format"] > FORMAT:
            raise WorkspaceFromTheFutureError
        return {name: dict(slot) for name, slot in content["slots"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WorkspaceDamagedError from error
    except OSError as error:
        raise DiskRefusedError from error
