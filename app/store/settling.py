"""Settling the bundles of other machines, by transactions short enough for a save to slip in.

The events come first, some milliseconds of them at a time, each slice with its fold; the last one
writes the bundle's bytes and coverage. One that was cut short is settled again: what it had brought
is known already.
"""

import time
from collections.abc import Sequence
from typing import Any

from app.changes import Changes
from app.checkpoint_port import CoveredPlace
from app.domain.errors import ForgedEventError
from app.domain.events import Event
from app.domain.identifiers import Incarnation
from app.domain.spaces import Space
from app.ports import PulledBundle, SealedBundle, Settled
from app.store.log import add_foreign, check_not_forged, remember_space
from app.store.rewriting import make_way
from app.store.rows import fold_subjects
from app.store.sealed_bundles import EXCHANGE, insert_bundle
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx

SLICE_S, LONGEST_SLICE_S = 0.025, 0.1
"""For how long a slice takes events while somebody waits for the writer, and while nobody does:
each commit costs as much as a hundred events. The commit comes on top."""

_FOLDED_AT_ONCE = 64

_KNOWN = "SELECT 1 FROM bundles WHERE name = ?"
_TAKEN = "SELECT 1 FROM bundles WHERE space = ? AND incarnation = ? AND sequence = ?"


def settle(workspace: Workspace, pulled: PulledBundle) -> Settled:
    """Apply a bundle; see `app.ports.SyncPort.settle`."""
    bundle = pulled.bundle
    with workspace.read() as connection:
        if connection.execute(_KNOWN, (bundle.name,)).fetchone():
            return Settled()
        place = (bundle.space, bundle.incarnation, bundle.sequence)
        if connection.execute(_TAKEN, place).fetchone():
            raise ForgedEventError  # another bundle stands there: its author forked the chain
        is_former = is_former_life(connection, bundle.incarnation)
        if not is_former:
            # All of them before any is written: a bundle with a forged event changes nothing.
            check_not_forged(connection, pulled.events)
    return _Slices(workspace, pulled, is_former=is_former).write()


def settle_survivors(
    workspace: Workspace, space: Space, events: Sequence[Event], place: CoveredPlace
) -> Settled:
    """Apply survivors of one incarnation; see `CheckpointPort.apply_survivors`."""
    with workspace.read() as connection:
        is_former = is_former_life(connection, place.incarnation)
        if not is_former:
            check_not_forged(connection, events)
    covered = PulledBundle(
        bundle=SealedBundle(
            name=place.name,
            space=space.id,
            incarnation=place.incarnation,
            sequence=place.sequence,
            previous=b"",
            data=b"",
        ),
        space=space,
        structure=b"",
        events=tuple(events),
        seen={},
    )
    return _Slices(workspace, covered, is_former=is_former, covers=False).write()


class _Slices:
    """The events of a bundle that remain to be written."""

    def __init__(
        self,
        workspace: Workspace,
        pulled: PulledBundle,
        *,
        is_former: bool,
        covers: bool = True,
    ) -> None:
        self._covers = covers
        self._writer = workspace.writer
        self._compartments = workspace.compartments
        self._pulled = pulled
        self._is_former = is_former
        self._done = 0
        self._applied = 0
        self._changes = EXCHANGE

    def write(self) -> Settled:
        """Write slice after slice, each behind whatever the screen asks."""
        is_last = False
        while not is_last:
            done, applied, changes, is_last = self._writer.write(
                self._slice, priority=Priority.EXCHANGE
            )
            self._done, self._applied = done, self._applied + applied
            self._changes |= changes
        return Settled(applied=self._applied, changes=self._changes)

    def _slice(self, tx: Tx) -> tuple[int, int, Changes, bool]:
        """Write some events and their fold; return up to where, and whether all is written."""
        began = time.monotonic()
        if self._done == 0:
            remember_space(tx, self._pulled.space)
        done, applied, changes = self._done, 0, Changes()
        while done < len(self._pulled.events) and not self._is_over(began):
            some = self._pulled.events[done : done + _FOLDED_AT_ONCE]
            new, changed = self._add(tx, some)
            done, applied, changes = done + len(some), applied + new, changes | changed
        is_last = done == len(self._pulled.events)
        if is_last and self._covers:
            _cover(tx, self._pulled, own=self._is_former)
        return done, applied, changes, is_last

    def _is_over(self, began: float) -> bool:
        took_s = time.monotonic() - began
        if took_s < SLICE_S:
            return False
        return took_s >= LONGEST_SLICE_S or self._writer.is_awaited(Priority.EXCHANGE)

    def _add(self, tx: Tx, events: Sequence[Event]) -> tuple[int, Changes]:
        changes = Changes()
        if self._is_former:
            changes = make_way(tx, events, self._compartments)
        name = self._pulled.bundle.name
        added = add_foreign(tx, events, bundle=name, own=self._is_former)
        return added.events, changes | fold_subjects(tx, added.touched, added.whole)


def is_former_life(connection: Any, incarnation: Incarnation) -> bool:
    """Did this file write under that incarnation before?"""
    sql = "SELECT 1 FROM lives WHERE incarnation = ?"
    return connection.execute(sql, (incarnation,)).fetchone() is not None


def _cover(tx: Tx, pulled: PulledBundle, *, own: bool) -> None:
    """Keep the bundle's bytes, its place, and what its author had seen.

    A bundle of a former life is our own: its receipt is asked for at the next push.
    """
    insert_bundle(tx, pulled.bundle, own=own)
    tx.execute(
        "INSERT OR IGNORE INTO incarnations (incarnation, structure) VALUES (?, ?)",
        (pulled.bundle.incarnation, pulled.structure),
    )
    for incarnation, sequence in pulled.seen.items():
        tx.execute(
            "INSERT INTO peers_saw (space, structure, incarnation, sequence) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET sequence = max(sequence, excluded.sequence)",
            (pulled.bundle.space, pulled.structure, incarnation, sequence),
        )
