"""The relay describes itself wholly, and truly: signed calls of a running relay included."""

import os
import time

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks as openapi_checks

from sync.frames import encode_frame, encode_statement_frames
from sync.keys import RelayKey
from sync.relay import calls, openapi
from sync.relay.app import Relay
from sync.relay.database import Database
from sync.relay.refusals import SENTENCES, status_of

SCHEMA = schemathesis.openapi.from_dict(openapi.document(calls.CALLS))
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
SIGNED = sorted(f"{call.method} {call.path}" for call in calls.CALLS if call.is_signed)
ASKING = {
    f"{call.method} {call.path}"
    for call in calls.CALLS
    if call.request is not None and call.request.media_type == calls.JSON
}
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]
DRIVEN = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Signed(requests.auth.AuthBase):
    """Signs as a machine what is about to leave, once nothing of it changes any more."""

    def __init__(self, machine):
        self.machine = machine

    def __call__(self, request):
        if isinstance(request.body, str):
            request.body = request.body.encode()
        covered = None if request.path_url == calls.PUSH.path else request.body
        self.machine.signer.sign(
            request, created=int(time.time()), nonce=os.urandom(16), body=covered or None
        )
        return request


@pytest.fixture(scope="module")
def relay(sqlite_relay):
    """One relay is enough: what is described does not depend on the database."""
    return sqlite_relay


@pytest.fixture(scope="module")
def machine(relay):
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    return machine


def test_every_route_is_described(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'relay.sqlite3'}")
    application = Relay(database, key=RelayKey.generate(), authority_key=None).application()
    database.close()
    routes = {
        (method, route.path) for route in application.routes for method in route.methods - {"HEAD"}
    }
    described = openapi.document(calls.CALLS)["paths"]
    assert routes == {(call.method, call.path) for call in calls.CALLS}
    assert routes == {
        (method.upper(), path) for path, methods in described.items() for method in methods
    }


def test_every_refusal_is_described_under_its_status():
    said = {code for call in calls.CALLS for code in call.codes}
    assert said == SENTENCES.keys()
    for call in calls.CALLS:
        responses = openapi.document([call])["paths"][call.path][call.method.lower()]["responses"]
        for code in call.codes:
            assert f"`{code}`" in responses[str(int(status_of(code)))]["description"]


@pytest.mark.network
def test_description_is_given_by_the_relay(relay):
    told = requests.get(relay.url + "/v1/openapi.json", timeout=10).json()
    assert told == openapi.document(calls.CALLS)


@pytest.mark.network
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_unsigned_calls_are_answered_as_described(relay, label):
    @given(case=OPERATIONS[label].as_strategy())
    @DRIVEN
    def drive(case):
        response = case.call(base_url=relay.url)
        case.validate_response(response, checks=CHECKS)
        if label in SIGNED:
            assert response.status_code >= 400

    drive()


@pytest.mark.network
@pytest.mark.parametrize("label", SIGNED)
def test_signed_calls_are_answered_as_described(relay, machine, label):
    reached, operation = set(), OPERATIONS[label]
    cases = operation.as_strategy()
    if label in ASKING:
        cases |= operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @given(case=cases)
    @DRIVEN
    def drive(case):
        response = case.call(base_url=relay.url, auth=Signed(machine))
        case.validate_response(response, checks=CHECKS)
        reached.add(response.status_code)
        if is_wrong(case):
            assert response.status_code >= 400

    drive()
    assert reached - {401, 415}, "every call was turned away at the door"


def is_wrong(case):
    """Was the body made to break its schema?"""
    body = case.meta.components.get(ParameterLocation.BODY)
    return body is not None and body.mode.is_negative


def frames_of(machine):
    """Bodies of bundles near to true ones: whole, cut, changed, out of place, in any order."""
    good = [machine.bundle() for _ in range(3)]
    other = machine.bundle_at(os.urandom(16), 1, b"")
    frame = st.one_of(
        st.sampled_from(good).map(lambda one: encode_frame(*one)),
        st.tuples(st.sampled_from(good), st.integers(0, 700)).map(
            lambda chosen: encode_frame(*chosen[0], min(chosen[1], len(chosen[0][1])))
        ),
        st.tuples(st.binary(min_size=32, max_size=32), st.sampled_from(good)).map(
            lambda chosen: encode_frame(chosen[0], chosen[1][1])
        ),
        st.just(encode_frame(os.urandom(32), other)),
        st.binary(max_size=60),
    )
    return st.lists(frame, min_size=1, max_size=4).map(b"".join)


@pytest.mark.network
def test_bundles_near_to_true_ones_are_answered_as_described(relay, machine):
    operation, reached = OPERATIONS["POST /v1/bundles"], set()

    @given(body=frames_of(machine), cut=st.integers(0, 100))
    @DRIVEN
    def drive(body, cut):
        assume(len(body) > cut)
        case = operation.Case(body=body[cut:] if cut < 3 else body[:-cut], media_type=calls.FRAMES)
        response = case.call(base_url=relay.url, auth=Signed(machine))
        case.validate_response(response, checks=CHECKS)
        reached.add(response.status_code)

    drive()
    assert reached >= {200, 400}


@pytest.mark.network
def test_statements_near_to_true_ones_are_answered_as_described(relay):
    operation, machine = OPERATIONS["POST /v1/statements"], relay.region.structure().machine()
    true = machine.introduction()
    changed = [data[:-1] + bytes([data[-1] ^ 1]) for data in true]

    @given(brought=st.lists(st.sampled_from([*true, *changed, b"\xa0"]), min_size=1, max_size=6))
    @DRIVEN
    def drive(brought):
        case = operation.Case(body=encode_statement_frames(brought), media_type=calls.FRAMES)
        response = case.call(base_url=relay.url, auth=Signed(machine))
        case.validate_response(response, checks=CHECKS)

    drive()
