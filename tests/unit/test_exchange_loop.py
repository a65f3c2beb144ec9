"""The exchange beside the screens: one at a time, later after failures, sooner when asked."""

import contextlib

import pytest

from app.domain.errors import AppError
from tests.fakes.runner import StepRunner
from ui.exchange_loop import ExchangeLoop, LoopPorts
from ui.turns import Turns

LATER_S = 3_600.0


class OfflineError(AppError):
    """What the world does to an exchange."""

    code = "offline"


class Link:
    """A relay that answers, or fails as it is told to; it notes each plan of the loop."""

    def __init__(self):
        self.failure = None
        self.exchanges = 0
        self.is_waiting = False
        self.plans = []
        self.pause_s = LATER_S
        self.failures = 0
        self.failure_calls_for_a_pause = True
        self.watch = lambda progress, cancelled: None

    def exchange(self, progress, cancelled):
        self.exchanges += 1
        self.watch(progress, cancelled)
        if self.failure is not None:
            self.failures += self.failure_calls_for_a_pause
            raise self.failure
        self.failures = 0
        return f"report {self.exchanges}"

    def next_attempt_in_s(self, failures, waiting, jitter):
        assert 0 <= jitter < 1
        self.plans.append((failures, waiting))
        return self.pause_s

    def ports(self):
        return LoopPorts(
            exchange=self.exchange,
            waiting=lambda: self.is_waiting,
            next_attempt_in_s=self.next_attempt_in_s,
            back_off_s=self.back_off_s,
        )

    def back_off_s(self):
        if self.failures:
            self.plans.append((self.failures, True))
        return self.failures * LATER_S


@pytest.fixture
def link():
    return Link()


@pytest.fixture
def runner():
    return StepRunner()


@pytest.fixture
def turns():
    return Turns()


@pytest.fixture
def loop(qapp, link, runner, turns):
    made = ExchangeLoop(link.ports(), runner, turns)
    made.told = []
    made.waits.connect(lambda: made.told.append("waits"))
    made.stopped.connect(lambda: made.told.append("stopped"))
    made.began.connect(lambda: made.told.append("began"))
    made.finished.connect(made.told.append)
    made.failed.connect(made.told.append)
    yield made
    made.stop()


def test_an_exchange_begins_and_tells_its_report(loop, link, runner):
    loop.exchange_now()
    runner.run_all()
    assert loop.told == ["began", "report 1"]


def test_one_exchange_runs_at_a_time(loop, link, runner):
    loop.exchange_now()
    loop.exchange_now()
    loop.something_waits()
    assert runner.waiting() == 1
    runner.run_all()
    assert link.exchanges == 1
    loop.exchange_now()
    runner.run_all()
    assert link.exchanges == 2


def test_what_was_signed_during_an_exchange_leaves_by_another_at_once(loop, link, runner, qtbot):
    loop.spread()
    runner.run_all()
    assert link.exchanges == 1
    loop.exchange_now()
    loop.spread()
    runner.run_all()
    qtbot.waitUntil(lambda: runner.waiting() == 1)
    runner.run_all()
    assert link.exchanges == 3
    assert loop._timer.remainingTime() > 0
    assert loop.told.count("began") == 3


def test_failures_in_a_row_are_counted_and_a_success_forgets_them(loop, link, runner):
    link.failure = OfflineError()
    for _ in range(3):
        loop.exchange_now()
        runner.run_all()
    link.failure = None
    loop.exchange_now()
    runner.run_all()
    assert link.plans == [(1, True), (2, True), (3, True), (0, False)]
    assert loop.told[1] is loop.told[3] is loop.told[5]
    assert isinstance(loop.told[1], OfflineError)


def test_what_is_still_to_send_plans_the_next_exchange_sooner(loop, link, runner):
    link.is_waiting = True
    loop.exchange_now()
    runner.run_all()
    assert link.plans == [(0, True)]


def test_something_written_plans_an_exchange_and_does_not_hurry_a_relay_that_fails(
    loop, link, runner
):
    loop.something_waits()
    assert link.plans == [(0, True)]
    link.failure = OfflineError()
    loop.exchange_now()
    runner.run_all()
    loop.something_waits()
    assert link.plans == [(0, True), (1, True)]


def test_the_exchange_planned_comes_by_itself(loop, link, runner, qtbot):
    link.pause_s = 0.0
    with qtbot.waitSignal(loop.began, timeout=5_000):
        loop.something_waits()
    assert runner.waiting() == 1


def test_by_hand_the_pause_is_not_waited_for(loop, link, runner):
    link.failure = OfflineError()
    loop.exchange_now()
    runner.run_all()
    link.failure = None
    loop.exchange_now()
    runner.run_all()
    assert loop.told[-1] == "report 2"


def test_nothing_begins_any_more_once_stopped(loop, link, runner, qtbot):
    link.pause_s = 0.0
    loop.something_waits()
    loop.stop()
    qtbot.wait(20)
    assert runner.waiting() == 0


def test_our_own_fault_goes_to_the_report_of_faults_and_the_loop_goes_on(loop, link, runner):
    link.failure = ZeroDivisionError()
    loop.exchange_now()
    with pytest.raises(ZeroDivisionError):
        runner.run_all()
    assert link.plans == [(0, False)]
    link.failure = None
    loop.exchange_now()
    runner.run_all()
    assert loop.told[-1] == "report 2"


def test_after_a_restart_the_pause_of_the_last_failure_goes_on(loop, link, runner):
    link.failures = 2
    loop.start()
    runner.run_all()
    assert loop._timer.remainingTime() > LATER_S * 1_000
    loop.something_waits()
    assert loop._timer.remainingTime() > LATER_S * 1_000
    loop.exchange_now()  # by hand
    assert runner.waiting() == 1


def test_opened_without_a_failure_behind_it_a_desk_exchanges_at_once(loop, link, runner):
    loop.start()
    runner.run_all()
    assert loop._timer.remainingTime() < 3_000


def test_an_exchange_tells_how_far_it_is(loop, link, runner, qtbot):
    far = []
    loop.progressed.connect(far.append)
    link.watch = lambda progress, _cancelled: [progress(part) for part in (1, 2, 3)]
    loop.exchange_now()
    runner.run_all()
    qtbot.waitUntil(lambda: far == [3])  # what nobody has seen yet gives way to the latest


def test_somebody_stops_an_exchange_and_it_is_no_failure(loop, link, runner):
    link.failure, link.failure_calls_for_a_pause = OfflineError(), False
    link.watch = lambda _progress, cancelled: asked.append(cancelled())
    asked = []
    loop.exchange_now()
    loop.give_up()
    runner.run_all()
    assert asked == [True]
    assert loop.told == ["began", "stopped"]
    loop.something_waits()
    assert link.plans[-1] == (0, True)


def test_to_have_stopped_one_exchange_does_not_stop_the_next(loop, link, runner):
    asked = []
    link.watch = lambda _progress, cancelled: asked.append(cancelled())
    loop.exchange_now()
    loop.give_up()
    runner.run_all()
    loop.exchange_now()
    runner.run_all()
    assert asked == [True, False]
    assert loop.told == ["began", "report 1", "began", "report 2"]  # the first had ended anyway


def test_an_exchange_waits_for_the_stick_under_way(loop, link, runner, turns):
    turns.ask(lambda: None)  # a stick
    loop.exchange_now()
    loop.exchange_now()
    assert loop.told == ["waits"]
    assert loop.is_exchanging
    assert runner.waiting() == 0
    turns.leave()
    runner.run_all()
    assert loop.told == ["waits", "began", "report 1"]
    assert not loop.is_exchanging


def test_an_exchange_that_waits_can_be_given_up(loop, link, runner, turns):
    turns.ask(lambda: None)
    loop.exchange_now()
    loop.give_up()
    turns.leave()
    assert loop.told == ["waits", "stopped"]
    assert runner.waiting() == 0


def test_an_exchange_leaves_its_turn_however_it_ends(loop, link, runner, turns):
    for failure in (None, OfflineError(), ZeroDivisionError()):
        link.failure = failure
        loop.exchange_now()
        with contextlib.suppress(ZeroDivisionError):
            runner.run_all()
        assert turns.ask(lambda: None)
        turns.leave()
