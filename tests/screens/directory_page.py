"""The directory over a real desk, as tests hold it: what is pressed, written, listed, said."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QWidget

from tests.fakes.runner import DirectRunner
from tests.screens.keyboard import type_text
from ui.changes_hub import ChangesHub
from ui.desk_directory import adding_presenter, directory_actions, import_actions
from ui.directory.import_presenter import ImportPresenter
from ui.directory.presenter import DirectoryPresenter
from ui.directory.view import DirectoryView
from ui.widgets.choices import ChoiceRow
from ui.widgets.spoken_list import ROW_ROLE


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Screen:
    """The directory over a real desk; what was said is remembered."""

    def __init__(self, desk, put, answers):
        self.said = []
        self.undo = None
        self.view = put(DirectoryView(desk.now().date(), answers.dialogs()))
        self.hub = ChangesHub(self.view)
        actions = directory_actions(desk, self.hub)
        self.presenter = DirectoryPresenter(self.view, actions, DirectRunner())
        self.view.attach(self.presenter)
        imports = ImportPresenter(self.view.imports, import_actions(desk, self.hub), DirectRunner())
        self.view.attach_imports(imports)
        adding = adding_presenter(desk, self.hub, self.view, self.presenter, DirectRunner())
        self.view.attach_adding(adding)
        self.view.undoable.connect(self._offer_undo)
        self.hub.changed.connect(self.presenter.changed)
        self.view.said.connect(self.said.append)
        self.view.window().resize(1160, 690)
        self.view.activated()

    def _offer_undo(self, text, undo, label):
        self.said.append(f"{plain(text)} [{label}]")
        self.undo = undo

    def part(self, kind, name):
        return self.view.findChild(kind, name)

    def rows(self):
        return self.part(QListView, "directory_rows")

    def listed(self):
        model = self.rows().model()
        return [model.index(place).data(ROW_ROLE) for place in range(model.rowCount())]

    def text(self, name):
        return plain(self.part(QLabel, name).text())

    def press(self, *keys):
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.view, key)

    def write(self, name, text):
        line = self.part(QWidget, name)
        line = line if isinstance(line, QLineEdit) else line.line
        line.clear()
        type_text(line, text)

    def shows(self, name):
        part = self.part(QWidget, name)
        return part is not None and part.isVisible()

    def choose(self, key):
        groups = self.part(ChoiceRow, "directory_groups")
        groups.setFocus()
        place = [choice.code for choice in groups.choices()].index(key)
        self.press(getattr(Qt.Key, f"Key_{place + 1}"))
