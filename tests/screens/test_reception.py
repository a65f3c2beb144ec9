"""Receiving somebody by keyboard, on a real encrypted desk."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.domain.errors import DiskFullError
from app.usecases import drafts, persons
from app.usecases.referrals import OUT, list_referrals
from app.usecases.today import the_day
from tests.builders import ON_PAPER, REFERENCE, received
from tests.fakes.runner import StepRunner
from tests.screens.accessibility import (
    assert_every_control_is_named,
    assert_mnemonics_differ,
    tab_order,
)
from tests.screens.reception_page import HANDED_OVER, a_page
from ui.reception.page_body import NO, YES, empty_body
from ui.referrals.transmitted import transmitted_parts
from ui.widgets.inline_notice import InlineNotice
from ui.widgets.labelled_field import LabelledField

TAB, DIGIT_1, DIGIT_2, DIGIT_3, DIGIT_4 = (
    Qt.Key.Key_Tab,
    Qt.Key.Key_1,
    Qt.Key.Key_2,
    Qt.Key.Key_3,
    Qt.Key.Key_4,
)

# The keystroke-level model (Card, Moran and Newell, 1980): a key of an ordinary typist, and the
# moment it takes to think of each answer.
KEY_S, THINK_S = 0.28, 1.35


@pytest.fixture(autouse=True)
def pages_of_other_tests_are_gone(qapp):
    """Dressing the application dresses every page still there: the old ones go first."""
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def page(qtbot, appearance, desk, clock):
    made = a_page(desk, clock)
    qtbot.addWidget(made.screen)
    qtbot.waitExposed(made.screen)
    made.screen.activateWindow()
    made.screen.go_to("expressed")
    return made


def test_a_simple_reception_takes_at_most_40_keys_beside_free_text(page):
    page.write("Je cherche une formation de soudeur.")
    page.press(TAB, DIGIT_3, TAB, DIGIT_1)  # in search of a job, registered
    page.press(TAB)  # whether they are an executive is left unsaid
    page.press(TAB, DIGIT_3, TAB, DIGIT_3, TAB, DIGIT_2)  # level 3, 18 to 25, man
    page.press(TAB)
    for key in (Qt.Key.Key_L, Qt.Key.Key_E, Qt.Key.Key_Space, Qt.Key.Key_B, Qt.Key.Key_L):
        page.press(key)
    page.press(Qt.Key.Key_Return)
    page.press(TAB, TAB, TAB, DIGIT_2, TAB, DIGIT_1)  # find a training course
    page.press(TAB, TAB, DIGIT_2, TAB, TAB, DIGIT_1)  # told of courses, which is enough
    body = page.body()
    page.save()

    assert body["status"]["code"] == "inscrit"
    assert (body["level_reached"], body["age_band"], body["sex"]) == ("3", "18_25", "homme")
    assert body["commune"]["code"] == "36018"
    assert body["motives"]["codes"] == ["trouver_formation"]
    assert (body["information_given"], body["outcome"]) == (
        ["formations"],
        "information_suffisante",
    )
    assert len(the_day(page.desk).receptions) == 1
    assert page.keys <= 40
    answered = ("status", "level_reached", "age_band", "sex", "commune", "motives")
    answered += ("information_given", "outcome")
    assert all(body[name] for name in answered)
    assert page.keys * KEY_S + (len(answered) + 1) * THINK_S <= 60


def test_saving_empties_the_page_says_where_it_is_and_starts_again(page):
    page.write("Je cherche une formation.")
    page.fill(mode="telephone", place="a_distance", visitor="parent")
    page.save()

    assert page.said.words == ["Enregistré ici · à envoyer"]
    assert page.body() == {**empty_body(), "mode": "telephone", "place": "a_distance"}
    assert page.focused() is page.part(QWidget, "expressed")
    assert drafts.kept_draft(page.desk) is None


def test_an_empty_page_is_not_saved_and_says_why_beside_the_field(page):
    page.press(TAB)
    page.save()

    assert the_day(page.desk).receptions == ()
    assert page.focused() is page.part(QWidget, "expressed")
    label = page.part(QWidget, "expressed").parentWidget()
    assert isinstance(label, LabelledField)
    assert "demande" in label.error()


def test_a_named_reception_with_agreement_leaves_for_the_partner(page):
    page.fill(**HANDED_OVER)
    page.save()

    (line,) = list_referrals(page.desk, OUT)
    assert line.details["family_name"] == "Aubrun"
    assert page.said.words[-1].startswith("Enregistré ici · fiche à envoyer à")


def test_what_is_shown_is_exactly_what_leaves(page):
    page.fill(**HANDED_OVER, sex="femme", barriers=["mobilite"], message="Le matin, de préférence.")
    shown = dict(page.screen._panel.lines())
    page.save()

    (line,) = list_referrals(page.desk, OUT)
    sent = {name for name in line.details if not name.startswith(("from_", "to_"))}
    assert len(shown) == len(sent)
    assert shown["Freins"] == "Mobilité"
    assert "Femme" not in shown.values()


def test_the_recipient_reads_the_words_that_were_shown_in_the_same_order(page):
    page.fill(**HANDED_OVER, birth="14/02/2008", barriers=["mobilite"], message="Le matin.")
    shown = page.screen._panel.lines()
    page.save()

    (line,) = list_referrals(page.desk, OUT)
    parts = transmitted_parts(
        line.details,
        REFERENCE.vocabularies.label,
        lambda code: REFERENCE.communes.by_code(code).name,
    )
    assert tuple((fact.label, fact.value) for part in parts for fact in part.facts) == shown
    assert ("Mot au partenaire", "«\u00a0Le matin.\u00a0»") in shown


def test_refusing_the_transmission_keeps_everything_on_this_desk(page):
    page.fill(**{**HANDED_OVER, "agreement": NO})
    assert page.screen._panel._headline.text() == "Rien ne part"
    page.save()

    (line,) = the_day(page.desk).receptions
    assert line.stays_here
    assert page.said.words[-1].startswith("Enregistré ici · rien ne quittera ce poste")


def test_refusing_that_the_name_be_kept_erases_it_and_a_slip_can_be_undone(page):
    page.fill(**HANDED_OVER)
    page.go("agreement_to_record")
    page.press(DIGIT_2)
    assert page.body()["family_name"] == ""
    assert drafts.kept_draft(page.desk)["family_name"] == ""

    page.said.undo()
    assert page.body()["family_name"] == "Aubrun"
    assert page.body()["agreement_to_record"] == YES


def test_a_recipient_without_the_program_gets_paper_only(page):
    page.fill(**{**HANDED_OVER, "to": {"code": ON_PAPER, "text": "CIO", "reach": "paper"}})
    assert page.screen._panel._headline.text() == "Rien ne part par le réseau"
    page.save()
    assert page.said.words[-1].startswith("Enregistré ici · fiche papier")


def test_what_is_missing_to_send_is_a_way_to_its_field(page):
    page.fill(**{**HANDED_OVER, "telephone": "", "open_person": False})
    link = page.part(QPushButton, "lack_telephone")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)

    assert page.body()["open_person"]
    assert page.focused() is page.part(QWidget, "telephone")


def test_a_homonym_row_opens_the_file_that_exists(page):
    known = received(page.desk)
    page.go("expressed", "Je reviens pour la suite.")
    page.go("person_search", "Aubrun")
    page.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    page.press(DIGIT_1)
    page.save()

    file = persons.open_person(page.desk, known.person)
    assert len(file.encounters) == 2
    assert len(persons.find_persons(page.desk, "Aubrun").persons) == 1


def test_going_on_with_a_demand_adds_no_demand(page):
    known = received(page.desk)
    page.screen.receive(known.person)
    page.go("expressed", "La suite de ma demande.")
    page.go("demand")
    page.press(
        DIGIT_2,
    )
    page.go("agreement_to_record")
    page.press(DIGIT_1)
    page.save()
    encounters = persons.open_person(page.desk, known.person).encounters
    assert len({line.demand for line in encounters}) == 1


def test_enter_on_a_new_name_fills_the_fields_of_a_new_file(page):
    page.go("person_search", "Dupont Marie 12/3/78 06 39 98 00 12")
    page.press(Qt.Key.Key_Return)
    body = page.body()
    assert (body["family_name"], body["given_name"]) == ("Dupont", "Marie")
    assert (body["birth"], body["telephone"]) == ("12 mars 1978", "06 39 98 00 12")


def test_a_refusal_of_the_disk_loses_nothing(page):
    page.write("Je cherche une formation.")
    page.back.refusal = DiskFullError()
    page.save()
    assert page.body()["expressed"] == "Je cherche une formation."
    assert "disque" in page.part(InlineNotice, "notice").text()
    page.save()
    assert len(the_day(page.desk).receptions) == 1


def test_the_draft_comes_back_identical_after_a_crash(page, qtbot, desk, clock):
    page.fill(**HANDED_OVER)
    page.go("commune", "le bl")
    page.go("birth", "12/3")
    page.screen.leave()
    left = page.body()

    again = a_page(desk, clock)
    qtbot.addWidget(again.screen)
    assert again.body() == left
    assert "repris" in again.part(InlineNotice, "notice").text()


def test_emptying_the_page_can_be_undone(page):
    page.write("Je cherche une formation.")
    page.part(QPushButton, "discard").click()
    assert page.body()["expressed"] == ""
    assert drafts.kept_draft(page.desk) is None

    page.said.undo()
    assert page.body()["expressed"] == "Je cherche une formation."
    assert drafts.kept_draft(page.desk)["expressed"] == "Je cherche une formation."


def test_the_duration_is_measured_from_the_first_key_and_can_be_corrected(page):
    page.write("Bonjour.")
    page.clock.tick(minutes=12)
    page.screen.ticked.emit()
    minutes = page.screen._bar._minutes
    assert minutes.placeholderText() == "12"
    page.go("duration", "20")
    assert page.body()["duration"] == "20"


def test_an_answer_that_comes_late_does_not_show_over_a_newer_one(qtbot, appearance, desk, clock):
    runner = StepRunner()
    page = a_page(desk, clock, runner)
    qtbot.addWidget(page.screen)
    runner.run_all()
    page.fill(**HANDED_OVER)
    page.fill(**{**HANDED_OVER, "agreement": NO})
    assert runner.waiting() <= 4
    runner.run_all()
    assert page.screen._panel._headline.text() == "Rien ne part"


def test_the_turned_screen_hides_names_history_and_preview(page):
    page.fill(**HANDED_OVER)
    page.screen.set_turned(True)
    assert not page.part(QWidget, "family_name").isVisible()
    assert not page.screen._panel.isVisible()
    page.screen.set_turned(False)
    assert page.part(QWidget, "family_name").isVisible()


def test_delete_leaves_nothing_chosen_in_a_row(page):
    page.go("outcome")
    page.press(DIGIT_1)
    assert page.body()["outcome"] == "information_suffisante"
    page.press(Qt.Key.Key_Delete)
    assert page.body()["outcome"] == ""


def test_sensitive_words_are_written_only_when_the_person_asks(page):
    page.fill(open_situation=True, open_sensitive=True, sensitive=["barrier:sante"])
    assert not page.part(QWidget, "sensitive").isVisible()
    page.go("sensitive_agreed")
    page.press(DIGIT_1)
    assert page.part(QWidget, "sensitive").isVisible()


def test_every_control_has_a_name_and_each_letter_one_meaning(page):
    for is_open in (False, True):
        opened = {name: is_open for name in page.body() if name.startswith("open_")}
        page.fill(**{**HANDED_OVER, **opened})
        assert_every_control_is_named(page.screen)
        assert_mnemonics_differ(page.screen)


def test_tab_goes_in_the_order_one_talks(page):
    page.fill(**HANDED_OVER, status={"family": "salarie", "code": "cdi"})
    page.fill(motives={"family": "formation", "codes": ["trouver_formation", "alternance"]})
    page.go("expressed")
    QApplication.processEvents()  # lays the page out
    met = [page.focused(), *tab_order(page.screen)]
    places = [
        widget.mapTo(page.screen._scroll.page, widget.rect().topLeft()).y()
        for widget in met
        if page.screen._scroll.page.isAncestorOf(widget)
    ]

    starts = places.index(max(places)) + 1
    assert places[:starts] == sorted(places[:starts])
    assert starts > 20


def test_the_panel_goes_under_the_page_when_the_window_is_narrow(page, qtbot):
    page.screen.resize(780, 560)
    assert page.screen._scroll.page.isAncestorOf(page.screen._panel)
    page.screen.resize(1160, 680)
    assert not page.screen._scroll.page.isAncestorOf(page.screen._panel)
