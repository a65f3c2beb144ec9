"""On which day each machine was last heard: whoever works is not declared dormant.

A day, and no more: the relay needs nothing finer, and nobody's hours are written down. It is told
by the relay's clock, and only ever grows, so that a clock set back makes nobody look silent.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from sync.relay.tables import contacts, statements

DAY_S = 86_400
DORMANT_AFTER_S = 90 * DAY_S

_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Contacts:
    """Notes who was heard, at most once a day each. To be called inside writing transactions."""

    def __init__(self) -> None:
        """Start with no idea of what is in the database."""
        self._noted: dict[bytes, int] = {}

    def note(self, connection: Connection, machines: Iterable[bytes], *, now: int) -> None:
        """Remember that these machines were heard.

        What this process believes to be written may have been rolled back: it is written again the
        next day, and ninety are counted.
        """
        day = now // DAY_S
        heard = {machine for machine in machines if self._noted.get(machine, -1) < day}
        if not heard:
            return
        rows = [{"machine": machine, "day": day} for machine in sorted(heard)]
        inserting = _INSERTS[connection.dialect.name](contacts)
        told = inserting.excluded.day
        connection.execute(
            inserting.on_conflict_do_update(
                index_elements=[contacts.c.machine],
                set_={"day": told},
                where=contacts.c.day < told,
            ),
            rows,
        )
        self._noted |= dict.fromkeys(heard, day)


def was_heard_lately(
    connection: Connection, machine: bytes, certificates: Iterable[bytes], *, now: int
) -> bool:
    """Was a machine heard, or certified here, within the days after which it may be dormant?

    Args:
        connection: to the database.
        machine: which one.
        certificates: the names of its certificates: who came not long ago was not silent.
        now: the relay's clock, in seconds.
    """
    since = now - DORMANT_AFTER_S
    day = connection.scalar(select(contacts.c.day).where(contacts.c.machine == machine))
    if day is not None and (day + 1) * DAY_S > since:
        return True
    named = statements.c.name.in_(list(certificates))
    came = connection.scalar(select(func.min(statements.c.at)).where(named))
    return came is None or came > since
