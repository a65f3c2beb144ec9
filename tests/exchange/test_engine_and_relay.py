"""The same exchanges over the real relay and a link that breaks."""

import hashlib

import pytest

from sync.errors import ExchangeCancelledError, LinkCutError, RelayAbsentError
from sync.exchange_watch import ExchangeStage, ExchangeWatch
from tests.exchange.desks import opened_copy
from tests.exchange.wire import wired
from tests.fakes.recording_proxy import DOWN, PULL, PUSH, UP, Fault

pytestmark = pytest.mark.network


@pytest.fixture
def wire(tmp_path, certified_template):
    with (
        opened_copy(certified_template, tmp_path / "world") as world,
        wired(world, tmp_path / "relay") as made,
    ):
        for name in ("blanc", "chateauroux", "blanc"):
            made.exchange(name)
        yield made


def test_referral_and_its_answer_through_a_real_relay(wire):
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    blanc.receive(chateauroux)
    assert wire.exchange("blanc").refused == ()
    assert wire.exchange("chateauroux").pulled == 1
    chateauroux.answer()
    wire.exchange("chateauroux")
    wire.exchange("blanc")
    assert blanc.statuses("out") == ["acceptee"]
    quiet = wire.exchange("blanc")
    assert (quiet.pushed, quiet.pulled) == (0, 0)
    last, connections = len(wire.proxy.down), wire.proxy.connections
    quiet = wire.exchange("blanc")
    assert b"304 Not Modified" in wire.proxy.down[last:]
    assert wire.proxy.connections == connections + 1
    assert quiet.bytes_up + quiet.bytes_down < 3_000
    for word in ("Nadia", "Exemplier", "travailler", "33639980021"):
        assert word.encode() not in wire.proxy.recorded


def test_answer_swallowed_after_a_push_makes_no_double(wire):
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    blanc.receive(chateauroux)
    fault = wire.proxy.swallow_answer()
    with pytest.raises(LinkCutError):
        wire.exchange("blanc")
    assert fault.struck.is_set()
    assert blanc.counts().acknowledged == 0
    assert wire.exchange("blanc").bundles_up == 2
    assert blanc.counts().pending == 0
    wire.exchange("chateauroux")
    assert len(chateauroux.referrals("in")) == 1


def test_links_cut_again_and_again_both_ways_still_end(wire):
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    for count in range(60):
        word = hashlib.shake_256(bytes([count])).hexdigest(400)  # nothing that compresses
        blanc.receive(chateauroux, expressed=word)
    links = (("blanc", PUSH, UP, 15_000), ("chateauroux", PULL, DOWN, 8_000))
    for name, marker, way, after_bytes in links:
        cuts = 0
        while True:
            fault = wire.proxy.will(Fault(marker=marker, way=way, after_bytes=after_bytes))
            try:
                wire.exchange(name)
            except LinkCutError:
                cuts += 1
                assert cuts < 30
            else:
                wire.proxy._matching(fault.marker)  # it never struck
                break
        assert cuts >= 2
    assert blanc.counts().pending == blanc.counts().sent == 0
    assert len(chateauroux.referrals("in")) == 60
    assert chateauroux.reasons() == []


def test_exchange_stopped_by_somebody_keeps_what_passed_and_is_no_failure(wire):
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    for count in range(20):
        word = hashlib.shake_256(bytes([count])).hexdigest(2_000)
        blanc.receive(chateauroux, expressed=word)
    told = []
    enough = ExchangeWatch(
        progress=told.append,
        cancelled=lambda: bool(told) and told[-1].bytes_up > 20_000,
    )
    with pytest.raises(ExchangeCancelledError):
        wire.exchange("blanc", enough)
    assert told[-1].stage == ExchangeStage.SENDING
    assert 20_000 < told[-1].bytes_up < told[-1].to_send_bytes
    assert blanc.counts().last_failure is None
    assert blanc.counts().acknowledged == 0
    sent = wire.exchange("blanc").bytes_up
    assert sent < told[-1].to_send_bytes
    wire.exchange("chateauroux")
    assert len(chateauroux.referrals("in")) == 20


def test_relay_killed_and_started_again_has_kept_what_it_acknowledged(wire):
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    blanc.receive(chateauroux)
    wire.exchange("blanc")
    wire.relay.kill()
    blanc.receive(chateauroux)
    with pytest.raises((RelayAbsentError, LinkCutError)):
        wire.exchange("blanc")
    assert blanc.counts().pending > 0
    wire.start_relay()
    wire.exchange("chateauroux")
    assert len(chateauroux.referrals("in")) == 1
    wire.exchange("blanc")
    wire.exchange("chateauroux")
    assert len(chateauroux.referrals("in")) == 2
