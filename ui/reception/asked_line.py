"""What the motives chosen make worth asking, and is not answered yet: each word leads there."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.reception.page_reading import Lack
from ui.widgets.buttons import link_button
from ui.widgets.emptying import empty
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import words


class AskedLine(QWidget):
    """A line of questions, hidden while there is none. It never blocks anything.

    Signals:
        wanted(str): the field to go to.
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("asked")
        self._shown: tuple[Lack, ...] = ()
        self._links = QWidget()
        self._flow = FlowLayout(self._links, gap=12)
        said = words(self.tr("Ce motif demande aussi\u202f:"), "small")
        said.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(said)
        row.addWidget(self._links, 1)
        self.hide()

    def show_asked(self, asked: Sequence[Lack]) -> None:
        """Show questions; the same ones again change nothing."""
        if tuple(asked) == self._shown:
            return
        self._shown = tuple(asked)
        empty(self._flow)
        for one in asked:
            link = link_button(one.words)
            link.setObjectName("asked_field")
            link.clicked.connect(partial(self.wanted.emit, one.field))
            self._flow.addWidget(link)
            link.setVisible(True)
        self.setVisible(bool(asked))
