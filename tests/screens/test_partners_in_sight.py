"""What is proposed is seen where it is asked for, and moves nothing."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.fakes.runner import StepRunner
from tests.screens.partners_page import (
    DROPOUT,
    F3,
    JOBSEEKER,
    NAMED,
    TRAINING,
    WORK,
    shown_page,
)


@pytest.fixture
def desk(qapp, appearance, desk):
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # pages of other tests go first
    return desk


@pytest.fixture
def page(qtbot, desk, clock):
    made = shown_page(qtbot, desk, clock)
    made.screen.go_to("expressed")
    return made


def is_in_sight(page, name):
    row, scroll = page.part(QPushButton, name), page.screen._scroll
    top = row.mapTo(scroll.viewport(), QPoint(0, 0)).y()
    return row.isVisible() and top >= 0 and top + row.height() <= scroll.viewport().height()


def test_whoever_goes_to_the_field_sees_the_first_choices_under_it(page, qtbot):
    page.fill(**NAMED, **DROPOUT, **TRAINING)
    page.screen.go_to("to")
    qtbot.waitUntil(lambda: is_in_sight(page, "partner_1") and is_in_sight(page, "partner_2"))


def test_first_choices_that_come_late_are_seen_as_well(qtbot, desk, clock):
    """On an old laptop the directory is made ready long after the field has the focus."""
    runner = StepRunner()
    page = shown_page(qtbot, desk, clock, runner)
    runner.run_all()
    page.fill(**NAMED, **DROPOUT, **TRAINING)
    page.screen.go_to("to")
    qtbot.waitUntil(lambda: not page.screen._scroll._settling.isActive())
    assert not is_in_sight(page, "partner_1")
    runner.run_all()
    qtbot.waitUntil(lambda: is_in_sight(page, "partner_1") and is_in_sight(page, "partner_2"))


@pytest.mark.parametrize("width", [1176, 834])
def test_proposals_make_the_page_no_wider(page, width):
    page.fill(**NAMED, **JOBSEEKER, **WORK)
    page.screen.resize(width, 700)
    QApplication.processEvents()
    scroll = page.screen._scroll
    assert scroll.page.minimumSizeHint().width() <= scroll.viewport().width()


def test_taking_a_proposal_moves_nothing_under_the_pointer(page):
    page.fill(**NAMED, **DROPOUT)
    QApplication.processEvents()
    chip = page.part(QPushButton, "partner_1")
    before = chip.mapTo(page.screen._handover, chip.rect().topLeft())
    page.press(F3)
    QApplication.processEvents()
    assert chip.mapTo(page.screen._handover, chip.rect().topLeft()) == before


def test_tab_reaches_the_answer_of_the_person_soon_after_the_structure(page):
    page.fill(**NAMED, **DROPOUT, **TRAINING)
    page.go("to")
    met = []
    while len(met) < 8 and not page.part(QWidget, "agreement").isAncestorOf(page.focused()):
        page.press(Qt.Key.Key_Tab)
        met.append(page.focused().objectName())
    assert met[:4] == ["wishes", "partner_1", "set_aside", "correction_open"]
    assert len(met) == 5
