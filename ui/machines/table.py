"""The columns of the list of machines."""

from collections.abc import Sequence

from ui.machines.page import MachineRow
from ui.widgets.snapshot_model import Column


def machine_columns() -> Sequence[Column[MachineRow]]:
    """Return the columns: its code, which one it is, how it stands, when it last wrote."""
    return (
        Column(title="Code", text=lambda row: row.code),
        Column(title="Poste", text=lambda row: row.who, stretches=True),
        Column(title="État", text=lambda row: row.state, sort_key=lambda row: row.until_s),
        Column(title="Dernier écrit", text=lambda row: row.last, sort_key=lambda row: row.last_s),
    )
