"""Desks in this process, a real relay in its own, and between them a link that breaks."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sync.ceremony_files import Region, read_relay_request
from sync.engine import ExchangeReport
from sync.exchange_watch import ExchangeWatch
from sync.http_signatures import RequestSigner
from sync.persevering import Patience, PerseveringTransport
from sync.transport import HttpTransport, RelayAddress
from tests.exchange.desks import Door, World
from tests.fakes.recording_proxy import RecordingProxy
from tests.limited_relay import ClockedRelay
from tests.relay_process import RelayProcess


class Wire:
    """A world whose doors go to a real relay through a proxy.

    `clock` is that of the machines, in seconds.
    """

    def __init__(
        self,
        world: World,
        relay: RelayProcess,
        proxy: RecordingProxy,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = world
        self.relay = relay
        self.proxy = proxy
        self.clock = clock

    def __getitem__(self, name: str) -> Door:
        return self.world[name]

    def transport(self, name: str, **options: Any) -> HttpTransport:
        """A connection of a desk's machine; the caller closes it."""
        machine = self[name].keyring.machine
        return HttpTransport(
            RelayAddress(url=self.proxy.url, relay_key=self.world.relay.key.public),
            RequestSigner(machine=machine.id, key=machine.sign.private_key),
            clock=self.clock,
            **({"stall_s": 5} | options),
        )

    def exchange(self, name: str, watch: ExchangeWatch | None = None) -> ExchangeReport:
        """Exchange once; the first cut ends it."""
        transport = self.transport(name, watch=watch or ExchangeWatch())
        try:
            return self[name].exchange(transport)
        finally:
            transport.close()

    def exchange_perseveringly(self, name: str) -> ExchangeReport:
        """Exchange as the program does: cuts are gone on from, after hardly a pause."""
        transport = PerseveringTransport(self.transport(name), Patience(pause=_a_moment))
        try:
            return self[name].exchange(transport)
        finally:
            transport.close()

    def settle_down(self, *names: str) -> None:
        """Let desks exchange until nothing moves between them."""
        for _ in range(8):
            reports = [self.exchange(name) for name in names or tuple(self.world.doors)]
            assert all(report.refused == () for report in reports)
            if not any(report.bundles_up or report.bundles_down for report in reports):
                return
        message = "these never come to rest"
        raise AssertionError(message)

    def start_relay(self) -> None:
        self.relay.start()
        self.proxy.upstream = self.relay.host_and_port

    def restart_relay(self) -> None:
        """Kill the relay as a power cut does, and start it on its database."""
        self.relay.kill()
        self.start_relay()

    def faults(self) -> int:
        """How many faults the relay's own verification finds."""
        return int(json.loads(self.relay.run("verify", "--json"))["faults"])


def _a_moment(pause_s: float) -> None:
    threading.Event().wait(min(pause_s, 0.02))


@contextmanager
def wired(world: World, folder: Path, relay: RelayProcess | None = None) -> Iterator[Wire]:
    """Start a real relay for a world, which knows it from then on."""
    folder.mkdir(exist_ok=True)
    process = relay or RelayProcess(folder)
    proxy = RecordingProxy()
    public = Region(name="Région (exemple)", authority_key=world.authority.public)
    (folder / "authority.json").write_text(public.to_json(), encoding="utf-8")
    given = ("--authority", str(folder / "authority.json"))
    process.run("init", *given, "--out", str(folder / "request.json"))
    request = read_relay_request((folder / "request.json").read_text("utf-8"))
    world.relay.key = SimpleNamespace(public=request.relay_key)  # type: ignore[assignment]
    wire = Wire(world, process, proxy)
    try:
        wire.start_relay()
        yield wire
    finally:
        proxy.close()
        process.kill()


@contextmanager
def clocked(world: World, folder: Path) -> Iterator[Wire]:
    """The same with a relay whose clock a test moves: `wire.relay.shift_clock`."""
    folder.mkdir()
    with wired(world, folder, ClockedRelay(folder)) as wire:
        yield wire
