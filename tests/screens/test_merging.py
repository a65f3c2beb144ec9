"""Two files of one person on the screen of persons: compared, merged, taken back, set apart."""

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.identifiers import SubjectId
from app.usecases.merging import proposals
from app.usecases.persons import open_person
from tests.builders import a_person, person_of, received
from tests.screens.accessibility import assert_every_control_is_named
from tests.screens.desk_windows import LAPTOP, desk_window
from ui.desk_window import PERSONS


@pytest.fixture
def pair(desk) -> tuple[SubjectId, SubjectId]:
    first = person_of(received(desk, expressed="La première (exemple)"))
    again = a_person(family_name="Aubrin", telephone="+33 6 39 98 00 01")
    return first, person_of(received(desk, person=again, expressed="La seconde (exemple)"))


@pytest.fixture
def opened(desk, pair, settings, appearance, qtbot):
    with desk_window(desk, settings, appearance, size=LAPTOP) as window:
        window.loop._timer.stop()
        qtbot.waitExposed(window.window)
        window.window.show_screen(PERSONS)
        yield window


def part(opened, kind, name):
    shown = [one for one in opened.window.findChildren(kind, name) if one.isVisible()]
    return shown[0] if shown else None


def press(opened, qtbot, name):
    qtbot.waitUntil(lambda: part(opened, QPushButton, name) is not None)
    part(opened, QPushButton, name).click()


def test_the_pair_is_shown_with_its_reasons_and_merged_in_one_press(desk, pair, opened, qtbot):
    qtbot.waitUntil(lambda: part(opened, QWidget, "duplicates") is not None)
    assert_every_control_is_named(opened.window)
    press(opened, qtbot, "merge")
    qtbot.waitUntil(lambda: part(opened, QWidget, "duplicates") is None)
    assert len(open_person(desk, pair[0]).encounters) == 2
    opened.window.toast._undo_now()
    qtbot.waitUntil(lambda: len(open_person(desk, pair[0]).encounters) == 1)


def test_a_merged_file_is_separated_from_the_file_that_stands_for_it(desk, pair, opened, qtbot):
    press(opened, qtbot, "merge")
    qtbot.waitUntil(lambda: len(open_person(desk, pair[0]).encounters) == 2)
    opened._open_person(pair[1])
    press(opened, qtbot, "separate")
    qtbot.waitUntil(lambda: open_person(desk, pair[0]).merged == ())
    assert len(open_person(desk, pair[1]).encounters) == 1


def test_two_persons_set_apart_are_proposed_no_more(desk, opened, qtbot):
    press(opened, qtbot, "set_apart")
    qtbot.waitUntil(lambda: part(opened, QWidget, "duplicates") is None)
    assert proposals(desk) == []
