"""What the page proposes, counts and asks for as one talks, by keyboard on a real desk."""

import datetime as dt

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.domain.identifiers import id_text
from app.store.bodies import unpack_map
from app.usecases.referrals import OUT, list_referrals
from app.usecases.today import receptions_of, the_day
from tests.builders import a_person, person_of, received
from tests.screens.reception_page import HANDED_OVER, a_page

DIGIT_1, DIGIT_3 = Qt.Key.Key_1, Qt.Key.Key_3


@pytest.fixture
def page(qapp, qtbot, appearance, desk, clock):
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # pages of other tests go first
    made = a_page(desk, clock)
    qtbot.addWidget(made.screen)
    qtbot.waitExposed(made.screen)
    made.screen.activateWindow()
    made.screen.go_to("expressed")
    return made


def test_words_suggest_motives_that_one_key_takes(page):
    page.write("Je voudrais changer de métier et trouver une formation.")
    shown = [button.text() for button in shown_under(page, "motive_proposals", QPushButton)]
    assert shown == ["Changer de métier", "Trouver une formation"]
    assert page.body()["motives"]["codes"] == []
    page.press(Qt.Key.Key_F2)
    assert page.body()["motives"]["codes"] == ["reconversion", "trouver_formation"]
    assert shown_under(page, "motive_proposals", QPushButton) == []


def test_a_click_takes_one_motive_and_leaves_the_others(page):
    page.write("Je voudrais changer de métier et trouver une formation.")
    shown_under(page, "motive_proposals", QPushButton)[1].click()
    assert page.body()["motives"]["codes"] == ["trouver_formation"]
    (left,) = shown_under(page, "motive_proposals", QPushButton)
    assert left.text() == "Changer de métier"


def test_a_third_interlocutor_is_warned_of_and_nothing_is_blocked(page):
    card = page.screen.findChild(QWidget, "interlocutors")
    assert not card.isVisible()
    page.fill(**HANDED_OVER)
    assert "2 interlocuteurs" in words_in(card)
    assert not page.screen.findChild(QWidget, "beyond_reason").isVisible()
    met = {"text": "", "items": [["", "La mairie (exemple)"]]}
    page.fill(**HANDED_OVER, already_met=met)
    assert "3 interlocuteurs" in words_in(card)
    assert page.screen.findChild(QWidget, "beyond_reason").isVisible()
    page.go("beyond_reason")
    page.press(DIGIT_1)
    page.save()
    assert len(list_referrals(page.desk, OUT)) == 1


def test_what_follows_has_its_day_and_its_reason(page):
    page.write("Je voudrais un métier près d’ici.")
    assert not page.screen.findChild(QWidget, "next_on").isVisible()
    page.go("next_step")
    page.press(DIGIT_1)
    page.go("next_on", "3/12/2026")
    page.save()
    with page.desk.workspace.read() as connection:
        ((details,),) = connection.execute("SELECT details FROM encounters").fetchall()
    written = unpack_map(details)
    assert (written["next_step"], written["next_on"]) == ("rappeler", "2026-12-03")


def test_of_a_minor_the_page_asks_who_agrees(page):
    page.fill(**HANDED_OVER, status={"family": "scolaire", "code": "decrocheur"})
    assert not page.screen.findChild(QWidget, "agreed_by").isVisible()
    page.fill(**HANDED_OVER, age_band="moins_16")
    assert page.screen.findChild(QWidget, "agreed_by").isVisible()
    page.save()
    assert [one.route for one in list_referrals(page.desk, OUT)] == []
    page.go("agreed_by")
    page.press(DIGIT_3)
    page.save()
    assert len(list_referrals(page.desk, OUT)) == 1


def test_at_sixteen_without_school_the_mission_locale_is_named_first(page):
    status = {"family": "scolaire", "code": "decrocheur"}
    page.fill(**HANDED_OVER, age_band="16_17", status=status)
    assert "L.114-1" in words_in(page.screen)
    assert "Mission locale" in words_in(page.screen)


def words_in(widget) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def shown_under(page, name, kind):
    within = page.screen.findChild(QWidget, name)
    return [one for one in within.findChildren(kind) if one.isVisible()]


def test_one_key_counts_a_question_with_its_motive_and_its_mode(page):
    page.write("Le CPF, comment ça marche ?")
    page.press(Qt.Key.Key_F2, Qt.Key.Key_F4)
    assert page.said.words[-1] == "Question simple comptée\u202f: financer une formation"
    (line,) = the_day(page.desk).receptions
    assert (line.mode, line.outcome) == ("sans_rdv", "information_suffisante")
    assert page.body()["expressed"] == ""
    assert page.keys == 2


def test_a_question_needs_no_word_at_all_and_a_slip_is_undone(page):
    page.press(Qt.Key.Key_F4)
    assert len(the_day(page.desk).receptions) == 1
    page.said.undo()
    assert the_day(page.desk).receptions == ()


def test_a_page_that_says_more_than_a_question_is_not_counted_as_one(page):
    page.fill(**HANDED_OVER)
    page.press(Qt.Key.Key_F4)
    assert the_day(page.desk).receptions == ()
    assert page.body()["family_name"] == "Aubrun"
    assert "plus qu’une question simple" in words_in(page.screen)


def test_yesterday_s_paper_is_typed_in_series_at_its_own_day(page):
    page.go("received_on", "23/11/2026")
    for said in ("La première fiche (exemple)", "La deuxième fiche (exemple)"):
        page.go("expressed", said)
        page.save()
    assert the_day(page.desk).receptions == ()
    yesterday = receptions_of(page.desk, dt.date(2026, 11, 23))
    assert [one.expressed for one in yesterday] == [
        "La deuxième fiche (exemple)",
        "La première fiche (exemple)",
    ]
    assert page.body()["received_on"] == "23/11/2026"
    with page.desk.workspace.read() as connection:
        for (details,) in connection.execute("SELECT details FROM encounters").fetchall():
            assert unpack_map(details).get("duration_min") is None


def test_a_day_to_come_is_no_day_of_paper(page):
    page.go("received_on", "25/12/2026")
    page.go("expressed", "Une fiche (exemple)")
    page.save()
    assert "Corriger" in words_in(page.screen) or "corriger" in words_in(page.screen)
    assert page.body()["expressed"] == "Une fiche (exemple)"


def test_a_file_alike_is_shown_while_one_types_and_taken_by_one_press(page):
    known = person_of(received(page.desk))
    page.fill(**{**HANDED_OVER, "birth": "14/02/2008"})
    (link,) = shown_under(page, "alike", QPushButton)
    assert "même nom, même date de naissance, même téléphone" in link.accessibleName()
    link.click()
    assert page.body()["known"]["id"] == id_text(known)
    assert shown_under(page, "alike", QPushButton) == []


def test_a_homonym_born_another_day_is_not_proposed(page):
    received(page.desk, person=a_person(birth_on="1961-05-05", telephone=""))
    page.fill(**{**HANDED_OVER, "birth": "14/02/2008"})
    assert shown_under(page, "alike", QPushButton) == []


def test_a_motive_asks_its_questions_until_they_are_answered(page):
    page.fill(motives={"family": "", "codes": ["alternance"]}, age_band="18_25")
    links = shown_under(page, "asked", QPushButton)
    assert [one.text() for one in links] == ["niveau atteint", "commune"]
    links[0].click()
    assert page.focused().window() is page.screen.window()
    page.press(DIGIT_3)
    assert [one.text() for one in shown_under(page, "asked", QPushButton)] == ["commune"]
    page.fill(commune={"code": "36018", "text": "Le Blanc", "reach": ""})
    assert shown_under(page, "asked", QPushButton) == []


@pytest.mark.parametrize("width", [1176, 834])
def test_what_is_proposed_makes_the_page_no_wider(page, width):
    received(page.desk)
    page.fill(**{**HANDED_OVER, "birth": "14/02/2008", "motives": {"family": "", "codes": []}})
    page.screen.resize(width, 700)
    QApplication.processEvents()
    scroll = page.screen._scroll
    assert scroll.page.minimumSizeHint().width() <= scroll.viewport().width()
