"""A link that dies again and again, and what is gone on with."""

import pytest

from sync.errors import ExchangeCancelledError, LinkCutError, NotOurRelayError, RelayAbsentError
from sync.persevering import PATIENCE_S, Patience, PerseveringTransport
from sync.relay_port import Offsets, PartialBundle, PushAnswer
from tests.exchange.parties import octets
from tests.exchange.strangers import answering, saying, transport_to
from tests.fakes.region import Region


class DyingLink:
    """A relay in memory behind a link that dies each time it has carried `lives` bytes."""

    def __init__(self, bundles=(), *, lives=10**9):
        self.bytes_up = self.bytes_down = 0
        self.interrupted = None
        self.kept = dict.fromkeys((name for name, _ in bundles), b"")
        self.bundles = list(bundles)
        self.lives = lives
        self.failures = []
        self.calls = 0

    def hello(self):
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "hello"

    def push(self, bundles, ahead):
        room = self.lives
        for name, data, offset in bundles:
            carried = data[offset : offset + room]
            assert offset == len(self.kept[name])
            self.kept[name] += carried
            self.bytes_up += len(carried)
            room -= len(carried)
            if len(self.kept[name]) < len(data):
                raise LinkCutError
        return PushAnswer(receipts=tuple(name for name, _, _ in bundles))

    def offsets(self, names):
        whole = dict(self.bundles)
        receipts = [name for name in names if self.kept[name] == whole[name]]
        return Offsets(
            offsets={name: len(self.kept[name]) for name in names}, receipts=tuple(receipts)
        )

    def pull(self, above, resume):
        room = self.lives
        begun = {resume.name: resume.data} if resume else {}
        self.interrupted = None
        for place, (name, data) in enumerate(self.bundles, start=1):
            if any(place <= sequence for vector in above.values() for sequence in vector.values()):
                continue
            had = begun.get(name, b"")
            carried = data[len(had) : len(had) + room]
            self.bytes_down += len(carried)
            room -= len(carried)
            if len(had + carried) < len(data):
                self.interrupted = PartialBundle(name=name, data=had + carried)
                raise LinkCutError
            yield name, data


class Hands:
    """A clock that only pauses move."""

    def __init__(self):
        self.now = 0.0

    def pause(self, seconds):
        self.now += seconds


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def bundles():
    machine = Region().structure().machine()
    return [machine.bundle(size=3_000) for _ in range(5)]


def persevering(link, hands, **options):
    patience = Patience(clock=lambda: hands.now, pause=hands.pause, **options)
    return PerseveringTransport(link, patience)


def test_push_goes_on_at_the_byte_and_sends_nothing_twice(bundles, hands):
    link = DyingLink(bundles, lives=2_000)
    transport = persevering(link, hands)
    transport.hello()
    answer = transport.push((name, data, 0) for name, data in bundles)
    assert sorted(answer.receipts) == sorted(name for name, _ in bundles)
    assert link.kept == dict(bundles)
    assert link.bytes_up == sum(len(data) for _, data in bundles)


def test_pull_goes_on_at_the_byte_and_asks_for_nothing_twice(bundles, hands):
    link = DyingLink(bundles, lives=2_000)
    assert list(persevering(link, hands).pull({}, None)) == bundles
    assert link.bytes_down == sum(len(data) for _, data in bundles)


def test_nobody_there_from_the_first_is_said_at_once(hands):
    link = DyingLink()
    link.failures = [RelayAbsentError()]
    with pytest.raises(RelayAbsentError):
        persevering(link, hands).hello()
    assert (link.calls, hands.now) == (1, 0.0)


def test_absence_in_the_middle_is_waited_for_and_patience_ends(hands):
    link = DyingLink()
    transport = persevering(link, hands)
    transport.hello()
    link.failures = [RelayAbsentError(), LinkCutError()]
    assert transport.hello() == "hello"
    link.failures = [RelayAbsentError() for _ in range(1_000)]
    began = hands.now
    with pytest.raises(RelayAbsentError):
        transport.hello()
    assert PATIENCE_S <= hands.now - began < PATIENCE_S + 5


def test_call_that_was_long_to_fail_is_made_again_at_once(hands):
    link = DyingLink()
    transport = persevering(link, hands)
    transport.hello()
    waited = []
    for took_s in (0.0, 5.0):
        link.failures = [LinkCutError()]
        hello, before = link.hello, hands.now

        def slow(hello=hello, took_s=took_s):
            hands.now += took_s if link.failures else 0
            return hello()

        link.hello = slow
        transport.hello()
        waited.append(hands.now - before - took_s)
        link.hello = hello
    assert waited[0] > 0
    assert waited[1] == pytest.approx(0)


def test_link_on_which_nothing_passes_is_given_up(bundles, hands):
    link = DyingLink(bundles, lives=0)
    transport = persevering(link, hands)
    transport.hello()
    began = hands.now
    with pytest.raises(LinkCutError):
        transport.push((name, data, 0) for name, data in bundles)
    assert hands.now - began < PATIENCE_S + 5


@pytest.mark.network
def test_relay_that_went_away_is_given_up_however_long_the_questions(hands):
    asked = [octets(f"bundle {number}") for number in range(100)]
    told = b'HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n{"offsets": {}, "receipts": []}'
    with answering(saying(told)) as port, transport_to(port) as inner:
        transport = persevering(inner, hands)
        transport.offsets(asked)
    began = hands.now
    with pytest.raises(RelayAbsentError):
        transport.offsets(asked)
    assert PATIENCE_S <= hands.now - began < PATIENCE_S + 5


def test_who_gives_up_is_not_made_to_wait(hands):
    link = DyingLink()
    given_up = []
    transport = persevering(link, hands, is_over=lambda: bool(given_up))
    transport.hello()
    given_up.append(True)
    link.failures = [LinkCutError()]
    with pytest.raises(ExchangeCancelledError):
        transport.hello()


def test_refusals_are_not_tried_again(hands):
    link = DyingLink()
    transport = persevering(link, hands)
    transport.hello()
    link.failures = [NotOurRelayError()]
    with pytest.raises(NotOurRelayError):
        transport.hello()
    assert link.calls == 2
