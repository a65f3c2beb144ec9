"""The old register on screen: columns and words are guessed, corrected, from the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from tests.fakes.runner import StepRunner
from tests.registers import write_xlsx
from tests.screens.keyboard import type_text
from tests.screens.register_screen import OTHER, ROWS, Screen, encounters, focused, key
from ui.register.meanings import LEFT_OUT
from ui.register.page import Options
from ui.widgets.choices import ChoiceChips
from ui.widgets.suggest_field import SuggestField


@pytest.fixture
def screen(desk, put):
    return Screen(desk, put)


def test_columns_are_guessed_with_their_reason(screen, register_file):
    screen.open(register_file)
    assert screen.field_of("Date d’accueil") == "Date de l’accueil"
    assert screen.field_of("Ville") == "Commune"
    assert screen.field_of("Truc") == LEFT_OUT
    assert any("abc · def · ghi" in row for row in screen.cells("register_columns"))
    assert any(row.endswith("Le titre le dit.") for row in screen.cells("register_columns"))
    assert encounters(screen.desk) == 0


def test_unknown_words_come_first_and_keep_their_place_once_mapped(screen, register_file):
    screen.open(register_file)
    first = screen.cells("register_words")[0]
    assert first == "Zouave | Situation | Non compris"
    screen.presenter.set_codes("status", "Zouave", ("salarie",))
    assert screen.cells("register_words")[0].startswith("Zouave | Situation | ")
    assert "Non compris" not in screen.cells("register_words")[0]
    assert "Tous les mots de listes sont compris" in screen.words()


def test_a_column_is_corrected_from_the_keyboard(screen, page, qtbot, register_file):
    focused(page, qtbot)
    screen.open(register_file)
    rows = screen.rows("register_columns")
    assert rows.hasFocus()
    rows.select_key("Truc")
    key(rows, Qt.Key.Key_Return)
    line = screen.view.findChild(SuggestField, "register_field").line
    qtbot.waitUntil(line.hasFocus)
    shown = screen.view.findChild(SuggestField, "register_field").suggestions_shown()
    assert len(shown) > 20
    line.clear()
    type_text(line, "demande dans")
    key(line, Qt.Key.Key_Return)
    assert screen.field_of("Truc").startswith("Demande, dans les mots")
    assert rows.hasFocus()
    assert screen.view.findChild(QLabel, "register_reason").text() == "Vous l’avez choisi."


def test_a_word_is_corrected_from_the_keyboard(screen, page, qtbot, register_file):
    focused(page, qtbot)
    screen.open(register_file)
    rows = screen.rows("register_words")
    rows.setFocus()
    rows.select_key(("status", "Zouave"))
    key(rows, Qt.Key.Key_Return)
    line = screen.view.findChild(SuggestField, "register_meaning").line
    qtbot.waitUntil(line.hasFocus)
    type_text(line, "salari")
    key(line, Qt.Key.Key_Return)
    assert screen.cells("register_words")[0] == "Zouave | Situation | En emploi salarié"


def test_a_word_of_motives_may_mean_several_things(screen, page, qtbot, register_file):
    focused(page, qtbot)
    screen.open(register_file)
    rows = screen.rows("register_words")
    rows.select_key(("motives", "Formation"))
    key(rows, Qt.Key.Key_Return)
    chips = screen.view.findChild(ChoiceChips, "register_meanings")
    assert chips.isVisibleTo(screen.view)
    before = chips.values()
    key(QApplication.focusWidget(), Qt.Key.Key_5)
    assert set(chips.values()) ^ set(before)
    assert rows.selected_row().codes == chips.values()


def test_a_commune_is_searched_by_its_name(screen, page, qtbot, tmp_path):
    focused(page, qtbot)
    rows = [[*row] for row in ROWS]
    rows[1][3] = "Chez ma tante"
    screen.open(write_xlsx(tmp_path / "r.xlsx", {"A": rows}))
    words = screen.rows("register_words")
    words.select_key(("commune", "Chez ma tante"))
    key(words, Qt.Key.Key_Return)
    line = screen.view.findChild(SuggestField, "register_meaning").line
    type_text(line, "bélâ")
    key(line, Qt.Key.Key_Return)
    assert words.selected_row().meaning == "Bélâbre"


def test_a_column_left_out_leaves_its_words_too(screen, register_file):
    screen.open(register_file)
    screen.rows("register_columns").select_key("Situation")
    screen.press("register_leave_out")
    assert screen.field_of("Situation") == LEFT_OUT
    assert not any("Zouave" in row for row in screen.cells("register_words"))


def test_the_date_moves_from_one_column_to_another(screen, register_file):
    screen.open(register_file)
    screen.presenter.set_field("Truc", "date")
    assert screen.field_of("Truc") == "Date de l’accueil"
    assert screen.field_of("Date d’accueil") == LEFT_OUT


def test_sheets_are_chosen_and_corrections_stay(screen, tmp_path):
    screen.open(write_xlsx(tmp_path / "r.xlsx", {"Juin": ROWS, "Juillet": OTHER}))
    sheets = screen.view.findChild(ChoiceChips, "register_sheets")
    assert sheets.values() == ("Juin", "Juillet")
    screen.presenter.set_field("Truc", "notes")
    screen.presenter.set_codes("status", "Sal", ("etudiant",))
    screen.presenter.set_options(Options(with_names=True, date_above=True))
    screen.presenter.choose_sheets(("Juillet",))
    assert sheets.values() == ("Juillet",)
    assert screen.field_of("Truc") == "Notes de l’accueil"
    assert screen.presenter._read.plan.values["status"]["Sal"] == ("etudiant",)
    assert screen.presenter._read.plan.with_names
    screen.press("register_preview")
    assert len(screen.cells("register_samples")) == 1
    screen.presenter.choose_sheets(())
    assert "au moins une feuille" in screen.notice()
    assert sheets.values() == ("Juillet",)


def test_every_sheet_taken_is_the_plan_that_names_none(screen, tmp_path):
    screen.open(write_xlsx(tmp_path / "r.xlsx", {"Juin": ROWS, "Juillet": OTHER}))
    screen.presenter.choose_sheets(("Juin",))
    screen.presenter.choose_sheets(("Juin", "Juillet"))
    assert screen.presenter._read.plan.sheets == ()


def test_two_corrections_at_once_are_both_kept(desk, put, register_file):
    screen = Screen(desk, put, StepRunner())
    screen.open(register_file)
    screen.runner.run_all()
    screen.presenter.set_field("Truc", "notes")
    screen.presenter.set_codes("status", "Zouave", ("salarie",))
    screen.presenter.set_field("Ville", "")
    screen.runner.run_all()
    assert screen.field_of("Truc") == "Notes de l’accueil"
    assert screen.field_of("Ville") == LEFT_OUT
    assert "Zouave | Situation | En emploi salarié" in screen.cells("register_words")


def test_escape_closes_the_suggestions_then_goes_back(screen, page, qtbot, register_file):
    focused(page, qtbot)
    screen.open(register_file)
    gone = []
    screen.view.back_wanted.connect(lambda: gone.append(True))
    key(screen.rows("register_columns"), Qt.Key.Key_Return)
    field = screen.view.findChild(SuggestField, "register_field")
    assert field.suggestions_shown()
    key(field.line, Qt.Key.Key_Escape)
    assert not field.suggestions_shown()
    assert not gone
    key(field.line, Qt.Key.Key_Escape)
    assert gone
