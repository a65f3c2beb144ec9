"""What the person wishes of a partner, said on the page by keyboard: proposals follow at once."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.usecases.encounters import open_meeting
from app.usecases.today import the_day
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.reception_page import HANDED_OVER, PageAtWork, a_page
from ui.reception.page_body import EMPTY, NO, YES
from ui.widgets.choices import ChoiceRow

JOBSEEKER = {"status": {"family": "demandeur_emploi", "code": "inscrit"}, "age_band": "30_44"}
EMPLOYEE = {"status": {"family": "salarie", "code": "cdi"}, "age_band": "30_44"}
PUPIL = {"status": {"family": "scolaire", "code": "collegien"}, "age_band": "moins_16"}
WORK = {"motives": {"family": "", "codes": ["recherche_emploi"]}}
CHANGE = {"motives": {"family": "", "codes": ["reconversion"]}}
AT_LE_BLANC = {"commune": {"code": "36018", "text": "Le Blanc (36300)", "reach": ""}}
AT_MEZIERES = {"commune": {"code": "36123", "text": "Mézières-en-Brenne (36290)", "reach": ""}}
AT_TOURS = {"commune": {"code": "37261", "text": "Tours (37000)", "reach": ""}}
NAMED = {**HANDED_OVER, "to": EMPTY["to"], "agreement": ""}
TAB, DIGIT_1, DIGIT_2, DIGIT_3 = Qt.Key.Key_Tab, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3


@pytest.fixture
def page(qapp, qtbot, appearance, desk, clock) -> PageAtWork:
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # pages of other tests go first
    made = a_page(desk, clock)
    qtbot.addWidget(made.screen)
    qtbot.waitExposed(made.screen)
    made.screen.activateWindow()
    qtbot.waitUntil(made.screen.isActiveWindow)
    made.screen.go_to("expressed")
    return made


def proposed(page):
    rows = [page.part(QPushButton, f"partner_{place}") for place in (1, 2, 3)]
    return [row.text() for row in rows if row is not None and row.isVisible()]


def said(page):
    """Everything that the proposals say."""
    labels = page.part(QWidget, "partners").findChildren(QLabel)
    words = " ".join(one.text() for one in labels)
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def line_of_wishes(page):
    return page.part(QPushButton, "wishes").text().replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("status", "is_asked"), [(EMPLOYEE, True), (JOBSEEKER, True), (PUPIL, False), ({}, False)]
)
def test_whether_they_are_an_executive_is_asked_where_the_situation_calls_for_it(
    page, status, is_asked
):
    page.fill(**status)
    assert page.part(ChoiceRow, "executive").isVisible() is is_asked


def test_an_answer_stays_in_sight_when_the_situation_no_longer_calls_for_it(page):
    page.fill(**EMPLOYEE)
    page.go("executive")
    page.press(DIGIT_1)
    page.fill(**PUPIL)
    assert page.part(ChoiceRow, "executive").isVisible()
    assert page.body()["executive"] == YES
    page.go("executive")
    page.press(Qt.Key.Key_Delete)
    assert not page.part(ChoiceRow, "executive").isVisible()


def test_executives_are_proposed_their_own_counsellors_once_they_say_so(page):
    page.fill(**NAMED, **EMPLOYEE, **CHANGE, **AT_TOURS)
    assert not any("Apec" in name for name in proposed(page))
    page.go("executive")
    page.press(DIGIT_1)
    assert any("Apec" in name for name in proposed(page))
    assert "reçoit les cadres" in said(page).lower()


def test_the_wishes_are_one_line_that_tab_passes_by(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK)
    page.go("to")
    page.press(TAB)
    assert page.focused().objectName() == "wishes"
    assert "jusqu’où" in line_of_wishes(page)
    page.press(TAB)
    assert page.focused().objectName() == "partner_1"


def test_wishes_are_answered_by_digits_in_their_order(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK, **AT_MEZIERES)
    page.go("to")
    page.press(TAB, Qt.Key.Key_Space)
    page.press(TAB, DIGIT_3, TAB, DIGIT_1, TAB, Qt.Key.Key_5, TAB, DIGIT_1, TAB, Qt.Key.Key_4)
    body = page.body()
    assert (body["can_travel"], body["mode_wished"]) == ("km_15", "sur_place")
    assert (body["go_day"], body["go_half"]) == ("mercredi", "matin")
    assert body["languages"] == ["ar"]
    page.press(TAB)
    assert page.focused().objectName() == "partner_1"


def test_each_answer_changes_the_proposals_at_once_and_is_told_there(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK, **AT_MEZIERES)
    assert any("CIDFF" in name for name in proposed(page))
    page.go("can_travel")
    page.press(DIGIT_3)
    page.go("mode_wished")
    page.press(DIGIT_1)
    assert not any("CIDFF" in name for name in proposed(page))
    assert "plus loin que les 15 km possibles" in said(page)
    assert "reçoit sur place, comme souhaité" in said(page)
    assert "En premier, pour l’instant : Mairie" in said(page)
    page.go("languages")
    page.press(Qt.Key.Key_4)
    assert "arabe" in said(page)
    page.go("mode_wished")
    page.press(DIGIT_2)
    assert "reçoit à distance, comme souhaité" in said(page)


def test_the_moment_wished_changes_when_places_are_said_to_open(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK, **AT_LE_BLANC)
    assert "ouvert mardi" in said(page)
    page.go("go_day")
    page.press(Qt.Key.Key_5)
    assert "ouvre jeudi" in said(page)  # the agency is closed on Wednesdays
    page.press(Qt.Key.Key_6)
    assert "ouvert jeudi" in said(page)
    assert "ouvert mardi" not in said(page)


def test_the_closed_line_says_what_was_answered(page):
    wishes = {"can_travel": "km_15", "mode_wished": "a_distance", "languages": ["ar"]}
    page.fill(**NAMED, **JOBSEEKER, **wishes)
    assert line_of_wishes(page).endswith("(15 km, à distance, arabe)")
    page.part(QPushButton, "wishes").click()
    assert not line_of_wishes(page).endswith(")")


def test_when_nobody_is_left_the_wishes_stay_there_to_be_changed(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK, **AT_MEZIERES)
    page.fill(can_travel="a_pied", mode_wished="a_distance", languages=["uk"])
    assert page.part(QPushButton, "wishes").isVisible()


def test_wishes_are_kept_with_the_reception_and_gone_for_the_next_person(page):
    wishes = {"can_travel": "km_5", "mode_wished": "sur_place", "go_day": "jeudi"}
    page.fill(expressed="Je cherche (exemple).", **JOBSEEKER, **wishes, executive=NO)
    page.save()
    (line,) = the_day(page.desk).receptions
    details = open_meeting(page.desk, line.encounter).line.details
    assert {name: details[name] for name in wishes} == wishes
    assert details["executive"] is False
    assert {name: page.body()[name] for name in (*wishes, "executive")} == dict.fromkeys(
        (*wishes, "executive"), ""
    )


def test_what_is_wished_and_leaves_is_shown_before_it_leaves(page):
    page.fill(**HANDED_OVER, languages=["ar"], mode_wished="a_distance", can_travel="km_5")
    shown = dict(page.screen._panel.lines())
    assert (shown["Langues souhaitées"], shown["Mode souhaité"]) == ("Arabe", "À distance")
    assert "5\u00a0km" not in shown.values()


def test_wishes_come_back_with_the_page(page, qtbot, desk, clock):
    page.fill(**NAMED, **JOBSEEKER, can_travel="km_30", languages=["uk"], open_wishes=True)
    again = a_page(desk, clock)
    qtbot.addWidget(again.screen)
    assert (again.body()["can_travel"], again.body()["languages"]) == ("km_30", ["uk"])
    assert again.part(ChoiceRow, "can_travel").isVisible()


def test_every_wish_is_named_and_every_letter_means_one_thing(page):
    page.fill(**NAMED, **JOBSEEKER, open_wishes=True)
    assert_every_control_is_named(page.screen)
    assert_mnemonics_differ(page.screen)


@pytest.mark.parametrize("width", [1176, 834])
def test_open_wishes_make_the_page_no_wider(page, width):
    page.fill(**NAMED, **JOBSEEKER, open_wishes=True)
    page.screen.resize(width, 700)
    QApplication.processEvents()
    scroll = page.screen._scroll
    assert scroll.page.minimumSizeHint().width() <= scroll.viewport().width()
