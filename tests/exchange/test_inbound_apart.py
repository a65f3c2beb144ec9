"""What others wrote is never compressed with what we write: our sizes tell nothing of it.

Whoever can both write to us and see the sizes of what we send would otherwise find out, guess
after guess, what our records hold (CRIME, 2012).
"""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.domain.events import Event
from app.domain.identifiers import Incarnation, SubjectId, event_id
from sync.canonical import read_canonical
from sync.chunks import seal_chunk
from sync.columns import ColumnsError, encode_events
from sync.envelope import unpad
from sync.wire import parse_bundle
from tests.exchange.desks import opened_copy
from tests.exchange.event_forms import OTHER, OWN, SPACE
from tests.exchange.parties import epoch
from tests.exchange.vector_events import event, writes

SECRET = os.urandom(1_500).hex()
"""Nothing compresses it but itself."""


def written_by_blanc(template, folder, *, inbound: str) -> list[int]:
    """The sizes of what Le Blanc sends when it has received a text and writes another."""
    with opened_copy(template, folder) as world:
        blanc, chateauroux = world["blanc"], world["chateauroux"]
        chateauroux.receive(blanc, expressed=inbound)
        for door in (chateauroux, blanc):
            door.exchange()
        before = set(world.relay.bundles)
        blanc.answer("acceptee", message="Lundi")
        blanc.receive(chateauroux, expressed=SECRET)
        blanc.exchange()
        new = [
            parse_bundle(data) for name, data in world.relay.bundles.items() if name not in before
        ]
        own = blanc.port.incarnation()
        assert {one.header.incarnation for one in new} == {own}
        return sorted(one.header.padded_length for one in new)


def test_sizes_of_bundles_do_not_depend_on_what_others_wrote(introduced_template, tmp_path):
    guessed = written_by_blanc(introduced_template, tmp_path / "guessed", inbound=SECRET)
    other = written_by_blanc(
        introduced_template, tmp_path / "other", inbound=os.urandom(1_500).hex()
    )
    assert guessed == other
    assert max(guessed) > len(SECRET) / 2  # so much that a shared window would have shown


def of(incarnation: bytes, counter: int, text: str) -> Event:
    name = event_id(Incarnation(incarnation), counter)
    written = writes(expressed=text)
    return event(name, SubjectId(bytes(name)), "person", counter, writes=written)


def frame_of_own(*events: Event) -> bytes:
    """The compressed frame of our own events in a chunk that holds these."""
    chunk = seal_chunk(epoch(SPACE), events, {})
    key, nonce = chunk.entry.key[:32], chunk.entry.key[32:]
    plain = ChaCha20Poly1305(key).decrypt(nonce, chunk.data[32:], chunk.data[:32])
    groups = read_canonical(unpad(plain), 1_048_576)
    return next(frame for incarnation, _, frame in groups if incarnation == OWN)


def test_our_part_of_a_chunk_does_not_depend_on_what_others_wrote():
    ours = of(OWN, 1, SECRET)
    alone = frame_of_own(ours)
    assert frame_of_own(ours, of(OTHER, 2, SECRET)) == alone
    assert frame_of_own(of(OTHER, 2, SECRET), of(OTHER, 3, SECRET), ours) == alone
    together = frame_of_own(ours, of(OWN, 2, SECRET))
    assert len(together) < 1.2 * len(alone)  # what one frame does hold is compressed together


def test_columns_of_a_bundle_refuse_what_another_wrote():
    with pytest.raises(ColumnsError, match="malformed"):
        encode_events(OWN, [of(OWN, 1, SECRET), of(OTHER, 2, SECRET)])
