"""Wrong passphrases slow the hand at the keyboard; they never lock anybody out."""

import pytest

from app.domain.errors import TooSoonError, WrongPassphraseError
from app.store.attempts import LONGEST_WAIT_S, Attempts, wait_after
from tests.fakes.clock import TickingClock


def fail(attempts: Attempts, clock: TickingClock) -> int:
    def wrong() -> None:
        raise WrongPassphraseError

    with pytest.raises(WrongPassphraseError) as refusal:
        attempts.guard(wrong, clock.now())
    return int(refusal.value.facts["wait_s"])


def test_the_delay_grows_and_stops_growing():
    waits = [wait_after(failures) for failures in range(12)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert wait_after(10**9) == LONGEST_WAIT_S


def test_each_wrong_passphrase_tells_how_long_to_wait(tmp_path, clock):
    attempts = Attempts(tmp_path)
    assert [fail(attempts, clock) for _ in range(5)] == [0, 0, 1, 2, 4]
    with pytest.raises(TooSoonError) as refusal:
        attempts.check(clock.now())
    assert refusal.value.facts == {"wait_s": 4}
    clock.tick(seconds=2.5)
    with pytest.raises(TooSoonError) as refusal:
        attempts.check(clock.now())
    assert refusal.value.facts == {"wait_s": 2}
    clock.tick(seconds=1.5)
    attempts.check(clock.now())


def test_closing_the_program_does_not_reset_the_delay(tmp_path, clock):
    for _ in range(4):
        fail(Attempts(tmp_path), clock)
    with pytest.raises(TooSoonError):
        Attempts(tmp_path).check(clock.now())


def test_the_right_passphrase_forgets_the_wrong_ones(tmp_path, clock):
    attempts = Attempts(tmp_path)
    for _ in range(5):
        fail(attempts, clock)
    assert attempts.guard(lambda: "open", clock.now()) == "open"
    attempts.check(clock.now())
    assert fail(attempts, clock) == 0


def test_a_clock_set_back_a_year_makes_nobody_wait_a_year(tmp_path, clock):
    attempts = Attempts(tmp_path)
    for _ in range(6):
        fail(attempts, clock)
    clock.tick(days=-365)
    with pytest.raises(TooSoonError):
        attempts.check(clock.now())
    clock.tick(seconds=wait_after(6))
    attempts.check(clock.now())


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        "no",
        '{"failures": "many", "last_s": 0}',
        '{"failures": Infinity, "last_s": 0}',
        '{"failures": 9, "last_s": NaN}',
        '{"failures": -3, "last_s": 0}',
        '{"failures": 1e400, "last_s": 1e400}',
    ],
)
def test_a_damaged_count_keeps_nobody_out(tmp_path, clock, content):
    (tmp_path / "attempts.json").write_text(content)
    Attempts(tmp_path).check(clock.now())


def test_an_absurd_count_costs_no_more_than_the_longest_delay(tmp_path, clock):
    (tmp_path / "attempts.json").write_text('{"failures": 1000000000000, "last_s": 9e12}')
    with pytest.raises(TooSoonError) as refusal:
        Attempts(tmp_path).check(clock.now())
    assert refusal.value.facts == {"wait_s": LONGEST_WAIT_S}
    clock.tick(seconds=LONGEST_WAIT_S)
    Attempts(tmp_path).check(clock.now())


def test_a_disk_that_cannot_take_the_count_does_not_keep_out_who_knows(tmp_path, clock):
    attempts = Attempts(tmp_path / "gone")
    assert fail(attempts, clock) == 0
    assert attempts.guard(lambda: "open", clock.now()) == "open"
