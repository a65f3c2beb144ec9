"""The directory by keyboard: looking, what is open near, correcting, importing, undoing."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QWidget,
)

from app.usecases.directory.corrections import correct, vouch
from app.usecases.directory.histories import corrected_here, corrections_made
from app.usecases.directory.shelf import desk_directory
from tests.builders import FIRST_DOOR, ON_PAPER, SECOND_DOOR, a_referral, handed_over, referral_of
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.desk_windows import desk_window, take_keyboard
from tests.screens.directory_page import Screen, plain
from tests.screens.keyboard import type_text
from ui.desk_directory import DIRECTORY
from ui.directory.map_area import MapArea
from ui.theme import ThemeName
from ui.widgets.spoken_list import ROW_ROLE

DIRECT = "+33261910099"


@pytest.fixture
def screen(desk, put, answers):
    return Screen(desk, put, answers)


def test_the_nearest_come_first_with_where_when_and_who_checked(screen):
    rows = screen.listed()
    assert [row.km for row in rows] == sorted(row.km for row in rows)
    first = rows[0]
    assert first.distance == "même commune"
    assert "Le Blanc" in first.about
    assert first.checked.startswith(("vérifiée ", "à revérifier "))
    assert first.opening.text.startswith(("ouvert", "ouvre"))


def test_words_typed_keep_the_structures_that_have_them_all(screen):
    type_text(screen.part(QLineEdit, "directory_filter"), "mission locale blanc")
    assert screen.listed()
    assert all("Mission locale" in row.about for row in screen.listed())
    screen.press(Qt.Key.Key_Down)
    type_text(screen.part(QLineEdit, "directory_filter"), " introuvable")
    assert screen.listed() == []


def test_a_digit_chooses_what_is_open_now(screen, clock):
    screen.choose("open")
    assert screen.listed()
    assert all(row.is_open for row in screen.listed())
    clock.tick(hours=14)
    screen.presenter.refresh()
    assert screen.listed() == []


def test_what_is_to_check_again_is_listed_by_age(screen):
    screen.choose("stale")
    days = [row.checked_on for row in screen.listed()]
    assert days
    assert days == sorted(days)
    assert all(row.is_stale for row in screen.listed())


def test_an_entry_said_to_be_wrong_is_to_check_again_first_and_says_why(screen, desk, clock):
    assert SECOND_DOOR not in {row.reference for row in screen.listed() if row.is_stale}
    for reason in ("fiche_fausse", "delai", "fiche_fausse"):
        wanted = a_referral(to=ON_PAPER, other_choice=reason, instead_of=SECOND_DOOR)
        handed_over(desk, referral=wanted)
    screen.presenter.refresh()
    screen.choose("stale")
    first = screen.listed()[0]
    assert (first.reference, plain(first.checked)) == (
        SECOND_DOOR,
        "écartée 2 fois : fiche fausse",
    )
    screen.view.open_structure(SECOND_DOOR)
    said = plain(" ".join(one.text() for one in screen.view.findChildren(QLabel)))
    assert (
        "3 fois depuis cette vérification : fiche de l’annuaire fausse (2), délai d’attente (1)"
        in said
    )
    clock.tick(days=1)
    vouch(desk, SECOND_DOOR)
    screen.presenter.refresh()
    assert SECOND_DOOR not in {row.reference for row in screen.listed()}


def test_enter_opens_a_structure_and_escape_comes_back(screen):
    screen.rows().setFocus()
    name = screen.listed()[0].name
    screen.press(Qt.Key.Key_Return)
    assert screen.shows("entry_name")
    assert screen.text("entry_name") == name
    screen.press(Qt.Key.Key_Escape)
    assert screen.rows().isVisible()
    assert screen.rows().hasFocus()


def test_a_page_says_hours_comments_and_that_holidays_are_unknown(screen, desk):
    hours = 'Mo-Fr 09:00-12:00; Sa[2,4] 09:00-12:00 "2ᵉ et 4ᵉ samedis"; SH off'
    correct(desk, SECOND_DOOR, {"horaires_accueil": hours})
    screen.presenter.refresh()
    screen.view.open_structure(SECOND_DOOR)
    notes = screen.text("entry_hours_notes")
    assert "2ᵉ et 4ᵉ samedis" in notes
    assert "Vacances scolaires : horaires inconnus" in notes


def test_the_direct_line_is_marked_internal_and_the_public_one_is_what_is_copied(screen, desk):
    correct(desk, SECOND_DOOR, {"direct_telephone": DIRECT})
    screen.presenter.refresh()
    screen.view.open_structure(SECOND_DOOR)
    assert screen.text("entry_direct") == "02 61 91 00 99"
    assert any("à ne pas donner" in one.text() for one in screen.view.findChildren(QLabel))
    screen.part(QWidget, "entry_copy").click()
    assert "00 99" not in QApplication.clipboard().text()


def test_no_internal_number_is_shown_on_a_screen_turned_to_the_person(screen, desk):
    correct(desk, SECOND_DOOR, {"direct_telephone": DIRECT})
    screen.presenter.refresh()
    screen.view._list._pick(SECOND_DOOR)
    assert screen.text("near_number") == "02 61 91 00 99"
    screen.view.set_turned(True)
    assert screen.text("near_number") == "02 61 91 00 02"
    assert screen.text("near_kind") == "Numéro public"
    screen.view.correct_structure(SECOND_DOOR)
    assert not screen.shows("entry_direct")
    assert not screen.shows("correct_direct")
    screen.view.set_turned(False)
    assert screen.shows("entry_direct")
    assert screen.shows("correct_direct")


def test_what_is_seen_wrong_in_the_list_is_corrected_from_there(screen, desk):
    screen.view._list._pick(SECOND_DOOR)
    screen.rows().setFocus()
    screen.press(Qt.Key.Key_F7)
    assert screen.part(QLineEdit, "correct_telephone").hasFocus()
    screen.write("correct_telephone", "02 61 91 77 77")
    QTest.keyClick(
        QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    assert desk_directory(desk).by_reference(SECOND_DOOR).telephone == "02 61 91 77 77"
    assert screen.text("entry_telephone") == "02 61 91 77 77"
    assert screen.said == ["Corrigé\u202f: téléphone"]
    assert corrected_here(desk) == {SECOND_DOOR}
    made = corrections_made(desk, SECOND_DOOR)
    assert [(one.author, one.fields) for one in made] == [("Alix Exemple", ("telephone",))]


def test_hours_typed_in_french_are_understood_and_kept_as_published(screen, desk):
    screen.view.correct_structure(SECOND_DOOR)
    screen.write("correct_hours", "lundi au jeudi 9h-12h")
    screen.part(QLineEdit, "correct_hours").flush()
    assert "Compris : du lundi au jeudi : 9 h à 12 h" in screen.text("hours_read")
    screen.view._page.form.submitted.emit()
    assert desk_directory(desk).by_reference(SECOND_DOOR).hours == "Mo-Th 09:00-12:00"


def test_hours_that_cannot_be_read_are_refused_beside_their_field(screen, desk):
    before = desk_directory(desk).by_reference(SECOND_DOOR).hours
    screen.view.correct_structure(SECOND_DOOR)
    screen.write("correct_hours", "quand il fait beau")
    screen.view._page.form.submitted.emit()
    error = screen.view._page.form._fields["hours"].error()
    assert error.startswith("Ces horaires ne peuvent pas être lus")
    assert screen.part(QLineEdit, "correct_hours").hasFocus()
    assert desk_directory(desk).by_reference(SECOND_DOOR).hours == before


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("waiting", "bientôt", "Un nombre de jours"),
        ("ended_on", "un jour", ""),
    ],
)
def test_what_has_not_its_form_is_refused_and_what_was_typed_stays(
    screen, desk, field, typed, refusal
):
    screen.view.correct_structure(SECOND_DOOR)
    screen.write(f"correct_{field}", typed)
    screen.view._page.form.submitted.emit()
    assert screen.view._page.form._fields[field].error().startswith(refusal)
    assert screen.view._page.form.is_open()
    assert corrected_here(desk) == frozenset()


def test_a_structure_that_is_gone_says_since_when(screen, desk):
    screen.view.correct_structure(SECOND_DOOR)
    screen.write("correct_ended_on", "01/11/2026")
    screen.view._page.form.submitted.emit()
    ended = desk_directory(desk).by_reference(SECOND_DOOR).ended_on
    assert ended == dt.date(2026, 11, 1)
    assert screen.text("entry_opening").startswith("n’existe plus depuis le 1er novembre 2026")


def test_a_page_says_what_is_declared_and_who_took_over(screen, desk):
    declared = {
        "languages": ("fr", "ar"),
        "waiting_days": 8,
        "capacity": "complet en janvier",
        "accessibility": "on_request",
        "replaced_by": FIRST_DOOR,
    }
    correct(desk, SECOND_DOOR, declared)
    screen.presenter.refresh()
    screen.view.open_structure(SECOND_DOOR)
    facts = {fact.label: plain(fact.value) for fact in screen.view._page._facts.facts()}
    assert facts["Langues"] == "Français, Arabe"
    assert facts["Délai annoncé"] == "8 jours"
    assert facts["Capacité"] == "complet en janvier"
    assert facts["Accessibilité"] == "lieu accessible sur demande"
    assert facts["À distance"] == "Conseil en évolution professionnelle des jeunes"
    assert facts["Remplacée par"] == desk_directory(desk).by_reference(FIRST_DOOR).display_name


def test_a_form_sent_unchanged_says_that_the_entry_was_checked(screen, desk):
    screen.view.correct_structure(SECOND_DOOR)
    screen.view._page.form.submitted.emit()
    assert screen.said == ["Fiche notée vérifiée aujourd’hui"]
    assert corrections_made(desk, SECOND_DOOR)[0].fields == ()


def test_one_key_says_that_a_structure_was_checked_today(screen, desk, qtbot):
    screen.choose("stale")
    screen.rows().setFocus()
    reference = screen.listed()[0].reference
    QTest.keyClick(screen.rows(), Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: bool(screen.said))
    assert desk_directory(desk).by_reference(reference).checked_on == desk.now().date()
    for row in screen.listed():  # its services, when they are older, are to check in their turn
        assert row.reference != reference or "service" in row.checked
    assert corrected_here(desk) == frozenset()


def test_distances_are_counted_from_the_commune_chosen(screen, desk):
    around = screen.part(QLineEdit, "directory_around")
    assert around.text() == "Le Blanc"
    around.setFocus()
    around.clear()
    type_text(around, "Châteauroux")
    screen.press(Qt.Key.Key_Return)
    assert around.text() == "Châteauroux"
    assert "Châteauroux" in screen.listed()[0].about
    screen.view.show_near()
    assert around.text() == "Le Blanc"


def test_without_a_commune_of_its_own_nothing_is_far_and_nothing_fails(screen, desk):
    correct(desk, FIRST_DOOR, {"code_insee": ""})
    screen.presenter.refresh()
    assert {row.distance for row in screen.listed()} == {""}
    assert screen.part(QLineEdit, "directory_around").text() == ""


@pytest.mark.parametrize("part", ["list", "page", "form", "imports"])
def test_every_control_is_named_and_mnemonics_differ(screen, part):
    if part in {"page", "form"}:
        screen.view.open_structure(SECOND_DOOR)
    if part == "form":
        screen.view.correct_structure(SECOND_DOOR)
    if part == "imports":
        screen.part(QPushButton, "directory_imports_open").click()
    assert_every_control_is_named(screen.view)
    assert_mnemonics_differ(screen.view)


def test_the_rows_are_a_sound_model(screen, qtmodeltester):
    qtmodeltester.check(screen.rows().model())


def test_the_list_shown_is_a_table_without_internal_numbers(screen, desk):
    correct(desk, SECOND_DOOR, {"direct_telephone": DIRECT})
    screen.presenter.refresh()
    table = screen.rows().shown_table()
    assert len(table.rows) == len(screen.listed())
    assert "00 99" not in plain(str(table.rows))


def painted(area):
    picture = QPixmap(area.size())
    area.render(picture)
    return picture.toImage()


@pytest.mark.parametrize("size", [(290, 210), (260, 120), (180, 60), (600, 500)])
@pytest.mark.parametrize("theme", [ThemeName.LIGHT, ThemeName.DARK, ThemeName.CONTRAST])
def test_the_map_is_painted_at_every_size(screen, appearance, size, theme):
    appearance.set_theme(theme)
    area = screen.part(MapArea, "directory_map")
    area.resize(*size)
    drawn = painted(area)
    area.select(screen.listed()[-1])
    assert painted(area) != drawn


def test_the_map_says_that_the_list_is_its_equal_and_picks_what_is_pressed(screen):
    area = screen.part(MapArea, "directory_map")
    assert "de l’Indre" in area.accessibleName()
    assert "liste" in area.accessibleName()
    assert area.focusPolicy() == Qt.FocusPolicy.NoFocus
    goal = next(row for row in screen.listed() if row.km and row.km > 20)
    QTest.mouseClick(area, Qt.MouseButton.LeftButton, pos=area._frame().point(goal.spot).toPoint())
    chosen = screen.rows().currentIndex().data(ROW_ROLE)
    assert chosen.spot == goal.spot


def test_a_map_of_nowhere_is_blank(qtbot, appearance):
    area = MapArea()
    qtbot.addWidget(area)
    area.resize(200, 200)
    area.show()
    painted(area)


@pytest.fixture
def open_desk(desk, settings, appearance, qtbot):
    correct(desk, SECOND_DOOR, {"direct_telephone": DIRECT})
    with desk_window(desk, settings, appearance) as opened:
        opened.loop._timer.stop()
        take_keyboard(opened, qtbot)
        yield opened


def test_one_key_shows_what_is_open_near_with_its_number_large(open_desk, qtbot):
    window = open_desk.window
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: window.current_key() == DIRECTORY)
    rows = window.findChild(QListView, "directory_rows")
    qtbot.waitUntil(lambda: rows.model().rowCount() > 0 and rows.hasFocus())
    shown = [rows.model().index(place).data(ROW_ROLE) for place in range(rows.model().rowCount())]
    assert all(row.is_open for row in shown)
    number = window.findChild(QLabel, "near_number")
    assert number.property("kind") == "figure"
    while plain(number.text()) != "02 61 91 00 99":
        before = rows.currentIndex().row()
        QTest.keyClick(rows, Qt.Key.Key_Down)
        assert rows.currentIndex().row() > before
    assert "à ne pas donner" in window.findChild(QLabel, "near_kind").text()
    assert rows.currentIndex().data(ROW_ROLE).reference == SECOND_DOOR


@pytest.mark.parametrize("size", [(1366, 768), (1024, 700)])
def test_the_screen_holds_in_the_window_without_scrolling_sideways(open_desk, qtbot, size):
    window = open_desk.window
    window.resize(*size)
    window.show_screen(DIRECTORY).show_near()
    rows = window.findChild(QListView, "directory_rows")
    qtbot.waitUntil(lambda: rows.model().rowCount() > 0)
    assert window.findChild(MapArea, "directory_map").isVisible()
    assert_every_control_is_named(window)
    assert_mnemonics_differ(window)
    area = window.screen(DIRECTORY)._first
    qtbot.waitUntil(lambda: not area.verticalScrollBar().isVisible())
    assert not area.horizontalScrollBar().isVisible()


def test_an_error_seen_on_a_referral_is_corrected_in_two_keys(open_desk, qtbot):
    window = open_desk.window
    open_desk._open_referral(referral_of(handed_over(open_desk.desk)))
    button = window.findChild(QPushButton, "correct_directory")
    qtbot.waitUntil(button.isVisible)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: window.current_key() == DIRECTORY)
    form = window.screen(DIRECTORY)  # the page of the referral corrects a telephone too
    qtbot.waitUntil(lambda: form.findChild(QLineEdit, "correct_telephone").hasFocus())
    assert "Mission locale" in window.findChild(QLabel, "entry_name").text()


def test_the_field_at_the_top_finds_structures_after_the_reception(open_desk, qtbot):
    line = open_desk.window.search.line
    line.setFocus()
    type_text(line, "mission locale")
    qtbot.waitUntil(lambda: len(open_desk.window.search.suggestions_shown()) > 1)
    found = open_desk.window.search.suggestions_shown()
    assert found[0].label.startswith("Recevoir")
    assert found[1].detail.startswith("annuaire")
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: open_desk.window.current_key() == DIRECTORY)
    name = open_desk.window.findChild(QLabel, "entry_name")
    qtbot.waitUntil(lambda: name.text() == found[1].label)
