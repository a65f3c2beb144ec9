"""When the next exchange comes by itself: soon when something waits, ever later after failures."""

import pytest

from sync.schedule import (
    FIRST_PAUSE_S,
    LONGEST_ASKED_S,
    LONGEST_PAUSE_S,
    QUIET_S,
    WAITING_S,
    BackOff,
    next_attempt_in_s,
)

MIDDLE = 0.5


def test_when_nothing_waits_an_answer_is_looked_for_every_few_minutes():
    assert next_attempt_in_s(failures=0, waiting=False, jitter=MIDDLE) == QUIET_S


def test_what_was_just_written_leaves_soon():
    assert next_attempt_in_s(failures=0, waiting=True, jitter=MIDDLE) == WAITING_S


def test_after_failures_the_pauses_double_and_stop_growing():
    pauses = [next_attempt_in_s(failures=n, waiting=True, jitter=MIDDLE) for n in range(1, 9)]
    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900]
    assert next_attempt_in_s(failures=10**9, waiting=True, jitter=MIDDLE) == LONGEST_PAUSE_S


@pytest.mark.parametrize("failures", [1, 4, 20])
def test_records_that_wait_make_no_desk_knock_faster_at_a_relay_that_fails(failures):
    waiting, quiet = (
        next_attempt_in_s(failures=failures, waiting=waits, jitter=MIDDLE)
        for waits in (True, False)
    )
    assert waiting == quiet


@pytest.mark.parametrize(
    ("failures", "waiting", "middle"),
    [
        (0, False, QUIET_S),
        (0, True, WAITING_S),
        (1, True, FIRST_PAUSE_S),
        (9, True, LONGEST_PAUSE_S),
    ],
)
def test_the_desks_of_a_region_do_not_knock_at_once(failures, waiting, middle):
    earliest = next_attempt_in_s(failures=failures, waiting=waiting, jitter=0.0)
    latest = next_attempt_in_s(failures=failures, waiting=waiting, jitter=0.999)
    assert 0 < earliest < middle < latest < 2 * middle
    assert latest - earliest >= middle * 0.45


def test_a_pause_goes_on_after_a_restart_and_ends():
    back_off = BackOff().after_failure(1_000.0, jitter=MIDDLE)
    assert back_off.remaining_s(1_000.0) == FIRST_PAUSE_S
    assert back_off.remaining_s(1_010.0) == FIRST_PAUSE_S - 10
    assert back_off.remaining_s(2_000.0) == 0


@pytest.mark.parametrize("now_s", [-(10.0**10), 0.0, 10.0**10], ids=["past", "1970", "future"])
def test_a_clock_that_jumps_never_blocks_the_exchange(now_s):
    back_off = BackOff(failures=30).after_failure(1_795_000_000.0, jitter=MIDDLE)
    assert 0 <= back_off.remaining_s(now_s) <= LONGEST_PAUSE_S


def test_a_relay_that_says_no_is_left_alone_longer_than_a_link_that_is_away():
    away = BackOff().after_failure(0.0, jitter=MIDDLE)
    refused = BackOff().after_failure(0.0, jitter=MIDDLE, is_refused=True)
    assert refused.pause_s > 4 * away.pause_s


def test_a_relay_that_asks_for_time_gets_it_within_reason():
    asked = BackOff().after_failure(0.0, jitter=MIDDLE, is_refused=True, asked_s=1_800)
    assert asked.pause_s == 1_800
    assert BackOff().after_failure(0.0, jitter=0.0, asked_s=10.0**9).pause_s == LONGEST_ASKED_S
