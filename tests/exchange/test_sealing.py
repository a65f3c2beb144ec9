"""Sealing bundle after bundle, while people go on writing."""

import pytest

from app.store.rows import fold_subjects
from sync.sealing import EVENTS_PER_BUNDLE, Sealing


@pytest.fixture
def door(world):
    made = world["blanc"]
    made.exchange()
    return made


def write(door, count):
    """Write some people at once: one event each."""
    space = door.desk.own_structure().space

    def work(tx):
        pen = door.desk.pen(tx)
        for number in range(count):
            pen.create(space, "person", {"family_name": f"Exemplier {number}"})
        fold_subjects(tx, pen.touched)

    door.desk.workspace.writer.write(work)


def prepared(door):
    sealing = Sealing(door.port, door.registry, door.keyring)
    sealing.prepare()
    return sealing


def unsealed(door):
    space = door.desk.own_structure().space
    return len(door.port.pending(space.id, limit=10_000))


def test_a_short_remainder_goes_along_with_the_last_bundle(door):
    write(door, EVENTS_PER_BUNDLE + 300)
    assert Sealing(door.port, door.registry, door.keyring).seal_all() == 1
    assert unsealed(door) == 0
    write(door, EVENTS_PER_BUNDLE + 600)
    assert Sealing(door.port, door.registry, door.keyring).seal_all() == 2
    assert unsealed(door) == 0


def test_what_is_written_once_all_is_sealed_waits_for_the_next_exchange(door):
    write(door, 30)
    sealing = prepared(door)
    assert sealing.seal_next() > 0
    assert sealing.is_over
    write(door, 1)
    assert sealing.seal_next() == 0
    assert unsealed(door) == 1


def test_nothing_is_sealed_under_a_life_that_began_between_two_bundles(door):
    write(door, EVENTS_PER_BUNDLE + 600)
    sealing = prepared(door)
    assert sealing.seal_next() > 0
    door.port.begin_life()
    assert sealing.seal_next() == 0
    assert sealing.is_over
    assert [one.incarnation for one in door.port.unsent()] != [door.port.incarnation()]
