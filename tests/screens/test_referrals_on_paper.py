"""A referral on paper, followed by telephone: by keyboard, with all that a call needs in sight."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.outside import OutsideStructure
from app.domain.reception import WantedReferral
from app.domain.referral import BY_TELEPHONE
from app.usecases.referrals import open_referral
from app.usecases.slip_files import note_file_made
from tests.builders import ON_PAPER, handed_over, referral_of
from tests.fakes.dialogs import Answers
from tests.screens.desk_windows import desk_window, take_keyboard
from tests.screens.keyboard import type_text
from tests.screens.test_printing_desk import CTRL, Opened
from ui.referrals.detail_page import DetailPage

NAME = "Les Copeaux du Blanc (exemple)"


@pytest.fixture
def opened(qtbot, appearance, settings, desk):
    answers = Answers()
    with desk_window(desk, settings, appearance, dialogs=answers.dialogs()) as window:
        take_keyboard(window, qtbot)
        yield Opened(window, answers, qtbot)


def outside():
    known = OutsideStructure(telephone="0254000001", email="ici@copeaux.example")
    return WantedReferral(to=NAME, agreement=True, outside=known)


def show(opened, made):
    opened.window.show_screen("referrals").open_referral(referral_of(made))
    opened.settle()


def said(opened):
    page = opened.window.findChild(DetailPage)
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_all_that_the_slip_carries_is_on_the_page_with_the_person_s_number(opened, desk):
    show(opened, handed_over(desk, referral=WantedReferral(to=ON_PAPER, agreement=True)))
    assert "Ce que porte la fiche papier" in said(opened)
    assert "Je cherche une formation" in said(opened)
    number = opened.part(QLabel, "referral_telephone").text()
    assert number.replace("\u00a0", " ") == "06 39 98 00 01"


def test_the_number_to_call_is_under_the_name_of_the_structure(opened, desk):
    show(opened, handed_over(desk, referral=outside()))
    assert f"Vers {NAME}, hors annuaire" in said(opened)
    partner = opened.part(QLabel, "referral_partner").text().replace("\u00a0", " ")
    assert partner.endswith("02 54 00 00 01 · ici@copeaux.example")


def test_what_no_directory_lists_is_not_corrected_there(opened, desk):
    show(opened, handed_over(desk, referral=outside()))
    assert not opened.part(QPushButton, "correct_directory").isVisible()
    opened.press(Qt.Key.Key_F7)
    assert opened.window.current_key() == "referrals"


def test_where_nothing_is_known_of_it_no_line_is_left_empty(opened, desk):
    wanted = WantedReferral(to=NAME, agreement=True, outside=OutsideStructure())
    show(opened, handed_over(desk, referral=wanted))
    assert not opened.part(QLabel, "referral_partner").isVisible()


def test_after_a_refusal_the_page_shows_nothing_of_the_demand(opened, desk):
    show(opened, handed_over(desk, referral=WantedReferral(to=ON_PAPER, agreement=False)))
    assert "Sur papier seulement" in said(opened)
    assert "Je cherche une formation" not in said(opened)


def test_the_page_says_that_it_left_as_a_file(opened, desk):
    made = handed_over(desk, referral=outside())
    note_file_made(desk, referral_of(made))
    show(opened, made)
    assert "Ce que porte la fiche chiffrée" in said(opened)
    assert "par fichier chiffré" in said(opened)


def test_an_answer_heard_by_telephone_is_noted_with_two_digits_and_a_word(opened, desk):
    made = handed_over(desk, referral=outside())
    show(opened, made)
    opened.press(Qt.Key.Key_1)  # by telephone
    opened.press(Qt.Key.Key_Tab)
    opened.press(Qt.Key.Key_2)  # accepted
    opened.press(Qt.Key.Key_Tab)
    type_text(opened.window.focusWidget(), "Jeudi à 10 h (exemple).")
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    last = open_referral(desk, referral_of(made)).history[-1]
    assert (last.status, last.route, last.message) == (
        "acceptee",
        BY_TELEPHONE,
        "Jeudi à 10 h (exemple).",
    )
