"""The relay dies again and again in the middle of its work; whatever it acknowledged is there."""

import json
import os
import random
import threading

import pytest
import requests

from sync.errors import LinkCutError, RelayAbsentError
from sync.frames import encode_frame
from tests.raw_calls import begun_push

pytestmark = pytest.mark.network

KILLS = int(os.environ.get("DEUX_PORTES_KILLS", "24"))
WRITERS = 3
SIZES = (300, 5_000, 90_000)
LOST = (LinkCutError, RelayAbsentError, requests.RequestException, OSError)


class Writer:
    """A machine that pushes until it has an acknowledgement, as a desk does, whatever happens."""

    def __init__(self, relay, structure, chance):
        self.relay = relay
        self.machine = structure.machine()
        self.chance = chance
        self.receipts = {}
        self.is_over = threading.Event()
        self.failures = []
        self.thread = threading.Thread(target=self._write)

    def _write(self):
        try:
            while not self.is_over.is_set():
                self._bring(self.machine.bundle(size=self.chance.choice(SIZES)))
        except Exception as error:
            self.failures.append(error)

    def _bring(self, bundle):
        """Send one bundle until the relay says that it has it, or the test is over."""
        name, data = bundle
        while name not in self.receipts and not self.is_over.is_set():
            link = self.relay.transport(self.machine, stall_s=10)
            try:
                answer = link.push([(name, data, link.offsets([name]).offsets[name])])
                assert answer.refused == (), answer.refused
                (self.receipts[name],) = answer.receipts
            except LOST:
                self.is_over.wait(0.02)  # The relay is away: it comes back, on another port.
            finally:
                link.close()


def killed_while_writing(relay, writers, chance):
    """Kill and start the relay while machines push; each time, after some more was acknowledged."""
    for _ in range(KILLS):
        before = sum(len(writer.receipts) for writer in writers)
        wanted = before + chance.randrange(1, 6)
        for _ in range(3_000):
            if sum(len(writer.receipts) for writer in writers) >= wanted:
                break
            threading.Event().wait(0.005)
        threading.Event().wait(chance.random() * 0.03)  # Anywhere in a request.
        relay.kill()
        relay.start()


def test_every_bundle_acknowledged_before_a_kill_is_there_after_it(own_relay):
    seed = int(os.environ.get("DEUX_PORTES_KILL_SEED", random.randrange(10**6)))  # noqa: S311
    print(f"DEUX_PORTES_KILL_SEED={seed}")  # noqa: T201 - shown when the test fails
    chance = random.Random(seed)  # noqa: S311
    structure = own_relay.region.structure()
    writers = [Writer(own_relay, structure, chance) for _ in range(WRITERS)]
    for writer in writers:
        own_relay.admitted(writer.machine)
    for writer in writers:
        writer.thread.start()
    try:
        killed_while_writing(own_relay, writers, chance)
    finally:
        for writer in writers:
            writer.is_over.set()
        for writer in writers:
            writer.thread.join()
    assert [writer.failures for writer in writers] == [[]] * WRITERS
    assert sum(len(writer.receipts) for writer in writers) >= KILLS

    reader = own_relay.transport(writers[0].machine)
    kept = dict(reader.pull({writers[0].machine.own_space: {}}, None))
    for writer in writers:
        assert writer.receipts.keys() <= kept.keys()
        for name, receipt in writer.receipts.items():
            assert reader.offsets([name]).receipts == (receipt,)
    found = json.loads(own_relay.run("verify", "--json"))
    assert (found["faults"], found["notices"]) == (0, 0), found
    assert own_relay.log == ""


def test_statements_acknowledged_before_a_kill_are_there_after_it(own_relay):
    structure = own_relay.region.structure()
    machines = []
    for _ in range(6):
        machine = structure.machine()
        own_relay.admitted(machine)
        machines.append(machine)
        own_relay.kill()
        own_relay.start()
    for machine in machines:
        assert len(own_relay.transport(machine).push([(*machine.bundle(), 0)]).receipts) == 1
    assert json.loads(own_relay.run("verify", "--json"))["faults"] == 0


def test_upload_goes_on_after_a_kill_where_what_is_durable_ends(own_relay):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine)
    name, data = machine.bundle(size=400_000)
    begun = 0
    for turn in range(1, 6):
        frame, link = encode_frame(name, data, begun), own_relay.transport(machine)
        with begun_push(own_relay, machine.signer, len(frame), frame[:60_000]):
            for _ in range(2_000):
                if link.offsets([name]).offsets[name] > begun:
                    break
            told = link.offsets([name]).offsets[name]
            own_relay.kill()
        own_relay.start()
        begun = own_relay.transport(machine).offsets([name]).offsets[name]
        assert begun >= told > (turn - 1) * 4_000
    assert len(own_relay.transport(machine).push([(name, data, begun)]).receipts) == 1
    assert json.loads(own_relay.run("verify", "--json"))["faults"] == 0
