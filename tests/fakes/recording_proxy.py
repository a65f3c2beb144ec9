"""Stands between desks and a relay, keeps every byte that passes, and can break the link.

A fault waits for a `marker` in what goes up (a request line, say), then lets so many bytes pass
one way and closes the connection: no byte of the answer is an answer swallowed. It serves once.
"""

import contextlib
import socket
import threading
from dataclasses import dataclass, field

UP, DOWN = "up", "down"
PUSH = b"POST /v1/bundles HTTP"
PULL = b"POST /v1/bundles/pull HTTP"


@dataclass(eq=False)
class Fault:
    """What will happen to the first connection in which the marker goes up.

    `struck` is set when it has happened. With `stalls`, the connection is left open and silent
    until `let_go`, as when a process is killed in the middle. With `says`, the desk is told that in
    place of what was coming.
    """

    marker: bytes
    way: str = DOWN
    after_bytes: int = 0
    stalls: bool = False
    says: bytes = b""
    struck: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def let_go(self) -> None:
        self.released.set()


class RecordingProxy:
    """A TCP proxy on a port of its own, which stays the same while it is open.

    `up` and `down` hold all that passed or was about to, both ways, of every connection.
    """

    def __init__(self, upstream: tuple[str, int] | None = None) -> None:
        self.upstream = upstream
        self.up = bytearray()
        self.down = bytearray()
        self.connections = 0
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.port = 0
        self.listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def recorded(self) -> bytes:
        """All bytes that went either way."""
        return bytes(self.up) + bytes(self.down)

    def will(self, fault: Fault) -> Fault:
        """Arm a fault."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def swallow_answer(self, marker: bytes = PUSH) -> Fault:
        """Let the next such request reach the relay, and its answer nobody."""
        return self.will(Fault(marker=marker))

    def listen(self) -> None:
        """Answer on the port: a free one at first, the same one again later."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._threads.append(
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True)
        )
        self._threads[-1].start()

    def vanish(self) -> None:
        """Answer nobody, as a relay that is not there."""
        # Closing alone does not wake the thread that accepts.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def close(self) -> None:
        self.vanish()
        self._end_connections()

    def begin_again(self) -> None:
        """Be as new on the same port: nobody behind, nothing recorded, nothing to go wrong."""
        self.close()
        self.upstream = None
        self.up.clear()
        self.down.clear()
        self.connections = 0
        self._faults.clear()
        self._sockets.clear()
        self._threads.clear()
        self.listen()

    def _end_connections(self) -> None:
        for fault in self._faults:
            fault.let_go()
        for one in list(self._sockets):
            _end(one)
        for thread in self._threads:
            thread.join(timeout=10)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if self.upstream is None:
                client.close()
                continue
            try:
                relay = socket.create_connection(self.upstream, timeout=10)
            except OSError:
                client.close()
                continue
            relay.settimeout(None)
            self.connections += 1
            _Connection(self, client, relay).start()

    def _started(self, thread: threading.Thread, *sockets: socket.socket) -> None:
        self._threads.append(thread)
        self._sockets.update(sockets)
        thread.start()

    def _matching(self, sent: bytes) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.marker in sent:
                    self._faults.remove(fault)
                    return fault
        return None


class _Connection:
    """One connection of a desk, and the one to the relay behind it."""

    def __init__(self, proxy: RecordingProxy, client: socket.socket, relay: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._relay = relay
        self._fault: Fault | None = None
        self._passed = 0
        self._tail = b""

    def start(self) -> None:
        for source, target, way in (
            (self._client, self._relay, UP),
            (self._relay, self._client, DOWN),
        ):
            thread = threading.Thread(target=self._pump, args=(source, target, way), daemon=True)
            self._proxy._started(thread, source, target)

    def _pump(self, source: socket.socket, target: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4_096):
                (self._proxy.up if way == UP else self._proxy.down).extend(data)
                before = self._look_for_fault(data) if way == UP else 0
                allowed = self._allowed(data, way, before)
                target.sendall(data[:allowed])
                if allowed < len(data):
                    self._strike()
                    break
        for one in (source, target):
            _end(one)

    def _look_for_fault(self, data: bytes) -> int:
        """Arm the fault whose marker goes up; return how many of these bytes come before it."""
        if self._fault is not None:
            return 0
        seen = self._tail + data
        self._fault = self._proxy._matching(seen)
        self._tail = seen[-64:]
        if self._fault is None:
            return 0
        return max(0, seen.index(self._fault.marker) - (len(seen) - len(data)))

    def _allowed(self, data: bytes, way: str, before: int) -> int:
        if self._fault is None or self._fault.way != way:
            return len(data)
        allowed = min(len(data), before + max(0, self._fault.after_bytes - self._passed))
        self._passed += len(data) - before
        return allowed

    def _strike(self) -> None:
        assert self._fault is not None
        if self._fault.says:
            self._client.sendall(self._fault.says)
        self._fault.struck.set()
        if self._fault.stalls:
            self._fault.released.wait(timeout=60)


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
