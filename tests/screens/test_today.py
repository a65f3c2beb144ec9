"""The first screen: the day, what waits, and figures that open their own list."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.changes import Changes, Topic
from app.usecases import drafts
from app.usecases.follow_ups import reopen_follow_up, settle_follow_up
from app.usecases.receptions import record_reception
from app.usecases.rights import ask
from app.usecases.today import the_day
from tests.builders import a_reception, handed_over, person_of, received, referral_of
from tests.fakes.runner import DirectRunner, StepRunner
from tests.screens.accessibility import assert_every_control_is_named
from ui.today.day_words import COUNTERS, MOST_TASKS
from ui.today.presenter import TodayActions
from ui.today.screen import TodayScreen
from ui.widgets.inline_notice import InlineNotice
from ui.widgets.row_list import RowList


def a_screen(qtbot, desk, runner=None, *, day=the_day):
    actions = TodayActions(
        the_day=lambda: day(desk),
        settle=lambda encounter: settle_follow_up(desk, encounter),
        reopen=lambda encounter: reopen_follow_up(desk, encounter),
        publish=lambda changes: None,
        label=desk.reference.vocabularies.label,
        now=desk.clock.now,
    )
    screen = TodayScreen(actions, runner or DirectRunner())
    qtbot.addWidget(screen)
    screen.resize(1160, 680)
    screen.show()
    screen.activated()
    return screen


@pytest.fixture
def screen(qtbot, appearance, desk):
    return a_screen(qtbot, desk)


def rows(screen, name):
    return screen.findChild(RowList, name)


def test_every_count_opens_exactly_the_list_it_counts(qtbot, screen, desk):
    handed_over(desk)
    screen.activated()
    day = the_day(desk)
    for key in COUNTERS:
        button = screen.findChild(QPushButton, f"counter_{key}")
        assert button.accessibleName().startswith(f"{len(getattr(day, key))} ")
        with qtbot.waitSignal(screen.open_referrals) as wanted:
            QTest.keyClick(button, Qt.Key.Key_Space)
        assert wanted.args == [key]


def test_a_backlog_shows_the_first_tasks_and_how_many_are_left(qtbot, appearance, desk):
    handed_over(desk)

    def a_backlog(desk):
        read = the_day(desk)
        return replace(read, to_send=read.to_send * 1_250)

    screen = a_screen(qtbot, desk, day=a_backlog)
    left = screen.findChild(QLabel, "tasks_left")
    assert rows(screen, "tasks").rows_shown() == MOST_TASKS
    assert left.text() == "Et 1\u202f050 autres, que les compteurs ouvrent."
    assert left.isVisible()


def test_with_few_tasks_nothing_is_left(screen, desk):
    handed_over(desk)
    screen.activated()
    assert not screen.findChild(QLabel, "tasks_left").isVisible()


def test_a_named_reception_opens_its_file(qtbot, screen, desk):
    known = received(desk)
    screen.activated()
    listed = rows(screen, "receptions")
    listed.selectRow(0)
    with qtbot.waitSignal(screen.open_person) as opened:
        QTest.keyClick(listed, Qt.Key.Key_Return)
    assert opened.args == [person_of(known)]


def test_a_reception_without_a_name_says_that_there_is_no_file(screen, desk):
    record_reception(desk, a_reception())
    screen.activated()
    listed = rows(screen, "receptions")
    listed.selectRow(0)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    said = [notice.text() for notice in screen.findChildren(InlineNotice)]
    assert any("sans nom" in text for text in said)


def test_what_waits_opens_its_referral(qtbot, screen, desk):
    made = handed_over(desk)
    screen.activated()
    listed = rows(screen, "tasks")
    listed.selectRow(0)
    with qtbot.waitSignal(screen.open_referral) as opened:
        QTest.keyClick(listed, Qt.Key.Key_Return)
    assert opened.args == [referral_of(made)]


def test_a_draft_waits_in_sight_and_is_taken_up(qtbot, screen, desk):
    drafts.keep_draft(desk, {"expressed": "Bonjour"})
    screen.activated()
    notice = screen.findChild(InlineNotice, "draft")
    with qtbot.waitSignal(screen.resume_reception):
        notice.findChild(QPushButton, "notice_action").click()
    drafts.discard_draft(desk)
    screen.activated()
    assert notice.text() == ""


def test_the_main_button_receives_somebody(qtbot, screen):
    with qtbot.waitSignal(screen.new_reception):
        screen.findChild(QPushButton, "receive").click()


def test_an_empty_day_says_what_to_do_first(screen):
    assert screen._nobody.isVisible()
    assert not rows(screen, "receptions").isVisible()
    assert screen._date.text() == "Mardi 24\u00a0novembre\u00a02026"


def test_only_changes_that_matter_are_read_and_only_when_looked_at(qtbot, appearance, desk):
    runner = StepRunner()
    screen = a_screen(qtbot, desk, runner)
    runner.run_all()
    screen.presenter.changed(Changes(topics=frozenset({Topic.AGENTS})))
    assert runner.waiting() == 0
    for _ in range(5):
        screen.presenter.changed(Changes(topics=frozenset({Topic.RECEPTIONS})))
    assert runner.waiting() == 1
    runner.step()
    assert runner.waiting() == 1
    runner.run_all()
    screen.hide()
    screen.presenter.changed(Changes(topics=frozenset({Topic.RECEPTIONS})))
    assert runner.waiting() == 0


def test_the_turned_screen_shows_no_name(screen, desk):
    received(desk)
    screen.activated()
    screen.set_turned(True)
    assert rows(screen, "receptions").rows_shown() == 0
    screen.set_turned(False)
    assert rows(screen, "receptions").rows_shown() == 1


def test_every_control_has_a_name(screen, desk):
    handed_over(desk)
    drafts.keep_draft(desk, {"expressed": "Bonjour"})
    screen.activated()
    assert_every_control_is_named(screen)


def tasks(screen):
    model = rows(screen, "tasks").model()
    return [
        tuple(
            str(model.index(row, column).data()).replace("\u00a0", " ")
            for column in range(model.columnCount())
        )
        for row in range(model.rowCount())
    ]


def test_what_was_agreed_for_today_is_a_task_that_space_ticks_off(qtbot, screen, desk):
    received(desk, next_step="rappeler", next_on="2026-11-24")
    received(desk, next_step="document", next_on="2026-12-24")
    screen.activated()
    ((task, name, when),) = tasks(screen)
    assert (task, name, when) == ("Nous la rappelons", "Maëlys Aubrun", "aujourd’hui")
    listed = rows(screen, "tasks")
    listed.selectRow(0)
    with qtbot.waitSignal(screen.said) as said:
        QTest.keyClick(listed, Qt.Key.Key_Space)
    screen.activated()
    assert tasks(screen) == []
    said.args[1]()
    screen.activated()
    assert len(tasks(screen)) == 1


def test_a_task_opens_whom_it_is_about(qtbot, screen, desk):
    known = received(desk, next_step="rappeler")
    screen.activated()
    listed = rows(screen, "tasks")
    listed.selectRow(0)
    with qtbot.waitSignal(screen.open_person) as opened:
        QTest.keyClick(listed, Qt.Key.Key_Return)
    assert opened.args == [person_of(known)]


def test_appointments_are_in_sight_before_their_day(screen, desk):
    received(desk, next_step="rendez_vous", next_on="2026-12-03")
    screen.activated()
    assert tasks(screen) == [("Rendez-vous pris ici", "Maëlys Aubrun", "pour le 3 décembre 2026")]


def test_a_request_comes_before_all_with_its_day(screen, desk):
    handed_over(desk)
    person = person_of(received(desk, next_step="rappeler"))
    ask(desk, person, "acces")
    screen.activated()
    assert tasks(screen)[0] == (
        "Répondre\u202f: voir tout ce qui est gardé",
        "Maëlys Aubrun",
        "avant le 24 décembre 2026 (30 jours)",
    )
    desk.clock.tick(days=40)
    screen.activated()
    assert tasks(screen)[0][2] == "en retard depuis le 24 décembre 2026"
