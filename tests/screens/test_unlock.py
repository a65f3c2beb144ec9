"""The first window: who is here, the passphrase, and calm words for everything else."""

import gc
import weakref
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from app.domain.errors import (
    DiskFullError,
    TooSoonError,
    WorkspaceBusyError,
    WorkspaceDamagedError,
    WorkspaceFromTheFutureError,
    WorkspaceMissingError,
    WrongPassphraseError,
)
from tests.fakes.runner import StepRunner
from tests.screens.accessibility import (
    assert_every_control_is_named,
    assert_mnemonics_differ,
    tab_order,
)
from tests.screens.keyboard import type_text
from ui.tasks import ThreadRunner
from ui.unlock.presenter import AgentCard, UnlockPorts, UnlockPresenter
from ui.unlock.view import UnlockView
from ui.widgets.choices import ChoiceRow

AGENTS = [AgentCard(slot_id="a1", label="Camille (exemple)"), AgentCard(slot_id="b2", label="Noé")]


class Lock:
    """A workspace that opens with one passphrase, or refuses as it is told to."""

    def __init__(self):
        self.listing_error = None
        self.error = WrongPassphraseError(0)
        self.tried = []
        self.opened = []

    def agents(self):
        if self.listing_error:
            raise self.listing_error
        return AGENTS

    def unlock(self, slot_id, passphrase):
        self.tried.append((slot_id, len(passphrase)))
        if passphrase != "forêt de Brenne":
            raise self.error
        return f"workspace of {slot_id}"

    def recover(self, code):
        if code != "7K4M":
            raise self.error
        return "workspace recovered"

    def ports(self):
        return UnlockPorts(
            agents=self.agents,
            unlock=self.unlock,
            unlock_with_recovery=self.recover,
            sentence=lambda error: f"Phrase pour {error.code}.",
            opened=self.opened.append,
        )


@pytest.fixture
def lock():
    return Lock()


@pytest.fixture
def runner():
    return StepRunner()


@pytest.fixture
def view(qtbot, appearance, lock, runner):
    shown = UnlockView(structure="Le Blanc (exemple)")
    qtbot.addWidget(shown)
    shown.serve(UnlockPresenter(shown, lock.ports(), runner))
    shown.resize(1024, 700)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def secret(view):
    return next(line for line in view.findChildren(QLineEdit, "secret") if line.isVisible())


def button(view, name):
    return next(each for each in view.findChildren(QPushButton, name) if each.isVisible())


def all_words(view):
    return "\n".join(each.text() for each in view.findChildren(QLabel) if each.isVisible())


def attempt(view, runner, passphrase):
    type_text(secret(view), passphrase)
    QTest.keyClick(secret(view), Qt.Key.Key_Return)
    runner.run_all()


def test_typing_the_passphrase_and_enter_opens_for_the_last_agent(view, lock, runner):
    runner.run_all()
    attempt(view, runner, "forêt de Brenne")
    assert lock.opened == ["workspace of a1"]


def test_a_digit_chooses_the_agent(view, lock, runner):
    runner.run_all()
    row = view.findChild(ChoiceRow)
    row.setFocus()
    type_text(view.focusWidget(), "é")
    assert row.value() == "b2"
    attempt(view, runner, "forêt de Brenne")
    assert lock.opened == ["workspace of b2"]


def test_the_field_is_empty_while_the_passphrase_is_tried(view, runner):
    runner.run_all()
    type_text(secret(view), "forêt de Brenne")
    QTest.keyClick(secret(view), Qt.Key.Key_Return)
    assert secret(view).text() == ""
    assert not secret(view).isUndoAvailable()
    assert button(view, "open").text() == "Ouverture…"


def test_a_second_press_while_opening_tries_nothing(view, lock, runner):
    runner.run_all()
    type_text(secret(view), "one")
    QTest.keyClick(secret(view), Qt.Key.Key_Return)
    type_text(secret(view), "two")
    QTest.keyClick(secret(view), Qt.Key.Key_Return)
    runner.run_all()
    assert lock.tried == [("a1", 3)]


class Watched(str):
    """A passphrase that can be watched dying."""

    __slots__ = ("__weakref__",)


def refuse(slot_id, passphrase):
    raise WrongPassphraseError


@pytest.mark.parametrize("make_runner", [StepRunner, ThreadRunner])
def test_the_passphrase_is_gone_after_a_refusal(lock, qtbot, make_runner):
    runner, screen = make_runner(), Silent()
    presenter = UnlockPresenter(screen, replace(lock.ports(), unlock=refuse), runner)
    passphrase = Watched("wrong")
    watch = weakref.ref(passphrase)
    gc.disable()
    try:
        presenter.try_passphrase("a1", passphrase)
        del passphrase
        if isinstance(runner, StepRunner):
            runner.run_all()
        qtbot.waitUntil(
            lambda: ("show_refusal", "Phrase pour wrong_passphrase.", 0) in screen.shown
        )
        qtbot.waitUntil(lambda: watch() is None)
    finally:
        gc.enable()
        if isinstance(runner, ThreadRunner):
            assert runner.close()


class Silent:
    """A screen that remembers what it was told to show."""

    def __init__(self):
        self.shown = []

    def __getattr__(self, name):
        return lambda *said: self.shown.append((name, *said))


def test_a_wrong_passphrase_waits_in_plain_words_and_never_locks_out(view, lock, runner, qtbot):
    runner.run_all()
    lock.error = WrongPassphraseError(1)
    attempt(view, runner, "wrong")
    assert "Phrase pour wrong_passphrase." in all_words(view)
    assert "réessayer dans 1 seconde." in all_words(view)
    assert not button(view, "open").isEnabled()
    qtbot.waitUntil(lambda: button(view, "open").isEnabled(), timeout=3000)
    attempt(view, runner, "forêt de Brenne")
    assert lock.opened == ["workspace of a1"]


def test_seconds_are_counted_in_french_plurals(view, lock, runner):
    runner.run_all()
    lock.error = TooSoonError(8)
    attempt(view, runner, "wrong")
    assert "réessayer dans 8 secondes." in all_words(view)


def test_what_is_typed_during_the_wait_is_kept(view, lock, runner):
    runner.run_all()
    lock.error = WrongPassphraseError(30)
    attempt(view, runner, "wrong")
    type_text(secret(view), "forêt")
    QTest.keyClick(secret(view), Qt.Key.Key_Return)
    assert secret(view).text() == "forêt"
    assert len(lock.tried) == 1


def test_nothing_moves_when_a_refusal_is_shown(view, lock, runner, qtbot):
    runner.run_all()
    before = button(view, "open").mapTo(view, button(view, "open").rect().topLeft())
    attempt(view, runner, "wrong")
    after = button(view, "open").mapTo(view, button(view, "open").rect().topLeft())
    assert before == after


def test_the_eye_shows_and_hides_with_a_name_that_says_which(view, runner):
    runner.run_all()
    eye = view.findChild(QToolButton, "show_secret")
    assert eye.accessibleName() == "Montrer la phrase de passe"
    eye.click()
    assert secret(view).echoMode() is QLineEdit.EchoMode.Normal
    assert eye.accessibleName() == "Cacher la phrase de passe"
    attempt(view, runner, "wrong")
    assert secret(view).echoMode() is QLineEdit.EchoMode.Password


def test_the_recovery_code_opens(view, lock, runner):
    runner.run_all()
    button(view, "recovery_link").click()
    attempt(view, runner, "7K4M")
    assert lock.opened == ["workspace recovered"]


def test_a_wrong_recovery_code_is_said_on_its_own_page(view, lock, runner):
    runner.run_all()
    button(view, "recovery_link").click()
    attempt(view, runner, "7K4X")
    assert "Phrase pour wrong_passphrase." in all_words(view)
    button(view, "back_link").click()
    assert "Qui êtes-vous" in all_words(view)


def test_without_a_workspace_one_can_begin_or_practise(view, lock, runner, qtbot):
    lock.listing_error = WorkspaceMissingError("dossier")
    runner.run_all()
    assert "Bienvenue" in all_words(view)
    with qtbot.waitSignal(view.create_wanted):
        button(view, "create").click()
    with qtbot.waitSignal(view.practice_wanted):
        button(view, "practice").click()


@pytest.mark.parametrize(
    "error",
    [WorkspaceDamagedError(), WorkspaceFromTheFutureError(), WorkspaceBusyError(), DiskFullError()],
)
def test_a_workspace_that_cannot_be_listed_says_why_and_can_be_tried_again(
    view, lock, runner, error
):
    lock.listing_error = error
    runner.run_all()
    assert f"Phrase pour {error.code}." in all_words(view)
    lock.listing_error = None
    button(view, "retry").click()
    runner.run_all()
    assert secret(view).isVisible()


def test_a_disk_that_fills_while_opening_says_so(view, lock, runner):
    runner.run_all()
    lock.error = DiskFullError()
    attempt(view, runner, "wrong")
    assert "Phrase pour disk_full." in all_words(view)


def test_a_fault_of_ours_is_shown_and_not_swallowed(lock):
    screen = Silent()
    lock.error = ZeroDivisionError()
    spoken = replace(lock.ports(), sentence=lambda _: "Une erreur.")
    runner = StepRunner()
    UnlockPresenter(screen, spoken, runner).try_passphrase("a1", "wrong")
    with pytest.raises(ZeroDivisionError):
        runner.run_all()
    assert ("show_problem", "Une erreur.") in screen.shown


def test_every_control_has_a_name_on_every_page(view, lock, runner):
    runner.run_all()
    assert_every_control_is_named(view)
    assert_mnemonics_differ(view)
    button(view, "recovery_link").click()
    assert_every_control_is_named(view)
    assert_mnemonics_differ(view)
    lock.listing_error = WorkspaceMissingError("dossier")
    view.retry_wanted.emit()
    runner.run_all()
    assert_every_control_is_named(view)
    assert_mnemonics_differ(view)


def test_tab_goes_from_the_field_to_its_eye_to_open_to_the_code(view, runner):
    runner.run_all()
    secret(view).setFocus()
    names = [met.objectName() for met in tab_order(view)]
    assert names[:3] == ["show_secret", "open", "recovery_link"]


def test_alt_p_reaches_the_passphrase(view, runner):
    runner.run_all()
    button(view, "recovery_link").setFocus()
    QTest.keyClick(view, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    assert view.focusWidget() is secret(view)


def test_the_title_names_the_structure_alone(view):
    assert view.windowTitle() == "Deux Portes — Le Blanc (exemple)"


def test_the_first_window_imports_nothing_it_can_do_without():
    import subprocess
    import sys

    script = (
        "import sys; import ui.unlock.view; "
        "print(' '.join(m for m in sys.modules if m.startswith(('ui.', 'app.', 'sync'))))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "ui.main_window" not in loaded
    assert not [name for name in loaded if name.startswith(("app.", "sync"))]


def test_pages_are_no_wider_than_a_small_laptop(view, runner, appearance):
    runner.run_all()
    appearance.set_scale(200)
    view.resize(1024, 700)
    assert view.findChild(QWidget, "secret").width() < 1024
    assert view.minimumSizeHint().width() <= 1024
