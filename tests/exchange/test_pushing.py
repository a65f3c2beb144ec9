"""Handing over a backlog of any size in the room of one batch."""

from itertools import count

import pytest

from app.domain.errors import DiskFullError
from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.ports import SealedBundle
from sync.pushing import PUSH_BYTES, Pushing
from sync.relay_port import PushAnswer, Refused
from sync.transfer import FramedBundles

SIZE_BYTES = 1_000_000
COUNT = 40


def a_bundle(number, size):
    return SealedBundle(
        name=BundleName(bytes([number]) * 32),
        space=SpaceId(bytes(16)),
        incarnation=Incarnation(bytes(8)),
        sequence=number + 1,
        previous=b"",
        data=bytes(size),
    )


class Backlog:
    """A store with forty megabytes to send, which counts what is read and not yet let go."""

    def __init__(self):
        self.read = 0
        self.gone = 0
        self.most = 0

    def unsent(self):
        for number in range(self.gone, COUNT):
            self.read += 1
            self.most = max(self.most, self.read - self.gone)
            yield a_bundle(number, SIZE_BYTES)

    def memo(self, name):
        return ""

    def keep_memo(self, name, text):
        pass

    def mark_sent(self, names):
        self.gone += len(names)

    def keep_receipts(self, receipts):
        pass

    def events_in(self, names):
        return 0


class Link:
    """A relay that takes everything and says nothing."""

    def __init__(self):
        self.pushes = 0

    def push(self, bundles, ahead):
        self.pushes += 1
        assert sum(len(data) for _, data, _ in bundles) <= PUSH_BYTES
        return PushAnswer()


def test_a_backlog_of_any_size_takes_the_room_of_one_batch():
    port, link = Backlog(), Link()
    Pushing(port, link, bytes(32), lambda _changes: None).push_unsent()
    assert port.gone == COUNT
    assert link.pushes == COUNT / (PUSH_BYTES // SIZE_BYTES)
    assert port.most <= PUSH_BYTES // SIZE_BYTES + 1


class Sealer:
    """Sealing that makes bundles of some bytes, and remembers when."""

    def __init__(self, port, sizes):
        self.port, self.sizes = port, list(sizes)

    @property
    def is_over(self):
        return not self.sizes

    def seal_next(self):
        if not self.sizes:
            return 0
        self.port.sealed.append(self.sizes.pop(0))
        return self.port.sealed[-1]


class Sealed(Backlog):
    """A store whose bundles are those that were sealed."""

    def __init__(self):
        super().__init__()
        self.sealed = []

    def unsent(self):
        for number, size in enumerate(self.sealed[self.gone :], start=self.gone):
            yield a_bundle(number, size)


class SlowLink:
    """A relay that takes everything, byte after byte; what is sealed meanwhile goes on."""

    def __init__(self, port, takes="whole"):
        self.port, self.takes = port, takes
        self.requests = []
        self.sealed_at_first = None
        self.told = []

    def push(self, bundles, ahead):
        every = list(bundles)
        if self.sealed_at_first is None:
            self.sealed_at_first = len(self.port.sealed)
        self.requests.append(len(every))
        self.told.append(ahead.to_come_bytes)
        body = FramedBundles(every, lambda _taken: None, ahead, clock=count().__next__)
        while body.read(4_096):
            assert {name for name, _, _ in every} <= {
                bundle.name for bundle in map(a_bundle, range(99), self.port.sealed)
            }
        self.told.append(ahead.to_come_bytes)
        if self.takes == "taken":
            refused = [Refused(name=name, code="sequence_taken") for name, _, _ in every]
            return PushAnswer(refused=tuple(refused))
        return PushAnswer()


def pushed(sizes, **options):
    port = Sealed()
    sealer, link = Sealer(port, sizes), SlowLink(port, **options)
    Pushing(port, link, bytes(32), lambda _changes: None).push_unsent(sealer)
    return port, sealer, link


def test_a_long_backlog_begins_to_leave_before_its_end_is_sealed():
    port, _, link = pushed([22_000] * 20)
    assert link.sealed_at_first == 2
    assert port.gone == len(port.sealed) == 20
    assert len(link.requests) <= 4


def test_small_bundles_of_many_spaces_leave_in_one_request():
    port, _, link = pushed([600] * 40)
    assert link.requests == [40]
    assert port.gone == 40


def test_what_is_still_to_send_is_told_once_all_is_sealed_and_not_before():
    _, _, link = pushed([22_000] * 5)
    assert link.told[0] is None
    assert link.told[1] == 3 * 22_000
    assert link.told[-2:] == [0, 0]


def test_nothing_more_is_sealed_for_a_life_that_proves_another_ones():
    port, sealer, link = pushed([1_000_000] * 9, takes="taken")
    assert len(link.requests) == 1
    assert not sealer.is_over
    assert len(port.sealed) < 9


def test_what_cannot_be_sealed_meanwhile_ends_the_exchange_and_nothing_is_lost():
    port = Sealed()
    sealer, link = Sealer(port, [22_000] * 9), SlowLink(port)
    seal_next = sealer.seal_next

    def on_a_full_disk():
        if len(port.sealed) == 4:
            raise DiskFullError
        return seal_next()

    sealer.seal_next = on_a_full_disk
    pushing = Pushing(port, link, bytes(32), lambda _changes: None)
    with pytest.raises(DiskFullError):
        pushing.push_unsent(sealer)
    sealer.seal_next = seal_next
    pushing.push_unsent(sealer)
    assert port.gone == len(port.sealed) == 9
