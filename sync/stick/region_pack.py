"""The Region's directory on a stick: beside the folders of machines, and never in their way.

It is public and signed by the Region, so that its signature is enough: no manifest names it, and
one file serves every reader. Records go first, and take its room where there is not enough for all.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from app.changes import Changes
from app.pack_port import IS_THE_REGIONS, PackPort
from sync.canonical import FormatError
from sync.errors import StickFullError
from sync.information_packs import DIRECTORY
from sync.pack_arrival import KEPT_AT_ONCE, keep_if_genuine, made_last, refusal_of
from sync.pack_marks import PackMark
from sync.signed_packs import signed_mark
from sync.stick.folder import DamagedFileError, StickFolder


class PackOnStick(StrEnum):
    """What became of the directory of a stick that was written or read.

    Written: it is there, now or from before (`written`); the stick holds a later one (`later`); the
    stick has no room for it (`no_room`). Read: it is later than ours and was taken (`taken`); we
    hold it (`known`), or a later one (`older`); its bytes are not what the Region signed
    (`damaged`), or another Region did (`other_region`).
    """

    NONE = ""
    WRITTEN = "written"
    LATER = "later"
    NO_ROOM = "no_room"
    TAKEN = "taken"
    KNOWN = "known"
    OLDER = "older"
    DAMAGED = "stick_pack_damaged"
    OTHER_REGION = "stick_pack_other_region"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedPack:
    """What became of it, and when the Region made it (seconds since 1970, 0 when nobody knows)."""

    what: PackOnStick = PackOnStick.NONE
    made_s: int = 0


NO_PACK = CarriedPack()


def write_pack(port: PackPort, authority_key: bytes, stick: StickFolder) -> CarriedPack:
    """Put the last directory held here on a stick, unless a later one is there.

    Raises:
        StickReadOnlyError, StickRemovedError: the stick refuses; what it held stands.
    """
    whole = (one for one in port.packs() if one.kind == DIRECTORY and one.state in IS_THE_REGIONS)
    held = next(whole, None)
    if held is None:
        return NO_PACK
    with suppress(DamagedFileError, FormatError):
        there = signed_mark(stick.pack(DIRECTORY), authority_key)
        if there.kind == DIRECTORY and there.made_s > held.made_s:
            return CarriedPack(what=PackOnStick.LATER, made_s=there.made_s)
    try:
        stick.put_pack(DIRECTORY, port.pack_bytes(held.name))
    except StickFullError:
        return CarriedPack(what=PackOnStick.NO_ROOM, made_s=held.made_s)
    return CarriedPack(what=PackOnStick.WRITTEN, made_s=held.made_s)


def take_pack(
    port: PackPort, authority_key: bytes, stick: StickFolder, changed: Callable[[Changes], None]
) -> CarriedPack:
    """Take the directory of a stick if it is the Region's and later than the one held here.

    Raises:
        StickRemovedError: the stick went away.
        AppError: the disk is full.
    """
    try:
        data = stick.pack(DIRECTORY)
    except DamagedFileError:
        return CarriedPack(what=PackOnStick.DAMAGED)
    if not data:
        return NO_PACK
    try:
        mark = signed_mark(data, authority_key)
    except FormatError as error:
        is_others = refusal_of(data, authority_key, error) == "wrong_identifier"
        return CarriedPack(what=PackOnStick.OTHER_REGION if is_others else PackOnStick.DAMAGED)
    held_s = made_last(port).get(mark.kind)
    if held_s is None:
        return NO_PACK  # of a kind that a later program reads
    if mark.made_s <= held_s:
        what = PackOnStick.KNOWN if mark.made_s == held_s else PackOnStick.OLDER
        return CarriedPack(what=what, made_s=mark.made_s)
    changed(_keep(port, mark, data, authority_key))
    return CarriedPack(what=PackOnStick.TAKEN, made_s=mark.made_s)


def _keep(port: PackPort, mark: PackMark, data: bytes, authority_key: bytes) -> Changes:
    """Keep the bytes of a pack in the place of what may have come of it by the network."""
    port.forget_pack(mark.name)
    port.begin_pack(name=mark.name, kind=mark.kind, made_s=mark.made_s, size=mark.size)
    for start in range(0, len(data), KEPT_AT_ONCE):
        port.add_to_pack(mark.name, data[start : start + KEPT_AT_ONCE])
    return keep_if_genuine(port, mark, authority_key)
