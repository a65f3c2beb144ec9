"""Who may ask anything of the relay: signatures, times and nonces, on the wire."""

import os
import time

import pytest
import requests

from sync.http_signatures import RequestSigner
from tests.raw_calls import sent, signed

pytestmark = pytest.mark.network

SIGNED_CALLS = [
    ("GET", "/v1/statements"),
    ("POST", "/v1/statements"),
    ("POST", "/v1/statements/fetch"),
    ("POST", "/v1/bundles"),
    ("POST", "/v1/bundles/offsets"),
    ("POST", "/v1/bundles/pull"),
]


@pytest.fixture
def machine(relay):
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    return machine


@pytest.mark.parametrize(("method", "path"), SIGNED_CALLS)
def test_unsigned_request_is_refused(relay, method, path):
    request = requests.Request(method, relay.url + path, data=b"").prepare()
    assert sent(request) == (401, "unsigned")


@pytest.mark.parametrize(("method", "path"), SIGNED_CALLS)
def test_request_signed_with_another_s_key_is_refused(relay, machine, method, path):
    other = relay.region.structure().machine()
    impostor = RequestSigner(machine=machine.id, key=other.keys.sign.private_key)
    body = {"data": b""} if path == "/v1/bundles" else {"json": {"names": []}}
    if path == "/v1/statements":
        body = {"data": b"\0"} if method == "POST" else {}
    status, _ = sent(signed(relay, impostor, method, path, **body))
    assert status in (400, 401)
    if path != "/v1/statements" or method == "GET":
        assert status == 401


def test_machine_that_nobody_certified_is_told_so(relay):
    stranger = relay.region.structure().machine()
    request = signed(relay, stranger.signer, "GET", "/v1/statements")
    assert sent(request) == (401, "unknown_machine")


def test_request_serves_once(relay, machine):
    request = signed(relay, machine.signer, "GET", "/v1/statements")
    assert sent(request) == (200, "")
    assert sent(request) == (401, "nonce_seen")


def test_nonce_of_one_machine_does_not_prevent_another_s(relay, machine):
    other = relay.region.structure().machine()
    relay.admitted(other)
    nonce = os.urandom(16)
    for one in (machine, other):
        assert sent(signed(relay, one.signer, "GET", "/v1/statements", nonce=nonce)) == (200, "")


@pytest.mark.parametrize("shift_s", [-301, 301, -86_400 * 400, 86_400 * 400])
def test_request_of_another_time_is_refused(relay, machine, shift_s):
    created = int(time.time()) + shift_s + (2 if shift_s > 0 else -2)
    request = signed(relay, machine.signer, "GET", "/v1/statements", created=created)
    assert sent(request) == (401, "stale")


def test_body_that_was_changed_on_the_way_is_refused(relay, machine):
    request = signed(relay, machine.signer, "POST", "/v1/bundles/offsets", data=b'{"names": []}')
    request.body = b'{"names":  []'[:-1] + b"]"
    assert sent(request) == (401, "bad_signature")


def test_body_without_a_signed_digest_is_refused(relay, machine):
    request = requests.Request("POST", relay.url + "/v1/bundles/offsets").prepare()
    machine.signer.sign(request, created=int(time.time()), nonce=os.urandom(16), body=None)
    request.body = b'{"names": []}'
    request.headers["Content-Length"] = "13"
    assert sent(request) == (401, "bad_signature")


@pytest.mark.parametrize("path", ["/v1/statements?more=1", "/v1/bundles"])
def test_signature_for_one_call_does_not_serve_for_another(relay, machine, path):
    request = signed(relay, machine.signer, "GET", "/v1/statements")
    request.url = relay.url + path
    if path == "/v1/bundles":
        request.method = "POST"
        request.headers["Content-Length"] = "0"
    assert sent(request) == (401, "bad_signature")


def test_signature_for_another_host_does_not_serve_here(relay, machine):
    request = requests.Request("GET", "http://another.exemple/v1/statements").prepare()
    machine.signer.sign(request, created=int(time.time()), nonce=os.urandom(16), body=None)
    request.url = relay.url + "/v1/statements"
    assert sent(request) == (401, "bad_signature")


@pytest.mark.parametrize(
    "header",
    [
        {"Signature-Input": "dp=()"},
        {"Signature-Input": 'dp=("@method");created=1;keyid="00";nonce="0";tag="deux-portes"'},
        {"Signature-Input": "\u00e9"},
        {"Signature": "dp=:AAAA:"},
        {"Signature": "other=:AAAA:"},
    ],
)
def test_signature_that_says_too_little_is_refused(relay, machine, header):
    request = signed(relay, machine.signer, "GET", "/v1/statements")
    request.headers.update({name: value.encode("latin-1") for name, value in header.items()})
    status, code = sent(request)
    assert (status, code) in {(401, "bad_signature"), (401, "unknown_machine")}
