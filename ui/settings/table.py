"""The columns of the list of sources."""

from collections.abc import Sequence

from ui.settings.page import Source
from ui.widgets.snapshot_model import Column


def source_columns() -> Sequence[Column[Source]]:
    """Return the columns: what it is, its version, where it comes from."""
    return (
        Column(title="Données", text=lambda row: row.name),
        Column(title="Version", text=lambda row: row.version),
        Column(title="Source", text=lambda row: row.source, stretches=True),
    )
