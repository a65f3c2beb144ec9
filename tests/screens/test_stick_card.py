"""Sticks on the screen of the exchange: chosen by a key, seen to advance, told in words."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton, QWidget

from app.domain.errors import AppError
from sync.stick.watch import StickProgress, StickStep
from tests.fakes.runner import DirectRunner
from tests.fakes.stick import taken, written
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from ui.exchange.stick_card import StickCard
from ui.exchange.stick_page import Wish
from ui.exchange.stick_presenter import StickActions, StickPresenter
from ui.stick_places import StickPlace

BLUE, RED = Path("BLEUE"), Path("ROUGE")


class FullStickError(AppError):
    """Stands for a stick without room."""

    code = "stick_full"


class Screen:
    """The card over sticks that do what the test says."""

    def __init__(self, put):
        self.plugged = [StickPlace(folder=BLUE, name="BLEUE", free_bytes=12_400_000_000)]
        self.asked, self.kept, self.stopped = [], [], 0
        self.dialogs, self.other = [], ""
        self.card = put(StickCard(self._choose))
        actions = StickActions(
            places=lambda: self.plugged,
            write=lambda folder: self.asked.append((Wish.WRITE, folder)),
            read=lambda folder: self.asked.append((Wish.READ, folder)),
            stop=self._stop,
            keep_last=self.kept.append,
        )
        self.presenter = StickPresenter(self.card, actions, DirectRunner())
        self.card.stick_wanted.connect(self.presenter.want)
        self.card.place_chosen.connect(self.presenter.choose)
        self.card.given_up.connect(self.presenter.forget)
        self.card.look_wanted.connect(self.presenter.look_again)
        self.card.stop_wanted.connect(self.presenter.stop)

    def _choose(self, _over, title):
        self.dialogs.append(title)
        return self.other

    def _stop(self):
        self.stopped += 1

    def button(self, name):
        return self.card.findChild(QPushButton, name)

    def places(self):
        found = self.card.findChildren(QPushButton, "stick_place")
        return [button for button in found if button.isVisibleTo(self.card)]

    def shows(self, kind, name):
        return self.card.findChild(kind, name).isVisibleTo(self.card)

    def said(self):
        shown = [each for each in self.card.findChildren(QLabel) if each.isVisibleTo(self.card)]
        return "\n".join(label.text() for label in shown).replace("\u00a0", " ")


@pytest.fixture
def screen(put):
    return Screen(put)


@pytest.fixture
def active(screen, page, qtbot):
    with qtbot.waitActive(page):
        page.activateWindow()
    return screen


def press(key, *, alt=False):
    modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), key, modifier)


def test_a_stick_is_written_with_two_keys(active, qtbot):
    active.button("stick_read").setFocus()
    press(Qt.Key.Key_C, alt=True)
    qtbot.waitUntil(lambda: "Écrire sur quelle clé\u202f?" in active.said())
    press(Qt.Key.Key_1)
    assert active.asked == [(Wish.WRITE, BLUE)]
    assert active.kept == [BLUE]
    assert QApplication.focusWidget() is active.button("stick_stop")


def test_a_stick_is_read_with_two_keys(active, qtbot):
    active.button("stick_write").setFocus()
    press(Qt.Key.Key_L, alt=True)
    qtbot.waitUntil(lambda: "Lire quelle clé\u202f?" in active.said())
    press(Qt.Key.Key_Space)  # the first has the focus
    assert active.asked == [(Wish.READ, BLUE)]


def test_escape_chooses_none_and_comes_back_to_the_button(active):
    active.button("stick_write").click()
    press(Qt.Key.Key_Escape)
    assert not active.shows(QWidget, "stick_other")
    assert QApplication.focusWidget() is active.button("stick_write")
    assert active.asked == []


def test_a_digit_without_a_stick_chooses_nothing(active):
    active.button("stick_write").click()
    press(Qt.Key.Key_2)
    assert active.asked == []


def test_a_stick_plugged_in_meanwhile_appears_and_the_focus_stays(active):
    active.button("stick_write").click()
    (blue,) = active.places()
    assert blue.hasFocus()
    active.plugged.append(StickPlace(folder=RED, name="ROUGE"))
    active.card.look_wanted.emit()
    assert [button.text() for button in active.places()][1] == "2. ROUGE"
    assert active.places()[0].hasFocus()
    active.places()[1].click()
    assert active.asked == [(Wish.WRITE, RED)]


def test_without_a_stick_one_is_told_to_plug_one_in_and_no_window_opens(active):
    active.plugged = []
    active.button("stick_write").click()
    assert "Branchez-la" in active.said()
    assert active.dialogs == []
    assert active.button("stick_other").hasFocus()


def test_another_folder_is_asked_for_with_the_window_of_the_system(screen, tmp_path):
    screen.other = str(tmp_path)
    screen.button("stick_write").click()
    screen.button("stick_other").click()
    assert screen.dialogs == ["Dossier où écrire"]
    assert screen.asked == [(Wish.WRITE, tmp_path)]


def test_a_window_of_the_system_left_without_choosing_changes_nothing(screen):
    screen.button("stick_read").click()
    screen.button("stick_other").click()
    assert screen.dialogs == ["Dossier à lire"]
    assert screen.asked == []
    assert screen.shows(QPushButton, "stick_other")


def begun(screen, wish="stick_write"):
    screen.button(wish).click()
    screen.places()[0].click()
    screen.presenter.began()


def test_how_far_it_is_is_seen_and_said(screen):
    begun(screen)
    assert "Ne la retirez pas encore" in screen.said()
    assert not screen.shows(QPushButton, "stick_write")
    screen.presenter.progressed(StickProgress(step=StickStep.WRITING, done=12, total=40))
    assert "12 paquets écrits sur 40" in screen.said()
    bar = screen.card.findChild(QProgressBar, "stick_progress")
    assert bar.value() / bar.maximum() == pytest.approx(0.3)
    assert "retirer la clé" not in screen.said()


def test_the_stick_may_be_removed_once_it_is_written(screen):
    begun(screen)
    screen.presenter.written(written())
    assert "Clé écrite\u202f: 3 enregistrements en 1 paquet scellé." in screen.said()
    assert "Vous pouvez retirer la clé." in screen.said()
    assert screen.shows(QPushButton, "stick_write")
    assert not screen.shows(QProgressBar, "stick_progress")


def test_what_was_taken_is_told_with_what_is_missing(screen):
    begun(screen, "stick_read")
    screen.presenter.taken(taken(missing=2, structures=("Issoudun (exemple)",)))
    said = screen.said()
    assert "2 enregistrements reçus" in said
    assert "Nouvelles structures connues\u202f: Issoudun (exemple)." in said
    assert "Il manque 2 paquets" in said
    notice = screen.card.findChild(QWidget, "stick_result")
    assert notice.property("notice") == "attention"


def test_stopping_asks_once_more_for_patience_and_says_that_nothing_changed(screen):
    begun(screen)
    screen.button("stick_stop").click()
    assert screen.stopped == 1
    assert "Arrêt demandé" in screen.said()
    screen.presenter.written(written(cancelled=True, records=0))
    assert "la clé dit encore ce qu’elle disait avant" in screen.said()


def test_a_stick_waits_for_the_exchange_under_way_and_says_so(screen):
    screen.button("stick_write").click()
    screen.places()[0].click()
    screen.presenter.waits()
    assert "la clé passera juste après" in screen.said()
    screen.presenter.stopped()
    assert "la clé n’a pas été touchée" in screen.said()
    assert screen.shows(QPushButton, "stick_write")


def test_a_refusal_is_its_sentence_and_never_red(screen):
    begun(screen)
    screen.presenter.failed(FullStickError())
    assert "La clé est pleine" in screen.said()
    assert "retirer la clé" not in screen.said()
    assert screen.card.findChild(QWidget, "stick_result").property("notice") == "attention"


def test_what_was_said_before_goes_when_another_stick_is_wanted(screen):
    begun(screen)
    screen.presenter.written(written())
    screen.button("stick_read").click()
    assert "Clé écrite" not in screen.said()


def test_looking_for_sticks_ends_with_the_choice(screen):
    screen.button("stick_write").click()
    screen.button("stick_cancel").click()
    screen.plugged.append(StickPlace(folder=RED, name="ROUGE"))
    screen.presenter.look_again()
    assert screen.places() == []


def test_every_control_is_named_and_letters_differ(screen):
    assert_every_control_is_named(screen.card)
    assert_mnemonics_differ(screen.card)
    screen.button("stick_write").click()
    assert_every_control_is_named(screen.card)
    assert screen.places()[0].accessibleName().replace("\u00a0", " ") == "BLEUE, 12,4 Go libres"
    begun(screen)
    assert_every_control_is_named(screen.card)
