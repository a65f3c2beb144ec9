"""What happens in the relay, counted for whoever watches over it; nothing names anybody.

No label says a machine, a structure, a space or an address: the calls, the statuses and the codes
of refusal are few and known beforehand. This module alone knows the library behind.
"""

import socket
import time
from collections.abc import Callable, Sequence
from functools import cache
from threading import Thread

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.relay.answers import REFUSED

_PREFIX = "deux_portes_relay"
_METHODS = frozenset({"GET", "HEAD", "POST"})
_COMMIT_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_REQUEST_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120)


class Metrics:
    """The relay's counters, in a registry of their own. Thread-safe."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter(
            "requests",
            "Requests answered; status 0 when the caller was gone before.",
            ("method", "route", "status"),
        )
        self._durations = self._histogram(
            "request_seconds",
            "From the head of a request to the end of its answer.",
            _REQUEST_BUCKETS_S,
            ("route",),
        )
        self._bytes = self._counter(
            "body_bytes", "Bytes of bodies, as they came and as they left.", ("direction",)
        )
        self._kept = self._counter("kept", "Taken since the start.", ("what",))
        self._dropped = self._counter(
            "dropped",
            "Dropped since the start, because a complete checkpoint stands for it.",
            ("what",),
        )
        self._refusals = self._counter(
            "refusals", "Refused: whole requests, bundles, statements.", ("what", "code")
        )
        self._commits = self._histogram(
            "commit_seconds", "One shared commit, with the work in it.", _COMMIT_BUCKETS_S
        )
        # Labels are few and known beforehand: looked up once each.
        self._request_of = cache(self._requests.labels)
        self._duration_of = cache(self._durations.labels)
        self._bytes_of = cache(self._bytes.labels)

    def _counter(self, name: str, documentation: str, labels: Sequence[str]) -> Counter:
        return Counter(f"{_PREFIX}_{name}", documentation, labels, registry=self.registry)

    def _histogram(
        self, name: str, documentation: str, buckets: Sequence[float], labels: Sequence[str] = ()
    ) -> Histogram:
        return Histogram(
            f"{_PREFIX}_{name}", documentation, labels, buckets=buckets, registry=self.registry
        )

    def watch(self, name: str, documentation: str, read: Callable[[], float]) -> None:
        """Ask for a figure each time somebody looks."""
        Gauge(f"{_PREFIX}_{name}", documentation, registry=self.registry).set_function(read)

    def request(self, *, method: str, route: str, status: int, took_s: float) -> None:
        """Count a request that was answered."""
        shown = method if method in _METHODS else "other"
        self._request_of(shown, route, str(status)).inc()
        self._duration_of(route).observe(took_s)

    def body(self, direction: str, size_bytes: int) -> None:
        """Count bytes that came ("in") or left ("out")."""
        self._bytes_of(direction).inc(size_bytes)

    def kept(self, what: str, count: int) -> None:
        """Count what was taken: "receipts" given, "statements" and "pieces" kept."""
        self._kept.labels(what).inc(count)

    def dropped(self, what: str, count: int) -> None:
        """Count what a checkpoint made useless: "covered_bundles", "unnamed_pieces"."""
        self._dropped.labels(what).inc(count)

    def refused(self, what: str, code: str) -> None:
        """Count a refusal: of a "request", a "bundle", a "statement"."""
        self._refusals.labels(what, code).inc()

    def committed(self, took_s: float) -> None:
        """Count a commit."""
        self._commits.observe(took_s)

    def text(self) -> str:
        """Write everything in Prometheus' text form."""
        return generate_latest(self.registry).decode()

    def serve(self, host: str, port: int) -> tuple[int, Callable[[], None]]:
        """Show the figures on a socket of their own, on a thread of their own.

        Returns:
            The port, and what ends it.

        Raises:
            OSError: one cannot listen there.
        """
        server, thread = start_http_server(port, host, registry=self.registry)
        chosen: int = server.socket.getsockname()[1]
        return chosen, lambda: _end(server.shutdown, server.socket, thread)


class Measured:
    """ASGI: counts the requests that pass through."""

    def __init__(self, application: ASGIApp, metrics: Metrics) -> None:
        self._application = application
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        metrics, started, status = self._metrics, time.monotonic(), 0

        async def receive_counted() -> Message:
            message = await receive()
            metrics.body("in", len(message.get("body", b"")))
            return message

        async def send_counted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            metrics.body("out", len(message.get("body", b"")))
            await send(message)

        try:
            await self._application(scope, receive_counted, send_counted)
        except Exception:
            status = status or 500
            raise
        finally:
            self._note(scope, status, time.monotonic() - started)

    def _note(self, scope: Scope, status: int, took_s: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.request(method=scope["method"], route=route, status=status, took_s=took_s)
        if REFUSED in scope:
            self._metrics.refused("request", scope[REFUSED])


def _end(shutdown: Callable[[], None], listening: socket.socket, thread: Thread) -> None:
    shutdown()
    listening.close()
    thread.join()
