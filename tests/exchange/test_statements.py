"""Statements one by one: shapes, signatures, names."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sync.canonical import canonical, read_canonical
from sync.statement_bodies import KINDS, SHAPES
from sync.statements import (
    MAX_STATEMENT_BYTES,
    Receipt,
    Revocation,
    SpaceStatement,
    StatementError,
    StructureCertificate,
    UnknownStatement,
    fingerprint,
    read_statement,
    sign_statement,
    statement_name,
    verify_statement,
)
from tests.exchange.parties import octets

KEY = Ed25519PrivateKey.from_private_bytes(octets("signer"))
PUBLIC = KEY.public_key().public_bytes_raw()
CERTIFICATE = StructureCertificate(
    authority=octets("authority", 16),
    structure=octets("structure", 16),
    root_key=octets("root"),
    name="Structure exemple",
    directory="exemple/1",
    from_s=1,
    until_s=2,
)
SPACE = SpaceStatement(
    machine=octets("machine", 16),
    space=octets("space", 16),
    space_kind=2,
    members=(b"one", b"other"),
)


def signed(payload: dict) -> bytes:
    data = canonical(payload)
    return canonical([data, KEY.sign(b"deux-portes/statement/1\0" + data)])


def payload_of(data: bytes) -> dict:
    return dict(read_canonical(read_statement(data).payload, MAX_STATEMENT_BYTES))


def test_a_statement_comes_back_as_it_was_signed():
    data = sign_statement(CERTIFICATE, KEY)
    statement = read_statement(data)
    assert statement.body == CERTIFICATE
    assert statement.name == statement_name(data)
    verify_statement(statement, PUBLIC)


def test_fields_are_written_under_the_names_of_the_protocol():
    assert payload_of(sign_statement(CERTIFICATE, KEY)).keys() == {
        "k",
        "authority",
        "structure",
        "root_key",
        "name",
        "directory",
        "from",
        "until",
    }
    assert payload_of(sign_statement(SPACE, KEY))["kind"] == 2
    assert set(SHAPES) == set(KINDS)


def test_another_key_does_not_verify():
    statement = read_statement(sign_statement(CERTIFICATE, KEY))
    with pytest.raises(StatementError, match="bad_signature"):
        verify_statement(statement, octets("another key"))


def test_a_kind_of_a_later_program_is_kept_with_its_bytes():
    data = signed({"k": "carrier pigeon", "wings": 2})
    statement = read_statement(data)
    assert statement.body == UnknownStatement(kind="carrier pigeon")
    verify_statement(statement, PUBLIC)


@given(st.data())
def test_a_changed_byte_is_refused(data):
    changed = bytearray(sign_statement(CERTIFICATE, KEY))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StatementError):
        verify_statement(read_statement(bytes(changed)), PUBLIC)


def test_a_statement_cut_at_any_byte_is_refused():
    data = sign_statement(CERTIFICATE, KEY)
    for length in range(len(data)):
        with pytest.raises(StatementError, match="malformed"):
            read_statement(data[:length])


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data):
    with pytest.raises(StatementError):
        read_statement(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"until": None},
        {"more": 1},
        {"k": 3},
        {"k": "x" * 41},
        {"authority": bytes(15)},
        {"authority": "texte"},
        {"root_key": bytes(33)},
        {"name": "x" * 501},
        {"name": b"name"},
        {"from": -1},
        {"from": 2**48},
        {"from": True},
        {"from": "1"},
    ],
)
def test_a_field_of_another_shape_is_refused(changes):
    payload = payload_of(sign_statement(CERTIFICATE, KEY)) | changes
    with pytest.raises(StatementError, match="malformed"):
        read_statement(signed({key: item for key, item in payload.items() if item is not None}))


@pytest.mark.parametrize(
    "members",
    [(), (b"one", b"one"), (b"x" * 256,), "members", ("one",), tuple(map(bytes, range(256)))],
)
def test_members_of_another_shape_are_refused(members):
    payload = payload_of(sign_statement(SPACE, KEY)) | {"members": members}
    with pytest.raises(StatementError, match="malformed"):
        read_statement(signed(payload))


HEAD = (bytes(16), bytes(8), 1, bytes(32))


@pytest.mark.parametrize("head", [HEAD[:3], (*HEAD[:2], -1, HEAD[3]), "head", bytes(4)])
def test_an_accepted_head_of_another_shape_is_refused(head):
    body = Revocation(target=bytes(16), at_s=1, accepted=(HEAD,))
    assert read_statement(sign_statement(body, KEY)).body == body
    payload = payload_of(sign_statement(body, KEY))
    for accepted in ([HEAD, head], "heads"):
        with pytest.raises(StatementError, match="malformed"):
            read_statement(signed(payload | {"accepted": accepted}))


@pytest.mark.parametrize(
    "form",
    [
        canonical([b"", b""]),
        canonical([canonical({"k": "x"}), bytes(63)]),
        canonical([canonical({"k": "x"}), "signature"]),
        canonical([{"k": "x"}, bytes(64)]),
        canonical([canonical({"k": "x"}), bytes(64), 1]),
        canonical([canonical([1]), bytes(64)]),
        canonical({"k": "x"}),
    ],
)
def test_what_has_not_the_form_of_a_statement_is_refused(form):
    with pytest.raises(StatementError, match="malformed"):
        read_statement(form)


def test_what_could_not_be_read_back_is_not_signed():
    with pytest.raises(StatementError, match="malformed"):
        sign_statement(replace(CERTIFICATE, name="x" * 501), KEY)
    receipt = Receipt(
        relay=bytes(16),
        name=bytes(32),
        space=bytes(16),
        incarnation=bytes(8),
        sequence=0,
        at_s=1,
    )
    with pytest.raises(StatementError, match="malformed"):
        sign_statement(receipt, KEY)


def test_too_long_a_statement_is_neither_signed_nor_read():
    heads = tuple((bytes(16), bytes(8), number, bytes(32)) for number in range(1_200))
    with pytest.raises(StatementError, match="too_large"):
        sign_statement(Revocation(target=bytes(16), at_s=1, accepted=heads), KEY)
    with pytest.raises(StatementError, match="too_large"):
        read_statement(bytes(MAX_STATEMENT_BYTES + 1))


def test_a_fingerprint_can_be_read_aloud_and_tells_requests_apart():
    codes = {fingerprint(octets(str(number))) for number in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code) == 9
        assert code[4] == "-"
        assert not set(code) & set("01OI")
