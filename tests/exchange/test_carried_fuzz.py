"""What people carry and what lies beside the workspace: any text is read or refused as ours."""

import json
import zlib
from dataclasses import replace

import cbor2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import (
    UnreadableIdentifierError,
    UnreadableInputError,
    UnreadablePictureError,
)
from app.domain.identifiers import Incarnation, id_text, parse_subject
from app.store.bodies import pack, pack_body, unpack, unpack_body
from app.store.life_marker import Marker, Markers
from sync.bounded_json import MOST_VALUES, read_json
from sync.canonical import FormatError
from sync.carried_json import MAX_FILE_BYTES, CarriedFileError, carried_kind, read_carried_file
from sync.ceremony_files import (
    read_certificate_file,
    read_invitation_file,
    read_join_request_file,
    read_region,
    read_relay_request,
    read_structure_request,
    relay_request,
    structure_request,
)
from sync.statement_files import HeadsFile, StatementsFile, read_heads_file, read_statements_file
from tests.exchange.event_forms import batches
from tests.exchange.mutations import json_texts, mutated, mutated_json
from tests.exchange.parties import octets
from tests.exchange.small_world import ALL
from tests.exchange.test_ceremony_files import (
    INVITATION,
    NORTH,
    PARTY,
    REGION,
    certificate_file,
    join_file,
)
from ui.compose import text_of
from ui.qr_codes import _base45, _bytes, read_qr, signs_of, text_of_signs

EXAMPLES = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HEADS = tuple((octets("s", 16), octets(str(n), 8), n, octets("name")) for n in (1, 2))
FILES = {
    read_region: REGION,
    read_structure_request: structure_request(NORTH.root, name="Exemple", directory="exemple/1"),
    read_relay_request: relay_request(PARTY.relay),
    read_certificate_file: certificate_file(),
    read_invitation_file: INVITATION,
    read_join_request_file: join_file(),
    read_statements_file: StatementsFile(about="retrait", statements=tuple(ALL.values())[:3]),
    read_heads_file: HeadsFile(target=NORTH.id, heads=HEADS),
}


@settings(EXAMPLES, max_examples=240)
@given(st.data(), st.sampled_from(list(FILES)))
def test_any_carried_file_is_read_or_refused(data, read):
    true = FILES[read].to_json()
    text = data.draw(json_texts() | mutated_json(true) | mutated(true.encode()).map(latin))
    assert isinstance(carried_kind(text), str)
    try:
        file = read(text)
    except FormatError:
        return
    assert read(file.to_json()) == file


def latin(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("read", FILES)
def test_format_and_kind_are_what_they_say(read):
    fields = json.loads(FILES[read].to_json())
    assert carried_kind(FILES[read].to_json()) == fields["kind"]
    for wrong in ({"format": True}, {"format": 1.0}, {"format": "1"}, {"kind": ["region"]}):
        with pytest.raises(CarriedFileError, match="malformed"):
            read(json.dumps(fields | wrong))


@pytest.mark.parametrize("name", ["\ud800", "é\udfff"])
def test_lone_surrogates_are_no_name(name):
    request = json.loads(FILES[read_structure_request].to_json())
    with pytest.raises(FormatError):
        read_structure_request(json.dumps(request | {"name": name}))
    region = json.loads(replace(REGION, relay_url="", relay_statement=b"").to_json())
    with pytest.raises(FormatError):
        read_region(json.dumps(region | {"region": name}))


def test_file_that_is_too_long_is_not_read_whole(tmp_path):
    longest, longer = tmp_path / "longest.json", tmp_path / "longer.json"
    longest.write_bytes(b" " * MAX_FILE_BYTES)
    assert len(read_carried_file(longest)) == len(text_of(longest)) == MAX_FILE_BYTES
    longer.write_bytes(b" " * (MAX_FILE_BYTES + 1))
    with pytest.raises(CarriedFileError, match="too_large"):
        read_carried_file(longer)
    with pytest.raises(UnreadableInputError) as refused:
        text_of(longer)
    assert refused.value.facts["problem"] == "fichier trop long"


def test_json_of_too_many_values_is_refused():
    assert len(read_json("[" + "1," * (MOST_VALUES - 2) + "1]")) == MOST_VALUES - 1
    for text in ("[" + "1," * MOST_VALUES + "1]", "[" * 200_000, "[" * 2_000):
        for given_as in (text, text.encode()):
            with pytest.raises(ValueError, match=r"."):
                read_json(given_as)


SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@EXAMPLES
@given(st.binary(max_size=200))
def test_any_bytes_pass_by_the_signs_of_a_code(data):
    assert _bytes(_base45(data)) == data
    assert text_of_signs(signs_of('{"a": 1}'), "code") == '{"a":1}'


@EXAMPLES
@given(
    st.text(SIGNS, max_size=90)
    | st.text(max_size=30)
    | mutated(zlib.compress(REGION.to_json().encode())).map(_base45)
)
def test_any_signs_of_a_code_are_a_text_or_refused(signs):
    try:
        text = text_of_signs(signs, "code")
    except UnreadablePictureError:
        return
    assert len(text) <= 500_000


def test_picture_that_announces_millions_of_points_is_refused_unread(tmp_path):
    def part(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return len(data).to_bytes(4, "big") + checked + zlib.crc32(checked).to_bytes(4, "big")

    size = (50_000).to_bytes(4, "big") * 2
    picture = tmp_path / "immense.png"
    head = part(b"IHDR", size + bytes([1, 0, 0, 0, 0]))
    data = part(b"IDAT", zlib.compress(bytes(10_000)))
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + head + data + part(b"IEND", b""))
    with pytest.raises(UnreadablePictureError):
        read_qr(picture)


LIFE = Incarnation(octets("vie", 8))
MARKER = Marker(nonces=(octets("un", 16), octets("deux", 16)), sealed=41)


@EXAMPLES
@given(
    st.binary(max_size=90)
    | st.sampled_from(
        [b"1", b"-1", b"9" * 5_000, b"1 zz", b"1 ", b"1_0", b"\xff", "\u0661".encode()]
    )
    | mutated(b"41 " + MARKER.nonces[0].hex().encode())
)
def test_any_marker_of_a_life_is_one_or_none(tmp_path, data):
    markers = Markers(tmp_path)
    (tmp_path / LIFE.hex()).write_bytes(data)
    read = markers.read(LIFE)
    if read is not None:
        assert 0 <= read.sealed < 2**63
        assert all(len(one) == 16 for one in read.nonces)


def test_marker_of_a_life_is_read_back(tmp_path):
    markers = Markers(tmp_path)
    assert markers.read(LIFE) is None
    markers.write(LIFE, MARKER)
    assert markers.read(LIFE) == MARKER


@EXAMPLES
@given(
    st.text(max_size=40) | mutated(b"a1a1a1a1a1a1a1a1-12").map(lambda one: one.decode("latin-1"))
)
def test_any_text_names_a_subject_or_is_refused(text):
    try:
        subject = parse_subject(text)
    except UnreadableIdentifierError:
        return
    assert id_text(subject) == text.strip().lower()
    assert len(subject) == 16


@settings(EXAMPLES, max_examples=40)
@given(batches())
def test_bodies_of_events_are_read_back(events):
    for event in events:
        body = pack_body(event)
        writes, appends = unpack_body(body)
        again = replace(event, writes=writes, appends=appends)
        assert pack_body(again) == body
        for write in event.writes:
            assert pack(unpack(pack(write.value))) == pack(write.value)


BODY = pack([[["name", "Exemple", []]], [["notes", 1]]])


@EXAMPLES
@given(st.binary(max_size=60) | mutated(BODY))
def test_garbage_in_the_place_of_a_body_is_a_value_or_refused(data):
    try:
        unpack(data)
    except (cbor2.CBORDecodeError, ValueError, TypeError, OverflowError):
        return
