"""What answers in place of the relay, or as it: whatever it says ends as a refusal of ours."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.canonical import CanonicalError, canonical
from sync.errors import LinkCutError, NotOurRelayError, RelayAnswerUnreadableError, SyncError
from sync.keys import RelayKey
from sync.lacking import LackingRange, encode_lacking, read_lacking
from sync.relay_answers import (
    HELLO,
    check_status,
    read_greeting,
    read_hello,
    read_names,
    read_offsets,
    read_push_answer,
    read_statements_answer,
)
from sync.relay_port import Offsets, PartialBundle
from sync.transfer import PullReader
from sync.wire import MAX_BUNDLE_BYTES, bundle_name
from tests.exchange.mutations import json_texts, mutated, mutated_cbor, mutated_json
from tests.exchange.parties import octets

KEY = RelayKey(octets("relay"))
NONCE, NAME = octets("nonce", 16), octets("name")
AUTHORITY = octets("authority", 16)
NOW_S = 1_795_000_000
EXAMPLES = settings(max_examples=150, deadline=None)


def signature(time_s: int) -> str:
    return KEY.private_key.sign(HELLO + canonical([KEY.id, NONCE, time_s])).hex()


def hello_text(time: str = str(NOW_S)) -> str:
    told = {
        "version": 1,
        "relay": KEY.id.hex(),
        "relay_key": KEY.public.hex(),
        "authority": AUTHORITY.hex(),
        "time": NOW_S,
        "nonce": NONCE.hex(),
        "signature": signature(NOW_S),
    }
    return json.dumps(told).replace(str(NOW_S), time)


def greeting(time: str = str(NOW_S)) -> str:
    return f"{KEY.id.hex()} {AUTHORITY.hex()} {time} {signature(NOW_S)}"


def read_the_hello(text: str) -> object:
    return read_hello(told_bytes(text), relay_key=KEY.public, nonce=NONCE)


def told_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


REFUSED = [{"name": NAME.hex(), "code": "malformed"}]
GOOD: dict[Callable[[bytes], object], dict[str, object]] = {
    read_names: {"names": [NAME.hex(), octets("other").hex()]},
    read_statements_answer: {"kept": [NAME.hex()], "refused": REFUSED},
    read_push_answer: {"receipts": ["00ff", ""], "refused": REFUSED},
    read_offsets: {"offsets": {NAME.hex(): 40}, "receipts": ["00ff"]},
}


def test_answers_as_the_protocol_says_are_read():
    assert read_the_hello(hello_text()).time_s == NOW_S
    assert read_greeting(greeting(), relay_key=KEY.public, nonce=NONCE).authority == AUTHORITY
    for read, told in GOOD.items():
        read(json.dumps(told).encode())
    told = json.dumps(GOOD[read_offsets]).encode()
    assert read_offsets(told) == Offsets(offsets={NAME: 40}, receipts=(b"\0\xff",))


@pytest.mark.parametrize(
    "time", ["1e999", "-1", str(2**48), str(2**70), "NaN", "true", '"x"', "[]"]
)
def test_time_that_no_clock_shows_is_not_our_relay_s(time):
    with pytest.raises(NotOurRelayError):
        read_the_hello(hello_text(time))
    with pytest.raises(NotOurRelayError):
        read_greeting(greeting(time), relay_key=KEY.public, nonce=NONCE)


@pytest.mark.parametrize("version", ["true", "1.0", '"1"', "2", "1e999"])
def test_version_is_a_number(version):
    text = hello_text().replace('"version": 1', f'"version": {version}')
    with pytest.raises(NotOurRelayError):
        read_the_hello(text)


@pytest.mark.parametrize(
    "kept", ["1e999", "-1", "true", "1.5", "NaN", "null", str(MAX_BUNDLE_BYTES + 1), str(2**70)]
)
def test_offset_that_no_bundle_has_is_unreadable(kept):
    told = json.dumps({"offsets": {NAME.hex(): 0}, "receipts": []}).replace(" 0", f" {kept}")
    with pytest.raises(RelayAnswerUnreadableError):
        read_offsets(told.encode())


@EXAMPLES
@given(json_texts() | mutated_json(hello_text()) | mutated(hello_text().encode()))
@example('{"version": 1, "nonce": "\\ud800"}')
def test_any_greeting_by_itself_is_read_or_not_our_relay_s(text):
    data = text if isinstance(text, bytes) else told_bytes(text)
    try:
        read_hello(data, relay_key=KEY.public, nonce=NONCE)
    except NotOurRelayError:
        return


@EXAMPLES
@given(st.text(max_size=90) | mutated(greeting().encode()).map(lambda one: one.decode("latin-1")))
@example(greeting("9" * 5_000))
@example(greeting("١٢"))
@example(greeting("1_0"))
def test_any_greeting_in_a_header_is_read_or_not_our_relay_s(header):
    try:
        read_greeting(header, relay_key=KEY.public, nonce=NONCE)
    except NotOurRelayError:
        return


@EXAMPLES
@given(st.data(), st.sampled_from(list(GOOD)))
def test_any_answer_is_read_or_unreadable(data, read):
    good = json.dumps(GOOD[read])
    answer = data.draw(
        json_texts().map(told_bytes) | mutated_json(good).map(told_bytes) | mutated(good.encode())
    )
    try:
        read(answer)
    except RelayAnswerUnreadableError:
        return


def test_codes_of_refusals_can_be_shown():
    for code in ("\ud800", "retour\nà la ligne", "\x1b[2J", {"code": 1}, None):
        told = json.dumps({"receipts": [], "refused": [{"name": NAME.hex(), "code": code}]})
        with pytest.raises(RelayAnswerUnreadableError):
            read_push_answer(told.encode())


STATUSES = st.sampled_from([200, 204, 301, 304, 400, 401, 403, 404, 413, 429, 500, 503, 507, 999])
REFUSAL = '{"error": {"code": "too_many_requests", "message": "attendez"}}'


@EXAMPLES
@given(
    status=STATUSES,
    kind=st.sampled_from(["application/json", "text/html", ""]),
    wait=st.text(max_size=9) | st.sampled_from(["9" * 5_000, "-1", "1e999", "²", "١٢", "60"]),
    body=json_texts().map(told_bytes) | mutated_json(REFUSAL).map(told_bytes),
)
def test_any_refusal_is_told_as_one_of_ours(status, kind, wait, body):
    headers = {"Content-Type": kind, "Retry-After": wait}
    refused = None
    try:
        check_status(status, headers, lambda: body)
    except SyncError as error:
        refused = error
    assert (refused is None) == (status in {200, 204, 304})
    assert refused is None or refused.facts.get("refusal", "").isprintable()


BUNDLE = octets("bundle", 300)
FRAME = bundle_name(BUNDLE) + (300).to_bytes(4, "big") + bytes(4) + BUNDLE
RESUMES = [None, PartialBundle(name=bundle_name(BUNDLE), data=BUNDLE[:40])]


@EXAMPLES
@given(
    data=st.binary(max_size=200) | mutated(FRAME * 2),
    cut=st.integers(0, 600),
    resume=st.sampled_from(RESUMES),
)
def test_any_bytes_pulled_are_bundles_or_a_refusal(data, cut, resume):
    reader = PullReader(resume)
    try:
        given_back = [*reader.feed(data[:cut]), *reader.feed(data[cut:])]
        reader.finish()
    except SyncError:
        given_back = []
    held = len(reader.interrupted.data) if reader.interrupted else 0
    assert sum(len(one) for _, one in given_back) <= len(data) + 300
    assert held <= len(data) + 300


LACKING = encode_lacking(
    [LackingRange(space=bytes(16), incarnation=bytes(8), first=1, last=9) for _ in range(3)]
)


@EXAMPLES
@given(st.binary(max_size=80) | mutated(LACKING) | mutated_cbor(LACKING, 1_000))
@example(canonical([[bytes(16), bytes(8), True, True]]))
@example(canonical([[bytes(16), bytes(8), 1, 2**48]]))
def test_any_ranges_said_to_be_lacking_are_read_or_refused(data):
    try:
        ranges = read_lacking(data)
    except CanonicalError:
        return
    assert encode_lacking(ranges) == data


class OffsetsLink:
    """A link over which offsets are read as they are over the network."""

    def __init__(self, inner, kept):
        self._inner = inner
        self._kept = kept

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def offsets(self, names):
        told = {"offsets": {name.hex(): 0 for name in names}, "receipts": []}
        return read_offsets(json.dumps(told).replace(" 0", f" {self._kept}").encode())


def cut_short(world):
    """A desk whose last push was cut: it asks first what the relay has kept of it."""
    blanc = world["blanc"]
    blanc.receive(world["chateauroux"])
    world.relay.cut_after_bytes = 100
    with pytest.raises(LinkCutError):
        blanc.exchange()
    return blanc


@pytest.mark.parametrize("kept", ["-1", "1e999", "true", str(2**70)])
def test_hostile_offsets_end_the_exchange_and_nothing_else(world, kept):
    blanc = cut_short(world)
    with pytest.raises(RelayAnswerUnreadableError):
        blanc.exchange(OffsetsLink(blanc.transport(), kept))
    assert json.loads(blanc.port.memo("last_failure"))["code"] == "relay_answer_unreadable"
    assert blanc.exchange().refused == ()
    assert blanc.counts().pending + blanc.counts().sent == 0


def test_offset_beyond_the_end_of_a_bundle_sends_none_of_it(world):
    blanc = cut_short(world)
    report = blanc.exchange(OffsetsLink(blanc.transport(), str(MAX_BUNDLE_BYTES)))
    assert {one.code for one in report.refused} == {"wrong_offset"}
    blanc.exchange()
    assert world["chateauroux"].exchange().pulled == 1
