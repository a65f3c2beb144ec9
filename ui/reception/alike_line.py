"""Files that look like the person being typed: one press takes the one that exists."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.reception.actions import Proposal
from ui.widgets.announcements import announce
from ui.widgets.buttons import quiet_button
from ui.widgets.emptying import empty
from ui.widgets.labels import words


class AlikeLine(QWidget):
    """What is proposed, hidden while there is nothing. Nothing is taken without the agent.

    Signals:
        taken(object): the value of the proposal, a `PersonFound`.
    """

    taken = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("alike")
        self._shown: tuple[Proposal, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._title = words(self.tr("Une fiche existe peut-être déjà"), "strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addLayout(self._rows)
        self.hide()

    def show_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Show files; the same ones again change nothing."""
        if tuple(proposals) == self._shown:
            return
        self._shown = tuple(proposals)
        empty(self._rows)
        for proposal in proposals:
            row = self._row(proposal)
            self._rows.addWidget(row)
            row.setVisible(True)
        self.setVisible(bool(proposals))
        if proposals and self.isVisible():
            announce(self, self._title.text())

    def _row(self, proposal: Proposal) -> QWidget:
        said = f"{proposal.label}\u202f: {proposal.detail}"
        take = quiet_button(self.tr("La reprendre"), "user")
        take.setObjectName("alike_file")
        take.setAccessibleName(self.tr("Reprendre la fiche\u202f: {0}").format(said))
        take.clicked.connect(partial(self.taken.emit, proposal.value))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(words(said), 1)
        line.addWidget(take)
        return row
