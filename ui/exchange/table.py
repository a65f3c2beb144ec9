"""The columns of the list behind a count."""

from collections.abc import Sequence

from ui.exchange.page import RecordRow
from ui.widgets.snapshot_model import Column

STATE = 1
"""The place of the column that says more of a record than the title of its list."""


def record_columns() -> Sequence[Column[RecordRow]]:
    """Return the columns: what it is, how far it has got, with whom, who wrote it, when."""
    return (
        Column(title="Quoi", text=lambda row: row.what),
        Column(title="État", text=lambda row: row.state, stretches=True),
        Column(title="Structure", text=lambda row: row.partner, stretches=True),
        Column(title="Écrit par", text=lambda row: row.author),
        Column(title="Quand", text=lambda row: row.when, sort_key=lambda row: row.at_s),
    )
