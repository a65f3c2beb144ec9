"""Pieces of checkpoints: which are taken, and how they are given.

They travel by the frames and offsets of bundles. Which are taken is decided by their names alone,
which believed checkpoints tell: nobody fills the relay with what no checkpoint needs.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from sync.canonical import FormatError
from sync.pieces import CHUNK_MAGIC, MANIFEST_MAGIC, piece_space
from sync.relay.covers import Owner
from sync.relay.directory import Caller, View
from sync.relay.pulls import SLICE_BYTES, Resumed, frame_from
from sync.relay.quotas import Quotas, structure_of
from sync.relay.tables import pieces

UNKNOWN_PIECE = "unknown_piece"


def is_piece(data: bytes) -> bool:
    """Does that begin as a piece does, and not as a bundle?"""
    return data.startswith((CHUNK_MAGIC, MANIFEST_MAGIC))


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceKeeper:
    """Checks whole pieces for one caller and keeps them."""

    view: View
    caller: Caller
    quotas: Quotas

    def owner_of(self, name: bytes) -> Owner | None:
        """Return whose piece that is, if a checkpoint that the caller may know names it."""
        owner = self.view.covers.live_pieces.get(name)
        if owner is None or not self.view.may_see_space(self.caller, owner.space):
            return None
        return owner

    def sizes_of(self, connection: Connection, names: Iterable[bytes]) -> dict[bytes, int]:
        """Return the lengths of those pieces that are kept and that the caller may know."""
        named = [name for name in names if self.owner_of(name) is not None]
        if not named:
            return {}
        asked = select(pieces.c.name, pieces.c.size).where(pieces.c.name.in_(named))
        return {bytes(row.name): row.size for row in connection.execute(asked)}

    def has_room(self, connection: Connection, owner: Owner, more_bytes: int) -> bool:
        """Is there room for so many more bytes of pieces of that checkpoint's author?"""
        structure = structure_of(self.view.registry, owner.machine)
        return self.quotas.has_piece_room(connection, self.view.registry, structure, more_bytes)

    def keep(
        self, connection: Connection, arrived: Iterable[tuple[bytes, bytes]], *, now: int
    ) -> dict[bytes, str]:
        """Keep pieces, each a name and whole bytes; say by name why not, or nothing."""
        codes = {}
        for name, data in arrived:
            codes[name] = self._flaw(connection, name, data)
            if not codes[name] and name not in self.sizes_of(connection, [name]):
                connection.execute(insert(pieces).values(self._row(name, data) | {"at": now}))
        return codes

    def _row(self, name: bytes, data: bytes) -> dict[str, Any]:
        owner = self.view.covers.live_pieces[name]
        return {
            "name": name,
            "space": owner.space,
            "machine": owner.machine,
            "size": len(data),
            "body": data,
        }

    def _flaw(self, connection: Connection, name: bytes, data: bytes) -> str:
        owner = self.owner_of(name)
        if owner is None:
            return UNKNOWN_PIECE
        try:
            space = piece_space(data)
        except FormatError as error:
            return error.code
        if hashlib.sha256(data).digest() != name or space != owner.space:
            return "wrong_name"
        return "" if self.has_room(connection, owner, len(data)) else "quota_exceeded"


@dataclass(kw_only=True)
class Fetch:
    """Pieces on their way out, in the order asked; those that are not kept are left out.

    `next_slice` is called until it `is_over`.
    """

    space: bytes
    names: Sequence[bytes]
    resumed: Resumed | None
    _given: int = 0

    @property
    def is_over(self) -> bool:
        """Was everything given?"""
        return self._given >= len(self.names)

    def next_slice(self, connection: Connection) -> bytes:
        """Return the next frames, some hundred kilobytes of them."""
        frames = bytearray()
        while not self.is_over and len(frames) < SLICE_BYTES:
            name = self.names[self._given]
            self._given += 1
            wanted = select(pieces.c.body).where(
                pieces.c.name == name, pieces.c.space == self.space
            )
            body = connection.scalar(wanted)
            if body is not None:
                frames += frame_from(self.resumed, name, bytes(body))
        return bytes(frames)
