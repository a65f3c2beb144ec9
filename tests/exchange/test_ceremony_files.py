"""The files people carry: what they say is checked before it is believed."""

import json
from dataclasses import replace

import pytest

from sync.canonical import FormatError
from sync.ceremony_files import (
    CertificateFile,
    InvitationFile,
    JoinRequestFile,
    Region,
    read_certificate_file,
    read_invitation_file,
    read_join_request_file,
    read_region,
    read_relay_request,
    read_structure_request,
    relay_request,
    structure_request,
)
from sync.statements import fingerprint, read_statement, sign_statement
from tests.exchange import parties
from tests.exchange.parties import NOW_S, Machine, Structure, octets

PARTY, OTHER = parties.Region(), parties.Region("other region")
NORTH = Structure("nord")
TOKEN = octets("token", 16)
REGION = Region(
    name="Région exemple",
    authority_key=PARTY.key.public,
    relay_url="https://relais.exemple.fr",
    relay_statement=PARTY.relay_certificate(),
)
WITHOUT_RELAY = replace(REGION, relay_url="", relay_statement=b"")
CERTIFICATE = PARTY.certify(NORTH, directory="exemple/1")
INVITATION = InvitationFile(
    region=REGION,
    structure=NORTH.id,
    structure_statement=CERTIFICATE,
    token=TOKEN,
    until_s=NOW_S,
)
JOIN = Machine("nord/2").ask_to_join(NORTH, TOKEN)


def certificate_file(region=REGION, statement=CERTIFICATE) -> CertificateFile:
    body = read_statement(statement).body
    return CertificateFile(region=region, statement=statement, certificate=body)


def join_file(statement=JOIN) -> JoinRequestFile:
    return JoinRequestFile(statement=statement, request=read_statement(statement).body)


FILES = [
    pytest.param(REGION, read_region, id="region"),
    pytest.param(WITHOUT_RELAY, read_region, id="region without relay"),
    pytest.param(
        structure_request(NORTH.root, name="Structure exemple", directory="exemple/1"),
        read_structure_request,
        id="structure request",
    ),
    pytest.param(
        structure_request(NORTH.root, name="Structure exemple"),
        read_structure_request,
        id="structure outside the directory",
    ),
    pytest.param(relay_request(PARTY.relay), read_relay_request, id="relay request"),
    pytest.param(certificate_file(), read_certificate_file, id="certificate"),
    pytest.param(INVITATION, read_invitation_file, id="invitation"),
    pytest.param(join_file(), read_join_request_file, id="join request"),
]


@pytest.mark.parametrize(("file", "read"), FILES)
def test_a_file_is_read_as_it_was_written(file, read):
    assert read(file.to_json()) == file


@pytest.mark.parametrize(("file", "read"), FILES)
def test_a_file_of_another_kind_or_format_is_refused(file, read):
    fields = json.loads(file.to_json())
    for changes in ({"kind": "carte postale"}, {"format": 2}):
        with pytest.raises(FormatError, match="malformed"):
            read(json.dumps(fields | changes))


@pytest.mark.parametrize(("file", "read"), FILES)
def test_a_file_with_a_field_missing_or_of_another_shape_is_refused(file, read):
    fields = json.loads(file.to_json())
    for name in fields.keys() - {"format", "kind"}:
        for spoiled in (..., 1.5, True, "x" * 501, {"x": 1}, []):
            changed = {**fields, name: spoiled}
            kept = {key: value for key, value in changed.items() if value is not ...}
            with pytest.raises(FormatError):
                read(json.dumps(kept))


def test_a_region_has_a_name():
    fields = json.loads(REGION.to_json())
    with pytest.raises(FormatError, match="malformed"):
        read_region(json.dumps(fields | {"region": ""}))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "[" * 100_000, " " * 600_000, '{"format": 1, "kind": ["region"]}'],
)
def test_what_is_no_file_of_ours_is_refused(text):
    with pytest.raises(FormatError):
        read_region(text)


def test_a_region_whose_relay_another_authority_certified_is_refused():
    forged = replace(REGION, relay_statement=OTHER.relay_certificate())
    with pytest.raises(FormatError, match="wrong_identifier"):
        read_region(forged.to_json())


def test_a_region_whose_relay_is_said_to_be_elsewhere_is_refused():
    with pytest.raises(FormatError, match="malformed"):
        read_region(replace(REGION, relay_url="https://ailleurs.exemple.fr").to_json())


def test_a_region_whose_relay_has_another_statement_is_refused():
    with pytest.raises(FormatError, match="malformed"):
        read_region(replace(REGION, relay_statement=CERTIFICATE).to_json())


def test_the_key_of_the_relay_is_that_of_its_certificate():
    assert REGION.relay_key == PARTY.relay.public
    assert WITHOUT_RELAY.relay_key == b""
    assert REGION.authority == PARTY.key.id


@pytest.mark.parametrize(
    ("request_", "read"),
    [
        (structure_request(NORTH.root, name="Nord", directory="exemple/1"), read_structure_request),
        (relay_request(PARTY.relay), read_relay_request),
    ],
)
def test_a_request_shown_with_another_key_or_name_is_refused(request_, read):
    fields = json.loads(request_.to_json())
    for name in fields.keys() & {"root_key", "relay_key", "name", "directory", "proof"}:
        changed = fields[name][:-2] + ("00" if fields[name][-2:] != "00" else "11")
        with pytest.raises(FormatError, match="bad_signature"):
            read(json.dumps(fields | {name: changed}))


def test_requests_have_a_code_to_read_aloud():
    asked = structure_request(NORTH.root, name="Nord")
    assert asked.structure == NORTH.id
    assert asked.spoken == fingerprint(NORTH.root.public)
    assert relay_request(PARTY.relay).spoken == fingerprint(PARTY.relay.public)
    assert join_file().spoken == fingerprint(JOIN)


def test_a_certificate_of_another_authority_is_refused():
    with pytest.raises(FormatError, match="wrong_identifier"):
        read_certificate_file(certificate_file(statement=OTHER.certify(NORTH)).to_json())


def test_a_certificate_that_the_region_did_not_sign_is_refused():
    forged = sign_statement(read_statement(CERTIFICATE).body, OTHER.key.private_key)
    with pytest.raises(FormatError, match="bad_signature"):
        read_certificate_file(certificate_file(statement=forged).to_json())


def test_a_certificate_that_names_another_structure_is_refused():
    body = replace(read_statement(CERTIFICATE).body, structure=bytes(16))
    forged = sign_statement(body, PARTY.key.private_key)
    with pytest.raises(FormatError, match="wrong_identifier"):
        read_certificate_file(certificate_file(statement=forged).to_json())


def test_another_statement_is_no_certificate():
    with pytest.raises(FormatError, match="malformed"):
        read_certificate_file(certificate_file(statement=NORTH.profile()).to_json())


def test_an_invitation_to_another_structure_than_certified_is_refused():
    with pytest.raises(FormatError, match="wrong_identifier"):
        read_invitation_file(replace(INVITATION, structure=bytes(16)).to_json())


def test_a_join_request_shows_its_own_key():
    body = read_statement(JOIN).body
    forged = sign_statement(body, Machine("other").keys.sign.private_key)
    with pytest.raises(FormatError, match="bad_signature"):
        read_join_request_file(join_file(forged).to_json())
    misnamed = sign_statement(
        replace(body, machine=bytes(16)),
        Machine("nord/2").keys.sign.private_key,
    )
    with pytest.raises(FormatError, match="wrong_identifier"):
        read_join_request_file(join_file(misnamed).to_json())
    with pytest.raises(FormatError, match="malformed"):
        read_join_request_file(join_file(NORTH.profile()).to_json())
