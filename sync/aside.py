"""What is set aside at a desk, by reason and by machine, and since when."""

import json
from collections.abc import Mapping

from app.ports import PlaceAside, SyncPort

_SINCE = "aside_since"


def note_aside(port: SyncPort, now_s: int) -> None:
    """Remember when something was first seen set aside, for each reason and author."""
    before = since(port)
    seen = {_key(one.reason, one.incarnation) for one in port.places_aside()}
    after = {key: before.get(key, now_s) for key in sorted(seen)}
    port.keep_memo(_SINCE, json.dumps(after) if after else "")


def first_seen_s(since_s: Mapping[str, int], one: PlaceAside) -> int | None:
    """Return since when bundles of that reason and author have been set aside."""
    return since_s.get(_key(one.reason, one.incarnation))


def since(port: SyncPort) -> Mapping[str, int]:
    """Return what `note_aside` remembered, for `first_seen_s`."""
    kept: Mapping[str, int] = json.loads(port.memo(_SINCE) or "{}")
    return kept


def _key(reason: str, incarnation: bytes) -> str:
    return f"{reason}/{incarnation.hex()}"
