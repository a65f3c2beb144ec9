"""Frames: what came before a cut is kept, whatever the chunks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.frames import (
    FrameReader,
    StatementFrameReader,
    encode_frame,
    encode_statement_frames,
)
from sync.statements import MAX_STATEMENT_BYTES
from sync.wire import MAX_BUNDLE_BYTES, WireError, bundle_name

bundles = st.lists(st.binary(min_size=1, max_size=200), max_size=4, unique=True)


def chunked(data: bytes, cuts) -> list[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]


def gathered(pieces) -> dict[bytes, bytes]:
    """The bytes of each bundle, every piece at its place."""
    kept: dict[bytes, bytearray] = {}
    for piece in pieces:
        held = kept.setdefault(piece.name, bytearray())
        assert piece.offset == len(held)
        held += piece.data
        assert piece.reaches_end == (len(held) == piece.total)
    return {name: bytes(held) for name, held in kept.items()}


@given(bundles, st.lists(st.integers(0, 2_000), max_size=20))
def test_bundles_come_out_as_they_went_in_whatever_the_chunks(sent, cuts):
    reader = FrameReader()
    body = b"".join(encode_frame(bundle_name(bundle), bundle) for bundle in sent)
    pieces = [piece for chunk in chunked(body, cuts) for piece in reader.feed(chunk)]
    assert gathered(pieces) == {bundle_name(bundle): bundle for bundle in sent}
    assert reader.is_between_frames


@given(st.binary(min_size=1, max_size=200), st.integers(0, 300))
def test_every_byte_before_a_cut_is_kept(bundle, cut):
    reader = FrameReader()
    frame = encode_frame(bundle_name(bundle), bundle)
    kept = gathered(reader.feed(frame[:cut]))
    assert b"".join(kept.values()) == frame[40:cut]
    assert reader.is_between_frames == (cut == 0 or cut >= len(frame))


@given(st.binary(min_size=1, max_size=200), st.data())
def test_only_what_is_missing_travels(bundle, data):
    offset = data.draw(st.integers(0, len(bundle)))
    frame = encode_frame(bundle_name(bundle), bundle, offset)
    assert len(frame) == 40 + len(bundle) - offset
    reader = FrameReader()
    pieces = list(reader.feed(frame))
    assert [(piece.offset, piece.data) for piece in pieces] == [(offset, bundle[offset:])]
    assert pieces[-1].reaches_end
    assert reader.is_between_frames


def test_an_offset_outside_the_bundle_is_not_written():
    for offset in (-1, 4):
        with pytest.raises(WireError, match="malformed"):
            encode_frame(bytes(32), b"abc", offset)


def test_a_name_of_another_length_is_not_written():
    with pytest.raises(WireError, match="malformed"):
        encode_frame(bytes(31), b"abc")


def test_too_long_a_bundle_is_neither_written_nor_read():
    with pytest.raises(WireError, match="too_large"):
        encode_frame(bytes(32), bytes(MAX_BUNDLE_BYTES + 1))
    head = bytes(32) + (MAX_BUNDLE_BYTES + 1).to_bytes(4, "big") + bytes(4)
    with pytest.raises(WireError, match="too_large"):
        list(FrameReader().feed(head))


@pytest.mark.parametrize(("total", "offset"), [(0, 0), (3, 4)])
def test_a_frame_that_holds_nothing_possible_is_refused(total, offset):
    head = bytes(32) + total.to_bytes(4, "big") + offset.to_bytes(4, "big")
    with pytest.raises(WireError, match="malformed"):
        list(FrameReader().feed(head))


@given(st.lists(st.binary(min_size=1, max_size=60)), st.lists(st.integers(0, 1_000), max_size=9))
def test_statements_come_out_as_they_went_in_whatever_the_chunks(sent, cuts):
    reader = StatementFrameReader()
    chunks = chunked(encode_statement_frames(sent), cuts)
    assert [data for chunk in chunks for data in reader.feed(chunk)] == sent
    assert reader.is_between_frames


def test_a_statement_cut_short_waits():
    reader = StatementFrameReader()
    assert list(reader.feed(encode_statement_frames([b"abcdef"])[:-1])) == []
    assert not reader.is_between_frames


def test_a_statement_too_long_is_refused_as_soon_as_it_says_so():
    with pytest.raises(WireError, match="too_large"):
        encode_statement_frames([bytes(MAX_STATEMENT_BYTES + 1)])
    with pytest.raises(WireError, match="too_large"):
        list(StatementFrameReader().feed((MAX_STATEMENT_BYTES + 1).to_bytes(4, "big")))


def test_an_empty_statement_is_refused():
    with pytest.raises(WireError, match="malformed"):
        list(StatementFrameReader().feed(bytes(4)))
