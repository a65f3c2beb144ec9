"""The preview: papers chosen by keyboard, pages seen, printed, saved; nothing stays behind."""

import pytest
from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageSize, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.printing.document import Paragraph
from app.printing.errors import PrintingMissingError
from app.printing.pdf import pages_of
from tests.fakes.runner import DirectRunner, StepRunner
from tests.printing.pages import a_paper, read
from tests.screens.accessibility import (
    assert_every_control_is_named,
    assert_mnemonics_differ,
    tab_order,
)
from ui.printing.drawing import draw_pages, screen_picture
from ui.printing.page import Made, Message, PaperChoice, PrintingActions, Wanted
from ui.printing.pages_area import PagesArea
from ui.printing.presenter import PrintingPresenter
from ui.printing.view import PrintingView
from ui.widgets.choices import ChoiceRow
from ui.widgets.inline_notice import InlineNotice

PAPERS = (
    PaperChoice(code="slip", label="Fiche de liaison"),
    PaperChoice(code="sheet", label="Ma feuille"),
)


def sheets(count):
    white = QImage(200, 283, QImage.Format.Format_Grayscale8)
    white.fill(QColor("white"))
    return (white,) * count


class Desk:
    """What a desk would do, noted; `fault` is what goes wrong."""

    def __init__(self):
        self.asked = []
        self.written = {}
        self.fault = None

    def wanted(self, *, message=True, papers=PAPERS):
        return Wanted(
            papers=papers,
            first=papers[0].code,
            actions=PrintingActions(
                make=self._make,
                pdf=lambda paper, is_large: f"{paper} {is_large}".encode(),
                draw=lambda paper, is_large, printer: self._note("draw", paper, is_large, printer),
                write=lambda file, content: self._write("over", file, content),
                write_new=lambda file, content: self._write("new", file, content),
                message=self._message if message else None,
            ),
        )

    def _make(self, paper, is_large):
        self._note("make", paper, is_large)
        return Made(
            title=paper,
            file_name=f"{paper}.pdf",
            words=f"mots de {paper}",
            pictures=sheets(4 if is_large else 2),
        )

    def _note(self, *words):
        if self.fault is not None:
            raise self.fault
        self.asked.append(words)

    def _write(self, how, file, content):
        self.written[file.name] = (how, content)

    def _message(self):
        return Message(text="CIO, Le Blanc.", weight="14\u00a0signes, 1\u00a0SMS")


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def make_view(put, answers, page):
    def make(runner=None):
        view = put(PrintingView(answers.dialogs()))
        page.activateWindow()
        view.attach(PrintingPresenter(view, runner or DirectRunner()))
        view.told = []
        view.said.connect(view.told.append)
        return view

    return make


@pytest.fixture
def view(make_view, desk):
    shown = make_view()
    shown.open(desk.wanted())
    return shown


def button(view, name):
    return view.findChild(QPushButton, name)


def area(view):
    return view.findChild(PagesArea, "printing_pages")


def press(view, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget() or view, key, modifier)


def test_the_first_paper_is_shown_at_once_and_enter_prints(view, desk, answers):
    assert desk.asked == [("make", "slip", False)]
    assert area(view).page_count() == 2
    assert QApplication.focusWidget() is button(view, "printing_print")
    answers.printers.append("imprimante")
    press(view, Qt.Key.Key_Return)
    assert desk.asked[-1] == ("draw", "slip", False, "imprimante")
    assert view.told == ["Envoyé à l’imprimante"]


def test_a_digit_chooses_another_paper(view, desk):
    view.findChild(ChoiceRow, "printing_papers").setFocus()
    press(view, Qt.Key.Key_2)
    assert desk.asked[-1] == ("make", "sheet", False)


def test_large_letters_are_turned_on_and_off_by_a_key(view, desk):
    press(view, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    assert desk.asked[-1] == ("make", "slip", True)
    assert area(view).page_count() == 4
    press(view, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    assert desk.asked[-1] == ("make", "slip", False)


def test_letters_are_ordinary_again_for_the_next_thing_to_print(view, desk):
    press(view, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    view.open(desk.wanted())
    assert desk.asked[-1] == ("make", "slip", False)


def test_an_answer_to_an_older_wish_is_dropped(make_view, desk):
    runner = StepRunner()
    view = make_view(runner)
    view.open(desk.wanted())
    press(view, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    runner.step()
    assert area(view).page_count() == 0
    runner.step()
    assert area(view).page_count() == 4


def test_pages_that_take_long_are_said_to_be_under_way(make_view, desk, qtbot):
    runner = StepRunner()
    view = make_view(runner)
    view.open(desk.wanted())
    working = view.findChild(QLabel, "printing_working")
    assert not working.isVisible()
    qtbot.waitUntil(working.isVisible)
    runner.run_all()
    assert not working.isVisible()


def test_escape_closes(view, qtbot):
    with qtbot.waitSignal(view.closed):
        press(view, Qt.Key.Key_Escape)


def test_nothing_stays_behind_when_somebody_goes_elsewhere(view):
    view.hide()
    assert area(view).page_count() == 0
    assert area(view).accessibleDescription() == ""


def test_the_text_of_the_message_goes_to_the_clipboard(view):
    press(view, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "CIO, Le Blanc."
    assert view.told == ["SMS copié\u202f: 14\u00a0signes, 1\u00a0SMS"]


def test_without_a_referral_there_is_no_message(make_view, desk):
    view = make_view()
    view.open(desk.wanted(message=False, papers=PAPERS[1:]))
    assert not button(view, "printing_message").isVisible()
    assert not view.findChild(ChoiceRow, "printing_papers").isVisible()


def test_the_paper_is_saved_where_it_was_asked_for(view, desk, answers, tmp_path):
    answers.then([tmp_path / "fiche.pdf"])
    press(view, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert desk.written == {"fiche.pdf": ("over", b"slip False")}
    assert "fiche.pdf" in view.told[0]
    assert "pas chiffré" in view.told[0]


def test_a_name_without_ending_gets_one_and_replaces_nothing(view, desk, answers, tmp_path):
    answers.then([tmp_path / "ma fiche"])
    button(view, "printing_save").click()
    assert desk.written == {"ma fiche.pdf": ("new", b"slip False")}


def test_giving_up_a_window_of_the_system_does_nothing(view, desk):
    button(view, "printing_save").click()
    button(view, "printing_print").click()
    assert desk.written == {}
    assert desk.asked == [("make", "slip", False)]


def test_what_cannot_be_made_is_said_calmly(make_view, desk):
    desk.fault = PrintingMissingError()
    view = make_view()
    view.open(desk.wanted())
    notice = view.findChild(InlineNotice, "printing_notice")
    assert notice.isVisible()
    assert "vos fiches sont intactes" in " ".join(
        label.text() for label in notice.findChildren(QLabel)
    )
    desk.fault = None
    view.findChild(ChoiceRow, "printing_papers").chosen.emit("sheet")
    assert not notice.isVisible()


def test_every_control_is_named_and_reached_by_tab(view, page):
    assert_every_control_is_named(view)
    assert_mnemonics_differ(view)
    met = {control.objectName() for control in tab_order(page)}
    assert {"printing_close", "printing_print", "printing_save", "printing_pages"} <= met


def test_pages_are_heard(view):
    assert area(view).accessibleDescription() == "mots de slip"


def test_page_keys_go_from_page_to_page(view, qtbot):
    shown = area(view)
    shown.setFocus()
    bar = shown.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    press(view, Qt.Key.Key_PageDown)
    second = bar.value()
    assert second > 0
    press(view, Qt.Key.Key_PageUp)
    assert bar.value() == 0
    press(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum() >= second
    press(view, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_pages_grow_and_shrink_and_fit_again(view):
    shown = area(view)
    shown.setFocus()
    fitted = shown.page_width()
    assert fitted <= shown.viewport().width()
    QTest.keyClicks(shown, "-")
    assert shown.page_width() < fitted
    QTest.keyClicks(shown, "++")
    assert shown.page_width() > fitted
    QTest.keyClicks(shown, "0")
    assert shown.page_width() == fitted
    button(view, "printing_larger").click()
    button(view, "printing_smaller").click()
    assert shown.page_width() <= fitted


def test_pages_are_white_in_a_dark_theme(view, appearance):
    from ui.theme import ThemeName

    appearance.set_theme(ThemeName.DARK)
    shown = area(view)
    picture = shown.grab().toImage()
    middle = picture.pixelColor(picture.width() // 2, 60)
    assert middle == QColor("white")


# The pages themselves, put on a printer.


def a_printer(file, size=QPageSize.PageSizeId.A4):
    writer = QPdfWriter(str(file))
    writer.setPageSize(QPageSize(size))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20))
    return writer


def long_paper():
    return a_paper(*(Paragraph(text="Un long récit. " * 300),) * 3)


def test_pages_are_drawn_one_a_sheet(tmp_path):
    pages = pages_of(long_paper(), 60)
    assert len(pages) > 1
    printer = a_printer(tmp_path / "a.pdf")
    draw_pages(pages, printer)
    del printer
    assert len(read((tmp_path / "a.pdf").read_bytes()).pages) == len(pages)


def test_only_the_pages_asked_for_are_drawn(tmp_path):
    pages = pages_of(long_paper(), 60)
    printer = a_printer(tmp_path / "a.pdf")
    ranges = printer.pageRanges()
    ranges.addPage(2)
    printer.setPageRanges(ranges)
    draw_pages(pages, printer)
    del printer
    assert len(read((tmp_path / "a.pdf").read_bytes()).pages) == 1


def test_another_size_of_sheet_is_filled_without_stretching(tmp_path):
    printer = a_printer(tmp_path / "a.pdf", QPageSize.PageSizeId.Letter)
    draw_pages(pages_of(a_paper(), 60), printer)
    del printer
    assert len(read((tmp_path / "a.pdf").read_bytes()).pages) == 1


def test_the_screen_has_the_page_in_greys():
    (page,) = pages_of(a_paper(), 60)
    picture = screen_picture(page)
    assert picture.format() == QImage.Format.Format_Grayscale8
    assert picture.width() == QImage.fromData(page).width()
