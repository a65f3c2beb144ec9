"""A structure that no directory lists, kept as it was typed, by keyboard."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.domain.outside import OutsideStructure, outside_of
from app.usecases import drafts
from app.usecases.referrals import OUT, list_referrals
from tests.builders import ON_PAPER
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.partners_page import NAMED, shown_page
from tests.screens.reception_page import HANDED_OVER
from ui.reception.page_body import OUTSIDE, YES

DOWN, ENTER, TAB, DIGIT_1 = Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_1
CONTROL = Qt.KeyboardModifier.ControlModifier
NAME = "Les Copeaux du Blanc (exemple)"
KEPT = {**HANDED_OVER, "to": {"code": OUTSIDE, "text": NAME, "reach": OUTSIDE}}


@pytest.fixture
def page(qapp, qtbot, appearance, desk, clock):
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # pages of other tests go first
    made = shown_page(qtbot, desk, clock)
    made.screen.go_to("expressed")
    return made


def suggested(page):
    field = page.part(QWidget, "to")
    return [one.label for one in field.suggestions_shown()]


def panel(page):
    return " ".join(
        label.text() for label in page.screen._panel.findChildren(QLabel) if label.isVisible()
    )


def test_when_nothing_matches_enter_keeps_what_was_typed(page):
    page.fill(**NAMED)
    page.go("to", NAME)
    assert suggested(page) == [f"Hors annuaire\u202f: {NAME}"]
    page.press(ENTER)
    to = page.body()["to"]
    assert (to["text"], to["reach"]) == (NAME, OUTSIDE)
    assert page.part(QWidget, "outside_telephone").isVisible()


def test_it_is_the_last_choice_when_others_match(page):
    page.fill(**NAMED)
    page.go("to", "Mission loc")
    labels = suggested(page)
    assert len(labels) > 1
    assert labels[-1] == "Hors annuaire\u202f: Mission loc"
    page.press(ENTER)
    assert page.body()["to"]["reach"] != OUTSIDE


def test_two_letters_are_no_name(page):
    page.fill(**NAMED)
    page.go("to", "zq")
    assert suggested(page) == []


def test_from_the_name_to_the_agreement_by_tab_and_it_is_saved_with_its_contact(page):
    page.fill(**NAMED)
    page.go("to", NAME)
    page.press(ENTER, TAB)
    page.write("02 54 00 00 01")
    page.press(TAB)
    page.write("ici@copeaux.example")
    page.press(TAB)
    page.write("Le Blanc")
    page.fill(agreement=YES)
    page.save()
    (line,) = list_referrals(page.desk, OUT)
    assert (line.to_name, line.route, line.status) == (NAME, "paper", "transmise")
    assert outside_of(line.details) == OutsideStructure(
        telephone="02 54 00 00 01", email="ici@copeaux.example", address="Le Blanc"
    )
    assert page.said.words[-1].startswith(f"Enregistré ici · fiche papier à remettre pour {NAME}")


def test_the_panel_says_how_it_will_get_there_and_what_a_file_would_need(page):
    page.fill(**KEPT)
    assert f"{NAME} est hors annuaire" in panel(page)
    assert "fichier chiffré" in panel(page)
    page.fill(notice_given=False)
    assert "Pour l’envoyer en fichier chiffré, il faudrait" in panel(page)
    assert page.part(QPushButton, "lack_notice_given").text() == "Remettre la note d’information"


def test_typing_on_in_the_name_asks_to_choose_again(page):
    page.fill(**KEPT)
    page.go("to")
    page.write(" et alentours")
    assert page.body()["to"]["code"] == ""
    assert not page.part(QWidget, "outside_telephone").isVisible()
    page.press(Qt.Key.Key_Escape)
    page.save()
    assert list_referrals(page.desk, OUT) == []


@pytest.mark.parametrize(
    ("field", "text"), [("outside_telephone", "54"), ("outside_email", "ici chez eux")]
)
def test_what_reaches_nobody_is_a_thing_to_mend_before_saving(page, field, text):
    page.fill(**{**KEPT, field: text})
    page.save()
    assert list_referrals(page.desk, OUT) == []
    assert page.focused() is page.part(QWidget, field)


def test_what_was_typed_for_it_is_left_out_once_a_listed_structure_is_chosen(page):
    page.fill(**{**KEPT, "outside_telephone": "54"})
    page.fill(to={"code": ON_PAPER, "text": "CIO", "reach": "paper"})
    page.save()
    (line,) = list_referrals(page.desk, OUT)
    assert outside_of(line.details) is None


def test_the_draft_keeps_it_and_no_number_of_its_name(page):
    page.fill(**NAMED)
    page.go("to", "Copeaux 2 55 08 14 168 025 38")
    page.press(ENTER)
    page.screen.flush()
    kept = drafts.kept_draft(page.desk)["to"]
    assert kept["reach"] == OUTSIDE
    assert "168" not in str(kept)


def test_every_control_is_named_and_every_letter_means_one_thing(page):
    page.fill(**KEPT)
    assert_every_control_is_named(page.screen)
    assert_mnemonics_differ(page.screen)
