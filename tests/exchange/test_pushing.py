"""Handing over a backlog of any size in the room of one batch."""

from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.ports import SealedBundle
from sync.pushing import PUSH_BYTES, Pushing
from sync.relay_port import PushAnswer

SIZE_BYTES = 1_000_000
COUNT = 40


class Backlog:
    """A store with forty megabytes to send, which counts what is read and not yet let go."""

    def __init__(self):
        self.read = 0
        self.gone = 0
        self.most = 0

    def unsent(self):
        for number in range(COUNT):
            self.read += 1
            self.most = max(self.most, self.read - self.gone)
            yield SealedBundle(
                name=BundleName(bytes([number]) * 32),
                space=SpaceId(bytes(16)),
                incarnation=Incarnation(bytes(8)),
                sequence=number + 1,
                previous=b"",
                data=bytes(SIZE_BYTES),
            )

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

    def push(self, bundles):
        self.pushes += 1
        assert sum(len(data) for _, data, _ in bundles) <= PUSH_BYTES
        return PushAnswer()


def test_a_backlog_of_any_size_takes_the_room_of_one_batch():
    port, link = Backlog(), Link()
    Pushing(port, link, bytes(32), lambda _changes: None).push_unsent()
    assert port.gone == COUNT
    assert link.pushes == COUNT / (PUSH_BYTES // SIZE_BYTES)
    assert port.most <= PUSH_BYTES // SIZE_BYTES + 1
