"""One workspace: the folder, the encrypted file in it, its writer, its readers, who is here."""

import contextlib
import datetime as dt
import os
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.domain.errors import (
    WorkspaceBusyError,
    WorkspaceExistsError,
    WorkspaceMissingError,
    WrongPassphraseError,
)
from app.domain.identifiers import Incarnation
from app.store.agent_cards import DATABASE_FILE, agent_cards
from app.store.attempts import Attempts
from app.store.compartments import Compartments, new_keys
from app.store.durable_file import disk_refusal, rename_durably
from app.store.encrypted import KEY_BYTES, Database, as_refusals, open_database
from app.store.life_marker import Markers, default_markers
from app.store.lives import Life
from app.store.migrations import migrate
from app.store.rows import kinds_have_moved, rebuild
from app.store.slots import (
    RECOVERY_SLOT,
    Opened,
    Slots,
    check_passphrase,
    new_recovery_code,
    normalised_code,
)
from app.store.writer import Writer

LOCK_FILE = "desk.lock"
_NEW_FILE = DATABASE_FILE + ".new"
_FILES = (DATABASE_FILE, _NEW_FILE)
READERS = 2
_JOURNAL_WAIT_MS = 1_000


class Workspace:
    """An open workspace. Made by `create_workspace` or `open_workspace`; closed once.

    `writer` takes every write; `read()` lends a reading connection to any thread. The folder is
    held for this process alone until `close`. `life` is what tells it from its copies; `markers`
    is where, the user's own folder when none is given. `failure_unwritten` is why the last exchange
    failed, when the disk had no room even for that.
    """

    def __init__(
        self, folder: Path, opened: Opened, lock: Any, *, markers: Markers | None = None
    ) -> None:
        self.folder = folder
        self.agent = opened.agent
        self.agent_name = opened.name
        self.role = opened.role
        self.compartments = Compartments(opened.compartments)
        self._opened = opened
        self._lock = lock
        self._is_open = True
        self.failure_unwritten = ""
        self._path = folder / DATABASE_FILE
        self.writer = Writer(self._open_writing)
        self._readers: queue.SimpleQueue[Database] = queue.SimpleQueue()
        try:
            for _ in range(READERS):
                self._readers.put(self._open_reading())
            self._refold_if_kinds_moved()
            self.life = Life(self.writer, self.read, markers or Markers(default_markers()))
            self.life.open()
        except BaseException:
            self._close_connections()
            raise

    @property
    def incarnation(self) -> Incarnation:
        """The incarnation under which this file writes; another life has another one."""
        return self.life.incarnation

    @contextlib.contextmanager
    def read(self) -> Iterator[Any]:
        """Lend a connection that cannot write, for one thread at a time."""
        db = self._readers.get()
        try:
            with as_refusals():
                yield db.conn
        finally:
            self._readers.put(db)

    def empty_journal(self) -> bool:
        """Write over what the journal still holds of former pages; False when somebody reads it.

        Keys that were destroyed and people who were erased are gone from the file from then on.
        """
        db = self._open_other()
        try:
            with as_refusals():
                row = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            db.close()
        return bool(row[0] == 0)

    def add_agent_slot(self, opened: Opened, *, label: str, passphrase: str) -> None:
        """Give an agent a way in."""
        Slots(self.folder).add(opened, slot_id=opened.agent, label=label, passphrase=passphrase)

    @property
    def opened(self) -> Opened:
        """What the slot of the agent who is here held."""
        return self._opened

    def remove_agent_slot(self, agent: str) -> None:
        """Take an agent's way in away."""
        Slots(self.folder).remove(agent)

    def close(self) -> None:
        """Finish queued writes, close every connection, free the folder; once is enough."""
        if self._is_open:
            self._is_open = False
            self.writer.close()
            for _ in range(READERS):
                self._readers.get().close()
            self._lock.release()

    def _close_connections(self) -> None:
        """Close what was opened so far: the workspace could not be opened whole."""
        self.writer.close()
        while not self._readers.empty():
            self._readers.get().close()

    def _open_reading(self) -> Database:
        return open_database(self._path, self._opened.file_key, create=False, read_only=True)

    def _open_other(self) -> Database:
        key = self._opened.file_key
        return open_database(self._path, key, create=False, busy_timeout_ms=_JOURNAL_WAIT_MS)

    def _open_writing(self) -> Database:
        db = open_database(self._path, self._opened.file_key, create=False)
        try:
            migrate(db)
        except BaseException:
            db.close()
            raise
        return db

    def _refold_if_kinds_moved(self) -> None:
        """Fold what an older program kept without understanding, or a newer one folded better."""
        with self.read() as connection:
            moved = kinds_have_moved(connection)
        if moved:
            self.writer.write(rebuild)


def create_workspace(
    folder: Path,
    *,
    agent_name: str,
    role: str,
    passphrase: str,
    markers: Markers | None = None,
) -> tuple[Workspace, str]:
    """Make a new workspace and its first agent; return it open, with the printed recovery code.

    The file is made under another name, then the slots are written, then it takes its name: a
    folder where creation was cut short either counts as empty, or opens with the new slots. A file
    that stands there already is never touched, even when its slots are gone.

    Raises:
        WorkspaceExistsError: a workspace is there; it is never written over.
        WeakPassphraseError: the passphrase is too short; nothing is left behind.
        DiskFullError, DiskRefusedError: the disk refuses.
    """
    _check_empty(folder)
    check_passphrase(passphrase)
    lock = _hold(folder)
    try:
        opened, code = _new_file(folder, agent_name, role, passphrase)
        return Workspace(folder, opened, lock, markers=markers), code
    except BaseException:
        lock.release()
        raise


def _check_empty(folder: Path) -> None:
    if Slots(folder).exists() or (folder / DATABASE_FILE).exists():
        raise WorkspaceExistsError(str(folder))


def remove_new_workspace(folder: Path) -> None:
    """Take away a closed workspace that was made a moment ago and never given to anybody."""
    Slots(folder).remove_file()
    for file in folder.glob(DATABASE_FILE + "*"):
        file.unlink()


def open_workspace(
    folder: Path,
    *,
    slot_id: str | None,
    passphrase: str,
    now: dt.datetime,
    markers: Markers | None = None,
) -> Workspace:
    """Open a workspace with an agent's passphrase, or its recovery code (slot `recovery`).

    Without a slot, each agent's is tried in turn: that makes one attempt, not several.

    Raises:
        WorkspaceMissingError, WorkspaceBusyError, WorkspaceDamagedError,
        WorkspaceFromTheFutureError, WrongPassphraseError, TooSoonError.
    """
    slots = Slots(folder)
    agent_cards(folder)  # a file whose slots are gone is damaged, and never counts as missing
    if not slots.exists() or not any((folder / name).exists() for name in _FILES):
        raise WorkspaceMissingError(str(folder))
    lock = _hold(folder)
    try:
        _finish_creation(folder)
        attempts = Attempts(folder)
        attempts.check(now)
        secret = normalised_code(passphrase) if slot_id == RECOVERY_SLOT else passphrase
        opened = attempts.guard(lambda: _open_slot(slots, slot_id, secret), now)
        return Workspace(folder, opened, lock, markers=markers)
    except BaseException:
        lock.release()
        raise


def _open_slot(slots: Slots, slot_id: str | None, secret: str) -> Opened:
    wanted = [slot_id] if slot_id is not None else [card.slot_id for card in slots.cards()]
    for candidate in wanted:
        with contextlib.suppress(WrongPassphraseError):
            return slots.open(candidate, secret)
    raise WrongPassphraseError


def _new_file(folder: Path, agent_name: str, role: str, passphrase: str) -> tuple[Opened, str]:
    _check_empty(folder)  # again, now that no other process can be making one
    try:
        for left_over in folder.glob(_NEW_FILE + "*"):
            left_over.unlink()
    except OSError as error:
        raise disk_refusal(error) from error
    agent = os.urandom(8).hex()
    opened = Opened(
        file_key=os.urandom(KEY_BYTES),
        agent=agent,
        name=agent_name,
        role=role,
        compartments=new_keys(role),
    )
    db = open_database(folder / _NEW_FILE, opened.file_key, create=True)
    (folder / _NEW_FILE).chmod(0o600)
    try:
        migrate(db)
        with as_refusals():
            sql = "INSERT INTO agents (agent, name, role) VALUES (?, ?, ?)"
            db.conn.execute(sql, (agent, agent_name, role))
    finally:
        db.close()
    code = new_recovery_code()
    Slots(folder).create(opened, passphrase=passphrase, recovery_code=code)
    _finish_creation(folder)
    return opened, code


def _finish_creation(folder: Path) -> None:
    """Give a new file its name, once its slots are written; a creation cut here is finished."""
    if (folder / _NEW_FILE).exists() and not (folder / DATABASE_FILE).exists():
        rename_durably(folder / _NEW_FILE, folder / DATABASE_FILE)


def _hold(folder: Path) -> Any:
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The thread that closes is not the one that opened: a lock of one thread would stay held.
        lock = FileLock(folder / LOCK_FILE, thread_local=False)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise WorkspaceBusyError from error
    except OSError as error:
        raise disk_refusal(error) from error
    return lock
