"""The packs of a relay in memory: told to whoever has older ones, given from an offset on."""

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING

from sync.errors import LinkCutError, RelayRefusedError
from sync.pack_marks import PackMark
from sync.signed_packs import signed_mark

if TYPE_CHECKING:
    from tests.fakes.transport import RelayModel

CHUNK_BYTES = 16_384


def publish(relay: "RelayModel", pack: bytes) -> PackMark:
    """Keep a pack, whoever made it and whenever: what desks do with it is what is tried."""
    mark = signed_mark(pack, relay.authority_key)
    relay.packs[mark.kind] = mark
    relay.pack_bytes = {mark.name: pack}
    return mark


def told_packs(relay: "RelayModel", held: Mapping[str, int]) -> tuple[PackMark, ...]:
    later = (one for one in relay.packs.values() if one.made_s > held.get(one.kind, 0))
    return tuple(one for one in later if one.kind in held)


def given_pack(relay: "RelayModel", pack: PackMark, offset: int) -> Generator[bytes]:
    if pack.name not in relay.pack_bytes:
        raise RelayRefusedError(status=404, refusal="not_found")
    data = relay.pack_bytes[pack.name]
    for start in range(offset, len(data), CHUNK_BYTES):
        passed, is_cut = relay.carried(data[start : start + CHUNK_BYTES])
        yield passed
        if is_cut:
            raise LinkCutError
