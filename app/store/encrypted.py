"""SQLCipher under sqlite-utils: the one module that imports either.

sqlite-utils takes its exception classes from a module called `pysqlite3` when there is one, else
from the standard `sqlite3`; sqlcipher3 raises its own. Aliasing sqlcipher3 under that name, before
sqlite-utils is imported, makes the library catch the errors that really happen. It also means that
nothing here can open a file with a plain SQLite by mistake.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import sqlcipher3
import sqlcipher3.dbapi2

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

from sqlite_utils import Database  # noqa: E402  (the alias above must come first)
from sqlite_utils.migrations import Migrations  # noqa: E402

from app.domain.errors import (  # noqa: E402
    AppError,
    DiskFullError,
    DiskRefusedError,
    WorkspaceBusyError,
    WorkspaceDamagedError,
)

__all__ = ["KEY_BYTES", "Database", "Migrations", "as_refusals", "open_database"]

# The driver asks how to give SQLite what is neither text nor number, by errors raised and dropped:
# two microseconds for each identifier, blob, truth and nothing, a second for a large backlog.
sqlcipher3.dbapi2.register_adapter(bytes, bytearray)
sqlcipher3.dbapi2.register_adapter(bool, int)
sqlcipher3.dbapi2.register_adapter(type(None), lambda nothing: nothing)

KEY_BYTES = 32
CACHE_KIB = 32_768
BUSY_TIMEOUT_MS = 5_000
LEAST_ROOM_BYTES = 262_144
"""What opening needs beside the file: the log and its index."""

_REFUSALS: Mapping[int, type[AppError]] = MappingProxyType(
    {
        sqlcipher3.dbapi2.SQLITE_FULL: DiskFullError,
        sqlcipher3.dbapi2.SQLITE_BUSY: WorkspaceBusyError,
        sqlcipher3.dbapi2.SQLITE_LOCKED: WorkspaceBusyError,
        sqlcipher3.dbapi2.SQLITE_NOTADB: WorkspaceDamagedError,
        sqlcipher3.dbapi2.SQLITE_CORRUPT: WorkspaceDamagedError,
        sqlcipher3.dbapi2.SQLITE_CANTOPEN: DiskRefusedError,
        sqlcipher3.dbapi2.SQLITE_READONLY: DiskRefusedError,
        sqlcipher3.dbapi2.SQLITE_IOERR: DiskRefusedError,
        sqlcipher3.dbapi2.SQLITE_PERM: DiskRefusedError,
    }
)


def open_database(
    path: Path,
    key: bytes,
    *,
    create: bool,
    read_only: bool = False,
    busy_timeout_ms: int = BUSY_TIMEOUT_MS,
) -> Database:
    """Open an encrypted file with its raw key, or create it when `create` says so.

    Args:
        path: the file; an absent file is refused unless `create`.
        key: 32 random bytes, given raw to SQLCipher: no derivation to pay at each connection.
        create: make a new file; an existing one is then refused by the caller, never written over.
        read_only: a connection whose writes SQLite itself refuses.
        busy_timeout_ms: how long to wait for a process that holds the file.

    Raises:
        WorkspaceDamagedError: not a file of ours, another key, or a build without encryption.
        DiskFullError: no room left for the file's first pages.
        DiskRefusedError: the file cannot be opened.
    """
    uri = f"{path.resolve().as_uri()}?mode={'rwc' if create else 'rw'}"
    with _telling_full_disk(path.parent), as_refusals():
        connection = sqlcipher3.dbapi2.connect(
            uri,
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=busy_timeout_ms / 1000,
        )
        try:
            _unlock(connection, key, create=create)
            _settle_in(connection, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return Database(connection, execute_plugins=False, recursive_triggers=False, strict=True)


def _unlock(connection: sqlcipher3.dbapi2.Connection, key: bytes, *, create: bool) -> None:
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise WorkspaceDamagedError  # a SQLite without encryption must never create our file
    connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is told by the refusal
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    # Reading the schema is what proves the key; a plain SQLite file fails here as "not a database".
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables == 0 and not create:
        # A file cut down to nothing opens with any key: filling it would bury the damage.
        raise WorkspaceDamagedError


def _settle_in(connection: sqlcipher3.dbapi2.Connection, *, read_only: bool) -> None:
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "temp_store = MEMORY",
        f"cache_size = -{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")


@contextmanager
def _telling_full_disk(folder: Path) -> Iterator[None]:
    """Without room for the index of its log, SQLite says only that the disk refuses."""
    try:
        yield
    except DiskRefusedError as error:
        if folder.exists() and shutil.disk_usage(folder).free < LEAST_ROOM_BYTES:
            raise DiskFullError from error
        raise


@contextmanager
def as_refusals() -> Iterator[None]:
    """Turn what the database says of the disk and the file into refusals with a code.

    Raises:
        AppError: of the workspace family; anything unexpected passes through unchanged.
    """
    try:
        yield
    except sqlcipher3.dbapi2.DatabaseError as error:
        # The low byte is the family of the error; the rest says more than we need.
        code = getattr(error, "sqlite_errorcode", sqlcipher3.dbapi2.SQLITE_ERROR) & 0xFF
        refusal = _REFUSALS.get(code)
        if refusal is None:
            raise
        raise refusal from error
