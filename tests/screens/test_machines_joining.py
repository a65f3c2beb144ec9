"""Two real windows: a new machine joins by files; another takes over what burned, by its code."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from tests.exchange.desks import new_world, opened_copy
from tests.fakes.dialogs import Answers
from tests.screens.accessibility import (
    assert_every_control_is_named,
    assert_mnemonics_differ,
    tab_order,
)
from tests.screens.desk_at_work import AtDesk
from tests.screens.desk_windows import LAPTOP, Opened, desk_window
from ui import compose_machines
from ui.main_window import MainWindow
from ui.practice_hand import Album, Hand
from ui.unlock.view import UnlockView
from ui.welcome.joining_view import JoiningView
from ui.widgets.code_groups import CodeGroups
from ui.widgets.row_list import RowList

PHRASE = "girafe tunnel sel dimanche"
WHO, STATE = 1, 2
"""Columns of the list of machines."""


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    made = new_world(tmp_path_factory.mktemp("joining") / "world")
    made.found("blanc")
    made.certify("blanc")
    made["blanc"].receive()
    made["blanc"].exchange()
    made.close()
    return made


@pytest.fixture
def world(tmp_path, template):
    with opened_copy(template, tmp_path / "world") as opened:
        yield opened


@pytest.fixture
def papers(tmp_path):
    return Papers(tmp_path)


class Papers:
    """Files carried by hand from one window to the other."""

    def __init__(self, folder):
        self.folder = folder
        self.answers = Answers()

    def __getitem__(self, name):
        return self.folder / name

    def choose(self, office, button, name):
        """Press a button that asks for a file, and answer with that one."""
        self.answers.then([self[name]])
        office.part(QPushButton, button).click()


@pytest.fixture
def blanc(world, appearance, settings, papers, qtbot):
    asking = papers.answers.dialogs()
    shown = desk_window(world["blanc"].desk, settings, appearance, dialogs=asking, size=LAPTOP)
    with shown as desk:
        office = Hand(Opened(desk.window, desk), Album(papers["album"]))
        settle(office, qtbot)
        desk.loop._timer.stop()
        office.go("machines")
        settle(office, qtbot)
        yield office


@pytest.fixture
def newcomer(qapp, qtbot, papers):
    someone = AtDesk(qapp, papers["nouveau"] / "workspace", papers.answers.dialogs())
    someone.open()
    qtbot.waitUntil(lambda: someone.button("create").isVisible())
    yield someone
    someone.desktop.close()


def settle(office, qtbot):
    desk = office.desk
    qtbot.waitUntil(
        lambda: desk._runner.is_idle() and desk._exchange.runner.is_idle(), timeout=20_000
    )


def notice(office):
    return office.part(QWidget, "machines_notice").text()


def fill_agent(someone):
    someone.part(QLineEdit, "agent").setFocus()
    for text in ("Camille", PHRASE, PHRASE):
        someone.write(text)
        someone.press(Qt.Key.Key_Tab)
    someone.part(QLineEdit, "again").setFocus()
    someone.press(Qt.Key.Key_Return)


def note_the_code(someone, qtbot):
    """Wait for the code of the workspace's file, then open the desk."""
    label = someone.part(QLabel, "recovery_code")
    qtbot.waitUntil(label.isVisible, timeout=20_000)
    someone.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(someone.window, MainWindow), timeout=20_000)
    settle(someone, qtbot)


def invited(blanc, papers, qtbot):
    """Save an invitation as the picture of its code."""
    blanc.part(QPushButton, "invite").click()
    settle(blanc, qtbot)
    papers.choose(blanc, "save_invitation", "invitation.png")
    settle(blanc, qtbot)


def asked(newcomer, papers, qtbot):
    """Open the invitation, make the workspace, save the request; return the code shown."""
    newcomer.take_focus()
    newcomer.button("join").click()
    newcomer.take_focus()
    papers.choose(newcomer, "invitation_button", "invitation.png")
    fill_agent(newcomer)
    note_the_code(newcomer, qtbot)
    assert newcomer.desk.window.current_key() == "machines"
    newcomer.desk.loop._timer.stop()
    papers.choose(newcomer, "save_request", "demande.json")
    settle(newcomer, qtbot)
    return newcomer.part(CodeGroups, "own_code").groups()


def admitted(blanc, papers, qtbot):
    """Open the request, admit it, save the admission; return the code compared."""
    blanc.take_focus()
    papers.choose(blanc, "open_file", "demande.json")
    settle(blanc, qtbot)
    (compared,) = [
        code.groups()
        for code in blanc.window.findChildren(CodeGroups, "request_code")
        if code.isVisible()
    ]
    blanc.part(QPushButton, "admit").click()
    settle(blanc, qtbot)
    papers.choose(blanc, "save_admission", "admission.json")
    settle(blanc, qtbot)
    return compared


def test_a_second_machine_joins_by_files_through_the_two_windows(blanc, newcomer, papers, qtbot):
    invited(blanc, papers, qtbot)
    spoken = asked(newcomer, papers, qtbot)
    assert admitted(blanc, papers, qtbot) == spoken
    newcomer.take_focus()
    papers.choose(newcomer, "open_admission", "admission.json")
    settle(newcomer, qtbot)
    assert "Ce poste est admis dans la structure" in notice(newcomer)
    assert not newcomer.part(QWidget, "waiting_card").isVisible()
    assert len(column(newcomer, WHO)) == 2
    assert column(newcomer, WHO).keys() == column(blanc, WHO).keys()
    first, second = blanc.desk.desk, newcomer.desk.desk
    assert second.own_structure().id == first.own_structure().id
    assert compose_machines.is_inside(second)


def test_what_is_missing_to_join_is_said_beside_each_field(newcomer):
    newcomer.take_focus()
    newcomer.button("join").click()
    assert isinstance(newcomer.window, JoiningView)
    newcomer.take_focus()
    assert_every_control_is_named(newcomer.window)
    assert_mnemonics_differ(newcomer.window)
    names = [met.objectName() for met in tab_order(newcomer.window)]
    assert set(names) == {"invitation_button", "agent", "passphrase", "again", "join", "back"}
    newcomer.button("join").click()
    wrong = {name for name, field in newcomer.window._fields.items() if field.error()}
    assert wrong == {"invitation", "agent", "passphrase"}
    newcomer.button("back").click()
    assert isinstance(newcomer.window, UnlockView)


def test_a_file_that_is_no_invitation_makes_nothing(newcomer, papers, qtbot):
    papers["autre.json"].write_text("{}", "utf-8")
    newcomer.button("join").click()
    newcomer.take_focus()
    papers.choose(newcomer, "invitation_button", "autre.json")
    fill_agent(newcomer)
    qtbot.waitUntil(lambda: "ne peut pas être accepté" in newcomer.said(), timeout=20_000)
    assert not (newcomer.desktop.folder / "slots.json").exists()
    assert newcomer.button("join").isEnabled()


@pytest.fixture
def burned(world, papers):
    """The structure's only machine, gone; its printed code, and the code it was called by."""
    desk = world["blanc"].desk
    printed = compose_machines.make_recovery_kit(desk)
    papers["region.json"].write_text(world.region.to_json(), "utf-8")
    compose_machines.write_statements(desk, papers["certificats.json"])
    seen = compose_machines.machines(desk)
    called = next(one.machine.code for one in seen if one.machine.is_this_one)
    desk.workspace.close()
    shutil.rmtree(desk.workspace.folder)
    del world.doors["blanc"]
    return printed, called


def sought(newcomer, papers, qtbot, *codes):
    """Give the files and type codes, each with what is said of it."""
    newcomer.take_focus()
    newcomer.button("recover").click()
    newcomer.take_focus()
    newcomer.button("special_network").click()
    assert_every_control_is_named(newcomer.window)
    assert_mnemonics_differ(newcomer.window)
    papers.choose(newcomer, "region_button", "region.json")
    papers.choose(newcomer, "statements_button", "certificats.json")
    line = newcomer.part(QLineEdit, "structure_code")
    for typed, said in codes:
        line.setText("")
        line.setFocus()
        newcomer.write(typed.lower())
        newcomer.press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda said=said: said in newcomer.said(), timeout=20_000)
    assert line.text() == ""


def test_a_structure_that_burned_is_taken_over_with_its_code(burned, newcomer, papers, qtbot):
    printed, called = burned
    mistyped = (printed[:-1], "Ce n’est pas un code de reprise")
    sought(newcomer, papers, qtbot, mistyped, (printed, "est retrouvée"))
    assert QApplication.focusWidget().text() == called
    assert_every_control_is_named(newcomer.window)
    assert_mnemonics_differ(newcomer.window)
    fill_agent(newcomer)
    assert "Dites lesquels sont perdus" in newcomer.said()
    newcomer.part(QWidget, "lost").setFocus()
    newcomer.press(Qt.Key.Key_1)
    newcomer.button("take_over").click()
    note_the_code(newcomer, qtbot)
    assert newcomer.desk.window.current_key() == "machines"
    assert column(newcomer, STATE)[called] == "À retirer au prochain échange"
    assert "Ce poste, clé principale" in column(newcomer, WHO).values()


def column(office, place):
    """What a column of the list says, by the code of each machine."""
    model = office.part(RowList, "machine_rows").model()
    rows = range(model.rowCount())
    return {model.index(row, 0).data(): model.index(row, place).data() for row in rows}
