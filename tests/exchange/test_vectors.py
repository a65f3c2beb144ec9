"""The vectors of the exchange: they are read as they say, and written as they were."""

import hashlib
import json
import random
from base64 import b64decode, b64encode
from dataclasses import fields
from operator import attrgetter

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.fold import fold
from app.domain.identifiers import (
    Incarnation,
    SpaceId,
    event_id,
    id_text,
    parse_subject,
    spoken_code,
)
from app.store.compartments import Compartments
from app.store.log import digest_of
from sync.canonical import read_canonical
from sync.ceremony_files import (
    read_certificate_file,
    read_invitation_file,
    read_join_request_file,
    read_region,
    read_relay_request,
    read_structure_request,
)
from sync.chunks import open_chunk, open_manifest, seal_chunk
from sync.columns import decode_events
from sync.envelope import open_bundle
from sync.errors import NotOurRelayError
from sync.frames import FrameReader, StatementFrameReader
from sync.http_signatures import ReceivedHeaders, ReceivedRequest, verify_request
from sync.information_packs import read_pack
from sync.key_wraps import EpochKey, unwrap_epoch, unwrap_structure_key
from sync.keys import HpkeKey, MachineKeys, SigningKey
from sync.lacking import LACKING_NAME, read_lacking
from sync.pack_marks import read_held, read_kept
from sync.paper_machine import keys_of, open_root
from sync.pieces import piece_space
from sync.relay_answers import read_greeting, read_hello
from sync.sealed_values import value_from_canonical
from sync.signed_packs import signed_mark
from sync.statement_bodies import KINDS
from sync.statement_files import read_heads_file, read_statements_file
from sync.statements import (
    authority_id,
    fingerprint,
    read_statement,
    relay_id,
    sign_statement,
    statement_name,
    structure_id,
    verify_statement,
)
from sync.wire import bundle_name, epoch_name, parse_bundle, space_name, verify_bundle_signature
from tests.exchange.event_forms import event_from_json, value_from_json
from tests.exchange.make_vectors import FOLDER, KEPT, MAKERS, body_to_json, kept, state_to_json
from ui.qr_codes import signs_of, text_of_signs

octets = bytes.fromhex


@pytest.mark.parametrize("name", sorted(MAKERS.keys() - KEPT))
def test_the_vector_is_written_again_alike(name):
    assert MAKERS[name]() == kept(name)


def test_no_vector_is_left_unread():
    assert {path.stem for path in FOLDER.iterdir()} == MAKERS.keys()


def test_identifiers():
    vector = kept("identifiers")
    machine, epoch, request = vector["machine"], vector["epoch"], vector["fingerprint"]
    keys = MachineKeys(
        SigningKey(octets(machine["sign_seed"])), HpkeKey(octets(machine["hpke_seed"]))
    )
    assert authority_id(octets(vector["authority"]["public"])).hex() == vector["authority"]["id"]
    assert relay_id(octets(vector["relay"]["public"])).hex() == vector["relay"]["id"]
    assert structure_id(octets(vector["structure"]["root"])).hex() == vector["structure"]["id"]
    assert keys.hpke.public.hex() == machine["hpke"]
    assert keys.id.hex() == machine["id"]
    assert epoch_name(octets(epoch["space"]), octets(epoch["key"])).hex() == epoch["id"]
    assert fingerprint(octets(request["request"])) == request["spoken"]
    for space in vector["spaces"]:
        assert space_name(space["kind"], list(map(octets, space["members"]))).hex() == space["id"]
    for event in vector["events"]:
        name = event_id(Incarnation(octets(event["incarnation"])), event["counter"])
        assert name.hex() == event["id"]
        assert (id_text(name), spoken_code(name)) == (event["text"], event["spoken"])


@pytest.mark.parametrize("name", ["columns", "columns_of_format_2"])
def test_columns(name):
    for case in kept(name)["cases"]:
        columns_are_read(case)


def columns_are_read(case: dict):
    events = tuple(map(event_from_json, case["events"]))
    incarnation = Incarnation(octets(case["incarnation"]))
    space = events[0].space if events else SpaceId(bytes(16))
    assert decode_events(space, incarnation, octets(case["columns"])) == events


def test_the_forms_of_format_2_are_all_in_its_vector():
    (_, _, case) = kept("columns_of_format_2")["cases"]
    heads = [column[0][0] for column in read_canonical(octets(case["columns"]), 10_000)[15][:9]]
    fields = ["days", "digits", "integers", "lists", "moments", "names", "plain", "table", "texts"]
    assert dict(zip(fields, heads, strict=True)) == {
        "plain": 0,
        "table": 1,
        "names": 2,
        "days": 3,
        "moments": 4,
        "lists": 5,
        "texts": 6,
        "integers": 7,
        "digits": 8,
    }


@pytest.mark.parametrize(("name", "dictionary"), [("bundle", 0), ("bundle_of_dictionary_1", 1)])
def test_a_bundle_sealed_long_ago_is_opened(name, dictionary):
    vector = kept(name)
    data = octets(vector["bundle"])
    parsed = parse_bundle(data)
    verify_bundle_signature(parsed, octets(vector["sign"]))
    assert bundle_name(data).hex() == vector["name"]
    assert parsed.associated_data[6:].hex() == vector["header"]
    assert parsed.header.salt.hex() == vector["salt"]
    assert parsed.header.dictionary == dictionary
    assert open_bundle(parsed, octets(vector["epoch_key"])).hex() == vector["columns"]


@pytest.mark.parametrize("vector", kept("statements")["statements"], ids=lambda one: one["kind"])
def test_statements(vector):
    statement = read_statement(octets(vector["statement"]))
    verify_statement(statement, octets(vector["signer"]))
    assert statement.body.kind == vector["kind"]
    assert body_to_json(statement.body) == json.loads(json.dumps(vector["fields"]))
    assert statement_name(octets(vector["statement"])).hex() == vector["name"]
    signer = SigningKey(octets(vector["signer_seed"])).private_key
    assert sign_statement(statement.body, signer).hex() == vector["statement"]
    assert len(fields(statement.body)) == len(vector["fields"])


def test_every_kind_of_statement_has_its_vector():
    assert {vector["kind"] for vector in kept("statements")["statements"]} == KINDS.keys()


def test_root_sealed_long_ago_is_opened_by_its_printed_code():
    vector = kept("recovery")
    paper = keys_of(vector["code"])
    assert paper.sign.to_bytes().hex() == vector["sign_seed"]
    assert paper.hpke.to_bytes().hex() == vector["hpke_seed"]
    assert paper.id.hex() == vector["machine"]
    certificate, statement = (
        read_statement(octets(vector[name])) for name in ("certificate", "statement")
    )
    verify_statement(statement, octets(vector["signer"]))
    assert certificate.body.machine == statement.body.machine == paper.id
    assert open_root(statement.body, paper).to_bytes().hex() == vector["root_seed"]


def test_keys_wrapped_long_ago_are_unwrapped():
    vector = kept("wrap")
    key = HpkeKey(octets(vector["recipient_hpke_seed"]))
    epoch = unwrap_epoch(read_statement(octets(vector["epoch"]["statement"])).body, key)
    assert epoch.key.hex() == vector["epoch"]["key"]
    wrap, profile = (
        read_statement(octets(vector["structure_key"][name])).body
        for name in ("statement", "profile")
    )
    opened = unwrap_structure_key(wrap, profile, key)
    assert opened.to_bytes().hex() == vector["structure_key"]["seed"]


def test_pieces_of_a_checkpoint_sealed_long_ago_are_opened():
    vector = kept("checkpoint_pieces")
    space, key = octets(vector["space"]), octets(vector["epoch_key"])
    chunk, manifest = octets(vector["chunk"]), octets(vector["manifest"])
    events = tuple(map(event_from_json, vector["events"]))
    [entry] = open_manifest(space, key, manifest)
    assert (entry.name.hex(), entry.key.hex()) == (vector["chunk_name"], vector["key_and_nonce"])
    assert (entry.content.hex(), entry.size_bytes) == (vector["content"], len(chunk))
    assert hashlib.sha256(chunk).hexdigest() == vector["chunk_name"]
    assert hashlib.sha256(manifest).hexdigest() == vector["manifest_name"]
    assert piece_space(chunk) == piece_space(manifest) == space
    assert sorted(open_chunk(space, entry, chunk), key=attrgetter("id")) == list(events)
    assert [digest_of(one).hex() for one in events] == vector["event_digests"]
    # Whoever holds the same events seals the same bytes again, as long as zstd writes alike.
    again = seal_chunk(EpochKey(space=space, number=1, key=key), events, {entry.content: entry})
    assert again.entry.content != entry.content or again.data == chunk


def test_a_sealed_value_is_opened():
    vector = kept("sealed_value")
    value = value_from_canonical(read_canonical(octets(vector["cbor"]), 1_000))
    assert value == value_from_json(vector["value"])
    subject, field = parse_subject(vector["subject"]), vector["field"]
    held = Compartments({value.compartment: (octets(vector["compartment_key"]),)})
    assert held.open(value, subject=subject, field=field) == vector["text"]
    added = b"deux-portes/sealed/1\0" + subject + b"conseil\0" + field.encode()
    assert added.hex() == vector["additional_data"]


def test_a_greeting_is_checked_in_an_answer_and_in_a_header():
    vector = kept("greeting")
    nonce, key = octets(vector["nonce"]), octets(vector["relay_key"])
    told = read_hello(json.dumps(vector["hello"]).encode(), relay_key=key, nonce=nonce)
    assert told.time_s == vector["time"]
    assert read_greeting(vector["header"], relay_key=key, nonce=nonce) == told
    with pytest.raises(NotOurRelayError):
        read_greeting(vector["header"], relay_key=key, nonce=bytes(16))


@pytest.mark.parametrize("one", kept("signed_request")["requests"], ids=lambda one: one["url"])
def test_a_signed_request_is_checked_as_its_signature_base_says(one):
    vector = kept("signed_request")
    key = Ed25519PublicKey.from_public_bytes(octets(vector["sign"]))
    label, _, value = one["headers"]["signature"].partition("=:")
    assert label == "dp"
    key.verify(b64decode(value.removesuffix(":")), one["signature_base"].encode())
    lines = [(name.encode(), value.encode()) for name, value in one["headers"].items()]
    request = ReceivedRequest(method=one["method"], url=one["url"], headers=ReceivedHeaders(lines))
    checked = verify_request(
        request, lambda _: key, now=one["created"], with_body=one["body"] is not None
    )
    assert (checked.machine.hex(), checked.nonce) == (vector["machine"], one["nonce"])
    if one["body"] is not None:
        digest = b64encode(hashlib.sha256(one["body"].encode()).digest()).decode()
        assert f"sha-256=:{digest}:" in one["headers"]["content-digest"]


def test_frames_are_read_in_pieces_of_any_size():
    vector = kept("frames")
    for size in (1, 7, 10_000):
        bundles, statements = FrameReader(), StatementFrameReader()
        arrived: dict[bytes, bytes] = {}
        for some in _cut(octets(vector["bundle_frames"]), size):
            for piece in bundles.feed(some):
                before = arrived.setdefault(piece.name, bytes(piece.offset))
                assert len(before) == piece.offset
                arrived[piece.name] = before + piece.data
        for one in vector["bundles"]:
            data, offset = octets(one["bytes"]), one["offset"]
            assert arrived[octets(one["name"])] == bytes(offset) + data[offset:]
        read = [
            one
            for some in _cut(octets(vector["statement_frames"]), size)
            for one in statements.feed(some)
        ]
        assert [one.hex() for one in read] == vector["statements"]
        assert bundles.is_between_frames
        assert statements.is_between_frames


def _cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def test_what_a_relay_lacks_is_read():
    vector = kept("lacking_frame")
    (piece,) = FrameReader().feed(octets(vector["frame"]))
    assert (piece.name, piece.data.hex()) == (LACKING_NAME, vector["content"])
    found = read_lacking(piece.data)
    told = [[one.space.hex(), one.incarnation.hex(), one.first, one.last] for one in found]
    assert told == vector["ranges"]


READERS = {
    "region": read_region,
    "structure-request": read_structure_request,
    "relay-request": read_relay_request,
    "structure-certificate": read_certificate_file,
    "invitation": read_invitation_file,
    "join-request": read_join_request_file,
    "statements": read_statements_file,
    "heads": read_heads_file,
}


@pytest.mark.parametrize("kind", kept("carried_files")["files"])
def test_carried_files_are_read(kind):
    vector = kept("carried_files")
    read = READERS[kind](vector["files"][kind])
    assert read.to_json() == vector["files"][kind]
    assert getattr(read, "spoken", None) == vector["codes"].get(kind)


def test_the_signs_of_a_qr_code_are_read():
    vector = kept("qr_form")
    assert json.loads(text_of_signs(vector["signs"], "")) == json.loads(vector["file"])
    assert text_of_signs(signs_of(vector["file"]), "") == text_of_signs(vector["signs"], "")


def test_a_pack_of_the_region_is_read_and_its_lines_too():
    vector = kept("pack")
    data, key = octets(vector["pack"]), octets(vector["authority_key"])
    read = read_pack(data, key)
    assert (read.kind, read.made_s) == (vector["kind"], vector["made"])
    assert read.content.decode() == vector["content"]
    (mark,) = read_kept(vector["kept_line"])
    assert mark == signed_mark(data, key)
    assert mark.name.hex() == vector["name"]
    for line, made_s in vector["held_lines"].items():
        assert read_held(line) == {vector["kind"]: made_s}


@pytest.mark.parametrize("case", kept("fold")["cases"], ids=lambda case: case["name"])
def test_events_fold_alike_in_any_order_and_repetition(case):
    events = list(map(event_from_json, case["events"]))
    subject = parse_subject(case["subject"])
    for seed in range(20):
        shuffler = random.Random(seed)  # noqa: S311 - an order, not a secret
        shuffled = shuffler.sample(events, len(events)) + shuffler.choices(events, k=seed % 3)
        assert state_to_json(fold(subject, shuffled)) == case["state"]
