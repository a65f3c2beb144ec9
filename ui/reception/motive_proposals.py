"""Motives that the words typed suggest: one key takes them, a click takes one."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.reception.actions import Proposal
from ui.widgets.buttons import quiet_button
from ui.widgets.emptying import empty
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import words


class MotiveProposals(QWidget):
    """A line of motives to take, hidden while there is none. Nothing is taken without the agent.

    Signals:
        taken(str): the code of the motive to take.
    """

    taken = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("motive_proposals")
        self._shown: tuple[Proposal, ...] = ()
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, gap=8)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        said = words(self.tr("Motifs possibles (F2)\u202f:"), "small")
        said.setWordWrap(False)
        row.addWidget(said)
        row.addWidget(self._chips, 1)
        self.hide()

    def show_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Show motives; the same ones again change nothing."""
        if tuple(proposals) == self._shown:
            return
        self._shown = tuple(proposals)
        empty(self._flow)
        for proposal in proposals:
            chip = quiet_button(proposal.label, "plus")
            chip.setObjectName("motive_proposal")
            # Tab goes on to the next question: F2 is the keyboard's way, and the motives are below.
            chip.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            chip.setAccessibleName(self.tr("Ajouter le motif\u202f: {0}").format(proposal.label))
            chip.clicked.connect(partial(self.taken.emit, str(proposal.value)))
            self._flow.addWidget(chip)
            chip.setVisible(True)
        self.setVisible(bool(proposals))
