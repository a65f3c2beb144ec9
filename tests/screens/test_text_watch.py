"""What is typed: numbers are masked as they are completed, sensitive words bring a reminder."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.personal_numbers import MASK
from app.domain.social_numbers import key_of
from app.reference.sensitive_words import sensitive_words
from app.usecases.referrals import IN, list_referrals
from tests.builders import REFERENCE
from tests.screens.keyboard import type_text
from tests.screens.reception_page import a_page
from tests.screens.two_doors import Doors
from ui.widgets.growing_text import GrowingText
from ui.widgets.labelled_field import LabelledField
from ui.widgets.pausing_line import PausingLine
from ui.widgets.suggest_field import SuggestField
from ui.widgets.text_watch import MASKED_NOTE, READER_NOTE, TextWatch
from ui.writing_words import NUMBER_MASKED, READ_BY_THE_PERSON

_NUMBER = "2840588321025"
NIR = f"{_NUMBER}{key_of(_NUMBER)}"
SPACED = "2 84 05 88 321 025 32"
WORDS = sensitive_words(REFERENCE.vocabularies)
UNDO = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


class Form(QWidget):
    """A text, a line and something else to go to."""

    def __init__(self) -> None:
        super().__init__()
        self.text = GrowingText("Texte")
        self.line = PausingLine("Ligne")
        self.suggest = SuggestField("Choix")
        self.labelled_text = LabelledField("Texte", self.text, hint="un indice")
        self.labelled_line = LabelledField("Ligne", self.line)
        self.labelled_suggest = LabelledField("Choix", self.suggest)
        TextWatch(self.labelled_text, self.text, WORDS)
        TextWatch(self.labelled_line, self.line)
        TextWatch(self.labelled_suggest, self.suggest.line)
        column = QVBoxLayout(self)
        for part in (self.labelled_text, self.labelled_line, self.labelled_suggest):
            column.addWidget(part)


@pytest.fixture
def form(put, page, qtbot):
    made = put(Form())
    with qtbot.waitActive(page):
        page.activateWindow()
    made.text.setFocus()
    return made


def place(text: GrowingText) -> int:
    return text.textCursor().position()


def go_to(text: GrowingText, position: int) -> None:
    cursor = text.textCursor()
    cursor.setPosition(position)
    text.setTextCursor(cursor)


def test_a_number_typed_in_a_text_is_masked_at_its_last_figure(form):
    type_text(form.text, f"Née en 1984, {SPACED[:-1]}")
    assert form.text.text() == f"Née en 1984, {SPACED[:-1]}"
    assert form.labelled_text.note(MASKED_NOTE) == ""
    type_text(form.text, SPACED[-1])
    assert form.text.text() == f"Née en 1984, {MASK}"
    assert form.labelled_text.note(MASKED_NOTE) == NUMBER_MASKED
    type_text(form.text, ", merci")
    assert form.text.text() == f"Née en 1984, {MASK}, merci"


def test_the_message_is_seen_and_read_with_the_field(form):
    type_text(form.text, NIR)
    note = form.findChild(QLabel, MASKED_NOTE)
    assert note.isVisible()
    assert form.text.accessibleDescription() == f"un indice {NUMBER_MASKED}"
    form.text.selectAll()
    QTest.keyClick(form.text, Qt.Key.Key_Delete)
    assert not note.isVisible()
    assert form.text.accessibleDescription() == "un indice"


def test_the_cursor_stays_where_one_types(form):
    form.text.set_text("😀 avant  après")
    go_to(form.text, 9)
    type_text(form.text, NIR)
    assert form.text.text() == f"😀 avant {MASK} après"
    assert place(form.text) == 9 + len(MASK)
    type_text(form.text, "x")
    assert form.text.text() == f"😀 avant {MASK}x après"


def test_undo_takes_back_what_was_typed_and_never_brings_the_number(form, qtbot):
    form.text.setPlainText("Bonjour. ")
    go_to(form.text, 9)
    type_text(form.text, NIR)
    assert form.text.text() == f"Bonjour. {MASK}"
    QTest.keyClick(form.text, *UNDO)
    qtbot.waitUntil(lambda: form.text.text() == "Bonjour. ")
    assert place(form.text) == 9
    form.text.redo()
    qtbot.waitUntil(lambda: form.text.text() == f"Bonjour. {MASK}")
    QTest.keyClick(form.text, *UNDO)
    qtbot.waitUntil(lambda: form.text.text() == "Bonjour. ")
    type_text(form.text, "autre")
    assert form.text.text() == "Bonjour. autre"


def test_undo_under_a_text_set_by_the_program_masks_again(form, qtbot):
    form.text.setPlainText(f"Repris : {NIR}")
    assert form.text.text() == f"Repris : {MASK}"
    form.text.undo()
    qtbot.waitUntil(lambda: NIR not in form.text.text())


def test_undo_in_a_line_never_brings_the_number(form):
    form.line.setFocus()
    type_text(form.line, f"a {NIR} b")
    assert form.line.text() == f"a {MASK} b"
    for _ in range(5):
        QTest.keyClick(form.line, *UNDO)
        assert NIR not in form.line.text()


def test_a_pasted_number_is_masked(form):
    QGuiApplication.clipboard().setText(f"NIR : {SPACED}\nINE 153046837GK, fin")
    form.text.paste()
    assert form.text.text() == f"NIR : {MASK}\nINE {MASK}, fin"
    form.line.setFocus()
    form.line.paste()
    assert NIR not in form.line.text()
    assert form.line.text().count(MASK) == 2


def test_a_number_that_may_go_on_is_masked_when_the_field_is_left(form):
    heard = []
    form.text.paused.connect(heard.append)
    type_text(form.text, "INE 153046837GK")
    assert form.text.text() == "INE 153046837GK"
    QTest.keyClick(form.text, Qt.Key.Key_Tab)
    assert form.text.text() == f"INE {MASK}"
    assert heard == [f"INE {MASK}"]


def test_a_line_tells_whoever_listens_the_text_that_stands_there(form):
    heard = []
    form.suggest.query_changed.connect(heard.append)
    form.suggest.setFocus()
    type_text(form.suggest.line, f"Dupont {NIR}")
    assert form.suggest.text() == f"Dupont {MASK}"
    assert heard[-1] == f"Dupont {MASK}"
    assert form.suggest.line.cursorPosition() == len(f"Dupont {MASK}")
    assert form.labelled_suggest.note(MASKED_NOTE) == NUMBER_MASKED


def test_telephones_and_siret_are_typed_in_peace(form):
    said = "06 39 98 00 01, SIRET 12345678200010, RNCP38504, 36300 Le Blanc, 1 250 000 €"
    type_text(form.text, said)
    QTest.keyClick(form.text, Qt.Key.Key_Tab)
    assert form.text.text() == said
    assert form.labelled_text.note(MASKED_NOTE) == ""


def test_a_sensitive_word_brings_a_reminder_at_a_pause(form, qtbot):
    type_text(form.text, "Elle est en dépression")
    assert form.labelled_text.note(READER_NOTE) == ""
    qtbot.waitUntil(lambda: form.labelled_text.note(READER_NOTE) == READ_BY_THE_PERSON)
    assert READ_BY_THE_PERSON in form.text.accessibleDescription()
    assert form.text.hasFocus()
    type_text(form.text, " depuis mars")
    assert form.text.text() == "Elle est en dépression depuis mars"


def test_the_reminder_goes_with_the_word(form):
    type_text(form.text, "Il est malade")
    QTest.keyClick(form.text, Qt.Key.Key_Tab)
    assert form.labelled_text.note(READER_NOTE) == READ_BY_THE_PERSON
    form.text.set_text("Il cherche un stage")
    form.text.setFocus()
    QTest.keyClick(form.text, Qt.Key.Key_Tab)
    assert form.labelled_text.note(READER_NOTE) == ""


def test_one_line_fields_bring_no_reminder(form):
    form.line.setFocus()
    type_text(form.line, "Malade")
    QTest.keyClick(form.line, Qt.Key.Key_Tab)
    assert form.labelled_line.note(READER_NOTE) == ""


@pytest.fixture
def reception(qtbot, appearance, desk, clock):
    made = a_page(desk, clock)
    qtbot.addWidget(made.screen)
    qtbot.waitExposed(made.screen)
    made.screen.activateWindow()
    return made


@pytest.mark.parametrize(
    "field",
    ["expressed", "analysed", "message", "reception_note", "counselling_note", "private_note"],
)
def test_every_text_of_the_reception_masks_and_reminds(reception, field):
    reception.screen.go_to(field)
    reception.write(f"Malade, {NIR}")
    reception.press(Qt.Key.Key_Tab)
    labelled = reception.part(GrowingText, field).parent()
    assert reception.body()[field] == f"Malade, {MASK}"
    assert labelled.note(MASKED_NOTE) == NUMBER_MASKED
    assert labelled.note(READER_NOTE) == READ_BY_THE_PERSON


@pytest.mark.parametrize(
    "field", ["family_name", "given_name", "telephone", "email", "address", "person_search"]
)
def test_every_line_about_the_person_masks(reception, field):
    reception.screen.go_to(field)
    reception.write(NIR)
    assert reception.body()[field] == MASK


@pytest.mark.parametrize("field", ["commune", "already_met", "to", "birth", "deadline"])
def test_every_line_where_one_chooses_masks(reception, field):
    reception.screen.go_to(field)
    focused = reception.focused()
    assert isinstance(focused, QLineEdit)
    reception.write(NIR)
    assert focused.text() == MASK


def test_a_name_typed_elsewhere_comes_masked(reception):
    reception.screen.receive(typed=f"Exemple Zoé {NIR}")
    assert NIR not in repr(reception.body())
    assert reception.body()["open_person"]


def test_the_next_reception_begins_without_notes(reception):
    reception.screen.go_to("expressed")
    reception.write(f"Malade, {NIR}")
    reception.save()
    labelled = reception.part(QWidget, "expressed").parent()
    assert reception.body()["expressed"] == ""
    assert labelled.note(MASKED_NOTE) == ""
    reception.screen.go_to("analysed")
    assert labelled.note(READER_NOTE) == ""


def test_an_answer_masks_and_reminds(tmp_path, put, page, qtbot):
    doors = Doors(tmp_path, put)
    doors.hand_over()
    view = doors.screen(doors.second)
    view.remind_about(WORDS)
    (line,) = list_referrals(doors.second, IN)
    view.open_referral(line.referral)
    with qtbot.waitActive(page):
        page.activateWindow()
    message = view.findChild(GrowingText, "answer_message")
    message.setFocus()
    type_text(message, f"Elle est malade, {NIR}")
    QTest.keyClick(message, Qt.Key.Key_Tab)
    assert message.text() == f"Elle est malade, {MASK}"
    assert message.parent().note(MASKED_NOTE) == NUMBER_MASKED
    assert message.parent().note(READER_NOTE) == READ_BY_THE_PERSON
    doors.close()
