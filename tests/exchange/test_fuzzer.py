"""The fuzzer for some seconds: other seeds each time, told when something goes wrong."""

import os
import secrets

import pytest

from tests.exchange.fuzz.hunting import hunt
from tests.exchange.fuzz.playing import clean_up, scratch

SECONDS_VARIABLE = "DEUX_PORTES_FUZZ_SECONDS"
SEED_VARIABLE = "DEUX_PORTES_FUZZ_SEED"
SECONDS = 30.0


@pytest.fixture
def nothing_is_left():
    yield
    folder = scratch()
    clean_up()
    assert not folder.exists()


def test_whatever_happens_to_desks_relay_and_sticks_the_promises_hold(
    nothing_is_left, record_property
):
    seconds = float(os.environ.get(SECONDS_VARIABLE) or SECONDS)
    seed = int(os.environ.get(SEED_VARIABLE) or secrets.randbits(32))
    done = hunt(seed, seconds)
    record_property("played", f"seed {seed}: {done}")
    assert not done.found, done.found
