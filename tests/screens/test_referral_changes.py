"""The sender's part of a referral's page: cancel, correct, send again, ask somebody else."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app.usecases import referrals
from app.usecases.referral_changes import correct_referral
from app.usecases.referrals import IN, OUT
from tests.builders import ON_PAPER, a_person, a_referral, handed_over, referral_of
from tests.fakes.courier import carry
from tests.screens.accessibility import assert_every_control_is_named
from tests.screens.keyboard import type_text
from ui.widgets.choices import ChoiceRow
from ui.widgets.growing_text import GrowingText
from ui.widgets.inline_notice import InlineNotice
from ui.widgets.spoken_list import ROW_ROLE
from ui.widgets.timeline import Timeline

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sent(doors):
    """The first door's screen, open on what the second has received."""
    doors.hand_over(referral=a_referral(message="Bonjour."))
    return opened(doors, doors.first, OUT)


def opened(doors, desk, direction):
    view = doors.screen(desk)
    view.open_referral(referrals.list_referrals(desk, direction)[0].referral)
    return view


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys, held=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        QTest.keyClick(focused(), key, held)


def focus(view, kind, name):
    view.findChild(kind, name).setFocus(Qt.FocusReason.OtherFocusReason)


def button(view, name):
    return view.findChild(QPushButton, name)


def words_of(view):
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def notices(view):
    return "\n".join(one.text() for one in view.findChildren(InlineNotice))


def rows(view):
    model = view.findChild(QListView, "referral_rows").model()
    return [model.index(row, 0).data(ROW_ROLE) for row in range(model.rowCount())]


def the_line(desk, direction):
    (line,) = referrals.list_referrals(desk, direction)
    return line


def reach(name, *, by=Qt.Key.Key_Tab):
    """Walk with Tab, as a person does, until that part has the focus."""
    for _ in range(80):
        if focused().objectName() == name:
            return
        press(by)
    raise AssertionError(name)


def test_cancelling_takes_two_steps_says_what_it_does_and_can_be_taken_back(doors, sent):
    reach("cancel_open")
    press(Qt.Key.Key_Space)
    assert "verra qu’elle est annulée" in words_of(sent)
    assert the_line(doors.first, OUT).status == "recue"
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_Return, held=CONTROL)
    cancelled = the_line(doors.first, OUT)
    assert (cancelled.status, cancelled.history[-1].reason) == ("annulee", "erreur_de_structure")
    ((text, undo),) = doors.undoable
    assert text == "Mise en relation annulée"
    assert not button(sent, "cancel_open").isVisibleTo(sent)
    undo()
    assert the_line(doors.first, OUT).status == "recue"
    assert button(sent, "cancel_open").isVisibleTo(sent)


def test_it_is_cancelled_from_the_list_in_two_steps_too(doors):
    doors.hand_over()
    view = doors.screen(doors.first)
    view.show_filter("awaiting", OUT)
    view.findChild(QListView, "referral_rows").setFocus()
    press(Qt.Key.Key_Down, Qt.Key.Key_Delete)
    assert the_line(doors.first, OUT).status == "recue"
    assert focused().objectName().startswith("choice_")
    press(Qt.Key.Key_Return, held=CONTROL)
    assert the_line(doors.first, OUT).status == "annulee"


def test_delete_in_the_list_of_what_came_only_opens_it(doors):
    doors.hand_over()
    view = doors.screen(doors.second)
    view.show_filter("to_answer", IN)
    view.findChild(QListView, "referral_rows").setFocus()
    press(Qt.Key.Key_Down, Qt.Key.Key_Delete)
    assert not button(view, "cancel_send").isVisibleTo(view)


def test_the_field_to_correct_first_is_in_sight_however_far_down_one_had_read(sent, qtbot):
    sent.window().resize(700, 420)
    (area,) = [one for one in sent.findChildren(QScrollArea) if one.isVisible()]
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    press(Qt.Key.Key_U, held=CONTROL)

    def is_in_sight():
        top = focused().mapTo(area.viewport(), QPoint()).y()
        return 0 <= top <= area.viewport().height() - focused().height()

    qtbot.waitUntil(is_in_sight)


def test_escape_keeps_it(doors, sent):
    reach("cancel_open")
    press(Qt.Key.Key_Space, Qt.Key.Key_Escape)
    assert focused().objectName() == "cancel_open"
    assert the_line(doors.first, OUT).status == "recue"


def test_the_recipient_reads_calmly_that_it_was_cancelled_and_why(doors, sent):
    focus(sent, QPushButton, "cancel_open")
    press(Qt.Key.Key_Space, Qt.Key.Key_3)
    press(Qt.Key.Key_Return, held=CONTROL)
    doors.exchange()
    view = opened(doors, doors.second, IN)
    assert "Motif\u202f: Une autre solution a été trouvée" in words_of(view)
    assert "Il n’y a plus de réponse à donner." in words_of(view)
    assert not view.findChild(QWidget, "sender_panel").isVisibleTo(view)


def test_a_correction_shows_what_changes_and_what_leaves_before_it_does(doors, sent):
    press(Qt.Key.Key_U, held=CONTROL)
    line = sent.findChild(QLineEdit, "correct_telephone")
    assert focused() is line
    line.selectAll()
    type_text(line, "06 39 98 00 02")
    line.flush()
    shown = words_of(sent)
    assert "lira ce qui change" in shown
    assert "Téléphone\u202f: 06\u00a039\u00a098\u00a000\u00a001 → 06\u00a039\u00a098" in shown
    assert the_line(doors.first, OUT).details["telephone"] == "06 39 98 00 01"
    press(Qt.Key.Key_Return, held=CONTROL)
    assert the_line(doors.first, OUT).details["telephone"] == "06 39 98 00 02"
    assert doors.said[-1] == "Correction enregistrée ici · à envoyer"
    assert sent.findChild(Timeline).entries()[0].title == "Mise à jour"
    assert focused().objectName() == "correct_open"


def test_what_the_agreement_does_not_cover_is_not_offered(doors, sent):
    press(Qt.Key.Key_U, held=CONTROL)
    assert sent.findChild(QWidget, "correct_email") is None
    assert sent.findChild(GrowingText, "correct_message").isVisibleTo(sent)


def test_a_correction_that_cannot_be_sent_says_why_and_keeps_what_was_typed(doors, sent):
    press(Qt.Key.Key_U, held=CONTROL)
    line = sent.findChild(QLineEdit, "correct_telephone")
    line.clear()
    press(Qt.Key.Key_Return, held=CONTROL)
    problem = sent.findChild(QLabel, "correct_problem")
    assert problem.isVisibleTo(sent)
    assert problem.text()
    assert line.isVisibleTo(sent)
    assert the_line(doors.first, OUT).history[-1].status == "recue"


def test_before_it_left_the_page_says_that_only_the_correction_will(doors):
    handed_over(doors.first)
    view = opened(doors, doors.first, OUT)
    press(Qt.Key.Key_U, held=CONTROL)
    type_text(view.findChild(GrowingText, "correct_message"), "Le matin.")
    view.findChild(GrowingText, "correct_message").flush()
    assert "seul ce qui est corrigé partira" in words_of(view)


def test_the_recipient_sees_the_update_until_the_page_is_left(doors, sent):
    referral = the_line(doors.first, OUT).referral
    correct_referral(doors.first, referral, {"message": "Bonsoir."})
    doors.exchange()
    view = doors.screen(doors.second)
    view.show_filter("to_answer", IN)
    assert rows(view)[0].next_step.startswith("Mise à jour à lire")
    view.open_referral(the_line(doors.second, IN).referral)
    assert "«\u00a0Bonjour.\u00a0» → «\u00a0Bonsoir.\u00a0»" in notices(view)
    assert the_line(doors.second, IN).unread == ()
    doors.presenter.refresh()
    assert "Bonsoir" in notices(view)
    doors.presenter.close()
    assert not rows(view)[0].next_step.startswith("Mise à jour")
    view.open_referral(the_line(doors.second, IN).referral)
    assert "Bonsoir" not in notices(view)
    carry(doors.second, doors.first)
    steps = [step.status for step in the_line(doors.first, OUT).history]
    assert steps[-1] == "mise_a_jour_lue"


def test_what_is_lost_is_sent_again_in_two_steps_and_the_copy_is_shown(doors):
    handed_over(doors.first, referral=a_referral(to=ON_PAPER))
    first = the_line(doors.first, OUT)
    view = opened(doors, doors.first, OUT)
    reach("resend_ask")
    press(Qt.Key.Key_Space)
    assert "marquée remplacée" in words_of(view)
    press(Qt.Key.Key_Tab, Qt.Key.Key_Space)
    again = referrals.list_referrals(doors.first, OUT)[0]
    assert again.resends == first.referral
    assert f"code {again.short_id}" in words_of(view)
    (link,) = view.findChildren(QPushButton, "story_link")
    assert first.short_id in link.text()
    link.click()
    assert f"code {first.short_id}" in words_of(view)
    assert not button(view, "resend_ask").isVisibleTo(view)


def test_a_refusal_names_who_would_do_and_one_key_asks_them(doors):
    doors.hand_over()
    view = opened(doors, doors.second, IN)
    row = view.findChild(ChoiceRow, "answers")
    row.findChild(QPushButton, "choice_refusee").click()
    field = view.findChild(QWidget, "proposed_structure")
    assert not field.isVisibleTo(view)
    reasons = view.findChild(ChoiceRow, "refusal_reasons")
    reasons.findChild(QPushButton, "choice_hors_competence").click()
    assert field.isVisibleTo(view)
    field.line.setFocus(Qt.FocusReason.OtherFocusReason)
    type_text(field.line, "CIO Blanc")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, held=CONTROL)
    carry(doors.second, doors.first)
    line = the_line(doors.first, OUT)
    assert line.history[-1].proposed.reference == ON_PAPER
    first = doors.screen(doors.first)
    first.show_filter("to_reorient", OUT)
    (shown,) = rows(first)
    first.open_referral(shown.referral)
    assert "Structure proposée\u202f: " in words_of(first)
    press(Qt.Key.Key_R, held=CONTROL)
    assert doors.reoriented == [line.referral]


@pytest.mark.parametrize("spell", [str.lower, lambda code: f"{code[:3]} {code[3:]}", "-".join])
def test_the_list_finds_a_code_as_it_was_heard(doors, spell):
    for name in ("Un", "Deux", "Trois"):
        doors.hand_over(person=a_person(given_name=name))
    wanted = referrals.list_referrals(doors.first, OUT)[1]
    view = doors.screen(doors.first)
    view.show_filter("to_send", OUT)
    assert rows(view) == []
    press(Qt.Key.Key_F, held=CONTROL)
    assert focused().objectName() == "referral_search"
    type_text(focused(), spell(wanted.short_id))
    press(Qt.Key.Key_Return)
    assert [row.referral for row in rows(view)] == [wanted.referral]
    assert focused().objectName() == "referral_rows"


def test_the_list_finds_a_name_and_says_when_it_finds_none(doors):
    doors.hand_over()
    view = doors.screen(doors.first)
    view.show_filter("all", OUT)
    press(Qt.Key.Key_F, held=CONTROL)
    type_text(focused(), "aubr mael")
    press(Qt.Key.Key_Return)
    assert len(rows(view)) == 1
    press(Qt.Key.Key_F, held=CONTROL)
    type_text(focused(), "personne")
    focused().flush()
    assert "n’a le code ni le nom" in words_of(view)
    press(Qt.Key.Key_F, held=CONTROL)
    focused().clear()
    doors.presenter.seek("")
    assert len(rows(view)) == 1


def test_every_control_of_the_sender_is_named(doors, sent):
    for name in ("correct_open", "cancel_open"):
        button(sent, name).click()
    assert_every_control_is_named(sent)


def test_what_is_typed_stays_when_the_page_is_read_again(doors, sent):
    press(Qt.Key.Key_U, held=CONTROL)
    line = sent.findChild(QLineEdit, "correct_telephone")
    line.selectAll()
    type_text(line, "07")
    doors.presenter.refresh()
    assert sent.findChild(QLineEdit, "correct_telephone").text() == "07"
    other = referral_of(handed_over(doors.first))
    sent.open_referral(other)
    assert not sent.findChild(QLineEdit, "correct_telephone").isVisibleTo(sent)
