"""The first morning: a workspace made by keyboard, its recovery code shown once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from app.domain.errors import DiskFullError
from tests.screens.accessibility import (
    assert_every_control_is_named,
    assert_mnemonics_differ,
    tab_order,
)
from tests.screens.desk_at_work import AtDesk
from ui import compose
from ui.main_window import MainWindow
from ui.unlock.view import UnlockView
from ui.welcome.presenter import WelcomePorts, WelcomePresenter
from ui.welcome.view import WelcomeView
from ui.widgets.labelled_field import LabelledField

PHRASE = "girafe tunnel sel dimanche"
CODE_PAGE = "recovery_code"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "workspace"


@pytest.fixture
def at_desk(qapp, qtbot, folder):
    someone = AtDesk(qapp, folder)
    someone.open()
    qtbot.waitUntil(lambda: someone.button("create").isVisible())
    yield someone
    someone.desktop.close()


@pytest.fixture
def welcomed(at_desk):
    at_desk.press(Qt.Key.Key_Return)
    assert isinstance(at_desk.window, WelcomeView)
    at_desk.take_focus()
    return at_desk


def fill(someone, *, agent="Camille", structure="Accueil d’essai (exemple)", again=PHRASE):
    for text in (agent, structure, PHRASE, again):
        someone.write(text)
        someone.press(Qt.Key.Key_Tab)
    someone.part(QLineEdit, "again").setFocus()


def code_shown(someone):
    return someone.part(QLabel, CODE_PAGE)


def errors(someone):
    kept = {}
    for name in ("agent", "structure", "passphrase", "again"):
        labelled = someone.window._page.fields[name]
        assert isinstance(labelled, LabelledField)
        kept[name] = labelled.error()
    return {name: text for name, text in kept.items() if text}


def test_an_empty_machine_goes_to_the_page_by_one_key(welcomed):
    assert QApplication.focusWidget().objectName() == "agent"
    assert_every_control_is_named(welcomed.window)
    assert_mnemonics_differ(welcomed.window)


def test_tab_follows_the_order_in_which_one_fills(welcomed):
    names = [met.objectName() for met in tab_order(welcomed.window)]
    assert names[:6] == ["suggest_line", "passphrase", "again", "region_file", "begin", "back"]


def test_a_workspace_is_made_by_keyboard_and_its_code_shown_once(welcomed, folder, qtbot):
    fill(welcomed)
    welcomed.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: code_shown(welcomed).isVisible(), timeout=20_000)
    code = code_shown(welcomed).text()
    assert len(code) > 15
    assert_every_control_is_named(welcomed.window)
    page = welcomed.window
    welcomed.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(welcomed.window, MainWindow), timeout=20_000)
    assert page.findChild(QLabel, CODE_PAGE).text() == ""
    assert welcomed.window.windowTitle() == "Deux Portes — Accueil d’essai (exemple)"
    welcomed.desktop.close()
    compose.open_desk(folder, agent="Camille", passphrase=PHRASE).workspace.close()
    compose.open_desk(folder, agent=None, passphrase=code, recovery=True).workspace.close()


def test_a_structure_of_the_directory_is_found_and_keeps_its_reference(welcomed, qtbot):
    welcomed.write("Camille")
    welcomed.press(Qt.Key.Key_Tab)
    welcomed.write("chateauroux cep")
    field = welcomed.window._page.structure
    qtbot.waitUntil(lambda: bool(field.suggestions_shown()), timeout=20_000)
    welcomed.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    welcomed.press(Qt.Key.Key_Tab)
    for _ in range(2):
        welcomed.write(PHRASE)
        welcomed.press(Qt.Key.Key_Tab)
    welcomed.button("begin").click()
    qtbot.waitUntil(lambda: code_shown(welcomed).isVisible(), timeout=20_000)
    welcomed.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: welcomed.desktop.desk is not None, timeout=20_000)
    own = welcomed.desk.desk.own_structure()
    assert own.reference.endswith("cep-chateauroux")
    assert "Châteauroux" in own.name


def test_what_is_missing_is_said_beside_each_field_and_nothing_is_made(welcomed, folder):
    welcomed.button("begin").click()
    assert set(errors(welcomed)) == {"agent", "structure", "passphrase"}
    assert not (folder / "slots.json").exists()
    welcomed.part(QLineEdit, "agent").setFocus()
    welcomed.write("C")
    assert set(errors(welcomed)) == {"structure", "passphrase"}


def test_no_field_is_squeezed_by_what_is_said_beside_it(welcomed):
    welcomed.button("begin").click()
    welcomed.window.resize(1024, 700)
    QApplication.processEvents()
    heights = {
        welcomed.part(QLineEdit, name).height()
        for name in ("agent", "suggest_line", "passphrase", "again")
    }
    assert len(heights) == 1


def test_two_passphrases_that_differ_are_said(welcomed, folder):
    fill(welcomed, again="girafe tunnel sel lundi")
    welcomed.press(Qt.Key.Key_Return)
    assert set(errors(welcomed)) == {"again"}
    assert not (folder / "slots.json").exists()


def test_one_can_go_back(welcomed, qtbot):
    welcomed.button("back").click()
    assert isinstance(welcomed.window, UnlockView)
    qtbot.waitUntil(lambda: "Bienvenue" in welcomed.said())


class Making:
    """Makes a workspace, or refuses as it is told to."""

    def __init__(self, error):
        self.error = error

    def create(self, _beginning):
        raise self.error

    def ports(self):
        return WelcomePorts(
            structures=lambda _text: [],
            create=self.create,
            sentence=lambda error: f"Phrase pour {error.code}.",
            opened=lambda _made: None,
        )


def test_a_refusal_is_said_on_the_page_which_can_be_tried_again(qtbot, appearance):
    from tests.fakes.runner import DirectRunner

    view = WelcomeView()
    qtbot.addWidget(view)
    view.serve(WelcomePresenter(view, Making(DiskFullError()).ports(), DirectRunner()))
    view.resize(1024, 700)
    view.show()
    for name, text in (("agent", "Camille"), ("passphrase", PHRASE), ("again", PHRASE)):
        view.findChild(QLineEdit, name).setText(text)
    view._page.structure.set_text("Accueil d’essai (exemple)")
    view._page._begin.click()
    assert view._page.notice.text() == "Phrase pour disk_full."
    assert view._page._begin.isEnabled()
