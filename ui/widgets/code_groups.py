"""A code in large groups, to be read aloud, compared or copied by hand."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.widgets.emptying import empty
from ui.widgets.labels import words

_GROUPS_A_LINE = 4
_GAPS_PX = (24, 6)


class CodeGroups(QWidget):
    """Groups of signs, four a line; a reader of the screen hears the signs one by one."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._groups: tuple[str, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAPS_PX[0])
        self._grid.setVerticalSpacing(_GAPS_PX[1])
        self._grid.setColumnStretch(_GROUPS_A_LINE, 1)
        self.setAccessibleName(name)

    def show_groups(self, groups: Sequence[str]) -> None:
        """Show a code; without groups it is forgotten."""
        if tuple(groups) == self._groups:
            return
        self._groups = tuple(groups)
        empty(self._grid)
        for place, group in enumerate(self._groups):
            label = words(group, "code")
            label.setObjectName("code_group")
            label.setWordWrap(False)
            label.setAccessibleName(" ".join(group))
            self._grid.addWidget(label, *divmod(place, _GROUPS_A_LINE))
            label.setVisible(True)
        spelt = ", ".join(" ".join(group) for group in self._groups)
        self.setAccessibleName(f"{self._name}\u202f: {spelt}" if spelt else self._name)

    def groups(self) -> tuple[str, ...]:
        """Return the groups shown."""
        return self._groups
