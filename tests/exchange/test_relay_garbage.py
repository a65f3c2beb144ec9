"""Whatever is sent to the relay, signed or not, it refuses with a reason and goes on."""

import contextlib
import json

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.mutations import JSON_EXTREMES, JSON_TEXTS, mutated_json
from tests.raw_calls import sent, signed

pytestmark = pytest.mark.network

CALLS = [
    ("GET", "/v1/hello"),
    ("GET", "/v1/statements"),
    ("POST", "/v1/statements"),
    ("POST", "/v1/statements/fetch"),
    ("POST", "/v1/bundles"),
    ("POST", "/v1/bundles/offsets"),
    ("POST", "/v1/bundles/pull"),
    ("POST", "/v1/chunks/fetch"),
]
QUESTIONS = [CALLS[3], *CALLS[5:]]
GOOD = {
    "space": "0" * 32,
    "spaces": [{"space": "0" * 32, "above": {"0" * 16: 1}}],
    "names": ["0" * 64],
    "resume": {"name": "0" * 64, "offset": 1},
}
JSON = st.recursive(
    st.sampled_from(JSON_EXTREMES) | st.integers() | st.floats() | st.text(max_size=70),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["names", "spaces", "space", "above", "resume", "name", "offset", "0" * 32]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def machine(relay):
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    return machine


@given(
    call=st.sampled_from(CALLS),
    query=st.text(max_size=40),
    headers=st.dictionaries(
        st.sampled_from(["Signature", "Signature-Input", "Content-Digest", "If-None-Match"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80).map(str.strip),
    ),
    body=st.binary(max_size=200),
)
@BOUNDED
def test_unsigned_garbage_is_refused(relay, call, query, headers, body):
    method, path = call
    data = {"data": body} if method == "POST" else {}
    request = requests.Request(
        method, relay.url + path, params={"nonce": query}, headers=headers, **data
    ).prepare()
    status, code = sent(request)
    assert 400 <= status < 500
    assert code


@given(call=st.sampled_from(CALLS[2:]), body=st.binary(max_size=300))
@BOUNDED
def test_signed_garbage_is_refused(relay, machine, call, body):
    method, path = call
    status, _ = sent(signed(relay, machine.signer, method, path, data=body or b"\0"))
    assert 400 <= status < 500


@given(
    call=st.sampled_from(QUESTIONS),
    text=JSON.map(json.dumps) | mutated_json(json.dumps(GOOD)) | st.sampled_from(JSON_TEXTS),
)
@BOUNDED
def test_signed_json_of_any_shape_is_answered_or_refused(relay, machine, call, text):
    method, path = call
    data = text.encode("utf-8", "surrogatepass") or b"\0"
    status, _ = sent(signed(relay, machine.signer, method, path, data=data))
    assert status == 200 or 400 <= status < 500


@given(frames=st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=4))
@BOUNDED
def test_statements_of_garbage_are_refused_one_by_one(relay, machine, frames):
    transport = relay.transport(machine)
    with contextlib.closing(transport):
        answer = transport.send_statements(frames)
    assert answer.kept == ()
    assert len(answer.refused) == len(set(frames))


@given(data=st.binary(min_size=1, max_size=300), name=st.binary(min_size=32, max_size=32))
@BOUNDED
def test_bundles_of_garbage_are_refused_one_by_one(relay, machine, data, name):
    good_name, good = machine.bundle()
    with contextlib.closing(relay.transport(machine)) as transport:
        answer = transport.push([(name, data, 0), (good_name, good, 0)])
    assert [one.name for one in answer.refused] == [name]
    assert len(answer.receipts) == 1
