"""Packs: what the Region signs opens for those who know its key, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.canonical import canonical
from sync.information_packs import DIRECTORY, MAX_CONTENT_BYTES, make_pack, read_pack, zstd
from sync.keys import AuthorityKey
from sync.pack_marks import MAX_MOMENT_S
from sync.signed_packs import MAGIC, PackError, is_of_another_region, is_pack, signed_mark

KEY = AuthorityKey.generate()
MADE_S = 1_795_000_000
CONTENT = b'{"structures": []}'
PACK = make_pack(CONTENT, kind=DIRECTORY, made_s=MADE_S, key=KEY)


def forged(**changed: object) -> bytes:
    """A pack whose payload the Region itself would have signed, in another shape."""
    fields = {"authority": KEY.id, "kind": DIRECTORY, "made": 1, "content": zstd.compress(CONTENT)}
    kept = {name: value for name, value in (fields | changed).items() if value is not None}
    payload = canonical(kept)  # type: ignore[arg-type]
    signature = KEY.private_key.sign(b"deux-portes/pack/1\0" + payload)
    return MAGIC + canonical([payload, signature])


@given(st.binary(max_size=3_000))
def test_what_was_signed_is_read_back(content):
    read = read_pack(make_pack(content, kind=DIRECTORY, made_s=MADE_S, key=KEY), KEY.public)
    assert (read.kind, read.made_s, read.content) == (DIRECTORY, MADE_S, content)


def test_a_pack_is_known_by_its_first_bytes():
    assert is_pack(PACK)
    assert not is_pack(b'[{"source": "essai"}]')


def test_another_regions_pack_is_refused():
    with pytest.raises(PackError) as refused:
        read_pack(PACK, AuthorityKey.generate().public)
    assert refused.value.code == "bad_signature"


@given(st.integers(len(MAGIC), len(PACK) - 1), st.integers(1, 255))
def test_a_pack_changed_anywhere_is_refused(place, by):
    changed = bytearray(PACK)
    changed[place] ^= by
    with pytest.raises(PackError):
        read_pack(bytes(changed), KEY.public)


@given(st.integers(0, len(PACK) - 1))
def test_a_pack_cut_anywhere_is_refused(length):
    with pytest.raises(PackError):
        read_pack(PACK[:length], KEY.public)


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused(data):
    with pytest.raises(PackError):
        read_pack(data, KEY.public)
    with pytest.raises(PackError):
        read_pack(MAGIC + data, KEY.public)


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda data: MAGIC + data))
def test_who_made_a_pack_is_asked_of_any_bytes_without_harm(data):
    assert is_of_another_region(data, KEY.public) is False
    with pytest.raises(PackError):
        signed_mark(data, KEY.public)


def test_which_pack_it_is_and_of_which_region_is_told_without_opening_it():
    unopened = forged(content=b"no frame", made=MADE_S)
    mark = signed_mark(unopened, KEY.public)
    assert (mark.kind, mark.made_s, mark.size) == (DIRECTORY, MADE_S, len(unopened))
    other = AuthorityKey.generate()
    assert is_of_another_region(PACK, other.public)
    assert not is_of_another_region(PACK, KEY.public)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": 4}, "malformed"),
        ({"made": "hier"}, "malformed"),
        ({"made": True}, "malformed"),
        ({"made": -1}, "malformed"),
        ({"made": MAX_MOMENT_S + 1}, "malformed"),
        ({"kind": "Annuaire"}, "malformed"),
        ({"content": None}, "malformed"),
        ({"more": 1}, "malformed"),
        ({"content": b"no frame"}, "malformed"),
        ({"content": zstd.compress(CONTENT) + b"more"}, "malformed"),
        ({"authority": bytes(16)}, "wrong_identifier"),
    ],
)
def test_a_payload_of_another_shape_is_refused(changed, code):
    with pytest.raises(PackError) as refused:
        read_pack(forged(**changed), KEY.public)
    assert refused.value.code == code


def test_a_bomb_is_not_opened():
    frame = zstd.compress(bytes(MAX_CONTENT_BYTES + 1))
    assert len(frame) < 100_000
    with pytest.raises(PackError) as refused:
        read_pack(forged(content=frame), KEY.public)
    assert refused.value.code == "too_large"
