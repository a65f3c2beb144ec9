"""A real relay under other conditions than the usual ones, in a process of its own.

Run as `python -m tests.limited_relay DATABASE CONDITIONS`, or load the fixture `limited_relay` with
`pytest_plugins`. Conditions are JSON: `limits` (fields of `Limits`, rates as `[per_s, burst]`),
`public_host`, `trusted_proxies`, and `clock`, a file that holds the seconds added to the real time.
"""

import ipaddress
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from sync.relay import identity
from sync.relay.app import Relay
from sync.relay.database import Database
from sync.relay.limits import Limits, Rate
from sync.relay.serve_options import ServeOptions
from sync.relay.server import serve
from sync.relay.serving import Serving
from tests.relay_process import ROOT, RegionalRelay, RelayProcess


class ClockedRelay(RelayProcess):
    """A relay whose clock the test moves; `conditions` are those of this module."""

    conditions: Mapping[str, Any] = MappingProxyType({})
    metrics_url = ""

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    def shift_clock(self, seconds: int) -> None:
        """Set the relay's clock so far from the real time."""
        beside = self.clock.with_suffix(".new")
        beside.write_text(str(seconds))
        beside.replace(self.clock)

    def start(self, port: int = 0) -> None:
        if not self.clock.exists():
            self.shift_clock(0)
        told = json.dumps({**self.conditions, "clock": str(self.clock), "port": port})
        with (self.folder / "relay.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.limited_relay", self.database, told],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        told = json.loads(self._first_line())
        self.url, self.metrics_url = told["url"], told["metrics"]


class LimitedRelay(ClockedRelay, RegionalRelay):
    """A relay that serves an invented Region under given conditions."""

    def __init__(self, folder: Path, conditions: dict[str, Any]) -> None:
        super().__init__(folder)
        self.conditions = conditions


@pytest.fixture
def limited_relay(tmp_path: Path) -> Iterator[Callable[..., LimitedRelay]]:
    """Start relays, each under the conditions given."""
    started = []

    def start(**conditions: Any) -> LimitedRelay:
        folder = tmp_path / f"limited-{len(started)}"
        folder.mkdir()
        relay = LimitedRelay(folder, conditions)
        started.append(relay)
        relay.start()
        return relay

    yield start
    for relay in started:
        relay.close()
        assert relay.log == ""


def _limits(told: dict[str, Any]) -> Limits:
    return Limits(
        **{
            name: Rate(per_s=value[0], burst=value[1]) if isinstance(value, list) else value
            for name, value in told.items()
        }
    )


def main() -> None:
    """Serve as the relay's own command does, under the conditions given."""
    logging.basicConfig(level=logging.WARNING)
    database, told = Database(sys.argv[1]), json.loads(sys.argv[2])
    clock = Path(told["clock"])
    serving = Serving(
        limits=_limits(told.get("limits", {})),
        public_host=told.get("public_host", ""),
        trusted_proxies=[ipaddress.ip_network(one) for one in told.get("trusted_proxies", [])],
        clock=lambda: time.time() + float(clock.read_text()),
    )
    relay = Relay(
        database,
        key=database.write(identity.own_key),
        authority_key=database.read(identity.served_authority),
        serving=serving,
    )
    port, end_metrics = serving.metrics.serve("127.0.0.1", 0)
    with ServeOptions(serving=serving, metrics=None).showing_metrics(database):
        serve(
            relay.application(),
            host="127.0.0.1",
            port=told["port"],
            when_ready=partial(_say, port),
            limits=serving.limits,
        )
    end_metrics()
    database.close()


def _say(metrics_port: int, port: int) -> None:
    told = {
        "url": f"http://127.0.0.1:{port}",
        "metrics": f"http://127.0.0.1:{metrics_port}/metrics",
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
