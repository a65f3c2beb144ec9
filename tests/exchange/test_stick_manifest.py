"""Manifests: one way to write them, and nothing else is read, whatever a stick brings."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.canonical import canonical, read_canonical
from sync.keys import SigningKey
from sync.stick.manifest import (
    MAX_FILE_BYTES,
    MAX_MANIFEST_BYTES,
    FileKind,
    Manifest,
    ManifestError,
    SpaceHeld,
    StickFile,
    read_manifest,
    sign_manifest,
    verify_manifest,
)
from sync.stick.packs import bundles_of, statements_of
from sync.wire import space_name
from tests.exchange.make_vectors import kept
from tests.exchange.parties import machine_keys, octets

KEYS = machine_keys("cle")
NORTH, SOUTH = octets("nord", 16), octets("sud", 16)
SPACE = space_name(2, [NORTH, SOUTH])
HELD = SpaceHeld(
    kind=2,
    members=(NORTH, SOUTH),
    head=3,
    head_name=octets("tete"),
    acknowledged=2,
    seen={octets("autre", 8): 7},
)
MANIFEST = Manifest(
    authority=octets("region", 16),
    machine=KEYS.id,
    structure=NORTH,
    incarnation=octets("vie", 8),
    number=1,
    written_at_s=1_795_000_000,
    files=(StickFile(kind=FileKind.BUNDLES, audience=SPACE, size=9, digest=octets("fichier")),),
    spaces={SPACE: HELD},
)


def signed(manifest: Manifest = MANIFEST) -> bytes:
    return sign_manifest(manifest, KEYS.sign.private_key)


def fields(**changes: object) -> bytes:
    """A manifest with other values in its payload, under the keys `f1` to `f9`."""
    payload, signature = read_canonical(signed(), MAX_MANIFEST_BYTES)
    values = dict(read_canonical(payload, MAX_MANIFEST_BYTES))
    values |= {int(name[1:]): value for name, value in changes.items()}
    kept = {key: value for key, value in values.items() if value is not None}
    return canonical([canonical(kept), signature])


def code_of(data: bytes) -> str:
    with pytest.raises(ManifestError) as raised:
        read_manifest(data)
    return raised.value.code


def test_what_was_signed_is_read_back():
    read = read_manifest(signed())
    assert read.manifest == MANIFEST
    verify_manifest(read, KEYS.sign.public)


def test_another_key_signed_nothing():
    with pytest.raises(ManifestError) as raised:
        verify_manifest(read_manifest(signed()), machine_keys("autre").sign.public)
    assert raised.value.code == "bad_signature"


def test_vector_holds_what_one_wrote_and_what_one_saw():
    assert MANIFEST.holds(SPACE) == {octets("autre", 8): 7, octets("vie", 8): 3}
    assert MANIFEST.holds(bytes(16)) == {}


def test_a_later_format_is_told_apart_from_bytes_without_meaning():
    assert code_of(fields(f1=2)) == "unknown_suite"
    assert code_of(fields(f1=2, f10="more", f3=None)) == "unknown_suite"
    assert code_of(fields(f1=0)) == code_of(fields(f1="1")) == code_of(fields(f1=None))


A_FILE = (3, SPACE, 9, octets("fichier"))


@pytest.mark.parametrize(
    "changes",
    [
        {"f2": b"short"},
        {"f3": octets("m", 32)},
        {"f4": "text"},
        {"f5": octets("i", 16)},
        {"f6": 0},
        {"f6": True},
        {"f7": -1},
        {"f8": {}},
        {"f8": [A_FILE[:3]]},
        {"f8": [(0, *A_FILE[1:])]},
        {"f8": [(5, *A_FILE[1:])]},
        {"f8": [(3, b"8 octets", 9, octets("fichier"))]},
        {"f8": [(3, SPACE, 0, octets("fichier"))]},
        {"f8": [(3, SPACE, MAX_FILE_BYTES + 1, octets("fichier"))]},
        {"f8": [(3, SPACE, 9, b"../../manifest.dpm")]},
        {"f8": [A_FILE, A_FILE]},
        {"f8": [A_FILE, (3, NORTH, 8, octets("fichier", 16) + bytes(16))]},
        {"f9": []},
        {"f9": {octets("faux", 16): (2, (NORTH, SOUTH), 0, b"", 0, {})}},
        {"f9": {SPACE: (2, (NORTH, SOUTH), 0, octets("tete"), 0, {})}},
        {"f9": {SPACE: (2, (NORTH, SOUTH), 1, b"", 0, {})}},
        {"f9": {SPACE: (2, (NORTH, SOUTH), 1, octets("tete"), 2, {})}},
        {"f9": {SPACE: (2, (NORTH, SOUTH), 0, b"", 0, {b"court": 1})}},
        {"f9": {SPACE: (2, (NORTH, SOUTH), 0, b"", 0, {octets("i", 8): -1})}},
        {"f9": {SPACE: (2, (NORTH, NORTH), 0, b"", 0, {})}},
        {"f10": "more"},
        {"f9": None},
    ],
)
def test_field_without_its_shape_is_malformed(changes):
    assert code_of(fields(**changes)) == "malformed"


def test_manifest_that_nobody_could_read_is_not_written():
    for wrong in (replace(MANIFEST, number=0), replace(MANIFEST, machine=b"short")):
        with pytest.raises(ManifestError):
            signed(wrong)


def test_too_large_is_said_before_anything_is_read():
    assert code_of(bytes(MAX_MANIFEST_BYTES + 1)) == "too_large"


@given(st.binary(max_size=4_096))
def test_any_bytes_are_refused_or_read_and_never_worse(data):
    with pytest.raises(ManifestError):
        read_manifest(data)
    assert list(bundles_of(data)) == []
    assert all(isinstance(one, bytes) for one in statements_of(data))


@given(
    st.lists(st.tuples(st.integers(min_value=0), st.integers(min_value=0, max_value=255))),
    st.integers(min_value=0),
)
def test_a_manifest_changed_anywhere_is_refused_or_not_signed(changes, cut):
    whole = signed()
    data = bytearray(whole)
    for place, value in changes:
        data[place % len(data)] = value
    del data[len(data) - cut % 8 :]
    if bytes(data) == whole:
        return
    with pytest.raises(ManifestError):
        verify_manifest(read_manifest(bytes(data)), KEYS.sign.public)


identifiers = st.binary(min_size=16, max_size=16)
uints = st.integers(min_value=0, max_value=2**48 - 1)
held = st.builds(
    lambda kind, members, seen: SpaceHeld(
        kind=kind, members=tuple(members), head=0, head_name=b"", acknowledged=0, seen=seen
    ),
    st.integers(min_value=0, max_value=255),
    st.lists(st.binary(max_size=255), min_size=1, max_size=4, unique=True),
    st.dictionaries(st.binary(min_size=8, max_size=8), uints, max_size=4),
)
files = st.builds(
    StickFile,
    kind=st.sampled_from(FileKind),
    audience=st.just(b"") | identifiers,
    size=st.integers(min_value=1, max_value=MAX_FILE_BYTES),
    digest=st.binary(min_size=32, max_size=32),
)
manifests = st.builds(
    lambda spaces, **rest: Manifest(
        spaces={space_name(one.kind, one.members): one for one in spaces}, **rest
    ),
    st.lists(held, max_size=4),
    authority=identifiers,
    machine=identifiers,
    structure=identifiers,
    incarnation=st.binary(min_size=8, max_size=8),
    number=st.integers(min_value=1, max_value=2**48 - 1),
    written_at_s=uints,
    files=st.lists(files, max_size=6, unique_by=lambda file: file.name).map(tuple),
)


@settings(max_examples=60)
@given(manifests)
def test_any_manifest_is_read_back_as_it_was_written(manifest):
    data = signed(manifest)
    assert read_manifest(data).manifest == manifest
    assert signed(read_manifest(data).manifest) == data


def test_manifest_written_long_ago_is_read():
    vector = kept("stick_manifest")
    signed_long_ago = read_manifest(bytes.fromhex(vector["manifest"]))
    verify_manifest(signed_long_ago, bytes.fromhex(vector["sign"]))
    manifest = signed_long_ago.manifest
    [(space, _)] = manifest.spaces.items()
    assert signed_long_ago.payload.hex() == vector["payload"]
    assert {one.hex(): last for one, last in manifest.holds(space).items()} == vector["holds"]
    assert [file.name for file in manifest.files] == [vector["file_name"]]
    key = SigningKey(bytes.fromhex(vector["sign_seed"])).private_key
    assert sign_manifest(manifest, key).hex() == vector["manifest"]
