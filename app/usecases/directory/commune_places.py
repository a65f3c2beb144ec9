"""The communes of this desk: at the exact places of a file that was imported, once there is one."""

import json
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from app.reference.communes import CommunePlace, Communes
from app.store.directory_rows import imports_edition, places
from app.usecases.desk import Desk

if TYPE_CHECKING:
    from app.store.workspace import Workspace

_kept: "WeakKeyDictionary[Workspace, tuple[tuple[Any, ...], Communes]]" = WeakKeyDictionary()


def desk_communes(desk: Desk) -> Communes:
    """Return the communes, by which distances are measured and maps drawn here. Any thread.

    They are made again when an import came or was undone.
    """
    with desk.workspace.read() as connection:
        now = imports_edition(connection)
        kept = _kept.get(desk.workspace)
        if kept is not None and kept[0] == now:
            return kept[1]
        found = {code: CommunePlace(**json.loads(body)) for code, body in places(connection)}
    shipped = desk.reference.communes
    made = shipped.placed_at(found) if found else shipped
    _kept[desk.workspace] = now, made
    return made
