"""Pieces of checkpoints at the relay: which are taken, kept to the byte, and given to whom."""

import os

import pytest

from sync.errors import RelayRefusedError
from sync.frames import encode_frame
from sync.pieces import CHUNK_MAGIC, MAX_PIECE_BYTES
from sync.relay_port import PartialBundle
from tests.exchange.compacting import Compacted, answered, named, sent
from tests.raw_calls import begun_push

pytestmark = pytest.mark.network


@pytest.fixture
def space(relay):
    made = Compacted(relay)
    made.write(3)
    return made


@pytest.fixture
def proposed(space):
    """A checkpoint that waits for its confirmation, without its pieces."""
    proposal = space.propose()
    space.kept_statements(*proposal.statements)
    return proposal


def test_named_pieces_are_taken_without_receipts_and_given_in_the_order_asked(space, proposed):
    answer = space.link.push([(*one, 0) for one in proposed.pieces])
    assert (answer.receipts, answer.refused) == ((), ())
    names = [name for name, _ in proposed.pieces]
    told = space.other_link.offsets(names)
    assert told.offsets == {name: len(data) for name, data in proposed.pieces}
    assert told.receipts == ()
    assert space.fetched(names[::-1]) == proposed.pieces[::-1]
    assert space.pulled() == space.written


def test_piece_that_no_checkpoint_names_is_refused(space, proposed):
    stray = named(CHUNK_MAGIC + space.space + os.urandom(100))
    early = space.propose()
    assert sent(space.link, stray, *early.pieces, *proposed.pieces) == {
        name: "unknown_piece" for name, _ in (stray, *early.pieces)
    }
    assert space.link.offsets([stray[0]]).offsets == {stray[0]: 0}


def test_piece_that_is_not_what_its_name_says_is_refused(space, proposed):
    (name, data), (other, _) = proposed.chunks
    assert sent(space.link, (name, data[:-1] + b"!"), (other, data)) == {
        name: "wrong_name",
        other: "wrong_name",
    }
    assert sent(space.link, (name, data)) == {}


def test_piece_of_another_space_is_refused_though_a_checkpoint_names_it(space):
    elsewhere = named(CHUNK_MAGIC + os.urandom(16) + os.urandom(100))
    space.kept_statements(*space.propose(chunks=[elsewhere]).statements)
    assert sent(space.link, elsewhere) == {elsewhere[0]: "wrong_name"}


def test_piece_longer_than_any_may_be_ends_the_request(space, proposed):
    head = proposed.chunks[0][0] + (MAX_PIECE_BYTES + 1).to_bytes(4, "big") + bytes(4)
    with begun_push(space.relay, space.author.signer, 60, head + bytes(20)) as link:
        assert b'"too_large"' in answered(link)


def test_piece_that_is_kept_already_may_come_again(space, proposed):
    for _ in range(2):
        assert sent(space.link, *proposed.pieces) == {}
        assert sent(space.other_link, *proposed.pieces) == {}
    names = [name for name, _ in proposed.pieces]
    assert space.fetched(names) == proposed.pieces


def test_piece_whose_request_never_ends_is_kept_and_resumed_at_the_byte(space):
    proposal = space.propose(chunks=1, size=50_000)
    space.kept_statements(*proposal.statements)
    name, data = proposal.chunks[0]
    frame = encode_frame(name, data)
    with begun_push(space.relay, space.author.signer, len(frame), frame[: 40 + 12_345]):
        while (kept := space.link.offsets([name]).offsets[name]) < 12_345:
            pass
        assert kept == 12_345
    assert space.link.push([(name, data, 12_345)]).refused == ()
    assert space.fetched([name]) == [(name, data)]


def test_pieces_that_are_not_whole_are_left_out_and_fetching_goes_on_at_the_byte(space, proposed):
    (first, data), (second, _) = proposed.chunks
    sent(space.link, proposed.chunks[0], proposed.manifest)
    names = [first, second, os.urandom(32), proposed.manifest[0]]
    assert space.fetched(names) == [proposed.chunks[0], proposed.manifest]
    held = PartialBundle(name=first, data=data[:400])
    before = space.other_link.bytes_down
    assert list(space.other_link.fetch_pieces(space.space, names[:1], held)) == [(first, data)]
    assert space.other_link.bytes_down - before < len(data)


def test_neither_pieces_nor_statements_of_a_space_are_for_strangers(space, proposed):
    sent(space.link, *proposed.pieces)
    stranger = space.relay.region.structure().machine()
    link = space.relay.admitted(stranger)
    names = [name for name, _ in proposed.pieces]
    assert link.offsets(names).offsets == dict.fromkeys(names, 0)
    assert sent(link, proposed.manifest) == {proposed.manifest[0]: "unknown_piece"}
    with pytest.raises(RelayRefusedError) as refused:
        list(link.fetch_pieces(space.space, names, None))
    assert refused.value.facts == {"status": 403, "refusal": "unknown_space"}
    assert list(link.fetch_pieces(stranger.own_space, names, None)) == []
    assert proposed.name not in link.statement_names(None).names
    assert proposed.name in space.other_link.statement_names(None).names


def test_expired_machine_fetches_nothing(space, proposed):
    sent(space.link, *proposed.pieces)
    expired = space.author.structure.machine(until_s=1)
    link = space.relay.admitted(expired)
    with pytest.raises(RelayRefusedError) as refused:
        list(link.fetch_pieces(space.space, [proposed.manifest[0]], None))
    assert refused.value.facts["refusal"] == "expired"


def test_pieces_have_room_of_their_own_beside_the_bundles_they_replace(limited_relay):
    space = Compacted(limited_relay(limits={"kept_bytes": 9_000}))
    space.write(8, size=900)
    with pytest.raises(AssertionError):
        space.write(3, size=900)
    proposal = space.propose(chunks=3, size=2_000)
    space.kept_statements(*proposal.statements)
    assert sent(space.link, *proposal.pieces) == {}
    more = space.propose(chunks=2, size=2_000)
    space.kept_statements(*more.statements)
    refused = sent(space.link, *more.pieces)
    assert refused == {more.chunks[1][0]: "quota_exceeded"}
