"""Chunks and manifests: what they hold, what they refuse, and when their bytes stay the same."""

import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identifiers import SubjectId
from sync.buckets import BUCKET_BYTES, MOST_BUCKETS, Weight, buckets
from sync.canonical import FormatError, canonical
from sync.chunks import ChunkEntry, open_chunk, open_manifest, seal_chunk, seal_manifest
from sync.columns import encode_events
from sync.dictionaries import best_dictionary
from sync.envelope import MAX_PLAIN_BYTES, compress, pad
from sync.pieces import CHUNK_MAGIC, MAX_PIECE_BYTES, PieceError, piece_space
from tests.exchange.checkpoint_vectors import SURVIVORS
from tests.exchange.event_forms import OTHER, OWN, SPACE
from tests.exchange.parties import epoch, octets

EPOCH = epoch(SPACE)
LATER = epoch(SPACE, "2", number=2)


def by_name(events):
    return sorted(events, key=lambda event: event.id)


def sealed_again(plain: bytes) -> tuple[ChunkEntry, bytes]:
    """Seal any plaintext as a chunk, as somebody who means harm could."""
    key = octets("some key", 44)
    head = CHUNK_MAGIC + SPACE + key[32:]
    data = head + ChaCha20Poly1305(key[:32]).encrypt(key[32:], plain, head)
    content = hashlib.sha256(plain).digest()
    name = hashlib.sha256(data).digest()
    return ChunkEntry(name=name, key=key, content=content, size_bytes=len(data)), data


def test_what_is_sealed_is_opened():
    chunk = seal_chunk(EPOCH, SURVIVORS, {})
    assert chunk.entry.name == hashlib.sha256(chunk.data).digest()
    assert chunk.entry.size_bytes == len(chunk.data)
    assert by_name(open_chunk(SPACE, chunk.entry, chunk.data)) == by_name(SURVIVORS)
    assert piece_space(chunk.data) == SPACE


@pytest.mark.parametrize(
    ("dictionary", "columns"), [(0, canonical({1: 3})), (9, canonical({1: 2}))]
)
def test_a_chunk_that_a_later_program_wrote_is_not_said_to_be_malformed(dictionary, columns):
    group = (OWN, dictionary, compress(columns, 0))
    entry, data = sealed_again(pad(canonical((group,))))
    with pytest.raises(FormatError, match="cannot_open"):
        open_chunk(SPACE, entry, data)


def test_the_order_in_which_survivors_come_changes_nothing():
    assert seal_chunk(EPOCH, SURVIVORS, {}) == seal_chunk(EPOCH, SURVIVORS[::-1], {})


def test_same_content_keeps_its_bytes_under_another_epoch_and_other_content_does_not():
    first = seal_chunk(EPOCH, SURVIVORS, {})
    known = {first.entry.content: first.entry}
    assert seal_chunk(LATER, SURVIVORS, known) == first
    assert seal_chunk(LATER, SURVIVORS, {}).data != first.data
    other = seal_chunk(LATER, SURVIVORS[1:], known)
    assert other.entry.key != first.entry.key


@pytest.mark.parametrize("place", [0, 5, 25, 40, -1])
def test_a_changed_byte_opens_nothing(place):
    chunk = seal_chunk(EPOCH, SURVIVORS, {})
    data = bytearray(chunk.data)
    data[place] ^= 1
    with pytest.raises(FormatError):
        open_chunk(SPACE, chunk.entry, bytes(data))


def test_the_key_of_another_chunk_opens_nothing():
    one, other = seal_chunk(EPOCH, SURVIVORS, {}), seal_chunk(EPOCH, SURVIVORS[1:], {})
    with pytest.raises(PieceError, match="cannot_open"):
        open_chunk(SPACE, other.entry, one.data)
    with pytest.raises(PieceError, match="cannot_open"):
        open_chunk(SPACE, replace(one.entry, content=bytes(32)), one.data)
    with pytest.raises(PieceError, match="malformed"):
        open_chunk(bytes(16), one.entry, one.data)


def test_authors_in_disorder_or_twice_are_refused():
    frame = [OTHER, best_dictionary(), compress(encode_events(OTHER, []), best_dictionary())]
    for groups in ([frame, frame], [[OWN, *frame[1:]], frame][:: 1 if OWN > OTHER else -1]):
        entry, data = sealed_again(pad(canonical(groups)))
        with pytest.raises(FormatError, match="malformed"):
            open_chunk(SPACE, entry, data)


@pytest.mark.parametrize("plain", [b"", b"\0" * 8, pad(b"\xff"), pad(canonical([[1]]))])
def test_what_is_no_list_of_columns_is_refused(plain):
    entry, data = sealed_again(plain)
    with pytest.raises(FormatError):
        open_chunk(SPACE, entry, data)


def test_many_great_frames_in_a_small_chunk_are_refused():
    great = compress(bytes(MAX_PLAIN_BYTES - 1), 0)
    groups = [[bytes([number]) * 8, 0, great] for number in range(8)]
    entry, data = sealed_again(pad(canonical(groups)))
    assert len(data) < 20_000
    with pytest.raises(FormatError):
        open_chunk(SPACE, entry, data)


def test_a_manifest_is_opened_by_the_key_of_its_epoch_alone():
    entries = tuple(seal_chunk(EPOCH, SURVIVORS[:end], {}).entry for end in (1, 2, 3))
    data = seal_manifest(EPOCH, entries)
    assert open_manifest(SPACE, EPOCH.key, data) == entries
    assert data != seal_manifest(EPOCH, entries)
    for space, key in ((SPACE, LATER.key), (bytes(16), EPOCH.key)):
        with pytest.raises(PieceError):
            open_manifest(space, key, data)


@given(data=st.binary(max_size=200), magic=st.sampled_from([b"", b"DPC\x01", b"DPM\x01"]))
def test_any_bytes_are_refused_without_harm(data, magic):
    entry = seal_chunk(EPOCH, SURVIVORS[:1], {}).entry
    with pytest.raises(FormatError):
        open_chunk(SPACE, entry, magic + data)
    with pytest.raises(FormatError):
        open_manifest(SPACE, EPOCH.key, magic + data)


def test_a_piece_says_its_space_and_is_not_too_large():
    with pytest.raises(PieceError, match="too_large"):
        piece_space(CHUNK_MAGIC + bytes(MAX_PIECE_BYTES))
    with pytest.raises(PieceError, match="malformed"):
        piece_space(CHUNK_MAGIC + bytes(16))
    assert piece_space(CHUNK_MAGIC + SPACE + b"\0") == SPACE


def weights(count: int, size_bytes: int) -> list[Weight]:
    subjects = (SubjectId(number.to_bytes(16, "big")) for number in range(count))
    return [Weight(subject=subject, size_bytes=size_bytes) for subject in subjects]


@given(sizes=st.lists(st.integers(0, 2 * BUCKET_BYTES), max_size=60))
def test_every_subject_is_in_one_bucket_that_is_light_enough(sizes):
    given_weights = [
        Weight(subject=one.subject, size_bytes=size)
        for one, size in zip(weights(len(sizes), 0), sizes, strict=True)
    ]
    found = buckets(given_weights)
    assert sorted(subject for bucket in found for subject in bucket) == sorted(
        one.subject for one in given_weights
    )
    size_of = {one.subject: one.size_bytes for one in given_weights}
    for bucket in found:
        assert len(bucket) == 1 or sum(size_of[one] for one in bucket) <= BUCKET_BYTES


def test_what_one_subject_gains_moves_one_bucket():
    before = weights(1_000, 1_000)
    after = [replace(before[0], size_bytes=1_400), *before[1:]]
    one, other = ({frozenset(bucket) for bucket in buckets(some)} for some in (before, after))
    assert len(one) > 10
    assert len(one - other) <= 1


def test_there_are_never_too_many_buckets_for_a_statement():
    assert len(buckets(weights(40_000, 4_096))) <= 3 * MOST_BUCKETS // 2
