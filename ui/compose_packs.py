"""A published file, or a pack that the Region signed, into the desk's directory."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.pack_port import PackState, WholePack
from app.reference.importing.parsed import Options
from app.usecases.directory.imports import Imported, Proposed, propose_import
from app.usecases.directory.region_packs import PackOpened, arrived_pack, import_pack
from sync.errors import CarriedFileRefusedError
from sync.information_packs import DIRECTORY, Pack, read_pack
from sync.pack_marks import MAX_PACK_BYTES, pack_name
from sync.signed_packs import PackError, is_pack
from ui.compose import membership_of, sync_port_of
from ui.pack_words import day_made, pack_title

if TYPE_CHECKING:
    from app.reference.importing.parsed import Format
    from app.usecases.desk import Desk


def propose_file(
    desk: "Desk",
    file: Path,
    options: Options | None = None,
    *,
    expected: "Format | None" = None,
) -> Proposed:
    """Say what a file would change; a pack is opened first, and must be the Region's own.

    Raises:
        NoRegionError: a pack, and this desk knows no Region to check it by.
        CarriedFileRefusedError: a pack that was changed, or is another Region's.
        ImportingError, UnexpectedFormatError: see `propose_import`.
    """
    options = options or Options()
    packed = _packed(file)
    if not packed:
        return propose_import(desk, file, options, expected=expected)
    content, whole = _opened(desk, packed)
    published_on = options.published_on or day_made(whole.made_s)
    named = replace(options, name=file.name, published_on=published_on)
    return replace(propose_import(desk, content, named, expected=expected), pack=whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPack:
    """A directory of the Region that was imported by itself, and of which day it is."""

    made_on: dt.date
    imported: Imported


def import_arrived(
    desk: "Desk", is_over: Callable[[], bool] = lambda: False
) -> ImportedPack | None:
    """Import the Region's directory if one came, behind whatever the screen saves.

    Args:
        desk: the desk.
        is_over: asked between two short transactions; the rest is done the next time.

    Returns:
        None when nothing waits, when it was stopped, or when it cannot be imported.

    Raises:
        AppError: the disk is full, for instance; nothing is lost.
    """
    arrived = arrived_pack(desk)
    if arrived is None:
        return None
    port = sync_port_of(desk)
    try:
        key = membership_of(desk).region().authority_key
        pack = read_pack(port.pack_bytes(arrived.name), key)
    except PackError as error:
        port.settle_pack(arrived.name, PackState.UNREADABLE, reason=error.code)
        return None
    opened = pack_opened(arrived.name, pack)
    imported = import_pack(desk, opened, is_over)
    return ImportedPack(made_on=opened.made_on, imported=imported) if imported else None


def pack_opened(name: bytes, pack: Pack) -> PackOpened:
    """Return what a pack holds as it is imported, under the title that the list gives it."""
    made_on = day_made(pack.made_s)
    title = pack_title(made_on)
    return PackOpened(name=name, made_on=made_on, content=pack.content, title=title)


def _packed(file: Path) -> bytes:
    """Return the bytes of a pack, none of any other file; what cannot be read is said later."""
    try:
        with file.open("rb") as opened:
            head = opened.read(16)
            return head + opened.read(MAX_PACK_BYTES) if is_pack(head) else b""
    except OSError:
        return b""


def _opened(desk: "Desk", packed: bytes) -> tuple[bytes, WholePack]:
    """Return what a pack holds, and the pack itself, to be kept if it is imported."""
    try:
        pack = read_pack(packed, membership_of(desk).region().authority_key)
    except PackError as error:
        raise CarriedFileRefusedError(reason=error.code) from error
    if pack.kind != DIRECTORY:
        raise CarriedFileRefusedError(reason="malformed")
    whole = WholePack(name=pack_name(packed), kind=pack.kind, made_s=pack.made_s, data=packed)
    return pack.content, whole
