"""When each machine last wrote something that has come here, by its own clock."""

from collections.abc import Mapping

from app.usecases.desk import Desk

# The last bundle of each incarnation in each space, then its events: never the whole log.
_LAST = """
    SELECT b.incarnation, max(e.at_s) FROM bundles b JOIN events e ON e.bundle = b.name
    WHERE (b.space, b.incarnation, b.sequence) IN
        (SELECT space, incarnation, max(sequence) FROM bundles GROUP BY space, incarnation)
    GROUP BY b.incarnation
"""


def last_written(desk: Desk) -> Mapping[bytes, int]:
    """Return, by incarnation, the time of the last event settled here, in seconds since 1970."""
    with desk.workspace.read() as connection:
        return {bytes(name): at_s for name, at_s in connection.execute(_LAST).fetchall()}
