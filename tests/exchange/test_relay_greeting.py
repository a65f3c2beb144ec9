"""The relay proves who it is with any answer, to whoever asks: one round trip less."""

import os
import time

import pytest
import requests

from sync.errors import NotOurRelayError
from sync.relay.greeting import HEADER
from sync.relay_answers import read_greeting
from tests.raw_calls import signed

pytestmark = pytest.mark.network


def answered(request):
    with requests.Session() as session, session.send(request, timeout=30) as response:
        return response


def greeted(relay, response, nonce):
    return read_greeting(response.headers[HEADER], relay_key=relay.relay_key, nonce=nonce)


def test_answer_that_nothing_changed_greets_too(relay):
    machine = relay.region.structure().machine()
    etag = relay.admitted(machine).statement_names(None).etag
    nonce = os.urandom(16)
    headers = {HEADER: nonce.hex(), "If-None-Match": etag}
    request = signed(relay, machine.signer, "GET", "/v1/statements", headers=headers)
    response = answered(request)
    assert response.status_code == 304
    told = greeted(relay, response, nonce)
    assert told.authority == relay.region.authority.id
    assert abs(told.time_s - time.time()) < 60


@pytest.mark.parametrize("path", ["/v1/statements", "/v1/hello", "/health", "/nowhere"])
def test_refusals_and_unsigned_calls_greet_too(relay, path):
    nonce = os.urandom(16)
    request = requests.Request("GET", relay.url + path, headers={HEADER: nonce.hex()}).prepare()
    assert greeted(relay, answered(request), nonce)


def test_greeting_of_another_nonce_or_relay_is_none(relay):
    nonce = os.urandom(16)
    headers = {HEADER: nonce.hex()}
    told = answered(requests.Request("GET", relay.url + "/health", headers=headers).prepare())
    with pytest.raises(NotOurRelayError):
        greeted(relay, told, os.urandom(16))
    with pytest.raises(NotOurRelayError):
        read_greeting(told.headers[HEADER], relay_key=os.urandom(32), nonce=nonce)


@pytest.mark.parametrize("asked", ["", "ff", "zz" * 16, "AB" * 16, "a" * 33])
def test_nonce_that_is_none_is_not_answered(relay, asked):
    headers = {HEADER: asked}
    told = answered(requests.Request("GET", relay.url + "/health", headers=headers).prepare())
    assert (told.status_code, HEADER in told.headers) == (200, False)
