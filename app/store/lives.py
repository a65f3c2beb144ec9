"""The lives of a workspace file: no identifier is ever given twice, whatever is copied or restored.

A file writes events under its incarnation, by a counter. A copy of the file that was written in as
well would give the same identifiers to other events. So each life has a marker outside the file
(`app.store.life_marker`), renewed at each opening; a file whose marker is missing, or says other
than the file, has been restored or cloned: it begins another life, with a new incarnation, before
anything can be written. What a whole restored disk hides is seen by the exchange, which finds
bundles of the present life that this file does not hold.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.domain.errors import DiskFullError, DiskRefusedError
from app.domain.identifiers import Incarnation
from app.store.life_marker import NONCE_BYTES, Marker, Markers
from app.store.writer import Tx, Writer

Reading: TypeAlias = Callable[[], AbstractContextManager[Any]]

_DISK = (DiskFullError, DiskRefusedError)
_IDENTITY = "SELECT incarnation, nonce, sealed FROM identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identity:
    """What the file says of its life; without a number no marker is expected of it."""

    incarnation: Incarnation
    nonce: bytes
    sealed: int


class Life:
    """The life that an open workspace leads.

    Attributes:
        is_marked: whether the marker could be written since the workspace was opened; where it
            cannot, a copy is only seen by the exchange.
        has_looked: whether everything was pulled once since the workspace was opened.
    """

    def __init__(self, writer: Writer, read: Reading, markers: Markers) -> None:
        self.is_marked = False
        self.has_looked = False
        self._writer = writer
        self._read = read
        self._markers = markers
        self._now = self._found() or _identity(writer.write(_first))

    @property
    def incarnation(self) -> Incarnation:
        """The incarnation under which this file writes."""
        return self._now.incarnation

    def begin_if_copied(self) -> None:
        """Begin another life if the marker was written since by another copy of this file."""
        marker = self._markers.read(self.incarnation)
        if self._now.nonce and marker is not None and not self._agrees(marker):
            self.begin_another()

    def open(self) -> None:
        """Compare file and marker, once, before anything is written; begin another life if need be.

        Raises:
            DiskFullError, DiskRefusedError: another life must begin and cannot be written.
        """
        marker = self._markers.read(self.incarnation)
        if self._now.nonce and (marker is None or not self._agrees(marker)):
            self.begin_another()
        else:
            self._renew_marker()

    def begin_another(self) -> None:
        """Draw another incarnation, in one transaction; the present one becomes a former life."""
        former, drawn = self.incarnation, Incarnation(os.urandom(8))
        nonce = self._first_mark(drawn)

        def draw(tx: Tx) -> Any:
            tx.execute("INSERT OR IGNORE INTO lives (incarnation) VALUES (?)", (former,))
            sql = "UPDATE identity SET incarnation = ?, counter = 0, nonce = ?, sealed = 0"
            tx.execute(sql, (drawn, nonce))
            return tx.one(_IDENTITY)

        self._now = _identity(self._writer.write(draw))
        self.has_looked = False

    def mark(self) -> None:
        """Write outside the file what was sealed; a marker that says so already is left alone."""
        self._now = self._found() or self._now
        marker = Marker(nonces=(self._now.nonce,), sealed=self._now.sealed)
        if self._now.nonce and self._markers.read(self.incarnation) != marker:
            self._try(lambda: self._markers.write(self.incarnation, marker))

    def _found(self) -> _Identity | None:
        with self._read() as connection:
            row = connection.execute(_IDENTITY).fetchone()
        return _identity(row) if row is not None else None

    def _agrees(self, marker: Marker) -> bool:
        return self._now.nonce in marker.nonces and marker.sealed <= self._now.sealed

    def _renew_marker(self) -> None:
        """Draw the number of this opening: copies made before hold another one from now on.

        Both numbers are accepted while one gives place to the other, so that no power cut makes
        file and marker disagree.
        """
        nonce, sealed = os.urandom(NONCE_BYTES), self._now.sealed
        both = tuple(number for number in (self._now.nonce, nonce) if number)

        def renew(tx: Tx) -> Any:
            tx.execute("UPDATE identity SET nonce = ?", (nonce,))
            return tx.one(_IDENTITY)

        def write() -> None:
            self._markers.write(self.incarnation, Marker(nonces=both, sealed=sealed))
            self._now = _identity(self._writer.write(renew))
            self._markers.write(self.incarnation, Marker(nonces=(nonce,), sealed=sealed))

        self._try(write)

    def _first_mark(self, life: Incarnation) -> bytes:
        """Write the first marker of a life; return its number, none when it cannot be written."""
        nonce = os.urandom(NONCE_BYTES)
        self._try(lambda: self._markers.write(life, Marker(nonces=(nonce,), sealed=0)))
        return nonce if self.is_marked else b""

    def _try(self, write: Callable[[], None]) -> None:
        """Write a marker if the disk allows: a workspace opens and works without."""
        try:
            write()
            self.is_marked = True
        except _DISK:
            self.is_marked = False


def left_by_former_lives(connection: Any) -> frozenset[bytes]:
    """Return the identifiers of the events that a former life left to be sealed.

    What stays here keeps its name until the person agrees: what was sealed knows it by that one.
    """
    rows = connection.execute(
        "SELECT event FROM events WHERE own = 1 AND bundle IS NULL AND confined = 0"
        " AND substr(event, 1, 8) IN (SELECT incarnation FROM lives)"
        " AND (body IS NOT NULL OR kind = 'erase')"
    )
    return frozenset(row[0] for row in rows)


def note_sealed(tx: Tx, counter: int) -> None:
    """Remember the greatest counter sealed, for the marker."""
    tx.execute("UPDATE identity SET sealed = max(sealed, ?)", (counter,))


def _first(tx: Tx) -> Any:
    """Draw the first incarnation of a new file; its marker is written as it opens."""
    sql = "INSERT OR IGNORE INTO identity (one, incarnation, counter, lamport) VALUES (1, ?, 0, 0)"
    tx.execute(sql, (os.urandom(8),))
    return tx.one(_IDENTITY)


def _identity(row: Any) -> _Identity:
    return _Identity(incarnation=Incarnation(row[0]), nonce=row[1], sealed=row[2])
