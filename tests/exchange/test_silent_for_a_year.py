"""A machine, and a partner, silent for a year; the relay is real, and its clock is moved."""

import time

import pytest

from tests.exchange.checkpointing import ask, erase, receive_somebody, shown, survivors
from tests.exchange.desks import Door, joined, opened_copy
from tests.exchange.forging import pair_of
from tests.exchange.wire import Wire, clocked

pytestmark = pytest.mark.network

MONTH_DAYS = 31


@pytest.fixture(scope="module")
def staffed_template(tmp_path_factory, introduced_template):
    """Le Blanc with two machines, and Châteauroux."""
    made = introduced_template.copy(tmp_path_factory.mktemp("staffed") / "world")
    joined(made, "blanc")
    made.close()
    return made


@pytest.fixture
def wire(tmp_path, staffed_template):
    with (
        opened_copy(staffed_template, tmp_path / "world") as world,
        clocked(world, tmp_path / "relay") as made,
    ):
        made.settle_down()
        yield made


class Calendar:
    """Moves every clock of a wire together."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.days = 0

    def later(self, days: int) -> None:
        self.days += days
        shift_s = self.days * 86_400
        self.wire.relay.shift_clock(shift_s)
        self.wire.clock = lambda: time.time() + shift_s
        self.wire.world.clock.tick(days=days)


def a_year_without(wire: Wire, *present: str) -> None:
    """Let some desks work for a year: receive, erase, make checkpoints."""
    calendar, blanc = Calendar(wire), wire["blanc"]
    gone = receive_somebody(blanc)
    wire.settle_down(*present)
    for month in range(12):
        calendar.later(MONTH_DAYS)
        blanc.receive()
        if month == 2:
            erase(blanc, gone)
        if month == 8:
            ask(blanc)
        if month % 4 == 3:
            wire.settle_down(*present)
            wire.settle_down(*present)


def quiet(door: Door) -> None:
    counts = door.counts()
    assert door.reasons() == []
    assert (counts.pending, counts.sent, counts.last_failure) == (0, 0, None)


def test_machine_silent_for_a_year_over_the_real_relay(wire):
    blanc, second = wire["blanc"], wire["second"]
    blanc.receive(expressed="Avant (exemple)")
    wire.settle_down()
    second.receive(wire["chateauroux"], expressed="Jamais parti (exemple)")
    a_year_without(wire, "blanc", "chateauroux")
    own = blanc.desk.own_structure().space.id
    assert blanc.port.adopted(own) is not None  # it did not wait for the silent one
    second.receive(expressed="Au retour (exemple)")
    for _ in range(4):
        wire.settle_down()
    assert shown(second) == shown(blanc)
    assert survivors(second) == survivors(blanc)
    assert [line.details["expressed"] for line in wire["chateauroux"].referrals("in")] == [
        "Jamais parti (exemple)"
    ]
    assert second.port.adopted(own).checkpoint == blanc.port.adopted(own).checkpoint
    for door in wire.world.doors.values():
        quiet(door)
    assert "Effacée" not in str(shown(second))


def test_partner_structure_silent_for_a_year_over_the_real_relay(wire):
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    blanc.receive(chateauroux, expressed="Avant (exemple)")
    wire.settle_down()
    chateauroux.answer("acceptee", message="Jamais partie (exemple)")
    chateauroux.receive(blanc, expressed="Pour Le Blanc (exemple)")
    blanc.receive(chateauroux, expressed="Pendant ce temps (exemple)")
    a_year_without(wire, "blanc", "second")
    for _ in range(4):
        wire.settle_down()
    assert blanc.statuses("out").count("acceptee") == 1
    assert len(blanc.referrals("in")) == 1
    assert len(chateauroux.referrals("in")) == 2
    pair = pair_of(blanc, chateauroux).id
    assert survivors(blanc)[pair] == survivors(chateauroux)[pair]
    for door in wire.world.doors.values():
        quiet(door)
