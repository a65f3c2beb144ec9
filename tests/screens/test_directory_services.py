"""The services of a structure by keyboard: checked, corrected, added, taken back, in place."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from app.usecases.directory.additions import add_service
from app.usecases.directory.corrections import correct, vouch
from app.usecases.directory.histories import corrected_here
from app.usecases.directory.shelf import desk_directory
from tests.builders import SECOND_DOOR
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.directory_page import Screen, plain
from tests.screens.keyboard import type_text
from ui.directory.service_list import ServicePart
from ui.widgets.choices import ChoiceChips, ChoiceRow
from ui.widgets.fact_grid import FactGrid

PERMANENCE = {
    "nom": "Permanence de Bélâbre (exemple)",
    "code_insee": "36016",
    "horaires_accueil": "Tu[1] 09:00-12:00",
    "place_kind": "permanence",
}


@pytest.fixture
def screen(desk, put, answers):
    made = Screen(desk, put, answers)
    made.view.open_structure(SECOND_DOOR)
    return made


def parts(screen):
    """The services in the order they are seen."""
    shown = screen.view.findChildren(ServicePart)
    return sorted((one for one in shown if one.isVisible()), key=lambda one: one.y())


def facts(part):
    return {one.label: plain(one.value) for one in part.findChild(FactGrid).facts()}


def checked(part):
    return plain(part.findChild(QLabel, "service_checked").text())


def button(part, name):
    return part.findChild(QPushButton, name)


def services(desk):
    return desk_directory(desk).by_reference(SECOND_DOOR).services


def press(keys, *, held=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), keys, held)


def send():
    press(Qt.Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)


def refresh(screen, desk):
    screen.presenter.refresh()
    return parts(screen)


def test_each_service_says_who_checked_it_and_when(screen, desk):
    part = parts(screen)[0]
    assert "d’après deux-portes-exemple" in checked(part)
    button(part, "service_vouch").setFocus()
    press(Qt.Key.Key_Space)
    part = parts(screen)[0]
    assert checked(part) == "vérifié le 24 novembre 2026 par Alix Exemple"
    assert services(desk)[0].checked_on == dt.date(2026, 11, 24)
    assert corrected_here(desk) == frozenset()


def test_f7_on_a_service_corrects_that_service(screen, desk):
    part = parts(screen)[0]
    button(part, "service_vouch").setFocus()
    press(Qt.Key.Key_F7)
    assert screen.part(QLineEdit, "service_hours").hasFocus()
    screen.write("service_hours", "mercredis des semaines paires 14h-17h")
    screen.part(QLineEdit, "service_hours").flush()
    assert "Compris : semaines paires, mercredi : 14 h à 17 h" in screen.text("hours_read")
    screen.write("service_telephone", "02 61 91 44 44")
    send()
    service = services(desk)[0]
    assert (service.hours, service.telephone) == ("week 02-52/2 We 14:00-17:00", "02 61 91 44 44")
    assert screen.said == ["Corrigé\u202f: téléphone, horaires"]
    assert not screen.shows("service_hours")
    part = parts(screen)[0]
    assert button(part, "service_correct").hasFocus()
    assert facts(part)["Horaires"] == "semaines paires, mercredi : 14 h à 17 h"
    assert corrected_here(desk) == {SECOND_DOOR}


def test_f7_elsewhere_on_the_page_corrects_the_structure(screen):
    press(Qt.Key.Key_F7)
    assert screen.part(QLineEdit, "correct_telephone").hasFocus()


def test_only_one_form_is_open_at_a_time(screen):
    press(Qt.Key.Key_F7)
    part = parts(screen)[0]
    button(part, "service_correct").click()
    assert screen.shows("service_hours")
    assert not screen.shows("correct_telephone")
    screen.part(QPushButton, "service_add").click()
    assert screen.shows("added_name")
    assert not screen.shows("service_hours")


def test_motives_publics_and_area_are_chosen_behind_one_button(screen, desk):
    part = parts(screen)[0]
    button(part, "service_correct").click()
    assert not screen.shows("service_motives")
    screen.part(QPushButton, "service_fold").click()
    motives = screen.part(ChoiceChips, "service_motives")
    before = motives.values()
    assert before
    chosen = next(one.code for one in motives.choices() if one.code not in before)
    motives.findChild(QPushButton, f"choice_{chosen}").click()
    area = screen.part(ChoiceChips, "service_area")
    area.findChild(QPushButton, "choice_37").click()
    screen.part(QLineEdit, "service_capacity").setFocus()
    send()
    service = services(desk)[0]
    assert set(service.motives) == {*before, chosen}
    assert "37" in service.area
    part = parts(screen)[0]
    assert "Indre-et-Loire (37)" in facts(part)["Territoire"]
    assert facts(part)["Répond à"]


def test_a_permanence_is_added_by_keyboard_with_its_place_and_next_dates(screen, desk):
    screen.part(QPushButton, "service_add").setFocus()
    press(Qt.Key.Key_Space)
    assert screen.part(QLineEdit, "added_name").hasFocus()
    screen.write("added_name", "Permanence de Bélâbre (exemple)")
    screen.part(ChoiceRow, "added_place_kind").setFocus()
    press(Qt.Key.Key_2)
    commune = screen.part(QWidget, "added_commune").line
    commune.setFocus()
    type_text(commune, "belab")
    press(Qt.Key.Key_Return)
    assert commune.text() == "Bélâbre (36370)"
    screen.write("added_hours", "1er mardi du mois 9h-12h")
    send()
    assert [one.name for one in services(desk)][-1] == "Permanence de Bélâbre (exemple)"
    part = parts(screen)[-1]
    assert facts(part)["Où"] == "permanence à Bélâbre"
    assert facts(part)["Horaires"] == "1er mardi du mois : 9 h à 12 h"
    assert facts(part)["Prochaines dates"].startswith("mar. 1er déc. 9 h–12 h · mar. 5 janv.")
    assert checked(part) == "vérifié le 24 novembre 2026 par Alix Exemple"


def test_comments_of_hours_are_kept_and_school_holidays_said_to_be_unknown(screen, desk):
    hours = 'Sa[2,4] 09:00-12:00 "2ᵉ et 4ᵉ samedis"; SH off'
    add_service(desk, SECOND_DOOR, PERMANENCE | {"horaires_accueil": hours})
    part = refresh(screen, desk)[-1]
    assert "2ᵉ et 4ᵉ samedis" in facts(part)["Horaires"]
    assert facts(part)["À vérifier"].startswith("Vacances scolaires : horaires inconnus")
    assert "2ᵉ et 4ᵉ samedis" in facts(part)["Prochaines dates"]


def test_a_structure_of_which_only_services_are_old_is_to_check_again(screen, desk):
    vouch(desk, SECOND_DOOR)
    correct(desk, services(desk)[0].reference, {"date_maj": "2025-02-03"})
    screen.presenter.close()
    refresh(screen, desk)
    screen.choose("stale")
    row = next(one for one in screen.listed() if one.reference == SECOND_DOOR)
    assert plain(row.checked) == "1 service à revérifier 02/2025"
    assert row.checked_on == dt.date(2025, 2, 3)


def test_a_structure_is_found_by_the_commune_of_its_permanence(screen, desk):
    add_service(desk, SECOND_DOOR, PERMANENCE | {"nom": "Permanence (exemple)"})
    screen.presenter.close()
    refresh(screen, desk)
    type_text(screen.part(QLineEdit, "directory_filter"), "belabre")
    assert [row.reference for row in screen.listed()] == [SECOND_DOOR]


def test_a_permanence_open_now_is_what_is_open_near(screen, desk, clock):
    clock.tick(hours=4)  # the structure is closed at that hour
    at = desk.now().astimezone()
    hours = f"{at:%a}"[:2] + f" {at.hour:02d}:00-{at.hour + 1:02d}:00"
    correct(desk, SECOND_DOOR, {"horaires_accueil": "Su 09:00-10:00"})
    add_service(desk, SECOND_DOOR, PERMANENCE | {"horaires_accueil": hours})
    screen.presenter.close()
    refresh(screen, desk)
    screen.choose("open")
    row = next(one for one in screen.listed() if one.reference == SECOND_DOOR)
    assert plain(row.opening.text) == f"ouvert jusqu’à {at.hour + 1} h à Bélâbre"
    assert 5 < row.km < 30
    correct(desk, services(desk)[-1].reference, {"ended_on": "2026-11-01"})
    refresh(screen, desk)
    assert SECOND_DOOR not in {one.reference for one in screen.listed()}


def test_a_stop_of_a_round_says_when_it_passes_next(screen, desk):
    add_service(desk, SECOND_DOOR, PERMANENCE | {"place_kind": "round"})
    part = refresh(screen, desk)[-1]
    assert facts(part)["Où"] == "arrêt d’une tournée à Bélâbre"
    assert facts(part)["Prochain passage"] == "mar. 1er déc. 9 h–12 h"


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("waiting", "bientôt", "Un nombre de jours"),
        ("commune", "Atlantide", "Choisissez dans la liste"),
        ("hours", "9h-25h", "Ces horaires"),
    ],
)
def test_what_has_not_its_form_is_refused_beside_its_field(screen, desk, field, typed, refusal):
    part = parts(screen)[0]
    before = services(desk)
    button(part, "service_correct").click()
    screen.write(f"service_{field}", typed)
    send()
    form = screen.view._page.services.forms[0]
    assert form._fields[field].error().startswith(refusal)
    assert form.is_open()
    assert services(desk) == before


def test_a_service_without_a_name_or_a_commune_is_not_added(screen, desk):
    before = services(desk)
    screen.part(QPushButton, "service_add").click()
    send()
    assert screen.view._page.services.forms[1]._fields["name"].error()
    screen.write("added_name", "Atelier (exemple)")
    send()
    assert screen.view._page.services.forms[1]._fields["commune"].error()
    assert services(desk) == before


def test_a_service_that_is_over_says_since_when_and_comes_last(screen, desk):
    add_service(desk, SECOND_DOOR, PERMANENCE)
    first = services(desk)[0]
    correct(desk, first.reference, {"ended_on": "2026-11-02"})
    shown = refresh(screen, desk)
    assert facts(shown[-1])["Arrêté"] == "depuis le 2 novembre 2026"
    assert "Arrêté" not in facts(shown[0])


def test_what_was_added_by_mistake_is_taken_back_in_two_steps(screen, desk):
    add_service(desk, SECOND_DOOR, PERMANENCE)
    first, *others, part = refresh(screen, desk)
    assert not button(first, "service_withdraw_ask").isVisible()
    button(part, "service_withdraw_ask").click()
    button(part, "service_withdraw_confirm").click()
    assert len(services(desk)) == 1 + len(others)
    assert screen.said == ["Service retiré"]
    assert len(parts(screen)) == 1 + len(others)


def test_what_is_being_typed_stays_when_the_page_is_read_again(screen, desk):
    part = parts(screen)[0]
    button(part, "service_correct").click()
    screen.part(QLineEdit, "service_capacity").setFocus()
    screen.write("service_capacity", "complet en janv")
    add_service(desk, SECOND_DOOR, PERMANENCE)
    refresh(screen, desk)
    assert screen.part(QLineEdit, "service_capacity").text() == "complet en janv"
    assert screen.part(QLineEdit, "service_capacity").hasFocus()


@pytest.mark.parametrize("form", ["service_correct", "service_add"])
def test_every_control_is_named_and_mnemonics_differ(screen, form):
    screen.part(QPushButton, form).click()
    screen.part(QPushButton, f"{'added' if 'add' in form else 'service'}_fold").click()
    assert_every_control_is_named(screen.view)
    assert_mnemonics_differ(screen.view)
