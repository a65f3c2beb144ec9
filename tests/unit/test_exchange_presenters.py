"""What the screen of the exchange decides, by network and by stick: no window, no thread."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import AppError
from app.usecases.exchange_status import ExchangeStatus
from tests.fakes.runner import StepRunner
from tests.fakes.stick import taken, written
from ui.exchange.page import Due, Outcome
from ui.exchange.presenter import ExchangeActions, ExchangePresenter
from ui.exchange.stick_page import Tone, Wish
from ui.exchange.stick_presenter import StickActions, StickPresenter
from ui.stick_places import StickPlace

NOW = dt.datetime(2026, 11, 24, 9, 15, tzinfo=dt.UTC)
STATUS = ExchangeStatus(
    pending=0,
    sent=0,
    acknowledged=0,
    pulled=0,
    confined=0,
    quarantine=0,
    oldest_pending_at_s=None,
    last_contact_at="",
    last_failure=None,
)
KEY = StickPlace(folder=Path("CLE"), name="CLE")


class AwayError(AppError):
    """Stands for the relay that does not answer."""

    code = "relay_absent"


class Screen:
    """Both parts of the screen, which note what they are told."""

    def __init__(self):
        self.told = []

    def __getattr__(self, name):
        def note(*words, **named):
            self.told.append((name, *words, *named.values()))

        return note

    def last(self, name):
        return next(words for what, *words in reversed(self.told) if what == name)

    def names(self):
        return [what for what, *_ in self.told]


@pytest.fixture
def screen():
    return Screen()


@pytest.fixture
def runner():
    return StepRunner()


@pytest.fixture
def asked():
    return []


@pytest.fixture
def network(screen, runner, asked):
    actions = ExchangeActions(
        status=lambda: STATUS,
        records=lambda _state: [],
        standing=lambda: [Due(text="À voir.")],
        run=lambda: asked.append("run"),
        stop=lambda: asked.append("stop"),
        now=lambda: NOW,
    )
    return ExchangePresenter(screen, actions, runner)


@pytest.fixture
def sticks(screen, runner, asked):
    actions = StickActions(
        places=lambda: [KEY],
        write=lambda folder: asked.append(("write", folder)),
        read=lambda folder: asked.append(("read", folder)),
        stop=lambda: asked.append("stop"),
        keep_last=lambda folder: asked.append(("last", folder)),
    )
    return StickPresenter(screen, actions, runner)


def test_an_exchange_is_asked_for_once_until_it_ends(network, asked):
    network.exchange_now()
    network.exchange_now()
    network.began()
    network.exchange_now()
    network.finished(Outcome(sent=0, received=0, bytes_sent=1, bytes_received=1))
    network.exchange_now()
    assert asked == ["run", "run"]


def test_stopping_is_asked_only_of_an_exchange_that_was_begun(network, asked, screen):
    network.stop()
    assert asked == []
    network.began()
    network.stop()
    assert asked == ["stop"]
    network.stopped()
    assert "Échange arrêté" in screen.last("show_result")[0]
    assert screen.last("show_running") == [False]


def test_how_far_a_past_exchange_was_is_not_shown(network, screen):
    network.progressed(None)
    assert "show_progress" not in screen.names()


def test_being_offline_is_calm_and_ends_the_waiting(network, screen):
    network.began()
    network.failed(AwayError())
    assert "Rien n’est perdu" in screen.last("show_result")[0]
    assert screen.last("show_running") == [False]


def test_what_is_due_is_read_when_the_screen_is_shown(network, screen, runner):
    network.refresh()
    runner.run_all()
    assert screen.last("show_standing") == [[Due(text="À voir.")]]


def test_a_stick_goes_from_the_wish_to_the_result(sticks, screen, runner, asked):
    sticks.want(Wish.WRITE)
    runner.run_all()
    assert screen.last("show_places")[0] is Wish.WRITE
    sticks.choose(KEY.folder)
    assert asked == [("last", KEY.folder), ("write", KEY.folder)]
    sticks.began()
    sticks.written(written())
    assert screen.last("show_result")[0].tone is Tone.DONE
    assert screen.names()[-2:] == ["show_idle", "show_result"]


def test_the_same_sticks_found_again_are_not_shown_again(sticks, screen, runner):
    sticks.want(Wish.READ)
    sticks.look_again()
    sticks.look_again()
    runner.run_all()
    assert screen.names().count("show_places") == 1


def test_an_answer_that_comes_after_the_choice_is_dropped(sticks, screen, runner):
    sticks.want(Wish.READ)
    sticks.forget()
    runner.run_all()
    assert "show_places" not in screen.names()


def test_no_other_stick_is_wanted_while_one_is_under_way(sticks, screen, runner, asked):
    sticks.want(Wish.READ)
    sticks.choose(KEY.folder)
    sticks.want(Wish.WRITE)
    runner.run_all()
    sticks.choose(KEY.folder)
    assert asked == [("last", KEY.folder), ("read", KEY.folder)]
    sticks.taken(taken())
    sticks.stop()
    assert "stop" not in asked


def test_a_place_is_chosen_only_when_a_stick_was_wanted(sticks, asked):
    sticks.choose(KEY.folder)
    assert asked == []


def test_the_presenters_need_no_qt():
    script = (
        "import sys, ui.exchange.presenter, ui.exchange.stick_presenter;"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == 0
