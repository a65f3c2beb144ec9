"""One key copies the last meeting for another system; the clipboard forgets it after a minute."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.builders import handed_over, person_of, received
from tests.screens.desk_windows import desk_window, take_keyboard
from ui.desk_printing import PRINTING
from ui.desk_window import PERSONS, RECEPTION_PAGE, SETTINGS
from ui.widgets.timed_clipboard import TimedClipboard


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    QGuiApplication.clipboard().clear()


@pytest.fixture
def open_desk(desk, settings, appearance, qtbot):
    with desk_window(desk, settings, appearance) as opened:
        opened.loop._timer.stop()
        take_keyboard(opened, qtbot)
        yield opened


def press_f9(opened):
    QTest.keyClick(QApplication.focusWidget() or opened.window, Qt.Key.Key_F9)


def says(opened, words):
    return any(words in one.text() for one in opened.window.findChildren(QLabel) if one.isVisible())


def test_the_file_shown_gives_its_latest_meeting(desk, open_desk, qtbot):
    received(desk, received_at="2026-11-20T10:00:00+01:00", expressed="La première (exemple).")
    person = person_of(received(desk, expressed="La dernière (exemple)."))
    open_desk._open_person(person)
    qtbot.waitUntil(lambda: open_desk._shown_person() == person)
    press_f9(open_desk)
    qtbot.waitUntil(lambda: "La dernière (exemple)." in clipboard())
    assert "Aubrun" not in clipboard()
    assert says(open_desk, "Copié pour i-Milo")


def test_opening_a_file_takes_the_keyboard_from_no_window(desk, open_desk, qtbot):
    person = person_of(received(desk))
    open_desk._open_person(person)
    qtbot.waitUntil(lambda: open_desk._shown_person() == person)
    assert open_desk.window.isActiveWindow()


def test_the_meeting_just_saved_is_the_one_copied_elsewhere(desk, open_desk, qtbot):
    recorded = received(desk, expressed="Tout juste enregistré (exemple).")
    open_desk._copying.saved(recorded.encounter)
    press_f9(open_desk)
    qtbot.waitUntil(lambda: "Tout juste enregistré (exemple)." in clipboard())
    open_desk.leave()
    assert clipboard() == ""


def test_the_template_chosen_in_the_settings_is_the_one_filled(desk, open_desk, qtbot):
    open_desk._copying.saved(received(desk, expressed="Une formation (exemple).").encounter)
    open_desk.window.show_screen(SETTINGS).copying.chosen.emit("court")
    press_f9(open_desk)
    qtbot.waitUntil(lambda: says(open_desk, "Copié pour Résumé court, sans nom"))
    assert "Une formation (exemple)." in clipboard()


def test_when_its_template_was_forgotten_the_usual_one_is_filled(desk, open_desk, qtbot):
    open_desk._copying.saved(received(desk).encounter)
    open_desk._copying.actions().choose("parti")
    press_f9(open_desk)
    qtbot.waitUntil(lambda: says(open_desk, "Copié pour i-Milo"))


def test_with_nothing_saved_it_says_so(open_desk, qtbot):
    press_f9(open_desk)
    qtbot.waitUntil(lambda: says(open_desk, "Rien à copier"))
    assert clipboard() == ""
    assert open_desk.window.current_key() != PERSONS


def test_the_clipboard_forgets_after_its_time(qtbot):
    lent = TimedClipboard(kept_ms=1)
    lent.lend("Accueil (exemple)")
    qtbot.waitUntil(lambda: clipboard() == "")


def test_what_somebody_copied_since_is_left_alone(qtbot):
    lent = TimedClipboard()
    lent.lend("Accueil (exemple)")
    assert clipboard() == "Accueil (exemple)"
    QGuiApplication.clipboard().setText("autre chose")
    lent.take_back()
    assert clipboard() == "autre chose"


def test_managers_of_clipboards_are_asked_to_remember_nothing(qapp):
    lent = TimedClipboard()
    lent.lend("Accueil (exemple)")
    content = QGuiApplication.clipboard().mimeData()
    assert bytes(content.data("x-kde-passwordManagerHint").data()) == b"secret"
    lent.take_back()


def test_the_papers_of_who_was_just_received_are_one_key_away(desk, open_desk, qtbot):
    page = open_desk.window.show_screen(RECEPTION_PAGE)
    page.print_wanted.emit()
    qtbot.waitUntil(lambda: says(open_desk, "Enregistrez d’abord"))
    page.recorded.emit(handed_over(desk))
    page.print_wanted.emit()
    qtbot.waitUntil(lambda: open_desk.window.current_key() == PRINTING)
