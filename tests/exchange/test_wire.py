"""Bundles as bytes: well formed, named, signed; all else is refused."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spaces import Space, SpaceKind, figures_space, pair_space, territory_space
from sync.canonical import canonical
from sync.wire import (
    MAX_BUNDLE_BYTES,
    Header,
    WireError,
    bundle_name,
    encode_header,
    epoch_name,
    opening_bytes,
    padme_length,
    parse_bundle,
    signature_input,
    space_name,
    verify_bundle_signature,
)
from tests.exchange.parties import Machine, octets

MACHINE = Machine("machine")
HEADER = Header(
    space=octets("space", 16),
    incarnation=octets("incarnation", 8),
    sequence=2,
    previous=octets("previous"),
    epoch=octets("epoch", 16),
    salt=octets("salt", 16),
    padded_length=40,
    seen={octets("other", 8): 7},
)


def bundle(header=HEADER, opening=None) -> bytes:
    signed = (opening or opening_bytes(header)) + octets("sealed", header.padded_length + 16)
    return signed + MACHINE.keys.sign.private_key.sign(signature_input(signed))


def opening_with(fields: dict) -> bytes:
    """An opening whose header holds these fields instead of its own; None drops one."""
    own = {
        1: 1,
        2: HEADER.space,
        3: HEADER.incarnation,
        4: HEADER.sequence,
        5: HEADER.previous,
        6: HEADER.epoch,
        7: HEADER.dictionary,
        8: HEADER.salt,
        9: HEADER.padded_length,
        10: HEADER.seen,
    }
    merged = {key: value for key, value in (own | fields).items() if value is not None}
    encoded = canonical(merged)
    return b"DPB\x01" + len(encoded).to_bytes(2, "big") + encoded


def test_a_bundle_is_parsed_into_its_parts():
    data = bundle()
    parsed = parse_bundle(data)
    assert parsed.header == HEADER
    assert parsed.name == bundle_name(data) == hashlib.sha256(data).digest()
    assert parsed.signed_part + parsed.signature == data
    assert parsed.associated_data + parsed.ciphertext == parsed.signed_part
    assert parsed.associated_data == opening_bytes(HEADER) == opening_with({})
    verify_bundle_signature(parsed, MACHINE.keys.sign.public)


def test_the_seen_vector_of_a_parsed_header_cannot_be_changed():
    with pytest.raises(TypeError):
        parse_bundle(bundle()).header.seen[b"12345678"] = 1


def test_a_first_bundle_follows_nothing():
    first = replace(HEADER, sequence=1, previous=b"")
    assert parse_bundle(bundle(first)).header == first


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({1: 2}, "unknown_suite"),
        ({1: True}, "unknown_suite"),
        ({1: None}, "malformed"),
        ({11: 0}, "malformed"),
        ({2: bytes(15)}, "malformed"),
        ({2: "space"}, "malformed"),
        ({3: bytes(9)}, "malformed"),
        ({4: 0}, "malformed"),
        ({4: True}, "malformed"),
        ({4: 2**48}, "malformed"),
        ({4: "2"}, "malformed"),
        ({5: b""}, "malformed"),
        ({4: 1}, "malformed"),
        ({6: bytes(17)}, "malformed"),
        ({7: -1}, "malformed"),
        ({8: bytes(15)}, "malformed"),
        ({9: 41}, "malformed"),
        ({9: -1}, "malformed"),
        ({9: None}, "malformed"),
        ({10: []}, "malformed"),
        ({10: {bytes(7): 1}}, "malformed"),
        ({10: {bytes(8): 0}}, "malformed"),
        ({10: {1: 1}}, "malformed"),
    ],
)
def test_a_header_out_of_its_bounds_is_refused(fields, code):
    with pytest.raises(WireError, match=code):
        parse_bundle(bundle(opening=opening_with(fields)))


def test_a_header_that_is_not_canonical_is_refused():
    encoded = canonical({1: 1}).replace(b"\x01\x01", b"\x01\x18\x01")
    with pytest.raises(WireError, match="malformed"):
        parse_bundle(b"DPB\x01" + len(encoded).to_bytes(2, "big") + encoded + bytes(200))


def test_a_header_that_is_no_map_is_refused():
    with pytest.raises(WireError, match="malformed"):
        parse_bundle(b"DPB\x01\x00\x01\x80" + bytes(200))


def test_a_header_out_of_its_bounds_is_not_written():
    with pytest.raises(WireError, match="malformed"):
        encode_header(replace(HEADER, sequence=0))


def test_a_header_longer_than_its_two_bytes_of_length_is_not_written():
    seen = {number.to_bytes(8, "big"): 2**40 for number in range(4_000)}
    with pytest.raises(WireError, match="too_large"):
        opening_bytes(replace(HEADER, seen=seen))


def test_too_long_a_bundle_is_refused_unread():
    with pytest.raises(WireError, match="too_large"):
        parse_bundle(bytes(MAX_BUNDLE_BYTES + 1))


def test_a_bundle_cut_at_any_byte_is_refused():
    data = bundle()
    for length in range(len(data)):
        with pytest.raises(WireError, match="malformed"):
            parse_bundle(data[:length])


def test_a_byte_too_many_is_refused():
    with pytest.raises(WireError, match="malformed"):
        parse_bundle(bundle() + b"\0")


@given(st.data())
def test_a_changed_byte_is_refused(data):
    changed = bytearray(bundle())
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(WireError):
        verify_bundle_signature(parse_bundle(bytes(changed)), MACHINE.keys.sign.public)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data):
    with pytest.raises(WireError):
        parse_bundle(b"DPB\x01" + data)


@pytest.mark.parametrize("key", [Machine("other").keys.sign.public, bytes(31), b""])
def test_another_machines_key_does_not_verify(key):
    with pytest.raises(WireError, match="bad_signature"):
        verify_bundle_signature(parse_bundle(bundle()), key)


@given(st.integers(0, 2**40))
def test_padding_adds_at_most_an_eighth_and_settles(length):
    padded = padme_length(length)
    assert length <= padded <= length * 1.12 + 1
    assert padme_length(padded) == padded


def test_padding_never_gives_a_shorter_size_to_a_longer_text():
    sizes = [padme_length(length) for length in range(10_000)]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) < 250


@given(st.sampled_from(SpaceKind), st.lists(st.binary(max_size=20), max_size=5, unique=True))
def test_a_space_has_the_same_name_on_both_sides_of_the_wire(kind, members):
    assert space_name(kind, members) == Space(kind=kind, members=tuple(members)).id


def test_the_spaces_of_the_trade_have_the_names_of_the_wire():
    one, other = octets("one", 16), octets("other", 16)
    assert pair_space(one, other).id == space_name(2, [other, one])
    assert figures_space(one, other).id == space_name(3, [one, other])
    assert territory_space(one, "37").id == space_name(4, [b"37", one])


def test_an_epoch_is_named_by_its_space_and_its_key():
    named = {epoch_name(octets(space, 16), octets(key)) for space in "ab" for key in "cd"}
    assert len(named) == 4
