"""Sealed and opened: only with the key of the epoch, only untouched, never a bomb."""

import pytest
from backports import zstd
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.envelope import MAX_PLAIN_BYTES, EnvelopeError, Place, open_bundle, seal
from sync.wire import (
    MAX_BUNDLE_BYTES,
    Header,
    WireError,
    opening_bytes,
    padme_length,
    parse_bundle,
    signature_input,
    verify_bundle_signature,
)
from tests.exchange.parties import Machine, epoch, octets

MACHINE = Machine("machine")
SPACE = octets("space", 16)
EPOCH = epoch(SPACE)
PLACE = Place(
    space=SPACE,
    incarnation=MACHINE.incarnation,
    sequence=1,
    previous=b"",
    epoch=EPOCH.epoch,
    seen={octets("other", 8): 3},
)


def sealed(columns: bytes, place: Place = PLACE) -> bytes:
    return seal(columns, place, epoch_key=EPOCH.key, sign_key=MACHINE.keys.sign.private_key)


def sealed_by_hand(plaintext: bytes, *, dictionary=0) -> bytes:
    """A bundle with this plaintext exactly, as a member with a wild program could make it."""
    header = Header(
        space=SPACE,
        incarnation=PLACE.incarnation,
        sequence=1,
        previous=b"",
        epoch=EPOCH.epoch,
        dictionary=dictionary,
        salt=bytes(16),
        padded_length=len(plaintext),
        seen={},
    )
    opening = opening_bytes(header)
    info = b"deux-portes/bundle/1\0" + SPACE + PLACE.incarnation + (1).to_bytes(8, "big")
    derived = HKDF(algorithm=SHA256(), length=44, salt=bytes(16), info=info).derive(EPOCH.key)
    signed = opening + ChaCha20Poly1305(derived[:32]).encrypt(derived[32:], plaintext, opening)
    return signed + MACHINE.keys.sign.private_key.sign(signature_input(signed))


def padded(frame: bytes) -> bytes:
    plain = len(frame).to_bytes(4, "big") + frame
    return plain.ljust(padme_length(len(plain)), b"\0")


@given(st.binary(max_size=2_000))
def test_what_is_sealed_is_opened(columns):
    parsed = parse_bundle(sealed(columns))
    verify_bundle_signature(parsed, MACHINE.keys.sign.public)
    assert open_bundle(parsed, EPOCH.key) == columns
    assert parsed.header.seen == PLACE.seen


def test_the_same_columns_never_give_the_same_bytes_twice():
    assert sealed(b"columns") != sealed(b"columns")


def test_sizes_are_padded():
    lengths = {len(sealed(octets(str(size), size))) for size in range(1_000, 1_060)}
    assert len(lengths) <= 4


def test_another_key_does_not_open():
    with pytest.raises(EnvelopeError, match="cannot_open"):
        open_bundle(parse_bundle(sealed(b"columns")), octets("another key"))


def test_another_key_does_not_seal():
    with pytest.raises(EnvelopeError, match="cannot_open"):
        seal(
            b"columns",
            PLACE,
            epoch_key=octets("another key"),
            sign_key=MACHINE.keys.sign.private_key,
        )


@settings(max_examples=300)
@given(st.data())
def test_a_bundle_changed_anywhere_is_refused(data):
    changed = bytearray(sealed(b"columns" * 20))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(WireError):
        verify_bundle_signature(parse_bundle(bytes(changed)), MACHINE.keys.sign.public)


@given(st.data())
def test_a_bundle_changed_and_signed_again_by_another_member_does_not_open(data):
    parsed = parse_bundle(sealed(b"columns" * 20))
    ciphertext = bytearray(parsed.ciphertext)
    place = data.draw(st.integers(0, len(ciphertext) - 1))
    ciphertext[place] ^= data.draw(st.integers(1, 255))
    signed = parsed.associated_data + bytes(ciphertext)
    other = Machine("other").keys.sign
    forged = parse_bundle(signed + other.private_key.sign(signature_input(signed)))
    verify_bundle_signature(forged, other.public)
    with pytest.raises(EnvelopeError, match="cannot_open"):
        open_bundle(forged, EPOCH.key)


def test_too_much_is_not_sealed():
    with pytest.raises(EnvelopeError, match="too_large"):
        sealed(bytes(MAX_PLAIN_BYTES + 1))
    with pytest.raises(EnvelopeError, match="too_large"):
        sealed(octets("incompressible", MAX_BUNDLE_BYTES))


def test_the_most_that_may_be_sealed_is_opened():
    assert open_bundle(parse_bundle(sealed(bytes(MAX_PLAIN_BYTES))), EPOCH.key) == bytes(
        MAX_PLAIN_BYTES,
    )


def test_a_place_out_of_its_bounds_is_not_sealed():
    place = Place(
        space=SPACE,
        incarnation=PLACE.incarnation,
        sequence=2,
        previous=b"",
        epoch=EPOCH.epoch,
    )
    with pytest.raises(WireError, match="malformed"):
        sealed(b"columns", place)


def test_a_bomb_is_refused_before_it_is_unfolded():
    compressor = zstd.ZstdCompressor()
    zeros = bytes(MAX_PLAIN_BYTES)
    bomb = b"".join(compressor.compress(zeros) for _ in range(8)) + compressor.flush()
    assert len(bomb) < 10_000
    with pytest.raises(EnvelopeError, match="too_large"):
        open_bundle(parse_bundle(sealed_by_hand(padded(bomb))), EPOCH.key)


def test_a_dictionary_that_we_have_not_is_said_to_be_unopened():
    data = sealed_by_hand(padded(zstd.compress(b"columns")), dictionary=7)
    with pytest.raises(EnvelopeError, match="cannot_open"):
        open_bundle(parse_bundle(data), EPOCH.key)


FRAME = zstd.compress(octets("columns", 40))


@pytest.mark.parametrize(
    "plaintext",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0\0\0", id="not even a length"),
        pytest.param(padded(b"not a frame at all"), id="no frame"),
        pytest.param(padded(FRAME[:-1]), id="frame cut short"),
        pytest.param(padded(FRAME + FRAME), id="two frames"),
        pytest.param(padded(FRAME)[:-1] + b"\x01", id="padding that is not zero"),
        pytest.param(padded(FRAME) + bytes(padme_length(200) - len(padded(FRAME))), id="too long"),
        pytest.param((99).to_bytes(4, "big") + padded(FRAME)[4:], id="length beyond the end"),
        pytest.param(padded(b""), id="empty frame"),
    ],
)
def test_a_malformed_plaintext_is_refused(plaintext):
    with pytest.raises(EnvelopeError, match="malformed"):
        open_bundle(parse_bundle(sealed_by_hand(plaintext)), EPOCH.key)


def test_a_window_larger_than_any_honest_one_is_refused():
    options = {zstd.CompressionParameter.window_log: 27}
    compressor = zstd.ZstdCompressor(options=options)
    frame = compressor.compress(bytes(1_000)) + compressor.flush()
    with pytest.raises(EnvelopeError, match="malformed"):
        open_bundle(parse_bundle(sealed_by_hand(padded(frame))), EPOCH.key)
