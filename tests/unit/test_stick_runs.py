"""Sticks beside the screens: one at a time, never while the network exchanges."""

from pathlib import Path

import pytest

from app.domain.errors import AppError
from tests.fakes.runner import StepRunner
from ui.stick_runs import StickPorts, StickRuns
from ui.turns import Turns

STICK = Path("cle")


class StickGoneError(AppError):
    """What a stick does to whoever writes on it."""

    code = "stick_removed"


class Stick:
    """A stick that takes everything, or fails as it is told to."""

    def __init__(self):
        self.failure = None
        self.asked = []

    def write(self, folder, progress, cancelled):
        progress(f"wrote in {folder}")
        return self._done("written", cancelled)

    def read(self, folder, progress, cancelled):
        progress(f"read {folder}")
        return self._done("taken", cancelled)

    def _done(self, what, cancelled):
        self.asked.append(cancelled())
        if self.failure is not None:
            raise self.failure
        return what


@pytest.fixture
def stick():
    return Stick()


@pytest.fixture
def runner():
    return StepRunner()


@pytest.fixture
def turns():
    return Turns()


@pytest.fixture
def runs(qapp, stick, runner, turns):
    made = StickRuns(StickPorts(write=stick.write, read=stick.read), runner, turns)
    made.told = []
    made.waits.connect(lambda: made.told.append("waits"))
    made.began.connect(lambda: made.told.append("began"))
    made.stopped.connect(lambda: made.told.append("stopped"))
    for signal in (made.written, made.taken, made.failed, made.progressed):
        signal.connect(made.told.append)
    return made


def test_a_stick_is_written_then_read_and_tells_how_far_it_is(runs, runner, qtbot):
    runs.write(STICK)
    runner.run_all()
    runs.read(STICK)
    runner.run_all()
    assert runs.told == ["began", "written", "began", "taken"]
    qtbot.waitUntil(lambda: runs.told[-1] == "read cle")


def test_one_stick_at_a_time(runs, runner):
    runs.write(STICK)
    runs.read(STICK)
    assert runner.waiting() == 1


def test_a_stick_waits_for_the_exchange_under_way(runs, runner, turns):
    turns.ask(lambda: None)  # the network
    runs.write(STICK)
    assert runs.told == ["waits"]
    assert runner.waiting() == 0
    turns.leave()
    runner.run_all()
    assert runs.told == ["waits", "began", "written"]


def test_a_stick_that_waits_can_be_given_up(runs, runner, turns):
    turns.ask(lambda: None)
    runs.write(STICK)
    runs.give_up()
    turns.leave()
    assert runs.told == ["waits", "stopped"]
    assert runner.waiting() == 0
    runs.read(STICK)
    runner.run_all()
    assert runs.told[2:] == ["began", "taken"]


def test_what_is_under_way_is_asked_to_stop_and_says_what_it_did(runs, runner, stick):
    runs.write(STICK)
    runs.give_up()
    runner.run_all()
    runs.write(STICK)
    runner.run_all()
    assert stick.asked == [True, False]
    assert runs.told == ["began", "written", "began", "written"]


def test_a_refusal_is_told_and_the_turn_is_left(runs, runner, stick, turns):
    stick.failure = StickGoneError()
    runs.read(STICK)
    runner.run_all()
    assert runs.told == ["began", stick.failure]
    assert turns.ask(lambda: None)


def test_our_own_fault_goes_to_the_report_of_faults(runs, runner, stick, turns):
    stick.failure = ZeroDivisionError()
    runs.read(STICK)
    with pytest.raises(ZeroDivisionError):
        runner.run_all()
    assert runs.told == ["began", stick.failure]
    assert turns.ask(lambda: None)


def test_nothing_begins_any_more_once_stopped(runs, runner, turns):
    turns.ask(lambda: None)
    runs.write(STICK)
    runs.stop()
    turns.leave()
    assert runner.waiting() == 0
