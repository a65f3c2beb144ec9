"""Fields, driven by the keyboard: labels, free texts, dates, suggestions."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from tests.screens.keyboard import type_text
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.growing_text import GrowingText
from ui.widgets.labelled_field import LabelledField
from ui.widgets.pausing_line import PausingLine
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion

CHOICES = [
    Choice(code="sans_rdv", label="Sans rendez-vous"),
    Choice(code="telephone", label="Téléphone"),
    Choice(code="visio", label="Visio"),
]


class TestLabelledField:
    """A field and its words."""

    def test_alt_letter_reaches_the_field(self, put, page):
        put(QLineEdit()).setFocus()
        field = put(LabelledField("&Commune", QLineEdit()))
        QTest.keyClick(page, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
        assert field.field.hasFocus()

    def test_alt_letter_reaches_what_is_chosen_in_a_row(self, put, page):
        put(QLineEdit()).setFocus()
        row = ChoiceRow("Comment", CHOICES)
        row.set_value("visio")
        put(LabelledField("&Comment", row))
        QTest.keyClick(page, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
        assert page.focusWidget().objectName() == "choice_visio"

    def test_an_error_takes_the_place_of_the_hint_and_gives_it_back(self, put, page):
        field = put(LabelledField("&Commune", QLineEdit(), hint="Nom ou code postal"))
        page.layout().activate()
        before = field.field.geometry()
        field.set_error("Aucune commune de ce nom.")
        assert field.error() == "Aucune commune de ce nom."
        assert field.field.accessibleDescription() == "Aucune commune de ce nom."
        page.layout().activate()
        assert field.field.geometry() == before
        field.set_error("")
        assert field.error() == ""
        assert field.field.accessibleDescription() == "Nom ou code postal"

    def test_what_is_missing_is_said_in_words(self, put):
        field = put(LabelledField("&Commune", QLineEdit()))
        field.set_missing(True)
        assert field.findChild(QLabel, "missing").text() == "manquant pour envoyer"
        field.set_missing(False)
        assert not field.is_missing()

    def test_the_label_names_the_field(self, put):
        field = put(LabelledField("Co&mmune", QLineEdit()))
        assert field.field.accessibleName() == "Commune"


class TestTexts:
    """Free texts and their pauses."""

    def test_a_text_grows_with_its_lines_up_to_the_most(self, put):
        text = put(GrowingText("Demande", lines=2, most_lines=5))
        start = text.height()
        text.set_text("un\ndeux\ntrois\nquatre")
        grown = text.height()
        assert grown > start
        text.set_text("\n".join("abcdefghijklmnop"))
        assert text.height() > grown
        full = text.height()
        text.set_text("\n".join("abcdefghijklmnopqrstuvwxyz"))
        assert text.height() == full
        text.set_text("")
        assert text.height() == start

    def test_a_pause_is_told_once_with_the_whole_text(self, put, qtbot):
        text = put(GrowingText("Demande"))
        with qtbot.waitSignal(text.paused, timeout=2000) as told:
            type_text(text, "été")
        assert told.args == ["été"]

    def test_leaving_is_a_pause(self, put, qtbot):
        text, other = put(GrowingText("Demande")), put(QLineEdit())
        text.setFocus()
        type_text(text, "a")
        with qtbot.waitSignal(text.paused, timeout=300):
            other.setFocus()

    def test_a_text_set_by_the_program_is_no_pause(self, put, qtbot):
        text = put(GrowingText("Demande"))
        with qtbot.assertNotEmitted(text.paused):
            text.set_text("brouillon")
            text.flush()

    def test_tab_leaves_a_text(self, put, page):
        text, other = put(GrowingText("Demande")), put(QLineEdit())
        text.setFocus()
        QTest.keyClick(text, Qt.Key.Key_Tab)
        assert other.hasFocus()

    def test_a_line_pauses_too(self, put, qtbot):
        line = put(PausingLine("Téléphone"))
        type_text(line, "02")
        with qtbot.waitSignal(line.paused) as told:
            line.flush()
        assert told.args == ["02"]
        with qtbot.assertNotEmitted(line.paused):
            line.flush()


class TestDateField:
    """A date typed as it comes."""

    @pytest.fixture
    def field(self, put):
        return put(DateField("Date de naissance", span=DateSpan.of_births(date(2026, 11, 24))))

    def test_a_date_is_shown_back_in_words(self, field, qtbot):
        with qtbot.waitSignal(field.date_changed) as told:
            type_text(field.line, "25031978")
        assert told.args == [date(1978, 3, 25)]
        assert field.findChild(QLabel, "understood").text() == "25 mars 1978"
        assert field.findChild(QPushButton, "swap").isHidden()

    def test_a_date_that_could_be_swapped_offers_the_other(self, field, qtbot):
        type_text(field.line, "12/3/78")
        swap = field.findChild(QPushButton, "swap")
        assert swap.text() == "plutôt le 3 décembre 1978\u202f?"
        swap.setFocus()
        with qtbot.waitSignal(field.date_changed):
            QTest.keyClick(swap, Qt.Key.Key_Return)
        assert field.value() == date(1978, 12, 3)
        assert field.text() == "3 décembre 1978"

    def test_nothing_is_said_against_a_date_being_typed(self, field):
        type_text(field.line, "12/3")
        assert field.findChild(QLabel, "understood").text() == ""
        QTest.keyClick(field.line, Qt.Key.Key_Return)
        assert "manque" in field.findChild(QLabel, "understood").text()
        assert not field.is_readable()

    def test_the_beginning_of_a_year_is_not_taken_for_a_short_one(self, field, qtbot):
        with qtbot.assertNotEmitted(field.date_changed):
            type_text(field.line, "25/03/19")
        QTest.keyClick(field.line, Qt.Key.Key_Return)
        assert field.value() == date(2019, 3, 25)

    def test_a_day_that_does_not_exist_is_said_at_once(self, field):
        type_text(field.line, "31/02/1978")
        assert field.findChild(QLabel, "understood").text() == "Ce jour n’existe pas"
        assert field.value() is None

    def test_an_empty_field_is_no_mistake(self, field):
        field.set_value(date(1978, 3, 12))
        field.set_value(None)
        assert field.is_readable()
        assert field.problem() == ""


class TestSuggestField:
    """A line and its suggestions."""

    SUGGESTIONS = (
        Suggestion(label="Le Blanc", value="36018", detail="Indre"),
        Suggestion(label="Le Blanc-Mesnil", value="93007", detail="Seine-Saint-Denis"),
    )

    @pytest.fixture
    def field(self, put):
        shown = put(SuggestField("Commune"))
        shown.setFocus()
        return shown

    def test_arrows_and_enter_take_a_suggestion(self, field, qtbot):
        field.query_changed.connect(lambda: field.show_suggestions(self.SUGGESTIONS))
        type_text(field.line, "le bl")
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down):
            QTest.keyClick(field.line, key)
        with qtbot.waitSignal(field.chosen) as told:
            QTest.keyClick(field.line, Qt.Key.Key_Return)
        assert told.args == ["93007"]
        assert field.text() == "Le Blanc-Mesnil"
        assert field.suggestions_shown() == ()

    def test_enter_without_a_choice_submits_the_text(self, field, qtbot):
        type_text(field.line, "le bl")
        field.show_suggestions(self.SUGGESTIONS)
        with qtbot.waitSignal(field.submitted) as told:
            QTest.keyClick(field.line, Qt.Key.Key_Return)
        assert told.args == ["le bl"]

    def test_a_field_that_takes_the_first_takes_it_by_enter(self, put, qtbot):
        field = put(SuggestField("Rechercher", takes_first=True))
        field.setFocus()
        type_text(field.line, "le")
        field.show_suggestions(self.SUGGESTIONS)
        with qtbot.waitSignal(field.chosen) as told:
            QTest.keyClick(field.line, Qt.Key.Key_Return)
        assert told.args == ["36018"]

    def test_an_answer_to_a_text_typed_over_is_dropped(self, field):
        type_text(field.line, "le bl")
        field.show_suggestions(self.SUGGESTIONS, query="le b")
        assert field.suggestions_shown() == ()
        field.show_suggestions(self.SUGGESTIONS, query="le bl")
        assert len(field.suggestions_shown()) == 2

    def test_escape_and_leaving_close_the_list(self, field, put):
        type_text(field.line, "le")
        field.show_suggestions(self.SUGGESTIONS)
        QTest.keyClick(field.line, Qt.Key.Key_Escape)
        assert field.suggestions_shown() == ()
        field.show_suggestions(self.SUGGESTIONS)
        put(QLineEdit()).setFocus()
        assert field.suggestions_shown() == ()

    def test_late_suggestions_do_not_open_over_another_field(self, field, put):
        type_text(field.line, "le")
        put(QLineEdit()).setFocus()
        field.show_suggestions(self.SUGGESTIONS)
        assert field.suggestions_shown() == ()
