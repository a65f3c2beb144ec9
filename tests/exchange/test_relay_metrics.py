"""What the relay counts of itself: enough to watch over it, and nothing of anybody."""

import re

import pytest
import requests

from sync.frames import encode_frame
from tests.raw_calls import begun_push, sent, signed

pytestmark = pytest.mark.network


def figures(relay):
    """What `/metrics` shows: each line's name and labels, and its figure."""
    told = requests.get(relay.metrics_url, timeout=10)
    assert told.headers["Content-Type"].startswith("text/plain")
    lines = [line.rsplit(" ", 1) for line in told.text.splitlines() if line[0] != "#"]
    return {name.removeprefix("deux_portes_relay_"): float(figure) for name, figure in lines}


def test_what_happened_is_counted(limited_relay):
    relay = limited_relay()
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    (one, data), (wrong, _) = machine.bundle(), machine.bundle()
    transport.push([(one, data, 0), (wrong, data, 0)])
    pulled = list(transport.pull({machine.own_space: {}}, None))
    assert sent(signed(relay, machine.signer, "GET", "/nowhere")) == (404, "not_found")
    assert sent(requests.Request("GET", relay.url + "/v1/statements").prepare())[0] == 401
    told = figures(relay)
    route = 'method="POST",route="/v1/bundles"'
    assert told[f'requests_total{{{route},status="200"}}'] == 1
    assert told['requests_total{method="GET",route="other",status="404"}'] == 1
    assert told['requests_total{method="GET",route="/v1/statements",status="401"}'] == 1
    assert told['refusals_total{code="unsigned",what="request"}'] == 1
    assert told['refusals_total{code="wrong_name",what="bundle"}'] == 1
    assert told['kept_total{what="receipts"}'] == 1
    assert told['kept_total{what="statements"}'] == 4
    assert told['body_bytes_total{direction="in"}'] > 2 * len(data)
    assert told['body_bytes_total{direction="out"}'] > len(pulled[0][1])
    assert told["bundles"] == 1
    assert told["partial_uploads"] == 0
    assert told["write_queue"] == 0
    assert told["commit_seconds_count"] >= 3
    assert told["database_bytes"] > 10_000


def test_upload_that_was_cut_is_seen(limited_relay):
    relay = limited_relay()
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle(size=50_000)
    frame = encode_frame(name, data)
    with begun_push(relay, machine.signer, len(frame), frame[:9_000]):
        while not transport.offsets([name]).offsets[name]:
            pass
        assert figures(relay)["partial_uploads"] == 1


def test_no_label_names_anybody(limited_relay):
    relay = limited_relay()
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    transport.push([(*machine.bundle(), 0)])
    for path in ("/v1/statements", f"/{machine.id.hex()}", "/%F0%9F%9A%AA?a=127.0.0.1"):
        sent(requests.Request("GET", relay.url + path).prepare())
    sent(requests.Request("BREW", relay.url + "/v1/hello").prepare())
    told = requests.get(relay.metrics_url, timeout=10).text
    labels = set(re.findall(r'(\w+)="', told))
    assert labels <= {"method", "route", "status", "direction", "what", "code", "le"}
    for secret in (machine.id, machine.own_space, machine.incarnation, machine.structure.id):
        assert secret.hex() not in told
    assert "127.0.0.1" not in told
    assert "BREW" not in told


def test_figures_are_not_shown_where_machines_ask(relay):
    assert sent(requests.Request("GET", relay.url + "/metrics").prepare()) == (404, "not_found")


def test_figures_are_shown_where_the_operator_says(own_relay, monkeypatch):
    own_relay.stop()
    monkeypatch.setenv("DEUX_PORTES_RELAY_METRICS", "127.0.0.1:0")
    own_relay.start()
    assert own_relay.transport(own_relay.region.structure().machine()).hello()
    assert own_relay.stop() == 0
