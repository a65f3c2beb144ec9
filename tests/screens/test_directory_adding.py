"""A structure that no publisher lists, added by keyboard, shown, taken back and put back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from app.domain.errors import UnknownStructureError
from app.usecases.directory.additions import add_structure
from app.usecases.directory.shelf import desk_directory
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.directory_page import Screen, plain
from tests.screens.keyboard import type_text
from ui.widgets.choices import ChoiceChips, ChoiceRow

NAME = "Café des métiers (exemple)"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(desk, put, answers):
    return Screen(desk, put, answers)


def press(keys, *, held=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), keys, held)


def send():
    press(Qt.Key.Key_Return, held=CONTROL)


def begin(screen):
    screen.part(QPushButton, "directory_add").setFocus()
    press(Qt.Key.Key_Space)


def write_least(screen, commune="belab"):
    screen.write("structure_name", NAME)
    press(Qt.Key.Key_Tab)
    line = screen.part(QWidget, "structure_commune").line
    assert line.hasFocus()
    type_text(line, commune)
    press(Qt.Key.Key_Return)


def found(desk):
    return [one for one in desk_directory(desk).all() if one.name == NAME]


def error(screen, name):
    return screen.view.new.form._fields[name].error()


def test_a_structure_is_added_whole_by_keyboard_and_its_page_opens(screen, desk):
    begin(screen)
    assert screen.part(QLineEdit, "structure_name").hasFocus()
    write_least(screen)
    for name, text in (
        ("address", "1 place de l’Essai"),
        ("telephone", "02 61 91 00 55"),
        ("direct", "02 61 91 00 56"),
        ("email", "cafe@essai.example"),
        ("hours", "lundi au vendredi 9h-12h"),
    ):
        press(Qt.Key.Key_Tab)
        assert screen.part(QLineEdit, f"structure_{name}").hasFocus()
        type_text(QApplication.focusWidget(), text)
    screen.part(QLineEdit, "structure_hours").flush()
    assert screen.text("hours_read") == "Compris : du lundi au vendredi : 9 h à 12 h"
    press(Qt.Key.Key_Tab)
    assert screen.part(ChoiceRow, "structure_network").isAncestorOf(QApplication.focusWidget())
    press(Qt.Key.Key_3)
    send()
    (added,) = found(desk)
    assert (added.commune_code, added.address, added.telephone, added.direct_telephone) == (
        "36016",
        "1 place de l’Essai",
        "02 61 91 00 55",
        "02 61 91 00 56",
    )
    assert (added.email, added.hours, added.network) == (
        "cafe@essai.example",
        "Mo-Fr 09:00-12:00",
        "mission_locale",
    )
    assert added.services == ()
    assert screen.text("entry_name") == NAME
    assert screen.part(QPushButton, "entry_vouch").hasFocus()
    assert screen.said == [f"Ajoutée : {NAME} [Retirer]"]


def test_name_and_commune_are_enough(screen, desk):
    begin(screen)
    write_least(screen)
    send()
    assert [one.commune_name for one in found(desk)] == ["Bélâbre"]
    screen.presenter.close()
    assert NAME in [plain(row.name) for row in screen.listed()]


def test_what_it_answers_and_whom_it_receives_is_its_first_service(screen, desk):
    begin(screen)
    write_least(screen)
    screen.part(QPushButton, "structure_fold").setFocus()
    press(Qt.Key.Key_Space)
    for name, digit in (("motives", Qt.Key.Key_2), ("publics", Qt.Key.Key_4)):
        press(Qt.Key.Key_Tab)
        chips = screen.part(ChoiceChips, f"structure_{name}")
        assert chips.isAncestorOf(QApplication.focusWidget())
        press(digit)
    motives = screen.part(ChoiceChips, "structure_motives").values()
    send()
    (service,) = found(desk)[0].services
    assert service.name == "Accueil"
    assert service.motives == motives
    assert service.audiences == ("jeunes",)
    assert service.commune_name == "Bélâbre"


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("name", "Ca", "Un nom de 3 à 150"),
        ("commune", "Atlantide", "Choisissez dans la liste"),
        ("commune", "", "Choisissez dans la liste"),
        ("hours", "9h-25h", "Ces horaires"),
    ],
)
def test_what_has_not_its_form_is_said_beside_its_field(screen, desk, field, typed, refusal):
    begin(screen)
    write_least(screen)
    screen.write(f"structure_{field}", typed)
    screen.part(QLineEdit, "structure_address").setFocus()
    send()
    assert error(screen, field).startswith(refusal)
    assert screen.shows("structure_name")
    assert found(desk) == []


def test_the_field_that_is_refused_is_seen(screen, qtbot):
    begin(screen)
    screen.part(QPushButton, "structure_fold").click()
    bar = screen.view.new.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    name = screen.part(QLineEdit, "structure_name")
    assert name.visibleRegion().isEmpty()
    screen.part(QPushButton, "structure_send").click()
    assert name.hasFocus()
    assert not name.visibleRegion().isEmpty()


def test_one_that_is_there_already_is_shown_and_what_was_typed_waits(screen, desk):
    reference, _ = add_structure(desk, {"nom": NAME, "code_insee": "36016"})
    begin(screen)
    write_least(screen)
    screen.write("structure_telephone", "02 61 91 00 55")
    send()
    assert [one.reference for one in found(desk)] == [reference]
    assert screen.said == ["Elle est déjà dans l’annuaire"]
    assert screen.text("entry_name") == NAME
    press(Qt.Key.Key_Escape)
    begin(screen)
    assert screen.part(QLineEdit, "structure_telephone").text() == "02 61 91 00 55"


def test_the_addition_is_undone_at_once_and_that_too(screen, desk):
    begin(screen)
    write_least(screen)
    send()
    screen.undo()
    assert found(desk) == []
    assert screen.said[-1] == f"Retirée : {NAME} [Rétablir]"
    assert screen.shows("directory_rows")
    screen.undo()
    assert len(found(desk)) == 1
    assert screen.text("entry_name") == NAME
    begin_again = screen.part(QLineEdit, "structure_name")
    assert begin_again.text() == ""


def test_its_page_takes_it_back_and_no_other_page_offers_to(screen, desk):
    reference, _ = add_structure(desk, {"nom": NAME, "code_insee": "36016"})
    screen.presenter.refresh()
    other = next(row.reference for row in screen.listed() if row.reference != reference)
    screen.view.open_structure(other)
    assert not screen.shows("entry_withdraw")
    screen.view.open_structure(reference)
    screen.part(QPushButton, "entry_withdraw").setFocus()
    press(Qt.Key.Key_Space)
    QApplication.processEvents()  # the screens hear of it
    with pytest.raises(UnknownStructureError):
        desk_directory(desk).by_reference(reference)
    assert screen.said == [f"Retirée : {NAME} [Rétablir]"]
    assert not screen.view._notice.isVisible()
    assert reference not in [row.reference for row in screen.listed()]


def test_undone_from_another_page_that_page_stays(screen, desk):
    begin(screen)
    write_least(screen)
    send()
    other = next(one for one in desk_directory(desk).all() if one.name != NAME)
    screen.view.open_structure(other.reference)
    screen.undo()
    assert found(desk) == []
    assert screen.text("entry_name") == other.display_name


def test_escape_goes_back_to_the_list_and_what_was_typed_waits(screen):
    begin(screen)
    screen.write("structure_name", NAME)
    press(Qt.Key.Key_Escape)
    assert screen.shows("directory_rows")
    assert screen.rows().hasFocus()
    begin(screen)
    assert screen.part(QLineEdit, "structure_name").text() == NAME


def test_turned_towards_the_person_no_internal_number_shows(screen):
    begin(screen)
    screen.view.set_turned(True)
    assert not screen.shows("structure_direct")


def test_every_control_is_named_and_mnemonics_differ(screen):
    assert_mnemonics_differ(screen.view)
    begin(screen)
    screen.part(QPushButton, "structure_fold").click()
    assert_every_control_is_named(screen.view)
    assert_mnemonics_differ(screen.view)
