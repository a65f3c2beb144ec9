"""The card of the information notice: which text is given, another one from a file, on paper."""

import dataclasses
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.printing.notice import notice_map
from app.usecases.notices import current_notice, programs_notice, write_notice
from tests.fakes.dialogs import Answers
from tests.fakes.runner import DirectRunner
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from ui.desk_actions import DeskActions
from ui.settings.notice_presenter import NoticePresenter
from ui.settings.view import SettingsView


@pytest.fixture
def file(tmp_path):
    """A text of the structure's own, as it is kept in a file."""
    content = notice_map(programs_notice().text) | {"title": "Notre note"}
    path = tmp_path / "note.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


class Screen:
    """The settings over a real desk, with what they told others."""

    def __init__(self, desk, put):
        self.answers, self.published, self.said = Answers(), [], []
        self.view = put(SettingsView(self.answers.dialogs()))
        actions = DeskActions(desk, self.published.append).notice()
        self.presenter = NoticePresenter(self.view.notice, actions, DirectRunner())
        self.view.attach_notice(self.presenter)
        self.view.said.connect(self.said.append)
        self.view.activated()

    def press(self, name):
        self.view.findChild(QPushButton, name).click()

    def shows(self, name):
        return self.view.findChild(QPushButton, name).isVisibleTo(self.view)

    def words(self):
        labels = self.view.notice.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisibleTo(self.view))


@pytest.fixture
def screen(desk, put):
    return Screen(desk, put)


def test_the_card_says_which_text_is_given_and_by_whom(screen):
    words = screen.words()
    assert "2026.11" in words
    assert "le programme" in words
    assert not screen.view.findChild(QLabel, "notice_former").isVisibleTo(screen.view)


def test_another_text_is_given_in_two_steps(desk, screen, file):
    screen.answers.then([file])
    screen.press("notice_load")
    assert "«\u00a0Notre note\u00a0»" in screen.words()
    assert "sur tous les postes de la structure" in screen.words()
    assert not current_notice(desk).is_own
    screen.press("notice_give")
    assert current_notice(desk).text.title == "Notre note"
    assert screen.said == ["La note donnée est maintenant la version 2026.11.24-1"]
    assert screen.published
    assert "2026.11, depuis le 24\u00a0novembre\u00a02026" in screen.words()


def test_a_change_of_mind_keeps_the_present_text(desk, screen, file):
    screen.answers.then([file])
    screen.press("notice_load")
    screen.press("notice_keep")
    assert not screen.shows("notice_give")
    screen.presenter.give_loaded()
    assert not current_notice(desk).is_own


def test_a_file_that_is_no_notice_is_said_calmly(desk, screen, tmp_path):
    wrong = tmp_path / "autre.json"
    wrong.write_text("{}", encoding="utf-8")
    screen.answers.then([wrong])
    screen.press("notice_load")
    assert "ne peut pas être lu (autre.json)" in screen.words()
    assert not screen.shows("notice_give")


def test_nothing_chosen_changes_nothing(screen):
    screen.press("notice_load")
    assert not screen.shows("notice_give")


def test_a_text_that_came_from_another_machine_is_shown(desk, screen):
    text = dataclasses.replace(programs_notice().text, title="Celle d’une collègue")
    _made, changes = write_notice(desk, text)
    screen.presenter.changed(changes)
    assert "Celle d’une collègue" in screen.words()


def test_reading_and_giving_have_their_keys(screen, page, qtbot, file):
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    with qtbot.waitSignal(screen.view.notice_wanted):
        QTest.keyClick(page, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    screen.answers.then([file])
    QTest.keyClick(page, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: screen.shows("notice_give"))
    assert page.focusWidget().objectName() == "notice_keep"
    assert_every_control_is_named(screen.view)
    assert_mnemonics_differ(screen.view)
