"""What tests do with the folder of a workspace."""

from pathlib import Path

from app.store.slots import Slots
from app.store.workspace import Workspace, open_workspace
from tests.builders import PASSPHRASE
from tests.fakes.clock import TickingClock

AGENT = "Alix Exemple"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "desk.lock"}


def slot_of(folder: Path) -> str:
    (card,) = Slots(folder).cards()
    assert card.label == AGENT
    return card.slot_id


def unlock(folder: Path, passphrase: str = PASSPHRASE, **fields) -> Workspace:
    if "slot_id" not in fields:
        fields["slot_id"] = slot_of(folder)
    known = {"now": TickingClock().now()}
    return open_workspace(folder, passphrase=passphrase, **(known | fields))
