"""From a referral and from a file to their papers and back, by keyboard, on a real desk."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.usecases.persons import erase_person
from app.usecases.receptions import record_reception
from tests.builders import a_reception, handed_over, person_of, referral_of
from tests.fakes.dialogs import Answers
from tests.printing.pages import read, text_of
from tests.screens.desk_windows import desk_window, take_keyboard
from ui.desk_window import DeskWindow
from ui.printing.pages_area import PagesArea
from ui.widgets.choices import ChoiceRow
from ui.widgets.inline_notice import InlineNotice

CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(slots=True)
class Opened:
    """An open desk, and how to wait for it."""

    desk: DeskWindow
    answers: Answers
    wait: object

    @property
    def window(self):
        return self.desk.window

    def settle(self):
        self.wait.waitUntil(
            lambda: self.desk._runner.is_idle() and self.desk.printing.is_idle(), timeout=20_000
        )

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def part(self, kind, name):
        return self.window.findChild(kind, name)

    def pages(self):
        return self.part(PagesArea, "printing_pages")

    def go_to_referral(self, made):
        self.window.show_screen("referrals").open_referral(referral_of(made))
        self.settle()
        self.part(QPushButton, "print_referral").setFocus()

    def go_to_person(self, made):
        self.window.show_screen("persons").open_person(person_of(made))
        self.settle()
        self.part(QPushButton, "print_person").setFocus()


@pytest.fixture
def opened(qtbot, appearance, settings, desk):
    answers = Answers()
    with desk_window(desk, settings, appearance, dialogs=answers.dialogs()) as window:
        take_keyboard(window, qtbot)
        yield Opened(window, answers, qtbot)


def test_from_a_referral_to_its_slip_and_back_to_the_same_button(opened, desk):
    made = handed_over(desk)
    opened.go_to_referral(made)
    opened.press(Qt.Key.Key_P, CTRL)
    opened.settle()
    assert opened.window.current_key() == "printing"
    assert opened.part(ChoiceRow, "printing_papers").value() == "slip"
    assert opened.pages().page_count() == 2
    assert "Maëlys" in opened.pages().accessibleDescription()
    assert opened.part(QWidget, "go_referrals").isChecked()
    opened.press(Qt.Key.Key_Escape)
    assert opened.window.current_key() == "referrals"
    assert QApplication.focusWidget() is opened.part(QPushButton, "print_referral")
    assert opened.pages().page_count() == 0


def test_from_a_file_to_the_sheet_and_back(opened, desk):
    opened.go_to_person(handed_over(desk))
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    papers = opened.part(ChoiceRow, "printing_papers")
    assert papers.value() == "own_sheet"
    assert opened.part(QWidget, "go_persons").isChecked()
    papers.setFocus()
    for digit, paper in ((Qt.Key.Key_2, "agreements"), (Qt.Key.Key_3, "everything")):
        opened.press(digit)
        opened.settle()
        assert papers.value() == paper
        assert opened.pages().page_count() >= 1
    opened.press(Qt.Key.Key_Escape)
    assert opened.window.current_key() == "persons"
    assert QApplication.focusWidget() is opened.part(QPushButton, "print_person")


def test_the_message_is_copied_from_the_referral_itself(opened, desk):
    opened.go_to_referral(handed_over(desk))
    opened.press(Qt.Key.Key_M, CTRL)
    opened.settle()
    assert QGuiApplication.clipboard().text().startswith("Mission locale d'entrainement")
    assert opened.window.current_key() == "referrals"
    assert "SMS copié" in "\n".join(
        label.text() for label in opened.window.findChildren(QLabel) if label.isVisible()
    )


def test_the_slip_is_saved_as_an_accessible_file_for_its_owner(opened, desk, tmp_path):
    file = tmp_path / "fiche.pdf"
    opened.answers.then([file])
    opened.go_to_referral(handed_over(desk))
    opened.press(Qt.Key.Key_P, CTRL)
    opened.settle()
    opened.press(Qt.Key.Key_S, CTRL)
    opened.settle()
    assert file.stat().st_mode & 0o777 == 0o600
    assert read(file.read_bytes()).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Fiche de liaison" in text_of(file.read_bytes())


def test_the_slip_is_printed(opened, desk, tmp_path):
    from PySide6.QtGui import QPageSize, QPdfWriter

    printer = QPdfWriter(str(tmp_path / "imprimante.pdf"))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    opened.answers.printers.append(printer)
    opened.go_to_referral(handed_over(desk))
    opened.press(Qt.Key.Key_P, CTRL)
    opened.settle()
    opened.press(Qt.Key.Key_P, CTRL)
    opened.settle()
    del printer
    assert (tmp_path / "imprimante.pdf").stat().st_size > 10_000


def test_somebody_just_received_has_a_sheet_even_unnamed(opened, desk):
    made = record_reception(desk, a_reception())
    opened.window.show_screen("reception")
    opened.settle()
    opened.desk.printing.print_reception(made.encounter, made.referral, made.person)
    opened.settle()
    assert opened.part(ChoiceRow, "printing_papers").value() == "own_sheet"
    assert "Je cherche une formation" in opened.pages().accessibleDescription()
    opened.press(Qt.Key.Key_Escape)
    assert opened.window.current_key() == "reception"


def test_who_is_erased_meanwhile_is_said_calmly(opened, desk):
    made = handed_over(desk)
    opened.go_to_person(made)
    erase_person(desk, person_of(made))
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert opened.pages().page_count() == 0
    assert opened.part(InlineNotice, "printing_notice").isVisible()


def test_leaving_while_a_paper_is_made_waits_for_it(opened, desk):
    made = handed_over(desk)
    for _ in range(3):
        opened.desk.printing.print_referral(referral_of(made), person_of(made))
    opened.desk.leave()
    assert opened.desk.printing.is_idle()
