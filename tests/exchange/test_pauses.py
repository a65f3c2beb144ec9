"""What the desk remembers of its failures between two runs of the program."""

import datetime as dt

import pytest

from sync.errors import LinkCutError, MachineRevokedError, TooManyRequestsError
from sync.pauses import back_off_s, failures_in_a_row, outcome_remembered
from sync.schedule import FIRST_PAUSE_S, FIRST_REFUSED_PAUSE_S, LONGEST_PAUSE_S
from tests.fakes.clock import TickingClock


def fail(port, clock, error):
    with pytest.raises(type(error)), outcome_remembered(port, clock, lambda: 0.5):
        raise error


@pytest.fixture
def port(world):
    return world["blanc"].port


def test_failures_are_counted_until_an_exchange_ends_well(port):
    clock = TickingClock()
    for failures in range(1, 4):
        fail(port, clock, LinkCutError())
        assert failures_in_a_row(port) == failures
    assert FIRST_PAUSE_S < back_off_s(port, clock) <= 4 * FIRST_PAUSE_S
    with outcome_remembered(port, clock):
        pass
    assert (failures_in_a_row(port), back_off_s(port, clock)) == (0, 0)


def test_a_refusal_and_a_relay_that_asks_for_time_are_waited_for_longer(port):
    clock = TickingClock()
    fail(port, clock, MachineRevokedError(status=403, refusal="revoked"))
    assert back_off_s(port, clock) > FIRST_PAUSE_S
    with outcome_remembered(port, clock):
        pass
    fail(port, clock, TooManyRequestsError(status=429, refusal="x", retry_after_s=600))
    assert FIRST_REFUSED_PAUSE_S < back_off_s(port, clock) <= 600


def test_a_clock_set_right_after_years_never_blocks_the_exchange(port):
    class Ahead:
        def now(self):
            return dt.datetime(2126, 1, 1, tzinfo=dt.UTC)

    for _ in range(20):
        fail(port, Ahead(), LinkCutError())
    assert 0 < back_off_s(port, TickingClock()) <= 1.5 * LONGEST_PAUSE_S
