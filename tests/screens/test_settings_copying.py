"""The card of « Copier pour… »: the template that F9 fills, writing one's own, taking it back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from app.reference.copying import CopyTemplate
from app.usecases.copying import find_template, keep_template, own_templates, templates
from tests.fakes.runner import DirectRunner
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.keyboard import type_text
from ui.copying_words import FIELDS
from ui.settings.copying_presenter import CopyingActions, CopyingPresenter
from ui.settings.view import SettingsView
from ui.widgets.choices import ChoiceRow
from ui.widgets.growing_text import GrowingText


class Screen:
    """The settings over a real desk; what F9 fills is remembered here."""

    def __init__(self, desk, put):
        self.filled_by_f9, self.done = "imilo", []
        self.view = put(SettingsView())
        self.card = self.view.copying
        actions = CopyingActions(
            read=lambda: (templates(desk), own_templates(desk)),
            chosen=lambda: self.filled_by_f9,
            choose=self._choose,
            keep=lambda template: keep_template(desk, template, known=FIELDS),
            forget=lambda code: self._forget(desk, code),
            fields=FIELDS,
        )
        self.presenter = CopyingPresenter(self.card, actions, DirectRunner())
        self.view.attach_copying(self.presenter)
        self.view.done.connect(lambda text, undo: self.done.append((text, undo)))
        self.view.activated()

    def press(self, name):
        self.view.findChild(QPushButton, name).click()

    def shows(self, name):
        return self.view.findChild(QPushButton, name).isVisibleTo(self.view)

    def label(self, name):
        return self.card.findChild(QLabel, name).text()

    def row(self):
        return self.card.findChild(ChoiceRow, "copying_template")

    def name(self):
        return self.card.findChild(QLineEdit, "template_name")

    def text(self):
        return self.card.findChild(GrowingText, "template_text")

    def write(self, name, text):
        self.press("template_open")
        self.name().setText(name)
        self.text().setPlainText(text)

    def _choose(self, code):
        self.filled_by_f9 = code

    @staticmethod
    def _forget(desk, code):
        from app.usecases.copying import forget_template

        forget_template(desk, code)


@pytest.fixture
def screen(desk, put):
    return Screen(desk, put)


def test_every_template_is_there_and_the_one_of_f9_is_marked(screen, desk):
    labels = [choice.label for choice in screen.row().choices()]
    assert labels == [one.label for one in templates(desk)]
    assert screen.row().value() == "imilo"
    assert "Motifs : (motifs)" in screen.label("copying_example")
    assert not screen.shows("template_forget")


def test_choosing_another_changes_what_f9_fills_and_what_is_shown(screen):
    screen.row().chosen.emit("court")
    assert screen.filled_by_f9 == "court"
    assert "(jour de l’accueil) – (motifs)" in screen.label("copying_example")


def test_a_template_of_ones_own_is_kept_and_filled_by_f9(screen, desk):
    screen.write("Parcours emploi", "Vu le {jour}\nMotifs : {motifs}\n")
    assert "Vu le (jour de l’accueil)" in screen.label("template_example")
    screen.press("template_send")
    assert screen.filled_by_f9 == "parcours-emploi"
    assert find_template(desk, "Parcours emploi").lines == ("Vu le {jour}", "Motifs : {motifs}")
    assert screen.row().value() == "parcours-emploi"
    assert screen.shows("template_forget")
    assert screen.done[-1][0] == "Modèle gardé\u202f: Parcours emploi. F9 le remplit."


def test_two_templates_of_one_name_are_both_kept(screen, desk):
    for text in ("{jour}", "{motifs}"):
        screen.write("Essai", text)
        screen.press("template_send")
    assert {"essai", "essai-2"} <= own_templates(desk)


def test_a_slip_in_a_field_is_said_and_what_was_typed_stays(screen, desk):
    screen.write("Essai", "Le {jours}")
    screen.press("template_send")
    problem = screen.view.findChild(QLabel, "template_problem")
    assert "Inconnus ici\u202f: jours" in problem.text()
    assert screen.text().text() == "Le {jours}"
    assert not own_templates(desk)


def test_a_template_of_the_program_is_changed_and_comes_back(screen, desk):
    first = find_template(desk, "imilo")
    screen.press("template_change")
    assert screen.text().text() == "\n".join(first.lines)
    screen.text().setPlainText("{demande}")
    screen.press("template_send")
    assert find_template(desk, "imilo").lines == ("{demande}",)
    screen.press("template_forget")
    assert find_template(desk, "imilo") == first


def test_what_was_forgotten_is_taken_back(screen, desk):
    keep_template(desk, CopyTemplate(code="mien", label="Le mien", lines=("{jour}",)), known=FIELDS)
    screen.filled_by_f9 = "mien"
    screen.presenter.refresh()
    screen.press("template_forget")
    text, undo = screen.done[-1]
    assert text == "Modèle oublié\u202f: Le mien"
    assert screen.row().value() == "imilo"
    undo()
    assert find_template(desk, "mien").lines == ("{jour}",)
    assert screen.row().value() == "mien"


def test_a_field_is_found_by_its_words_and_put_where_one_writes(screen, page, qtbot):
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    QTest.keyClick(page, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(screen.name().hasFocus)
    QTest.keyClick(screen.name(), Qt.Key.Key_Tab)
    type_text(QApplication.focusWidget(), "Né le ")
    QTest.keyClick(screen.text(), Qt.Key.Key_Tab)
    type_text(QApplication.focusWidget(), "naiss")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert screen.text().hasFocus()
    assert screen.text().text() == "Né le {naissance}"
    QTest.keyClick(screen.text(), Qt.Key.Key_Escape)
    assert screen.shows("template_open")


def test_a_number_of_social_security_does_not_stay_in_a_template(screen):
    screen.write("Essai", "")
    type_text(screen.text(), "1 85 05 78 006 084 91 ")
    assert "006 084" not in screen.text().text()


def test_every_control_is_named_and_no_letter_means_two_things(screen):
    screen.press("template_open")
    assert_every_control_is_named(screen.view)
    assert_mnemonics_differ(screen.view)
