"""The desktop from its first window to its last: unlock, lock, refusals, crashes, the end."""

import json
import shutil
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.usecases.drafts import kept_draft
from tests.builders import PASSPHRASE
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.desk_at_work import (
    ALIX,
    NOE,
    OTHER_PASSPHRASE,
    AtDesk,
    another_process,
    copy_of,
    make_workspace,
)
from ui import compose
from ui.main_window import MainWindow
from ui.unlock.view import UnlockView

ASKED = "Je voudrais apprendre à réparer des vélos."

HOLD = """
import sys
from pathlib import Path
from ui import compose
desk = compose.open_desk(Path(sys.argv[1]), agent=None, passphrase=sys.argv[2])
print("held", flush=True)
sys.stdin.read()
desk.workspace.close()
"""

TYPE_AND_DIE = """
import sys
from pathlib import Path
from app.usecases.drafts import kept_draft
from ui.desktop import Desktop, application_for_desk
from ui.practice_hand import Album, Hand, wait_until
folder = Path(sys.argv[1])
desktop = Desktop(application_for_desk(), folder)
hand = Hand(desktop, Album(folder.parent / "album"))
hand.open()
hand.unlock(sys.argv[2])
hand.go("reception")
hand.write(sys.argv[3])
desk = desktop.desk.desk
draft = f"reception/{desk.workspace.agent}"
wait_until(lambda: (kept_draft(desk, draft=draft) or {}).get("expressed") == sys.argv[3], "draft")
print("kept", flush=True)
hand.write(" Et puis")
sys.stdin.read()
"""

FAIL_IN_A_SLOT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ui.desktop import Desktop, application_for_desk
from ui.practice_hand import pause
def fail():
    raise ValueError("Zélie Exemplaire, 06 39 98 17 42")
desktop = Desktop(application_for_desk(), Path(sys.argv[1]))
desktop.start()
QTimer.singleShot(0, fail)
pause(200)
print("shown" if desktop.window.isVisible() else "gone", flush=True)
desktop.close()
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    return make_workspace(tmp_path_factory.mktemp("made") / "workspace")


@pytest.fixture
def folder(made, tmp_path):
    return copy_of(made, tmp_path / "workspace")


@pytest.fixture
def at_desk(qapp, folder):
    someone = AtDesk(qapp, folder)
    yield someone
    someone.desktop.close()


@pytest.fixture
def opened(at_desk):
    at_desk.open()
    at_desk.unlock(PASSPHRASE)
    return at_desk


def agents_listed(someone):
    agents = someone.part(QWidget, "agents")
    return [choice.label for choice in agents.choices()]


def attempt(someone, qtbot, passphrase):
    qtbot.waitUntil(lambda: someone.button("open").isEnabled(), timeout=20_000)
    someone.part(QLineEdit, "secret").setFocus()
    someone.write(passphrase)
    someone.press(Qt.Key.Key_Return)


def wait_for_words(someone, qtbot, words):
    qtbot.waitUntil(lambda: words in someone.said(), timeout=20_000)


def draft_of(desk):
    return kept_draft(desk, draft=f"reception/{desk.workspace.agent}")


def test_the_first_window_lists_the_agents(at_desk, qtbot):
    at_desk.open()
    qtbot.waitUntil(lambda: agents_listed(at_desk) == [ALIX, NOE])
    assert at_desk.window.focusWidget().objectName() == "secret"
    assert_every_control_is_named(at_desk.window)
    assert_mnemonics_differ(at_desk.window)


def test_a_wrong_passphrase_is_said_calmly_and_counts_down(at_desk, qtbot):
    at_desk.open()
    qtbot.waitUntil(lambda: bool(agents_listed(at_desk)))
    attempt(at_desk, qtbot, "pas celle-ci du tout")
    wait_for_words(at_desk, qtbot, "n’ouvre pas le poste")
    assert "réessayer dans" not in at_desk.said()
    counted = set()
    while not counted:  # the delay grows: sooner or later it can be seen, however slow the machine
        attempt(at_desk, qtbot, "pas celle-ci du tout")
        qtbot.waitUntil(lambda: at_desk.button("open").text() == "&Ouvrir", timeout=20_000)
        assert at_desk.part(QLineEdit, "secret").text() == ""
        if not at_desk.button("open").isEnabled():
            counted.add(at_desk.said())
    assert all("réessayer dans" in said for said in counted)
    qtbot.waitUntil(at_desk.button("open").isEnabled, timeout=20_000)
    attempt(at_desk, qtbot, PASSPHRASE)
    qtbot.waitUntil(lambda: at_desk.desktop.desk is not None, timeout=20_000)


def test_the_right_passphrase_opens_the_desk_and_its_title_names_nobody(opened):
    assert isinstance(opened.window, MainWindow)
    assert opened.window.current_key() == "today"
    title = opened.window.windowTitle()
    assert title.startswith("Deux Portes — ")
    assert ALIX not in title


def test_an_empty_folder_offers_to_begin(at_desk, folder, qtbot):
    shutil.rmtree(folder)
    at_desk.open()
    qtbot.waitUntil(lambda: at_desk.button("create").isVisible())
    assert at_desk.button("practice").isVisible()
    assert_every_control_is_named(at_desk.window)
    assert_mnemonics_differ(at_desk.window)


def test_a_damaged_list_of_agents_is_said_and_tried_again_once_mended(at_desk, folder, qtbot):
    slots = (folder / "slots.json").read_bytes()
    (folder / "slots.json").write_bytes(slots[:-20])
    at_desk.open()
    wait_for_words(at_desk, qtbot, "abîmé")
    (folder / "slots.json").write_bytes(slots)
    at_desk.button("retry").click()
    qtbot.waitUntil(lambda: at_desk.button("open").isVisible())
    assert agents_listed(at_desk) == [ALIX, NOE]


def test_a_damaged_file_is_said_once_the_passphrase_is_right(at_desk, folder, qtbot):
    file = folder / "desk.db"
    file.write_bytes(b"\0" * file.stat().st_size)
    at_desk.open()
    qtbot.waitUntil(lambda: bool(agents_listed(at_desk)))
    attempt(at_desk, qtbot, PASSPHRASE)
    wait_for_words(at_desk, qtbot, "abîmé")
    assert at_desk.desktop.desk is None


def test_a_workspace_of_a_newer_program_is_said(at_desk, folder, qtbot):
    slots = json.loads((folder / "slots.json").read_text("utf-8"))
    (folder / "slots.json").write_text(json.dumps({**slots, "format": 99}), encoding="utf-8")
    at_desk.open()
    wait_for_words(at_desk, qtbot, "plus récente")


def test_a_workspace_open_elsewhere_is_said_and_opens_when_it_is_free(at_desk, folder, qtbot):
    with another_process(HOLD, str(folder), PASSPHRASE) as other:
        assert other.stdout.readline() == "held\n"
        at_desk.open()
        qtbot.waitUntil(lambda: bool(agents_listed(at_desk)))
        attempt(at_desk, qtbot, PASSPHRASE)
        wait_for_words(at_desk, qtbot, "Une autre fenêtre ou une autre commande")
        other.communicate("")
    at_desk.button("retry").click()
    qtbot.waitUntil(lambda: at_desk.button("open").isVisible())
    at_desk.unlock(PASSPHRASE)


def test_locking_goes_back_to_the_agent_who_was_here_and_loses_nothing(at_desk, qtbot):
    at_desk.open()
    qtbot.waitUntil(lambda: agents_listed(at_desk) == [ALIX, NOE])
    at_desk.part(QWidget, "agents").set_value(
        next(c.code for c in at_desk.part(QWidget, "agents").choices() if c.label == NOE)
    )
    attempt(at_desk, qtbot, OTHER_PASSPHRASE)
    qtbot.waitUntil(lambda: at_desk.desktop.desk is not None, timeout=20_000)
    at_desk.take_focus()
    at_desk.go("reception")
    at_desk.write(ASKED)
    at_desk.press(Qt.Key.Key_L, ctrl=True)
    assert isinstance(at_desk.window, UnlockView)
    assert at_desk.desktop.desk is None
    qtbot.waitUntil(lambda: agents_listed(at_desk) == [NOE, ALIX])
    at_desk.unlock(OTHER_PASSPHRASE)
    assert draft_of(at_desk.desk.desk)["expressed"] == ASKED
    wait_for_words(at_desk, qtbot, "Un accueil commencé vous attend")
    page = at_desk.go("reception")
    qtbot.waitUntil(lambda: page.body()["expressed"] == ASKED)


def test_locking_does_not_wait_for_the_exchange_and_opening_again_does(opened, qtbot):
    gate, answers = threading.Event(), []
    opened.desk._exchange.runner.run(lambda: gate.wait(20), answers.append, answers.append)
    workspace = opened.desk.desk.workspace
    opened.press(Qt.Key.Key_L, ctrl=True)
    assert isinstance(opened.window, UnlockView)
    assert workspace._is_open
    gate.set()
    opened.take_focus()
    opened.unlock(PASSPHRASE)
    assert not workspace._is_open
    assert answers == []  # its window is gone


def test_a_half_typed_reception_is_there_after_closing(at_desk, folder, qapp, qtbot):
    at_desk.open()
    at_desk.unlock(PASSPHRASE)
    at_desk.go("reception")
    at_desk.write(ASKED)
    at_desk.window.close()
    at_desk.desktop.close()
    again = AtDesk(qapp, folder)
    try:
        again.open()
        again.unlock(PASSPHRASE)
        page = again.go("reception")
        qtbot.waitUntil(lambda: page.body()["expressed"] == ASKED)
    finally:
        again.desktop.close()


def test_a_half_typed_reception_survives_a_killed_program(at_desk, folder, qtbot):
    with another_process(TYPE_AND_DIE, str(folder), PASSPHRASE, ASKED) as other:
        assert other.stdout.readline() == "kept\n"
        other.kill()
        other.wait()
    at_desk.open()
    at_desk.unlock(PASSPHRASE)
    page = at_desk.go("reception")
    qtbot.waitUntil(lambda: page.body()["expressed"].startswith(ASKED))


def test_once_closed_no_thread_remains_and_another_process_can_open(at_desk, folder):
    others = {thread for thread in threading.enumerate() if thread.name != "unlock"}
    at_desk.open()
    at_desk.unlock(PASSPHRASE)
    ours = {thread.name for thread in set(threading.enumerate()) - others}
    assert {"unlock", "desk", "exchange", "writer"} <= ours
    at_desk.desktop.close()
    assert set(threading.enumerate()) <= others
    with another_process(HOLD, str(folder), PASSPHRASE) as other:
        assert other.stdout.readline() == "held\n"
        other.communicate("")


def test_our_fault_in_a_slot_is_logged_without_data_and_the_window_stays(folder, tmp_path):
    home = tmp_path / "home"
    with another_process(
        FAIL_IN_A_SLOT,
        str(folder),
        HOME=str(home),
        XDG_STATE_HOME=str(home),
        XDG_CACHE_HOME=str(home),
    ) as other:
        assert other.stdout.readline() == "shown\n"
        assert other.wait(20) == 0
    (log,) = home.rglob("deux-portes.log")
    said = log.read_text("utf-8")
    assert "ValueError" in said
    assert "Zélie" not in said
    assert "06 39" not in said


def test_everything_the_desktop_needs_can_be_built(qapp, tmp_path):
    someone = AtDesk(qapp, tmp_path / "new")
    try:
        someone.desktop.start()
        someone.desktop.build_everything()
        window = someone.desk.window
        assert all(window.is_built(slot.key) for slot in window.slots())
        assert compose.enrolment(someone.desk.desk) == ("alone", "")
    finally:
        someone.desktop.close()
