"""A pack of the Region comes after the records, by pieces, once, and only if it is the Region's."""

import os

import pytest

from app.pack_port import PackState
from sync.errors import ExchangeCancelledError
from sync.information_packs import DIRECTORY, make_pack
from sync.keys import AuthorityKey
from sync.pack_arrival import KEPT_AT_ONCE, LONGEST_S, PackArrival
from sync.pack_marks import PackMark, pack_name
from sync.signed_packs import signed_mark
from tests.fakes.relay_packs import CHUNK_BYTES, publish

MADE_S = 1_790_000_000


def made(world, *, at_s=MADE_S, size=300_000, key=None):
    return make_pack(os.urandom(size), kind=DIRECTORY, made_s=at_s, key=key or world.authority)


def fetches(door, world):
    """Exchange, and say whether a pack was asked for."""
    transport = door.transport()
    door.exchange(transport)
    return transport.calls.count("fetch_pack")


def states(door):
    return [(one.state, one.reason) for one in door.port.packs()]


def held(door):
    (one,) = door.port.packs()
    return door.port.pack_bytes(one.name)


def test_published_once_it_comes_to_every_desk_and_is_fetched_once(world):
    pack = made(world)
    publish(world.relay, pack)
    for door in world.doors.values():
        assert fetches(door, world) == 1
        assert held(door) == pack
        assert states(door) == [(PackState.ARRIVED, "")]
        assert fetches(door, world) == 0


def test_records_go_and_come_first(world):
    first, second = world["blanc"], world["chateauroux"]
    first.exchange()
    second.exchange()
    publish(world.relay, made(world))
    first.receive(second)
    first.exchange()
    transport = second.transport()
    second.exchange(transport)
    calls = transport.calls
    assert calls.index("fetch_pack") > max(
        place for place, call in enumerate(calls) if call in {"pull", "push", "offsets"}
    )


def test_cut_at_every_piece_it_goes_on_where_it_was(world):
    door, pack = world["blanc"], made(world)
    door.exchange()
    publish(world.relay, pack)
    asked = 0
    while states(door) != [(PackState.ARRIVED, "")]:
        world.relay.cut_after_bytes = CHUNK_BYTES * 5 // 2
        transport = door.transport()
        before = sum(one.held_bytes for one in door.port.packs())
        door.exchange(transport)
        asked += transport.bytes_down
        assert sum(one.held_bytes for one in door.port.packs()) > before
    assert held(door) == pack
    assert asked == len(pack), "nothing came twice"


def test_cut_is_no_failure_of_the_exchange(world):
    door = world["blanc"]
    door.exchange()
    publish(world.relay, made(world))
    world.relay.cut_after_bytes = 50_000
    door.exchange()
    assert door.counts().last_failure is None


def test_program_that_ends_in_the_middle_loses_a_piece_at_most(world):
    door, pack = world["blanc"], made(world)
    door.exchange()
    publish(world.relay, pack)
    door.port.begin_pack(name=pack_name(pack), kind=DIRECTORY, made_s=MADE_S, size=len(pack))
    door.port.add_to_pack(pack_name(pack), pack[:KEPT_AT_ONCE])
    transport = door.transport()
    door.exchange(transport)
    assert transport.bytes_down == len(pack) - KEPT_AT_ONCE
    assert held(door) == pack


def test_older_pack_is_not_taken(world):
    door = world["blanc"]
    newer = made(world)
    publish(world.relay, newer)
    door.exchange()
    older = publish(world.relay, made(world, at_s=MADE_S - 1))
    arrival = PackArrival(door.port, door.transport(), world.authority.public, print)
    arrival.told = [older]
    arrival.fetch()
    assert held(door) == newer


def test_newer_pack_takes_the_place_of_the_one_held(world):
    door = world["blanc"]
    publish(world.relay, made(world))
    door.exchange()
    newer = made(world, at_s=MADE_S + 1)
    publish(world.relay, newer)
    door.exchange()
    assert held(door) == newer
    ((parts,),) = door.query("SELECT count(DISTINCT name) FROM region_pack_parts")
    assert parts == 1


def test_pack_replaced_half_way_gives_way_to_the_next(world):
    door = world["blanc"]
    door.exchange()
    publish(world.relay, made(world))
    world.relay.cut_after_bytes = 100_000
    door.exchange()
    newer = made(world, at_s=MADE_S + 1)
    publish(world.relay, newer)
    door.exchange()
    assert held(door) == newer


def test_pack_that_is_gone_when_it_is_asked_for_is_forgotten(world):
    door = world["blanc"]
    publish(world.relay, made(world))
    world.relay.pack_bytes.clear()
    door.exchange()
    assert states(door) == []
    assert door.counts().last_failure is None


def announced(world, data, *, at_s=MADE_S):
    """Have the relay tell of any bytes as if they were a pack."""
    mark = PackMark(kind=DIRECTORY, made_s=at_s, name=pack_name(data), size=len(data))
    world.relay.packs[DIRECTORY] = mark
    world.relay.pack_bytes[mark.name] = data
    return mark


def changed(pack):
    return pack[:-1] + bytes([pack[-1] ^ 1])


@pytest.mark.parametrize(
    ("forged", "code"),
    [
        (lambda world: changed(made(world)), "bad_signature"),
        (lambda world: made(world, key=AuthorityKey.generate()), "wrong_identifier"),
        (lambda world: made(world)[:-1], "malformed"),
        (lambda _world: os.urandom(70_000), "malformed"),
        (lambda world: made(world, at_s=MADE_S + 1), "announced_otherwise"),
    ],
)
def test_what_the_region_did_not_sign_so_is_refused_with_its_code_and_not_fetched_again(
    world, forged, code
):
    door = world["blanc"]
    announced(world, forged(world))
    assert fetches(door, world) == 1
    assert states(door) == [(PackState.REFUSED, code)]
    assert held(door) == b""
    assert fetches(door, world) == 0
    true = made(world, at_s=MADE_S - 5)
    publish(world.relay, true)
    door.exchange()
    assert held(door) == true, "a date that nobody signed keeps nothing away"


def test_bytes_that_are_not_those_of_the_name_are_refused(world):
    door, pack = world["blanc"], made(world)
    mark = publish(world.relay, pack)
    world.relay.pack_bytes[mark.name] = changed(pack)
    door.exchange()
    assert states(door) == [(PackState.REFUSED, "wrong_name")]


class Watched:
    """A transport that does something before each chunk of a pack."""

    def __init__(self, inner, before):
        self._inner, self._before = inner, before

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def fetch_pack(self, pack, offset):
        for chunk in self._inner.fetch_pack(pack, offset):
            self._before()
            yield chunk


def test_what_is_written_meanwhile_does_not_wait_for_the_rest(world):
    door = world["blanc"]
    door.exchange()
    publish(world.relay, made(world, size=1_000_000))
    door.exchange(Watched(door.transport(), door.receive))
    (one,) = door.port.packs()
    assert (one.state, one.held_bytes) == (PackState.ARRIVING, KEPT_AT_ONCE)
    transport = door.transport()
    door.exchange(transport)
    assert transport.calls.index("push") < transport.calls.index("fetch_pack")
    assert states(door) == [(PackState.ARRIVED, "")]


def test_what_waits_for_a_key_since_long_does_not_keep_a_pack_away(certified):
    first, second = certified["blanc"], certified["chateauroux"]
    first.exchange()
    first.receive(second)
    publish(certified.relay, made(certified))
    first.exchange()
    assert states(first) == [(PackState.ARRIVED, "")]


def test_one_exchange_gives_minutes_to_a_pack_and_no_more(world):
    door, pack = world["blanc"], made(world, size=1_000_000)
    mark = publish(world.relay, pack)
    moments = iter([0, LONGEST_S, LONGEST_S + 1])
    arrival = PackArrival(
        door.port, door.transport(), world.authority.public, print, lambda: next(moments)
    )
    door.exchange(Watched(door.transport(), lambda: None))
    door.port.forget_pack(mark.name)
    arrival.told = [mark]
    arrival.fetch()
    (one,) = door.port.packs()
    assert one.held_bytes == 2 * KEPT_AT_ONCE


def test_stopping_the_exchange_keeps_what_came(world):
    door = world["blanc"]
    door.exchange()
    publish(world.relay, made(world))
    chunks = iter(range(3))

    def stop_after_three():
        if next(chunks, None) is None:
            raise ExchangeCancelledError

    with pytest.raises(ExchangeCancelledError):
        door.exchange(Watched(door.transport(), stop_after_three))
    (one,) = door.port.packs()
    assert one.held_bytes == 3 * CHUNK_BYTES


def test_kind_that_nobody_here_knows_is_not_asked_for(world):
    door = world["blanc"]
    pack = make_pack(b"prices", kind="prices", made_s=MADE_S, key=world.authority)
    world.relay.packs["prices"] = signed_mark(pack, world.authority.public)
    assert fetches(door, world) == 0
