"""Worlds of desks for the tests of the exchange, made once and copied for each test."""

import pytest

from tests.exchange.checkpointing import erase, receive_somebody, settle_down
from tests.exchange.desks import joined, joining, new_world, opened_copy


@pytest.fixture(scope="session")
def certified_template(tmp_path_factory):
    """Le Blanc and Châteauroux, founded and certified, which have never exchanged."""
    made = new_world(tmp_path_factory.mktemp("certified") / "world")
    for name in ("blanc", "chateauroux"):
        made.found(name)
        made.certify(name)
    made.close()
    return made


@pytest.fixture(scope="session")
def introduced_template(tmp_path_factory, certified_template):
    """Le Blanc and Châteauroux, which know each other and have nothing to send."""
    made = certified_template.copy(tmp_path_factory.mktemp("introduced") / "world")
    for name in ("blanc", "chateauroux", "blanc", "chateauroux"):
        made[name].exchange()
    made.close()
    return made


@pytest.fixture
def certified(tmp_path, certified_template):
    """A copy of two desks that have never exchanged."""
    with opened_copy(certified_template, tmp_path / "world") as world:
        yield world


@pytest.fixture
def world(tmp_path, introduced_template):
    """A copy of two desks that know each other."""
    with opened_copy(introduced_template, tmp_path / "world") as world:
        yield world


@pytest.fixture(scope="session")
def lively_template(tmp_path_factory, introduced_template):
    """A world in which both doors have something to send and something to receive."""
    made = introduced_template.copy(tmp_path_factory.mktemp("lively") / "world")
    blanc, chateauroux = made["blanc"], made["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    chateauroux.answer()
    chateauroux.exchange()
    blanc.receive(chateauroux)
    made.close()
    return made


@pytest.fixture(scope="session")
def about_to(tmp_path_factory, introduced_template):
    """Worlds in which the next exchange of one desk proposes, confirms, adopts, or loads."""
    folder = tmp_path_factory.mktemp("about")
    world = introduced_template.copy(folder / "proposes")
    joined(world, "blanc")
    person = receive_somebody(world["blanc"], world["chateauroux"])
    world["blanc"].receive(world["chateauroux"])
    settle_down(world, 2)
    erase(world["blanc"], person)
    world.close()
    made = {"proposes": (world, "blanc")}
    for before, name, door, steps in (
        ("proposes", "confirms", "second", ("blanc",)),
        ("confirms", "completes", "second", ("chateauroux",)),
        ("completes", "adopts", "blanc", ("second", "chateauroux")),
    ):
        following = made[before][0].copy(folder / name)
        for step in steps:
            following[step].exchange()
        following.close()
        made[name] = (following, door)
    loads = made["adopts"][0].copy(folder / "loads")
    settle_down(loads)
    third, spoken = joining(loads, "blanc", "third")
    loads["blanc"].exchange()
    third.exchange()
    loads["blanc"].exchange()
    loads["blanc"].membership.admit(spoken)
    loads["blanc"].exchange()
    loads.close()
    made["loads"] = (loads, "third")
    return made


@pytest.fixture
def stick(tmp_path):
    """Where a stick is plugged in: nothing was ever written there."""
    return tmp_path / "cle"


@pytest.fixture
def machines(tmp_path):
    """Two machines of Le Blanc, which have exchanged and have nothing to send."""
    world = new_world(tmp_path / "world")
    first = world.found("blanc")
    world.certify("blanc")
    second = joined(world, "blanc")
    for door in (first, second, first):
        door.exchange()
    yield first, second
    world.close()
