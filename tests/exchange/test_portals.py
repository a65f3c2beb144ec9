"""A sign-in page, or a proxy that meddles, in place of the relay: before the exchange or during."""

import itertools

import pytest

from sync.errors import NotOurRelayError, SyncError
from sync.http_signatures import RequestSigner
from sync.relay_port import StatementNames
from sync.removal import Removal
from sync.transport import HttpTransport, RelayAddress
from tests.exchange.checkpointing import settle_down
from tests.exchange.desks import joining, opened_copy
from tests.exchange.strangers import PORTAL, STRANGERS, answering, saying
from tests.exchange.wire import wired
from tests.fakes.recording_proxy import PULL, PUSH, Fault

pytestmark = pytest.mark.network

PAGE = b"<html>" + b"Bienvenue sur le Wi-Fi de la mairie (exemple). " * 40 + b"</html>"
LONG_PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE
)
HTML_FOR_JSON = LONG_PORTAL.replace(b"text/html", b"application/json")
NAMES = b"GET /v1/statements HTTP"
CALLS = (
    NAMES,
    b"POST /v1/statements/fetch HTTP",
    b"POST /v1/statements HTTP",
    PUSH,
    PULL,
    PUSH,
    PULL,
)


@pytest.fixture
def wire(tmp_path, certified_template):
    with (
        opened_copy(certified_template, tmp_path / "world") as world,
        wired(world, tmp_path / "relay") as made,
    ):
        for name in ("blanc", "chateauroux", "blanc"):
            made.exchange(name)
        yield made


@pytest.mark.parametrize("answer", [*STRANGERS, LONG_PORTAL])
def test_portal_leaves_everything_waiting_and_is_named(world, answer):
    """The engine, from its first call on, over a real connection to somebody else."""
    blanc = world["blanc"]
    blanc.receive(world["chateauroux"])
    before, rows = blanc.counts(), blanc.rows()
    machine = blanc.keyring.machine
    with answering(saying(answer)) as port:
        transport = HttpTransport(
            RelayAddress(url=f"http://127.0.0.1:{port}", relay_key=world.relay.key.public),
            RequestSigner(machine=machine.id, key=machine.sign.private_key),
            stall_s=5,
        )
        with pytest.raises(NotOurRelayError):
            blanc.exchange(transport)
        transport.close()
    after = blanc.counts()
    assert after.last_failure.code == "not_our_relay"
    assert (after.pending, after.sent) == (before.pending, 0)
    assert (after.last_contact_at, after.clock_offset_s) == (before.last_contact_at, 0)
    assert blanc.rows() == rows
    settle_down(world)
    assert blanc.counts().last_failure is None
    assert len(world["chateauroux"].referrals("in")) == 1


def test_page_in_the_middle_of_an_exchange_costs_nothing_but_time(wire):
    """Whatever call a page answers, in place of the relay that heard it."""
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    pages = itertools.cycle([PORTAL, HTML_FOR_JSON, LONG_PORTAL])
    for count, (marker, says) in enumerate(zip(CALLS, pages, strict=False), start=1):
        blanc.receive(chateauroux)
        chateauroux.receive(blanc)
        for door in (chateauroux, blanc):  # statements to fetch, and to hand over
            Removal(door.port, wire.world.clock).rotate()
        wire.exchange("chateauroux")
        fault = wire.proxy.will(Fault(marker=marker, says=says))
        with pytest.raises(SyncError):
            wire.exchange("blanc")
        assert fault.struck.is_set(), marker
        assert blanc.counts().last_failure is not None
        wire.settle_down()
        for door in (blanc, chateauroux):
            assert (door.counts().pending, door.counts().sent, door.reasons()) == (0, 0, [])
            assert len(door.referrals("in")) == count
    assert wire.faults() == 0


def test_answer_kept_by_a_proxy_and_given_again_is_not_our_relay(wire):
    """Signed by our relay, and for another question: a cache, or somebody who recorded it."""
    blanc = wire["blanc"]
    began = len(wire.proxy.down)
    wire.exchange("blanc")
    head = bytes(wire.proxy.down[began:]).split(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert head.startswith(b"HTTP/1.1 304")
    assert b"deux-portes-hello" in head
    blanc.receive(wire["chateauroux"])
    wire.proxy.will(Fault(marker=NAMES, says=head))
    with pytest.raises(NotOurRelayError):
        wire.exchange("blanc")
    wire.settle_down()
    assert len(wire["chateauroux"].referrals("in")) == 1


class StaleList:
    """A link on which a cache answers the question of names with an older answer."""

    def __init__(self, inner, told: StatementNames):
        self._inner = inner
        self._told = told

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def statement_names(self, etag):
        return None if etag == self._told.etag else self._told


def test_stale_list_of_statements_in_mid_exchange_delays_and_loses_nothing(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    stale = chateauroux.transport().statement_names(None)
    joining(world, "chateauroux")
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange(StaleList(chateauroux.transport(), stale))
    assert len(chateauroux.referrals("in")) <= 1
    settle_down(world_without(world, "second"))
    assert len(chateauroux.referrals("in")) == 1
    assert chateauroux.reasons() == blanc.reasons() == []


def world_without(world, name):
    """A door that asks to join waits for a person; the others go on."""
    del world.doors[name]
    return world
