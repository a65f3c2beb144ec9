"""What a list offers so that it can be saved to a file: the table it shows."""

from typing import Protocol, runtime_checkable

from app.exporting.table import ShownTable


@runtime_checkable
class ShownList(Protocol):
    """A widget that lists rows; `RowList` is one, lists that are painted may be."""

    def shown_table(self) -> ShownTable:
        """Return what is seen: columns and rows, in their order, as texts."""
        ...
