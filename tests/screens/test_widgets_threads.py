"""Work away from the screen, and news across threads."""

import threading

import pytest

from app.changes import Changes, Topic
from ui.changes_hub import ChangesHub
from ui.tasks import ThreadRunner


@pytest.fixture
def runner(qapp):
    made = ThreadRunner("test")
    yield made
    assert made.close()


def test_work_is_done_elsewhere_and_answered_here(runner, qtbot):
    threads = []
    runner.run(threading.get_ident, threads.append, pytest.fail)
    runner.run(lambda: None, lambda _: threads.append(threading.get_ident()), pytest.fail)
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] != threads[1] == threading.get_ident()
    assert runner.is_idle()


def test_answers_come_in_the_order_of_the_works(runner, qtbot):
    answers = []
    for place in range(200):
        runner.run(lambda place=place: place, answers.append, pytest.fail)
    qtbot.waitUntil(runner.is_idle)
    assert answers == list(range(200))


def test_a_failure_is_given_back_as_it_was_raised(runner, qtbot):
    def fail():
        raise KeyError

    failures = []
    runner.run(fail, pytest.fail, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], KeyError)


def test_callbacks_nobody_else_holds_are_called(runner, qtbot):
    answers = []

    class Presenter:
        """Held by nobody once `ask` returned."""

        def ask(self):
            runner.run(lambda: 1, self.answered, pytest.fail)

        def answered(self, value):
            answers.append(value)

    Presenter().ask()
    qtbot.waitUntil(lambda: answers == [1])


def test_closing_finishes_what_was_given_and_takes_no_more(qapp):
    runner, written = ThreadRunner("test"), []
    for place in range(50):
        runner.run(lambda place=place: written.append(place), lambda _: None, pytest.fail)
    assert runner.close()
    assert len(written) == 50
    runner.run(lambda: written.append("late"), pytest.fail, pytest.fail)
    assert len(written) == 50
    assert runner.close()


def test_a_work_that_does_not_end_is_reported_at_closing(qapp):
    runner, go = ThreadRunner("test"), threading.Event()
    runner.run(go.wait, lambda _: None, pytest.fail)
    assert not runner.close(timeout_s=0.05)
    go.set()
    assert runner.close()


def test_news_told_on_another_thread_are_heard_on_the_thread_of_the_screen(qtbot):
    hub, heard = ChangesHub(), []
    hub.changed.connect(lambda changes: heard.append((changes, threading.get_ident())))
    changes = Changes(topics=frozenset({Topic.PERSONS}))
    teller = threading.Thread(target=hub.publish, args=(changes,))
    teller.start()
    teller.join()
    assert heard == []
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(changes, threading.get_ident())]


def test_a_write_that_touched_nothing_is_not_told(qtbot):
    hub = ChangesHub()
    with qtbot.assertNotEmitted(hub.changed, wait=50):
        hub.publish(Changes())
