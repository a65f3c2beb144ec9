"""Bringing a database to the form that this relay writes: by steps, each in `migrations/versions`.

A step that was shipped never changes. All of them run in one writing transaction, so that several
relays may open one database at once, and a step that fails leaves it as it was.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, inspect, select, text

from sync.relay.tables import FORMAT, meta, tables

# The library of steps is imported when there is a step to take: it is a third of a start.
if TYPE_CHECKING:
    from alembic.config import Config

_STEPS = Path(__file__).with_name("migrations")
_VERSION_TABLE = "alembic_version"
_FORMAT_KEY = "format"
_VERSION = text(f"SELECT version_num FROM {_VERSION_TABLE}")  # noqa: S608 - a name of ours
# A database without any mark of a step, and with tables, was made by version 0.1.0.
_BEFORE_STEPS = "0001"
_one_at_a_time = threading.Lock()  # The library keeps the step under way in its modules.


class DatabaseFromTheFutureError(Exception):
    """A newer relay wrote this database."""


class DatabaseNotEmptyError(Exception):
    """There is something in the database already."""


def revision_of(connection: Connection) -> str | None:
    """Return the last step that a database has taken, or None if it holds nothing of ours."""
    names = inspect(connection).get_table_names()
    if _VERSION_TABLE in names:
        told: str | None = connection.scalar(_VERSION)
        return told
    return _BEFORE_STEPS if meta.name in names else None


def is_known(revision: str) -> bool:
    """Is that one of the steps that this relay knows?"""
    from alembic.script import ScriptDirectory

    steps = ScriptDirectory.from_config(_configuration()).walk_revisions()
    return any(step.revision == revision for step in steps)


def upgrade(connection: Connection, *, to: str = "head") -> None:
    """Take the steps that a database has not taken yet, within the caller's transaction.

    Raises:
        DatabaseFromTheFutureError: a newer relay wrote it.
    """
    from alembic import command

    config = _configuration()
    config.attributes["connection"] = connection
    here = revision_of(connection)
    if here is not None and (not is_known(here) or _format_of(connection) > FORMAT):
        raise DatabaseFromTheFutureError
    with _one_at_a_time:
        if here is not None and not inspect(connection).has_table(_VERSION_TABLE):
            command.stamp(config, here)
        command.upgrade(config, to)


def make_bare(connection: Connection) -> None:
    """Take our tables out of a database in which nobody has put anything yet.

    Raises:
        DatabaseNotEmptyError: there is something, of ours or of somebody else.
    """
    present = MetaData()
    present.reflect(connection)
    for found in present.tables.values():
        kept = select(found).limit(1)
        if found.name == meta.name:
            kept = kept.where(found.c.key != _FORMAT_KEY)
        if found.name != _VERSION_TABLE and connection.execute(kept).first() is not None:
            raise DatabaseNotEmptyError
    ours = tables.tables.keys() | {_VERSION_TABLE}
    present.drop_all(
        connection, tables=[found for found in present.tables.values() if found.name in ours]
    )


def _configuration() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _format_of(connection: Connection) -> int:
    told = connection.scalar(select(meta.c.value).where(meta.c.key == _FORMAT_KEY))
    return int(told) if told is not None else 0
