"""A published file, or a pack that the Region signed, into the desk's directory."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.reference.importing.parsed import Options
from app.usecases.directory.imports import Proposed, propose_import
from sync.errors import CarriedFileRefusedError
from sync.information_packs import DIRECTORY, PackError, is_pack, read_pack
from sync.pack_marks import MAX_PACK_BYTES
from ui.compose import membership_of

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
    content, made_on = _opened(desk, packed)
    named = replace(options, name=file.name, published_on=options.published_on or made_on)
    return propose_import(desk, content, named, expected=expected)


def _packed(file: Path) -> bytes:
    """Return the bytes of a pack, none of any other file; what cannot be read is said later."""
    try:
        with file.open("rb") as opened:
            head = opened.read(16)
            return head + opened.read(MAX_PACK_BYTES) if is_pack(head) else b""
    except OSError:
        return b""


def _opened(desk: "Desk", packed: bytes) -> tuple[bytes, dt.date]:
    try:
        pack = read_pack(packed, membership_of(desk).region().authority_key)
    except PackError as error:
        raise CarriedFileRefusedError(reason=error.code) from error
    if pack.kind != DIRECTORY:
        raise CarriedFileRefusedError(reason="malformed")
    return pack.content, dt.datetime.fromtimestamp(pack.made_s, tz=dt.UTC).date()
