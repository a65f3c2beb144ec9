"""The slip as an encrypted file: by keyboard, from a referral, its passphrase seen once."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.domain.reception import WantedReferral
from app.domain.referral import BY_FILE
from app.usecases.receptions import record_reception
from app.usecases.referrals import open_referral
from tests.builders import ON_PAPER, a_reception, handed_over, person_of, referral_of
from tests.fakes.dialogs import Answers
from tests.fakes.runner import StepRunner
from tests.printing.pages import read
from tests.screens.desk_windows import desk_window, take_keyboard
from tests.screens.test_printing import Desk as AnyDesk
from tests.screens.test_printing_desk import CTRL, Opened
from ui.printing.page import Locking
from ui.printing.presenter import PrintingPresenter
from ui.printing.view import PrintingView
from ui.referrals.view import ReferralsView
from ui.widgets.code_groups import CodeGroups
from ui.widgets.inline_notice import InlineNotice


@pytest.fixture
def opened(qtbot, appearance, settings, desk):
    answers = Answers()
    with desk_window(desk, settings, appearance, dialogs=answers.dialogs()) as window:
        take_keyboard(window, qtbot)
        yield Opened(window, answers, qtbot)


@pytest.fixture
def made(desk):
    return handed_over(desk, referral=WantedReferral(to=ON_PAPER, agreement=True))


def code(opened):
    return opened.part(CodeGroups, "locked_code")


def history(desk, made):
    return [step.route for step in open_referral(desk, referral_of(made)).history]


def test_from_a_referral_one_key_writes_a_file_and_shows_what_opens_it(
    opened, desk, made, tmp_path
):
    stick = tmp_path / "clé"
    stick.mkdir()
    file = stick / "fiche.pdf"
    opened.answers.then([file])
    opened.go_to_referral(made)
    opened.press(Qt.Key.Key_E, CTRL)
    opened.settle()
    assert opened.answers.asked == ["Enregistrer le fichier chiffré"]
    groups = code(opened).groups()
    reader = read(file.read_bytes())
    assert reader.decrypt("".join(groups))
    assert "Aubrun" in "".join(page.extract_text() for page in reader.pages)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in stick.iterdir()] == ["fiche.pdf"]
    assert history(desk, made) == ["paper", BY_FILE]


def test_enter_puts_the_passphrase_away_for_good(opened, desk, made, tmp_path):
    opened.answers.then([tmp_path / "fiche.pdf"])
    opened.go_to_referral(made)
    opened.press(Qt.Key.Key_E, CTRL)
    opened.settle()
    assert QApplication.focusWidget() is opened.part(QPushButton, "locked_told")
    opened.press(Qt.Key.Key_Return)
    assert code(opened).groups() == ()
    assert not opened.part(QWidget, "printing_locked").isVisible()
    assert QApplication.focusWidget() is opened.part(QPushButton, "printing_print")


def test_the_passphrase_is_whole_in_letters_twice_as_large(opened, appearance, made, tmp_path):
    appearance.set_scale(200)
    opened.window.resize(1024, 700)
    opened.answers.then([tmp_path / "fiche.pdf"])
    opened.go_to_referral(made)
    opened.press(Qt.Key.Key_E, CTRL)
    opened.settle()

    def is_whole():
        groups = code(opened).findChildren(QLabel)
        return groups and all(
            group.visibleRegion().boundingRect().size() == group.size() for group in groups
        )

    opened.wait.waitUntil(is_whole)


def test_going_elsewhere_forgets_the_passphrase_and_the_referral_says_how_it_left(
    opened, desk, made, tmp_path
):
    opened.answers.then([tmp_path / "fiche.pdf"])
    opened.go_to_referral(made)
    opened.press(Qt.Key.Key_E, CTRL)
    opened.settle()
    opened.press(Qt.Key.Key_Escape)
    opened.settle()
    assert code(opened).groups() == ()
    assert opened.window.current_key() == "referrals"
    view = opened.window.findChild(ReferralsView)
    opened.wait.waitUntil(lambda: "par fichier chiffré" in spoken(view))


def spoken(view):
    return "\n".join(part.text() for part in view.findChildren(QLabel))


def test_after_the_reception_ctrl_p_then_ctrl_e(opened, desk, made, tmp_path):
    opened.answers.then([tmp_path / "fiche.pdf"])
    opened.window.show_screen("reception")
    opened.desk.printing.print_reception(made.encounter, made.referral, made.person)
    opened.settle()
    assert opened.part(QPushButton, "printing_lock").isVisible()
    opened.press(Qt.Key.Key_E, CTRL)
    opened.settle()
    assert len(code(opened).groups()) == 4


def test_what_is_missing_is_said_before_any_window_asks_where(opened, desk):
    unnamed = record_reception(
        desk,
        a_reception(referral=WantedReferral(to=ON_PAPER, agreement=True), notice_given=True),
    )
    opened.go_to_referral(unnamed)
    opened.press(Qt.Key.Key_E, CTRL)
    opened.settle()
    assert opened.answers.asked == []
    notice = opened.part(InlineNotice, "printing_notice")
    assert notice.isVisible()
    assert history(desk, unnamed) == ["paper"]


def test_giving_up_writes_and_notes_nothing(opened, desk, made):
    opened.go_to_referral(made)
    opened.press(Qt.Key.Key_E, CTRL)
    opened.settle()
    assert opened.answers.asked
    assert code(opened).groups() == ()
    assert history(desk, made) == ["paper"]


def test_a_disk_that_refuses_notes_nothing_and_shows_no_passphrase(opened, desk, made, tmp_path):
    (tmp_path / "fiche.pdf.new").mkdir()
    opened.answers.then([tmp_path / "fiche.pdf"])
    opened.go_to_referral(made)
    opened.press(Qt.Key.Key_E, CTRL)
    opened.settle()
    assert opened.part(InlineNotice, "printing_notice").isVisible()
    assert code(opened).groups() == ()
    assert history(desk, made) == ["paper"]


def test_where_the_program_carries_it_no_file_is_offered(opened, desk):
    made = handed_over(desk)
    opened.go_to_referral(made)
    assert not opened.part(QPushButton, "lock_referral").isVisible()
    opened.press(Qt.Key.Key_E, CTRL)
    assert opened.window.current_key() == "referrals"
    opened.press(Qt.Key.Key_P, CTRL)
    opened.settle()
    assert not opened.part(QPushButton, "printing_lock").isVisible()


def test_only_the_slip_can_be_locked(opened, desk, made):
    opened.desk.printing.print_referral(referral_of(made), person_of(made))
    opened.settle()
    assert opened.part(QPushButton, "printing_lock").isVisible()
    opened.part(QWidget, "printing_papers").setFocus()
    opened.press(Qt.Key.Key_2)
    opened.settle()
    assert not opened.part(QPushButton, "printing_lock").isVisible()


# What the preview decides, with a desk of wishes.


def test_a_passphrase_that_comes_too_late_is_not_shown_and_it_is_said(put, answers, tmp_path):
    wishes, runner = AnyDesk(), StepRunner()
    locking = Locking(check=lambda: "f.pdf", write=lambda *_all: ("AB", "CD"))
    wanted = wishes.wanted()
    view = put(PrintingView(answers.dialogs()))
    view.attach(PrintingPresenter(view, runner))
    told = []
    view.said.connect(told.append)
    view.open(replace(wanted, actions=replace(wanted.actions, locking=locking)))
    answers.then([tmp_path / "f"])
    runner.run_all()
    view.wish_locked()
    runner.step()
    view.hide()
    runner.run_all()
    assert view.findChild(CodeGroups, "locked_code").groups() == ()
    assert told == ["Mot de passe non montré\u202f: refaites f.pdf"]
