"""The store as the exchange sees it: each write durable, each repetition harmless."""

from dataclasses import replace

from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.domain.spaces import pair_space
from app.ports import ChainHead
from app.store.sync_port import StoreSyncPort
from app.usecases.persons import erase_person
from app.usecases.referrals import acknowledge_arrivals
from tests.builders import (
    FIRST_DOOR,
    SECOND_DOOR,
    a_structure,
    dump,
    handed_over,
    person_of,
    received,
)
from tests.fakes.courier import acknowledged, carry, deliver, sealed_by

NOWHERE = SpaceId(b"z" * 16)
PAIR = pair_space(a_structure(FIRST_DOOR), a_structure(SECOND_DOOR))


def test_secrets_and_statements_are_kept_once_and_never_replaced(desk):
    port = StoreSyncPort(desk.workspace)
    port.keep_secrets({})
    port.keep_secrets({"machine": b"first"})
    port.keep_secrets({"machine": b"second", "epoch": b"key"})
    assert port.secrets() == {"machine": b"first", "epoch": b"key"}
    port.keep_statements({})
    port.keep_statements({b"b": b"two", b"a": b"one"})
    port.keep_statements({b"a": b"other"})
    assert port.statements() == [b"one", b"two"]


def test_machines_and_structures_are_noted(desk):
    port = StoreSyncPort(desk.workspace)
    one = Incarnation(b"i" * 8)
    port.note_machines({one: b"first"})
    port.note_machines({one: b"second"})
    assert dump(desk, "incarnations")["incarnations"] == [(one, b"first")]
    port.note_structures([(b"s" * 16, "Avant", "")])
    port.note_structures([(b"s" * 16, "Après", "")])
    names = {name for _, name, _ in port.structures()}
    assert "Après" in names
    assert "Avant" not in names


def test_memos_are_kept_and_unknown_ones_are_empty(desk):
    port = StoreSyncPort(desk.workspace)
    assert port.memo("etag") == ""
    port.keep_memo("etag", '"abc"')
    port.keep_memo("etag", '"abc"')
    assert port.memo("etag") == '"abc"'


def test_events_wait_by_space_in_the_order_they_were_written(desk):
    handed_over(desk)
    port = StoreSyncPort(desk.workspace)
    own = desk.own_structure().space
    assert {space.id for space in port.spaces_with_pending()} == {own.id, PAIR.id}
    waiting = port.pending(own.id, limit=100)
    assert [event.id for event in waiting] == sorted(event.id for event in waiting)
    assert list(port.pending(own.id, limit=2)) == list(waiting[:2])
    assert port.pending(NOWHERE, limit=100) == []


def test_bundles_make_a_chain_without_gaps(desk):
    port = StoreSyncPort(desk.workspace)
    own = desk.own_structure().space.id
    assert port.head(own) == ChainHead(sequence=0, name=b"")
    received(desk)
    (first,) = sealed_by(desk)
    received(desk)
    (second,) = sealed_by(desk)
    assert (first.bundle.sequence, first.bundle.previous) == (1, b"")
    assert (second.bundle.sequence, second.bundle.previous) == (2, first.bundle.name)
    assert port.head(own) == ChainHead(sequence=2, name=second.bundle.name)
    assert list(port.unsent()) == [first.bundle, second.bundle]
    assert port.events_in([first.bundle.name, second.bundle.name]) == 8
    acknowledged(desk, [first])
    assert list(port.unsent()) == [second.bundle]


def test_a_bundle_made_on_a_chain_or_events_that_moved_is_not_kept(desk):
    port = StoreSyncPort(desk.workspace)
    recorded = received(desk)
    own = desk.own_structure().space.id
    waiting = port.pending(own, limit=100)
    (sealed,) = sealed_by(desk)
    assert not port.keep_sealed(sealed.bundle, [event.id for event in waiting])
    following = replace(
        sealed.bundle, name=BundleName(b"f" * 32), sequence=2, previous=sealed.bundle.name
    )
    assert not port.keep_sealed(following, [waiting[0].id])
    received(desk)
    fresh = port.pending(own, limit=100)
    assert not port.keep_sealed(replace(following, space=NOWHERE), [fresh[0].id])
    erase_person(desk, person_of(recorded))
    assert port.keep_sealed(following, [event.id for event in fresh])


def test_an_erasure_between_reading_and_sealing_takes_the_events_back(desk):
    port = StoreSyncPort(desk.workspace)
    recorded = received(desk)
    own = desk.own_structure().space.id
    waiting = port.pending(own, limit=100)
    erase_person(desk, person_of(recorded))
    assert port.pending(own, limit=100) == []
    (sealed,) = _seal_something_else(desk)
    following = replace(sealed, name=BundleName(b"f" * 32), sequence=2, previous=sealed.name)
    assert not port.keep_sealed(following, [event.id for event in waiting])


def _seal_something_else(desk):
    received(desk)
    return [pulled.bundle for pulled in sealed_by(desk)]


def test_settling_twice_applies_once(desk, second):
    handed_over(desk)
    bundles = sealed_by(desk)
    assert [settled.applied for settled in deliver(bundles, second)] == [1]
    before = dump(second, "events", "bundles", "shared_referrals", "identity")
    assert [settled.applied for settled in deliver(bundles, second)] == [0]
    assert dump(second, "events", "bundles", "shared_referrals", "identity") == before


def test_what_is_held_of_others_has_no_gap(desk, second):
    port = StoreSyncPort(second.workspace)
    bundles = []
    for _ in range(4):
        handed_over(desk)
        bundles += [one for one in sealed_by(desk) if one.space == PAIR]
    held = []
    for number in (1, 0, 3, 2):
        deliver([bundles[number]], second)
        held.append(dict(port.seen(PAIR.id)).get(desk.workspace.incarnation, 0))
    assert held == [0, 2, 2, 4]
    assert port.head_of(PAIR.id, desk.workspace.incarnation).sequence == 4
    assert port.seen(NOWHERE) == {}


def test_what_a_partner_has_seen_is_remembered_and_never_goes_back(desk, second):
    handed_over(desk)
    carry(desk, second)
    acknowledge_arrivals(second)
    (answer,) = carry(second, desk)
    (row,) = dump(desk, "peers_saw")["peers_saw"]
    assert row == (PAIR.id, a_structure(SECOND_DOOR), desk.workspace.incarnation, 1)
    older = replace(
        answer,
        bundle=replace(answer.bundle, name=BundleName(b"o" * 32), sequence=2),
        events=(),
        seen={desk.workspace.incarnation: 0},
    )
    deliver([older], desk)
    assert dump(desk, "peers_saw")["peers_saw"] == [row]
