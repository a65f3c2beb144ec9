"""One desk at the near end of an emulated link: exchanges once when told, and says what it took.

Reads one JSON object from its standard input (where its workspace is, its key, its relay), prints
`ready`, exchanges at the next line, prints its report as JSON.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from filelock import FileLock

from app.changes import Changes
from app.store.life_marker import Markers
from app.store.slots import Opened
from app.store.sync_port import StoreSyncPort
from app.store.workspace import LOCK_FILE, Workspace
from app.usecases.desk import Desk
from app.usecases.referrals import acknowledge_arrivals
from sync.engine import Exchange, TrustAnchor
from sync.errors import SyncError
from sync.http_signatures import RequestSigner
from sync.keyring import Keyring
from sync.persevering import PerseveringTransport
from sync.transport import HttpTransport, RelayAddress
from ui.compose import SystemClock, load_reference


def main() -> None:
    """Exchange once."""
    told = json.loads(sys.stdin.readline())
    folder = Path(told["folder"])
    lock = FileLock(folder / LOCK_FILE)
    lock.acquire(timeout=0)
    desk = Desk(
        workspace=Workspace(folder, _opened(told), lock, markers=Markers(Path(told["markers"]))),
        clock=SystemClock(),
        reference=load_reference(),
    )
    print("ready", flush=True)
    sys.stdin.readline()
    started, cpu, memory = time.monotonic(), time.process_time(), _peak_mib()
    outcome = _exchanged(desk, told)
    outcome |= {
        "took_s": round(time.monotonic() - started, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "mib": round(_peak_mib() - memory, 1),
    }
    print(json.dumps(outcome), flush=True)
    desk.workspace.close()


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _exchanged(desk: Desk, told: dict[str, Any]) -> dict[str, Any]:
    port = StoreSyncPort(desk.workspace)
    machine = Keyring(port).machine
    authority, relay = (bytes.fromhex(told[name]) for name in ("authority_key", "relay_key"))
    transport = HttpTransport(
        RelayAddress(url=told["url"], relay_key=relay, ca_pem=Path(told["ca_file"]).read_text()),
        RequestSigner(machine=machine.id, key=machine.sign.private_key),
    )
    exchange = Exchange(
        port,
        PerseveringTransport(transport),
        TrustAnchor(authority_key=authority, relay_key=relay),
        desk.clock,
        lambda: _arrivals(desk),
    )
    outcome: dict[str, Any] = {"error": ""}
    try:
        report = exchange.run()
        outcome |= {"pushed": report.pushed, "pulled": report.pulled}
    except SyncError as error:
        outcome["error"] = error.code
    return outcome | {"bytes_up": transport.bytes_up, "bytes_down": transport.bytes_down}


def _arrivals(desk: Desk) -> Changes:
    return acknowledge_arrivals(desk)


def _opened(told: dict[str, Any]) -> Opened:
    return Opened(
        file_key=bytes.fromhex(told["file_key"]),
        agent="banc",
        name="Banc (exemple)",
        role="adviser",
        compartments={},
    )


if __name__ == "__main__":
    main()
