"""Clocks that are wrong, jump, or go back: what is written says so, and nobody is shut out."""

import time
from contextlib import suppress

import pytest

from sync.errors import CertificateExpiredError
from tests.exchange.checkpointing import ask, erase, receive_somebody
from tests.exchange.desks import opened_copy
from tests.exchange.forging import pair_of
from tests.exchange.wire import clocked
from ui.cli.shapes import status_shape
from ui.exchange_words import status_notices
from ui.widgets.history_words import history_entries

pytestmark = pytest.mark.network

DAY_S, YEAR_S = 86_400, 365 * 86_400


@pytest.fixture
def wire(tmp_path, introduced_template):
    """Two desks that know each other, and a real relay whose clock is moved at will."""
    with (
        opened_copy(introduced_template, tmp_path / "world") as world,
        clocked(world, tmp_path / "relay") as made,
    ):
        made.settle_down()
        yield made


def doubts(door) -> list[bool]:
    """Whether the clock was doubted, event after event of this desk."""
    sql = "SELECT doubtful FROM events WHERE own = 1 ORDER BY event"
    return [bool(row[0]) for row in door.query(sql)]


@pytest.mark.parametrize(
    ("offset_s", "said"),
    [
        (3_630, "retarde de 60 minutes"),
        (-3 * YEAR_S - 90, "avance de 1095 jours"),
        (50 * YEAR_S, "retarde de 18250 jours"),
    ],
    ids=["an hour late", "three years early", "fifty years late"],
)
def test_clock_far_from_the_relay_s_marks_what_is_written(world, offset_s, said):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    world.relay.offset_s = offset_s
    blanc.exchange()
    status = blanc.counts()
    assert status.clock_offset_s == status_shape(status)["clock_offset_s"] == offset_s
    assert said in " ".join(status_notices(status)).replace("\u202f", "").replace("\u00a0", " ")
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    for door, direction in ((blanc, "out"), (chateauroux, "in")):
        lines = sorted(door.referrals(direction), key=lambda line: line.referral)
        assert [line.history[0].clock_doubtful for line in lines] == [False, True]
        shown = history_entries(lines[1].history, door.desk.reference.vocabularies.label)
        assert "horloge" in shown[-1].badges[0].text


@pytest.mark.parametrize("offset_s", [-800, 800])
def test_clock_a_few_minutes_away_is_not_doubted(world, offset_s):
    world.relay.offset_s = offset_s
    world["blanc"].exchange()
    assert world["blanc"].counts().clock_offset_s == 0


def test_clock_found_wrong_over_the_wire_and_set_right_marks_nothing_more(wire):
    blanc = wire["blanc"]
    wire.clock = lambda: time.time() - 7_200
    wire.exchange("blanc")
    assert abs(blanc.counts().clock_offset_s - 7_200) < 30
    blanc.receive()
    wire.clock = time.time
    wire.exchange("blanc")
    assert blanc.counts().clock_offset_s == 0
    assert status_notices(blanc.counts()) == []
    blanc.receive()
    assert doubts(blanc)[-8:] == [True] * 4 + [False] * 4


def test_clock_that_jumps_back_between_two_exchanges_loses_and_reorders_nothing(wire):
    blanc, chateauroux, clock = wire["blanc"], wire["chateauroux"], wire.world.clock
    blanc.receive(chateauroux)
    wire.settle_down()
    chateauroux.answer("a_l_etude")
    clock.tick(days=-4 * 365)
    wire.clock = lambda: time.time() - 4 * YEAR_S
    chateauroux.answer("acceptee")
    wire.settle_down()
    for door, direction in ((blanc, "out"), (chateauroux, "in")):
        (line,) = door.referrals(direction)
        steps = [step.status for step in line.history]
        assert steps[-3:] == ["recue", "a_l_etude", "acceptee"]
        assert line.status == "acceptee"
        assert door.reasons() == []


def test_relay_clock_that_jumps_a_year_makes_nobody_dormant_or_expired_for_good(wire):
    """The relay's own clock goes wrong for a while, during which a checkpoint is wanted."""
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    person = receive_somebody(blanc, chateauroux)
    blanc.receive(chateauroux)
    wire.settle_down()
    erase(blanc, person)
    for years in (1, 4):  # after four, every certificate has ended as the relay sees it
        wire.relay.shift_clock(years * YEAR_S)
        for _ in range(2):
            with suppress(CertificateExpiredError):
                wire.exchange("blanc")
        assert blanc.counts().clock_offset_s > 300 * DAY_S
    chateauroux.receive(blanc)
    wire.relay.shift_clock(0)
    wire.settle_down()
    assert len(blanc.referrals("in")) == len(chateauroux.referrals("in")) == 1
    ask(blanc)
    for _ in range(3):
        wire.settle_down()
    for door in (blanc, chateauroux):
        assert door.reasons() == []
        counts = door.counts()
        assert (counts.pending, counts.last_failure, counts.clock_offset_s) == (0, None, 0)
    adopted_by_both(blanc, chateauroux)


def adopted_by_both(blanc, chateauroux) -> None:
    """The last checkpoint of the pair waited for both, and both adopted it."""
    pair = pair_of(blanc, chateauroux).id
    name, body = blanc.registry.last_proposal(pair)
    machines = {door.keyring.machine.id for door in (blanc, chateauroux)}
    assert machines == set(body.machines)
    assert {door.port.adopted(pair).checkpoint for door in (blanc, chateauroux)} == {name}
