"""A conversation with the relay cut after any number of bytes: the next one ends it.

Every byte counts, heads, statements and JSON answers included: a connection dies when so many have
gone one way, whatever they belong to. Where is drawn, and printed.
"""

import os
import random
from contextlib import suppress

import pytest

from sync.errors import LinkCutError, RelayAbsentError
from sync.removal import Removal
from tests.exchange.desks import opened_copy
from tests.exchange.wire import Wire, wired
from tests.fakes.recording_proxy import DOWN, UP, Fault

pytestmark = pytest.mark.network

CUTS = 7


@pytest.fixture
def wire(tmp_path, certified_template):
    with (
        opened_copy(certified_template, tmp_path / "world") as world,
        wired(world, tmp_path / "relay") as made,
    ):
        for name in ("blanc", "chateauroux", "blanc"):
            made.exchange(name)
        yield made


def something_to_say(wire: Wire, *, rotates: bool = True) -> None:
    """Have statements and bundles wait on both sides of the desk whose link is cut."""
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    blanc.receive(chateauroux)
    chateauroux.receive(blanc)
    blanc.membership.invite()
    if rotates:
        Removal(chateauroux.port, wire.world.clock).rotate()
    wire.exchange("chateauroux")


def size_of_a_conversation(wire: Wire, way: str, *, rotates: bool) -> int:
    something_to_say(wire, rotates=rotates)
    passed = wire.proxy.up if way == UP else wire.proxy.down
    began = len(passed)
    wire.exchange("blanc")
    return len(passed) - began


@pytest.mark.parametrize("way", [UP, DOWN])
def test_statements_and_answers_cut_at_any_byte_go_on(wire, way):
    seed = os.environ.get("DEUX_PORTES_SEED") or str(random.SystemRandom().randrange(10**6))
    print(f"\nDEUX_PORTES_SEED={seed}")  # noqa: T201
    sizes = [size_of_a_conversation(wire, way, rotates=rotates) for rotates in (False, True)]
    cuts = 0
    for cut in range(CUTS):
        rotates = cut % 3 == 0
        something_to_say(wire, rotates=rotates)
        after_bytes = int((cut + int(seed) / 10**6) * sizes[rotates] / CUTS)
        fault = Fault(marker=b"GET /v1/statements", way=way, after_bytes=after_bytes)
        wire.proxy.will(fault)
        with suppress(LinkCutError, RelayAbsentError):
            wire.exchange("blanc")
        cuts += fault.struck.is_set()  # or the conversation ended a little before
        ends_well(wire, cut + 3)
    assert cuts > CUTS / 2
    assert wire.faults() == 0


def ends_well(wire: Wire, rounds: int) -> None:
    """An exchange on each side, without a cut, and all is known to both."""
    for name in ("blanc", "chateauroux"):
        assert wire.exchange(name).refused == ()
    for door in wire.world.doors.values():
        assert door.reasons() == []
        assert len(door.referrals("in")) == rounds
    registries = [door.registry for door in wire.world.doors.values()]
    generations = [
        {name: profile.generation for name, profile in registry.profiles.items()}
        for registry in registries
    ]
    assert generations[0] == generations[1]
