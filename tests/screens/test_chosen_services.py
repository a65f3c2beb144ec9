"""The service of a structure, by keyboard: taken with a proposal, let go of, said afterwards."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.usecases.referrals import OUT, list_referrals
from tests.builders import SECOND_DOOR
from tests.chosen_services import PERMANENCE, a_permanence, sent_to
from tests.fakes.dialogs import Answers
from tests.screens.desk_windows import desk_window, take_keyboard
from tests.screens.partners_page import DROPOUT, F3, NAMED, shown_page, words_in
from tests.screens.reception_page import HANDED_OVER
from tests.screens.test_printing_desk import Opened
from tests.screens.test_referrals_on_paper import show

AT_BELABRE = {"commune": {"code": "36016", "text": "Bélâbre (36370)"}}
EXPECTED = "Permanence à Bélâbre, 1er mardi du mois : 9 h à 12 h"
FOR_DROPOUTS = {"motives": ("decouvrir_metiers", "trouver_formation")}


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def desk(qapp, appearance, desk):
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # pages of other tests go first
    return desk


@pytest.fixture
def service(desk):
    return a_permanence(desk, **FOR_DROPOUTS)


@pytest.fixture
def page(qtbot, desk, service, clock):
    made = shown_page(qtbot, desk, clock)
    made.fill(**NAMED, **DROPOUT, **AT_BELABRE)
    return made


def taken(page):
    page.go("message")
    page.press(F3)
    return page.body()["to"]


def test_one_key_takes_the_permanence_with_its_structure_and_says_where_and_when(page, service):
    to = taken(page)
    assert (to["code"], to["service"]) == (SECOND_DOOR, service)
    assert EXPECTED in plain(words_in(page.screen))
    assert page.part(QPushButton, "partner_1").isChecked()


def test_what_is_saved_goes_to_that_permanence(page, service):
    taken(page)
    page.go("agreement")
    page.press(Qt.Key.Key_1)
    assert PERMANENCE["nom"] in words_in(page.screen)  # among all that will leave
    page.save()
    (line,) = list_referrals(page.desk, OUT)
    assert (line.to_service, line.to_service_name) == (service, PERMANENCE["nom"])


def test_typing_another_structure_lets_the_permanence_go(page):
    taken(page)
    page.go("to")
    page.press(Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    page.write("CIO")
    assert page.body()["to"]["service"] == ""
    assert EXPECTED not in plain(page.part(QLabel, "reach").text())
    page.press(Qt.Key.Key_Return)
    to = page.body()["to"]
    assert to["code"]
    assert (to["service"], to["expected"]) == ("", "")


def test_another_proposal_takes_the_place_of_the_permanence(page, service):
    taken(page)
    page.part(QPushButton, "partner_2").setFocus()
    page.press(Qt.Key.Key_2)
    to = page.body()["to"]
    assert to["code"] != SECOND_DOOR
    assert to["service"] != service
    assert "Permanence" not in page.part(QLabel, "reach").text()


def test_another_service_of_the_structure_is_not_marked_as_taken(page):
    taken(page)
    page.fill(to=page.body()["to"] | {"service": "une/autre"})
    assert not page.part(QPushButton, "partner_1").isChecked()
    page.fill(to=page.body()["to"] | {"service": ""})
    assert page.part(QPushButton, "partner_1").isChecked()


def test_a_service_that_is_gone_is_said_beside_the_structure_and_nothing_is_saved(page):
    taken(page)
    page.fill(agreement=HANDED_OVER["agreement"], to=page.body()["to"] | {"service": "une/autre"})
    page.save()
    assert list_referrals(page.desk, OUT) == []
    assert "L’annuaire ne connaît pas ce service" in words_in(page.screen)
    taken(page)
    page.save()
    assert len(list_referrals(page.desk, OUT)) == 1


def test_the_page_of_the_referral_says_where_the_person_is_expected(
    qtbot, appearance, settings, desk, service
):
    made = sent_to(desk, service)
    with desk_window(desk, settings, appearance, dialogs=Answers().dialogs()) as window:
        take_keyboard(window, qtbot)
        opened = Opened(window, None, qtbot)
        show(opened, made)
        partner = plain(opened.part(QLabel, "referral_partner").text())
    expected, reached = partner.split("\n")
    assert expected == EXPECTED
    assert "02 61 91 44 44" in reached
