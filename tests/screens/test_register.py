"""The old register on screen: seen before it is written, imported, undone as a whole."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from app.reference.register.errors import NoTitlesError
from app.usecases.register.importing import import_register
from app.usecases.register.previewing import preview_import
from app.usecases.register.undoing import register_imports
from tests.builders import dump
from tests.fakes.dialogs import Answers
from tests.fakes.runner import StepRunner
from tests.registers import write_csv
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.desk_windows import desk_window
from tests.screens.register_screen import Screen, encounters, focused
from ui.register.page import Options
from ui.texts import sentence_for
from ui.widgets.choices import ChoiceChips


@pytest.fixture
def screen(desk, put):
    return Screen(desk, put)


def test_without_a_date_the_preview_says_what_to_do(screen, register_file):
    screen.open(register_file)
    screen.presenter.set_field("Date d’accueil", "")
    screen.press("register_preview")
    assert "quelle colonne est la date" in screen.notice()
    assert not screen.shows("register_keep")


def test_the_preview_writes_nothing_and_says_why_lines_are_refused(screen, register_file):
    screen.open(register_file)
    screen.press("register_preview")
    title = screen.view.findChild(QLabel, "register_preview_title").text()
    assert title == (
        "2\u00a0accueils à enregistrer, du 3\u00a0juin\u00a02024 au 4\u00a0juin\u00a02024."
    )
    assert screen.cells("register_rejected") == [
        "Ligne 4 de «\u00a0Accueils\u00a0» | «\u00a0pas une date\u00a0» n’est pas une date"
    ]
    assert len(screen.cells("register_samples")) == 2
    assert not any("EXEMPLIER" in row for row in screen.cells("register_samples"))
    assert encounters(screen.desk) == 0


def test_a_correction_puts_the_preview_away(screen, register_file):
    screen.open(register_file)
    screen.press("register_preview")
    assert screen.shows("register_keep")
    screen.presenter.set_codes("status", "Zouave", ("salarie",))
    assert not screen.shows("register_keep")


def test_importing_records_once_and_undoing_takes_everything_back(screen, desk, register_file):
    screen.open(register_file)
    screen.press("register_preview")
    screen.press("register_keep")
    assert encounters(desk) == 2
    assert "2\u00a0accueils importés." in screen.notice()
    assert screen.hub.published
    assert not screen.shows("register_preview")
    screen.open(register_file)
    screen.press("register_preview")
    assert "déjà importé" in screen.words()
    assert not screen.shows("register_keep")
    screen.press("register_undo_1_ask")
    assert "Seront effacés, pour toujours" in screen.words()
    assert encounters(desk) == 2
    screen.press("register_undo_1_confirm")
    assert encounters(desk) == 0
    assert "Import défait. 2\u00a0accueils effacés." in screen.notice()
    assert "Aucun registre importé" in screen.words()
    assert not register_imports(desk)


def test_names_are_kept_only_when_asked(screen, desk, register_file):
    screen.open(register_file)
    names = screen.view.findChild(ChoiceChips, "register_names")
    assert not names.values()
    assert "Sans accord, aucun nom" in screen.words()
    screen.presenter.set_options(Options(with_names=True))
    assert names.values() == ("names",)
    screen.press("register_preview")
    assert any("Nadia EXEMPLIER" in row for row in screen.cells("register_samples"))
    screen.press("register_keep")
    assert len(dump(desk, "persons")["persons"]) == 2
    assert "«\u00a0Personnes\u00a0»" in screen.notice()
    asked = []
    screen.view.persons_wanted.connect(lambda: asked.append(True))
    screen.press("notice_action")
    assert asked


def test_a_file_that_is_no_register_says_why(screen, tmp_path):
    wrong = tmp_path / "photo.xlsx"
    wrong.write_bytes(b"ceci n'est pas un classeur")
    screen.open(wrong)
    assert screen.notice()
    assert not screen.shows("register_preview")
    screen.open(write_csv(tmp_path / "liste.csv", [["bonjour"], ["au revoir"]]))
    assert screen.notice() == sentence_for(NoTitlesError("liste.csv"))


def test_a_csv_is_read_as_well(screen, desk, tmp_path):
    rows = [["Date", "Commune", "Motif"], ["03/06/2024", "Le Blanc", "VAE"]]
    screen.open(write_csv(tmp_path / "r.csv", rows))
    screen.press("register_preview")
    screen.press("register_keep")
    assert encounters(desk) == 1


def test_nothing_chosen_changes_nothing(screen):
    screen.press("register_choose")
    assert not screen.notice()
    assert not screen.shows("register_preview")


def test_dates_without_a_year_take_the_one_that_is_given(screen, desk, tmp_path):
    rows = [["Date", "Commune", "Motif"], ["3 juin", "Le Blanc", "VAE"]]
    screen.open(write_csv(tmp_path / "r.csv", rows))
    year = screen.view.findChild(QLineEdit, "register_year")
    screen.press("register_preview")
    assert "n’est pas une date" in screen.cells("register_rejected")[0]
    year.setText("1924")
    year.editingFinished.emit()
    assert "Une année depuis 2000." in screen.words()
    year.setText("2024")
    year.editingFinished.emit()
    screen.press("register_preview")
    assert "3\u00a0juin\u00a02024" in screen.cells("register_samples")[0]


def test_ctrl_enter_shows_then_imports(screen, desk, page, qtbot, register_file):
    focused(page, qtbot)
    screen.open(register_file)
    rows = screen.rows("register_columns")
    QTest.keyClick(rows, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.shows("register_keep"))
    assert encounters(desk) == 0
    now = QApplication.focusWidget()
    QTest.keyClick(now, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert encounters(desk) == 2


def test_putting_the_register_away_forgets_it(screen, register_file):
    screen.open(register_file)
    screen.press("register_leave")
    assert screen.presenter._read is None
    assert not screen.cells("register_columns")
    assert not screen.shows("register_preview")


def test_an_import_is_given_up_and_nothing_stays(desk, put, register_file):
    screen = Screen(desk, put, StepRunner())
    screen.open(register_file)
    screen.runner.run_all()
    screen.press("register_preview")
    screen.runner.run_all()
    screen.press("register_keep")
    assert screen.shows("register_stop")
    assert not screen.view._check.isEnabled()
    screen.press("register_stop")
    assert "Abandon" in screen.words()
    screen.runner.run_all()
    assert encounters(desk) == 0
    assert screen.said == ["Abandonné\u202f: rien n’a été importé"]
    assert screen.shows("register_keep")
    screen.press("register_keep")
    screen.runner.run_all()
    assert encounters(desk) == 2


def test_an_import_that_was_done_before_it_was_given_up_is_said(desk, put, register_file):
    done = lambda preview, _announce: import_register(desk, preview)  # noqa: E731
    screen = Screen(desk, put, StepRunner(), keep=done)
    screen.open(register_file)
    screen.runner.run_all()
    screen.press("register_preview")
    screen.runner.run_all()
    screen.press("register_keep")
    screen.press("register_stop")
    screen.runner.run_all()
    assert encounters(desk) == 2
    assert "venait de finir" in screen.notice()
    assert screen.shows("register_undo_1_ask")


def test_a_reading_given_up_shows_nothing_later(desk, put, register_file):
    screen = Screen(desk, put, StepRunner())
    screen.open(register_file)
    screen.press("register_stop")
    screen.runner.run_all()
    assert not screen.shows("register_preview")
    assert not screen.shows("register_stop")


def test_progress_is_shown_for_the_work_waited_for_alone(desk, put, register_file):
    screen = Screen(desk, put, StepRunner())
    screen.open(register_file)
    turn = screen.presenter._turn
    screen.presenter.progressed((turn, 200, 1_000))
    assert "200 sur 1\u202f000" in screen.view.findChild(QLabel, "register_busy").text()
    screen.presenter.progressed((turn - 1, 900, 1_000))
    assert "200 sur" in screen.view.findChild(QLabel, "register_busy").text()
    screen.runner.run_all()


def test_the_screen_does_what_the_command_does(screen, desk, register_file):
    screen.open(register_file)
    screen.press("register_preview")
    read = screen.presenter._read
    assert screen.presenter._preview.key == preview_import(desk, read.book, read.plan).key


def test_every_control_is_named_and_mnemonics_differ(screen, page, qtbot, register_file):
    focused(page, qtbot)
    screen.open(register_file)
    screen.rows("register_words").select_key(("status", "Zouave"))
    screen.press("register_preview")
    assert_every_control_is_named(screen.view)
    assert_mnemonics_differ(screen.view)
    screen.rows("register_words").select_key(("motives", "VAE"))
    assert_every_control_is_named(screen.view)
    assert_mnemonics_differ(screen.view)
    screen.press("register_keep")
    screen.press("register_undo_1_ask")
    assert_every_control_is_named(screen.view)
    assert QApplication.focusWidget().objectName() == "register_undo_1_keep"
    screen.press("register_undo_1_confirm")
    assert screen.view.isAncestorOf(QApplication.focusWidget())


def test_the_window_leads_from_the_settings_and_back(
    desk, qtbot, settings, appearance, register_file
):
    answers = Answers()
    with desk_window(desk, settings, appearance, dialogs=answers.dialogs()) as opened:
        shown = opened.window
        shown.show_screen("settings").findChild(QPushButton, "open_register").click()
        assert shown.current_key() == "register"
        view = shown.screen("register")
        answers.then([register_file])
        view.findChild(QPushButton, "register_choose").click()
        preview = view.findChild(QPushButton, "register_preview")
        qtbot.waitUntil(lambda: preview.isVisible() and preview.isEnabled())
        preview.click()
        keep = view.findChild(QPushButton, "register_keep")
        qtbot.waitUntil(lambda: keep.isVisible() and keep.isEnabled())
        assert_mnemonics_differ(shown)
        keep.click()
        qtbot.waitUntil(lambda: "importés" in view._notice.text())
        assert encounters(desk) == 2
        view.findChild(QPushButton, "register_back").click()
        assert shown.current_key() == "settings"
