"""Every decoder of bytes, given any bytes and true ones changed: its own refusals and no other.

What a good key opens may still be garbage: members are not all careful, nor all of good will.
"""

import sys
from contextlib import suppress
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.canonical import FormatError, canonical
from sync.chunks import _manifest_key, open_chunk, open_manifest, seal_chunk, seal_manifest
from sync.columns import ColumnsError, decode_events, encode_events
from sync.dictionaries import best_dictionary
from sync.envelope import EnvelopeError, compress, decompress, open_bundle, pad, unpad
from sync.frames import FrameReader, StatementFrameReader, encode_frame, encode_statement_frames
from sync.key_wraps import unwrap_epoch, unwrap_structure_key, wrap_epoch, wrap_structure_key
from sync.keys import HpkeKey, KeyMaterialError, MachineKeys, SigningKey, SpentKey, seal_to
from sync.pieces import PieceError
from sync.statements import StructureKeyWrap, Wrap, read_statement
from sync.stick.manifest import ManifestError, read_manifest
from sync.stick.packs import bundles_of, statements_of
from sync.wire import WireError, bundle_name, parse_bundle
from tests.exchange.checkpoint_vectors import SURVIVORS
from tests.exchange.event_forms import OWN, SPACE, batches
from tests.exchange.mutations import cbor_values, mutated, mutated_cbor
from tests.exchange.parties import epoch, octets
from tests.exchange.small_world import ALL, N1, N2, NORTH
from tests.exchange.test_chunks import sealed_again
from tests.exchange.test_envelope import EPOCH as ENVELOPE_EPOCH
from tests.exchange.test_envelope import sealed, sealed_by_hand
from tests.exchange.test_stick_manifest import signed

EXAMPLES = settings(max_examples=150, deadline=None)
MOST = 1_048_576
EPOCH = epoch(SPACE)
COLUMNS = encode_events(OWN, [event for event in SURVIVORS if event.id.startswith(OWN)])
DICTIONARIES = st.sampled_from([0, 1, 2, 2**48 - 1])
FRAMES = [compress(COLUMNS, number) for number in (0, 1)]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def canonical_values() -> st.SearchStrategy[bytes]:
    """Canonical CBOR of anything."""
    return cbor_values().map(canonical)


PLAINTEXTS = st.one_of(
    st.binary(max_size=100),
    mutated(COLUMNS),
    mutated_cbor(COLUMNS, MOST),
    canonical_values(),
)


@EXAMPLES
@given(plain=PLAINTEXTS, dictionary=DICTIONARIES, said=DICTIONARIES, more=st.binary(max_size=9))
def test_bundle_of_anything_under_a_good_key_is_opened_or_refused(plain, dictionary, said, more):
    frame = zstd.compress(plain) if dictionary not in {0, 1} else compress(plain, dictionary)
    data = sealed_by_hand(pad(frame + more), dictionary=said)
    try:
        columns = open_bundle(parse_bundle(data), ENVELOPE_EPOCH.key)
    except EnvelopeError:
        return
    assert columns == plain
    try:
        decode_events(SPACE, OWN, columns)
    except ColumnsError:
        return


@EXAMPLES
@given(plaintext=st.binary(max_size=80) | mutated(pad(FRAMES[1])))
def test_plaintext_of_any_length_and_padding_is_unpadded_or_refused(plaintext):
    try:
        assert pad(unpad(plaintext)) == plaintext
    except EnvelopeError:
        return


@EXAMPLES
@given(
    frame=st.binary(max_size=100) | mutated(FRAMES[0]) | mutated(FRAMES[1]), dictionary=DICTIONARIES
)
def test_any_frame_is_decompressed_or_refused(frame, dictionary):
    try:
        decompress(frame, dictionary)
    except EnvelopeError:
        return


@EXAMPLES
@given(data=mutated(sealed(COLUMNS)) | mutated_cbor(canonical([1]), 9) | st.binary(max_size=300))
def test_any_bundle_is_parsed_or_refused(data):
    try:
        open_bundle(parse_bundle(data), ENVELOPE_EPOCH.key)
    except (WireError, EnvelopeError):
        return
    assert data == sealed(COLUMNS) or len(data) > 0


@settings(EXAMPLES, max_examples=60)
@given(st.data(), batches())
def test_columns_changed_inside_are_events_that_can_be_written_again(data, events):
    true = encode_events(OWN, events)
    try:
        read = decode_events(SPACE, OWN, data.draw(mutated_cbor(true, MOST)))
    except ColumnsError:
        return
    with suppress(ColumnsError):  # too large: others' forms are sometimes shorter
        assert decode_events(SPACE, OWN, encode_events(OWN, read)) == read


GROUP = [OWN, best_dictionary(), compress(COLUMNS, best_dictionary())]


@EXAMPLES
@given(
    plain=st.one_of(
        mutated(canonical([GROUP])),
        mutated_cbor(canonical([GROUP]), MOST),
        canonical_values(),
        PLAINTEXTS.map(lambda one: canonical([[OWN, 1, compress(one, 1)]])),
    ),
    is_padded=st.booleans(),
)
def test_chunk_of_anything_under_its_key_is_opened_or_refused(plain, is_padded):
    entry, data = sealed_again(pad(plain) if is_padded else plain)
    with suppress(FormatError):
        assert all(event.space == SPACE for event in open_chunk(SPACE, entry, data))


ENTRIES = [seal_chunk(EPOCH, SURVIVORS[:end], {}).entry for end in (1, 2)]
LISTED = canonical([1, [[one.name, one.key, one.content, one.size_bytes] for one in ENTRIES]])
HEAD = b"DPM\x01" + SPACE + EPOCH.epoch + bytes(16)


@EXAMPLES
@given(plain=mutated(LISTED) | mutated_cbor(LISTED, MOST) | canonical_values())
def test_manifest_of_anything_under_its_key_is_opened_or_refused(plain):
    key, nonce = _manifest_key(EPOCH.key, HEAD)
    data = HEAD + ChaCha20Poly1305(key).encrypt(nonce, pad(plain), HEAD)
    try:
        entries = open_manifest(SPACE, EPOCH.key, data)
    except FormatError:
        return
    assert open_manifest(SPACE, EPOCH.key, seal_manifest(EPOCH, entries)) == entries


@pytest.mark.parametrize("listed", [[True, []], [1, [[bytes(32), bytes(44), bytes(32), True]]]])
def test_true_in_the_place_of_a_number_is_refused_in_manifests(listed):
    key, nonce = _manifest_key(EPOCH.key, HEAD)
    data = HEAD + ChaCha20Poly1305(key).encrypt(nonce, pad(canonical(listed)), HEAD)
    with pytest.raises(PieceError, match="malformed"):
        open_manifest(SPACE, EPOCH.key, data)


def test_true_in_the_place_of_a_dictionary_is_refused_in_chunks():
    entry, data = sealed_again(pad(canonical([[OWN, True, GROUP[2]]])))
    with pytest.raises(FormatError, match="malformed"):
        open_chunk(SPACE, entry, data)


BUNDLES = [octets(str(number), 60) for number in range(3)]
BODY = b"".join(encode_frame(bundle_name(one), one) for one in BUNDLES)
STATEMENTS = encode_statement_frames(list(ALL.values())[:3])


@EXAMPLES
@given(data=st.binary(max_size=200) | mutated(BODY), cut=st.integers(0, 300))
def test_any_frames_give_no_more_bytes_than_came(data, cut):
    reader, came = FrameReader(), 0
    try:
        for part in (data[:cut], data[cut:]):
            came += sum(len(piece.data) for piece in reader.feed(part))
    except WireError:
        pass
    assert came <= len(data)
    assert all(bundle_name(bundle) == name for name, bundle in bundles_of(data))


@EXAMPLES
@given(data=st.binary(max_size=200) | mutated(STATEMENTS), most=st.integers(0, 4))
def test_any_statement_frames_give_no_more_bytes_than_came(data, most):
    reader, came = StatementFrameReader(most), []
    try:
        for one in reader.feed(data):
            came.append(one)  # noqa: PERF402 - what came before a refusal counts
    except WireError:
        pass
    assert len(came) <= most
    assert sum(map(len, came)) + 4 * len(came) <= len(data)
    assert sum(map(len, statements_of(data))) <= len(data)


MANIFEST = signed()


@EXAMPLES
@given(mutated(MANIFEST) | mutated_cbor(MANIFEST, MOST) | canonical_values())
def test_any_stick_manifest_is_read_or_refused(data):
    try:
        read_manifest(data)
    except ManifestError:
        return


@EXAMPLES
@given(st.data())
def test_stick_manifest_changed_inside_is_read_or_refused(data):
    payload = read_manifest(MANIFEST).payload
    changed = data.draw(mutated(payload) | mutated_cbor(payload, MOST))
    try:
        read = read_manifest(canonical([changed, bytes(64)])).manifest
    except ManifestError:
        return
    assert len({file.name for file in read.files}) == len(read.files)


SEALED = st.binary(max_size=64) | st.sampled_from([b"", bytes(1_119), bytes(1_120), bytes(4_096)])
WRAP = read_statement(wrap_epoch(EPOCH, read_statement(ALL["n2"]).body, N1.keys)).body
PROFILE = read_statement(NORTH.profile(1)).body
KEY_WRAP = read_statement(
    wrap_structure_key(PROFILE, NORTH.key(1), read_statement(ALL["n2"]).body, N1.keys)
).body


@EXAMPLES
@given(sealed_bytes=SEALED | mutated(WRAP.sealed), key=st.sampled_from([N2.keys.hpke, NORTH.key()]))
def test_anything_wrapped_is_opened_or_refused(sealed_bytes, key):
    assert isinstance(WRAP, Wrap)
    assert isinstance(KEY_WRAP, StructureKeyWrap)
    spent = SpentKey(N2.keys.hpke.public)
    for opener in (key, spent):
        for unwrap in (
            lambda by: unwrap_epoch(replace(WRAP, sealed=sealed_bytes), by),
            lambda by: unwrap_structure_key(replace(KEY_WRAP, sealed=sealed_bytes), PROFILE, by),
        ):
            try:
                unwrap(opener)
            except KeyMaterialError:
                continue
            assert sealed_bytes == WRAP.sealed


@EXAMPLES
@given(
    data=st.binary(max_size=140)
    | st.integers(0, 1_400).map(bytes)
    | st.integers(1_216, 1_260).map(lambda length: b"\xff" * length)
)
def test_keys_of_any_length_are_keys_or_refused(data):
    for make in (SigningKey, HpkeKey, SpentKey, MachineKeys.from_bytes):
        try:
            made = make(data)
        except KeyMaterialError:
            continue
        assert made.to_bytes() == data
    try:
        seal_to(data, b"secret", b"")
    except KeyMaterialError:
        return
