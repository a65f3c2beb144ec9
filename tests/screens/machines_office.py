"""A person before the machines of the structure, in the real window of a desk."""

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ui.practice_hand import Hand
from ui.widgets.code_groups import CodeGroups
from ui.widgets.row_list import RowList


class Office(Hand):
    """A person before the machines of the structure."""

    def __init__(self, opened, album, answers, qtbot):
        super().__init__(opened, album)
        self.answers = answers
        self._qtbot = qtbot

    def settle(self):
        """Wait until every answer asked for was shown."""
        desk = self.desk
        self._qtbot.waitUntil(
            lambda: desk._runner.is_idle() and desk._exchange.runner.is_idle(), timeout=20_000
        )

    def click(self, name):
        self.part(QPushButton, name).click()
        self.settle()

    def shown(self, kind, name):
        return [part for part in self.window.findChildren(kind, name) if part.isVisible()]

    def rows(self):
        model = self.part(RowList, "machine_rows").model()
        columns = range(model.columnCount())
        return [
            tuple(model.index(row, column).data() for column in columns)
            for row in range(model.rowCount())
        ]

    def choose(self, code):
        """Put the highlight on a machine."""
        rows = self.part(RowList, "machine_rows")
        place = [row[0] for row in self.rows()].index(code)
        rows.setCurrentIndex(rows.model().index(place, 0))

    def said(self):
        return self.part(QWidget, "machines_notice").text()

    def words(self):
        labels = self.window.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def requests(self):
        return ["-".join(code.groups()) for code in self.shown(CodeGroups, "request_code")]
