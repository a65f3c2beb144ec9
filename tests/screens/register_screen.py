"""The screen of the old register over a real desk, driven as its user does."""

import datetime as dt
from dataclasses import replace

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from tests.builders import dump
from tests.fakes.dialogs import Answers
from tests.fakes.runner import DirectRunner
from ui.desk_register import register_actions
from ui.register.meanings import Meanings
from ui.register.presenter import RegisterPresenter
from ui.register.view import RegisterView
from ui.widgets.row_list import RowList

D = dt.date
ROWS = [
    ["Date d’accueil", "Nom", "Prénom", "Ville", "Situation", "Motif", "Truc"],
    [D(2024, 6, 3), "EXEMPLIER", "Nadia", "Le Blanc", "DE inscrit", "Formation", "abc"],
    [D(2024, 6, 4), "MODÈLE", "Jean", "BELABRE", "Zouave", "VAE", "def"],
    ["pas une date", "TÉMOIN", "Lucie", "St Gaultier", "Sal", "VAE", "ghi"],
]
OTHER = [ROWS[0], [D(2024, 7, 1), "TÉMOIN", "Lucie", "Le Blanc", "Sal", "VAE", "jkl"]]


class Hub:
    """Hears what is published."""

    def __init__(self):
        self.published = []

    def publish(self, changes):
        self.published.append(changes)


class Screen:
    """The screen over a real desk."""

    def __init__(self, desk, put, runner=None, **changed):
        self.desk, self.answers, self.hub, self.said = desk, Answers(), Hub(), []
        self.told = []
        self.runner = runner or DirectRunner()
        self.view = put(RegisterView(self.answers.dialogs()))
        actions = replace(register_actions(desk, self.hub, self.told.append), **changed)
        self.presenter = RegisterPresenter(
            self.view, actions, Meanings(desk.reference), self.runner
        )
        self.view.attach(self.presenter)
        self.view.said.connect(self.said.append)
        self.view.activated()

    def open(self, file):
        self.answers.then([file])
        self.press("register_choose")

    def press(self, name):
        button = self.view.findChild(QPushButton, name)
        assert button.isVisibleTo(self.view)
        button.click()

    def shows(self, name):
        found = self.view.findChild(QPushButton, name)
        return found is not None and found.isVisibleTo(self.view)

    def rows(self, name):
        return self.view.findChild(RowList, name)

    def cells(self, name):
        return [" | ".join(row) for row in self.rows(name).shown_table().rows]

    def field_of(self, title):
        table = self.rows("register_columns").shown_table()
        return next(row[2] for row in table.rows if row[0] == title)

    def notice(self):
        return self.view._notice.text()

    def words(self):
        labels = self.view.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisibleTo(self.view))


def encounters(desk):
    return len(dump(desk, "encounters")["encounters"])


def key(widget, which, *modifiers):
    QTest.keyClick(widget, which, *modifiers)


def focused(page, qtbot):
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
