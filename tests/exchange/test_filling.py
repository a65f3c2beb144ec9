"""Nobody fills a desk's disk or memory with what no member answers for."""

import hashlib

import pytest

from app.domain.identifiers import SpaceId
from sync.errors import RelayAnswerUnreadableError
from sync.frames import StatementFrameReader, encode_statement_frames
from sync.key_wraps import new_epoch_key
from sync.settlement import MOST_OF_NOBODYS, Settlement
from sync.statement_sharing import MOST_UNBELIEVED_BYTES
from sync.statements import MAX_STATEMENT_BYTES, statement_name
from sync.wire import WireError
from tests.exchange.checkpointing import checkpoint
from tests.exchange.desks import Door
from tests.exchange.forging import Forger, pair_of


def settlement(door: Door) -> Settlement:
    return Settlement(door.port, door.registry, door.keyring.epoch_keys)


class FillingLink:
    """A relay that adds to what it gives."""

    def __init__(self, inner, **given):
        self._inner = inner
        self._given = given

    def __getattr__(self, name):
        return self._given.get(name) or getattr(self._inner, name)


def garbage(count: int) -> list[tuple[bytes, bytes]]:
    some = [b"DPB" + bytes(900) + number.to_bytes(4, "big") for number in range(count)]
    return [(hashlib.sha256(data).digest(), data) for data in some]


def test_relay_sets_aside_little_of_what_nobody_answers_for(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    link = chateauroux.transport()

    def pull(above, resume):
        yield from garbage(500)
        yield from link.pull(above, resume)

    chateauroux.exchange(FillingLink(link, pull=pull))
    assert chateauroux.reasons() == ["malformed"] * MOST_OF_NOBODYS
    assert chateauroux.statuses("in") == ["recue"]


def test_what_members_signed_is_kept_beside_any_garbage(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    settling = settlement(chateauroux)
    for bundle in garbage(MOST_OF_NOBODYS + 5):
        settling.settle(*bundle)
    space = pair_of(blanc, chateauroux).id
    waiting = Forger(blanc, space, epoch=new_epoch_key(space, 9))
    for _ in range(3):
        assert settling.settle(*waiting.bundle(waiting.event())).reason == "missing_key"
    assert chateauroux.reasons() == ["malformed"] * MOST_OF_NOBODYS + ["missing_key"] * 3
    # The count is that of what is held, also in a file that was closed meanwhile.
    settlement(chateauroux).settle(*garbage(MOST_OF_NOBODYS + 6)[-1])
    assert len(chateauroux.reasons()) == MOST_OF_NOBODYS + 3


def test_author_unknown_for_now_is_pulled_again_when_there_was_no_room(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    settling = settlement(chateauroux)
    for bundle in garbage(MOST_OF_NOBODYS):
        settling.settle(*bundle)
    blanc.receive(chateauroux)
    blanc.exchange()
    assert chateauroux.exchange().pulled == 1


def test_relay_keeps_no_desk_from_what_is_believed_by_what_is_not(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    false = [bytes(MAX_STATEMENT_BYTES - 4) + n.to_bytes(4, "big") for n in range(400)]
    by_name = {statement_name(data): data for data in false}
    link = chateauroux.transport()

    def names(etag):
        told = link.statement_names(None)
        return type(told)(names=told.names | by_name.keys(), etag=told.etag)

    def fetch(asked):
        return (*link.fetch_statements(asked), *(by_name[one] for one in asked if one in by_name))

    hostile = FillingLink(link, statement_names=names, fetch_statements=fetch)
    chateauroux.exchange(hostile)
    held = sum(map(len, chateauroux.port.statements()))
    assert MOST_UNBELIEVED_BYTES // 2 < held < MOST_UNBELIEVED_BYTES + 4 * 1_048_576
    blanc.receive(chateauroux)
    blanc.exchange()
    for _ in range(3):  # one link of a chain comes at each, at least
        chateauroux.exchange(hostile)
    assert sum(map(len, chateauroux.port.statements())) < held + 100_000
    assert chateauroux.statuses("in") == ["recue"]


def test_pieces_that_were_not_asked_for_are_not_kept(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    checkpoint(world, blanc)
    space = SpaceId(pair_of(blanc, chateauroux).id)
    wanted = chateauroux.registry.last_complete(space)[1]
    chateauroux.port.drop_pieces([wanted.manifest, *wanted.chunks])
    before = chateauroux.port.piece_names(space)
    link = chateauroux.transport()
    filling = FillingLink(link, fetch_pieces=lambda *_asked: iter(garbage(5)))
    chateauroux.port.keep_memo("checkpoint_asked", space.hex())
    with pytest.raises(RelayAnswerUnreadableError):
        chateauroux.exchange(filling)
    assert chateauroux.port.piece_names(space) == before


def test_who_asked_for_some_statements_reads_no_more_of_them():
    frames = encode_statement_frames([b"un", b"deux", b"trois"])
    assert list(StatementFrameReader(most=3).feed(frames)) == [b"un", b"deux", b"trois"]
    reader, read = StatementFrameReader(most=2), []
    with pytest.raises(WireError, match="too_large"):
        read.extend(one for one in reader.feed(frames))
    assert list(StatementFrameReader(most=0).feed(b"")) == []
