"""Fifty machines at once, in processes of their own: what each does in a round, on any server.

A round pushes some records, then pulls what the other machine of the same structure pushed. The
same threads, connections and record sizes serve for every server; only the calls differ.
"""

import http.client
import json
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from sync.frames import FrameReader, encode_frame, encode_statement_frames
from sync.keys import AuthorityKey
from sync.wire import parse_bundle
from tests.fakes.region import Machine, Region

RECORD_BYTES = 584
# So many first receptions, four events each, make a bundle of 534 and of 2,758 bytes at a desk:
# compressed, padded, sealed, signed.
_PADDED_BYTES = {1: 320, 20: 2_496}
REVISION = "0" * 32
MACHINES_PER_STRUCTURE = 2
_START_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the machines do: so many rounds of so many records, in so many bundles.

    `is_whole`: by whole exchanges, as programs make them; else by the leanest calls there are.
    """

    machines: int = 50
    rounds: int = 20
    records: int = 20
    bundles: int = 1
    processes: int = 2
    is_whole: bool = True


@dataclass(slots=True, kw_only=True)
class Measured:
    """What one run gave: seconds of each request by kind, records moved, and the whole time.

    `came` counts what had come once all machines had pulled a last time, beside the measure.
    """

    begin_s: list[float] = field(default_factory=list)
    push_s: list[float] = field(default_factory=list)
    pull_s: list[float] = field(default_factory=list)
    pushed: int = 0
    pulled: int = 0
    came: int = 0
    took_s: float = 0.0


class Peer(Protocol):
    """One machine of the load."""

    def prepare(self) -> None:
        """Make everything that is not measured."""
        ...

    def begin(self, turn: int) -> None:
        """Do what an exchange begins with, before anything is pushed."""
        ...

    def push(self, turn: int) -> None:
        """Push the records of a round."""
        ...

    def pull(self) -> int:
        """Pull what is new, and return how many records of the other machine came."""
        ...


class Line:
    """One kept connection."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._link = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        said, _ = self.answer(method, path, body, headers)
        return said

    def answer(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[bytes, http.client.HTTPMessage]:
        self._link.request(method, path, body=body, headers=headers)
        answer = self._link.getresponse()
        said = answer.read()
        assert answer.status < 400, (path, answer.status, said[:300])
        return said, answer.headers


@dataclass
class _Signable:
    method: str | None
    url: str | None
    headers: dict[str, str]


class RelayPeer:
    """A machine of the relay. What can be signed beforehand is: the relay is measured, not it."""

    def __init__(self, line: Line, machine: Machine, load: Load) -> None:
        self._line = line
        self._machine = machine
        self._load = load
        self._begins: list[dict[str, str]] = []
        self._pushes: list[tuple[bytes, dict[str, str]]] = []
        self._above: dict[str, int] = {}
        self._etag = "none"

    def prepare(self) -> None:
        introduction = encode_statement_frames(self._machine.introduction())
        headers = self._signed("POST", "/v1/statements", introduction)
        self._line.call("POST", "/v1/statements", introduction, headers)
        each = _PADDED_BYTES[self._load.records // self._load.bundles]
        for _ in range(self._load.rounds):
            made = (self._machine.bundle(size=each) for _ in range(self._load.bundles))
            body = b"".join(encode_frame(*one) for one in made)
            self._pushes.append((body, self._signed("POST", "/v1/bundles", None)))
            asked = {"deux-portes-hello": os.urandom(16).hex()}
            self._begins.append(self._signed("GET", "/v1/statements", None) | asked)

    def begin(self, turn: int) -> None:
        """Ask who the relay is, and whether anything was said since."""
        headers = self._begins[turn] | {"If-None-Match": self._etag}
        _, told = self._line.answer("GET", "/v1/statements", None, headers)
        assert told.get("deux-portes-hello")
        self._etag = told.get("ETag") or self._etag

    def push(self, turn: int) -> None:
        told = json.loads(self._line.call("POST", "/v1/bundles", *self._pushes[turn]))
        assert len(told["receipts"]) == self._load.bundles
        self._above[self._machine.incarnation.hex()] = (turn + 1) * self._load.bundles

    def pull(self) -> int:
        spaces = [{"space": self._machine.own_space.hex(), "above": self._above}]
        asked = json.dumps({"spaces": spaces, "resume": None}).encode()
        headers = self._signed("POST", "/v1/bundles/pull", asked)
        said = self._line.call("POST", "/v1/bundles/pull", asked, headers)
        pieces = list(FrameReader().feed(said))
        for piece in pieces:
            header = parse_bundle(piece.data).header
            self._above[header.incarnation.hex()] = header.sequence
        return len(pieces) * self._load.records // self._load.bundles

    def _signed(self, method: str, path: str, body: bytes | None) -> dict[str, str]:
        request = _Signable(method, self._line.url + path, {})
        created, nonce = int(time.time()), os.urandom(16)
        self._machine.signer.sign(request, created=created, nonce=nonce, body=body)
        return request.headers


class PouchPeer:
    """A machine of a PouchDB server, by its leanest calls: `_bulk_docs` and `_changes`."""

    def __init__(self, line: Line, structure: str, machine: str, load: Load) -> None:
        self._line = line
        self._database = f"/s{structure}"
        self._machine = machine
        self._load = load
        self._bodies: list[bytes] = []
        self._since = 0

    def prepare(self) -> None:
        for turn in range(self._load.rounds):
            documents = [self._document(turn, place) for place in range(self._load.records)]
            self._bodies.append(_json({"docs": documents}))

    def begin(self, turn: int) -> None:
        """Nothing: its leanest calls stand alone."""

    def push(self, turn: int) -> None:
        told = self._call("POST", "/_bulk_docs", self._bodies[turn])
        assert all(one.get("ok") for one in told)

    def pull(self) -> int:
        told = self._call("GET", f"/_changes?include_docs=true&since={self._since}")
        self._since = told["last_seq"]
        return sum(1 for one in told["results"] if not one["id"].startswith(self._machine))

    def _document(self, turn: int, place: int) -> dict[str, Any]:
        name = f"{self._machine}-{turn:04}-{place:04}"
        return {"_id": name, "v": os.urandom(RECORD_BYTES // 2).hex()}

    def _call(self, method: str, path: str, body: bytes | None = None) -> Any:
        headers = {"Content-Type": "application/json"}
        return json.loads(self._line.call(method, self._database + path, body, headers))


class ReplicatingPouchPeer(PouchPeer):
    """The same, by the calls that `PouchDB.sync` 7 makes, as its server's log tells them."""

    _mark = 0

    def __init__(self, line: Line, structure: str, machine: str, load: Load) -> None:
        super().__init__(line, structure, machine, load)
        self._asked: list[bytes] = []

    def prepare(self) -> None:
        for turn in range(self._load.rounds):
            documents = [
                self._document(turn, place)
                | {"_rev": f"1-{REVISION}", "_revisions": {"start": 1, "ids": [REVISION]}}
                for place in range(self._load.records)
            ]
            self._bodies.append(_json({"docs": documents, "new_edits": False}))
            self._asked.append(_json({one["_id"]: [one["_rev"]] for one in documents}))

    def begin(self, turn: int) -> None:
        """Look at the database, at the server, and at both marks of how far one got."""
        self._call("GET", "/")
        for _ in range(2):
            self._line.call("GET", "/", None, {})
        for direction in ("push", "pull"):
            self._read_mark(direction)

    def push(self, turn: int) -> None:
        assert len(self._call("POST", "/_revs_diff", self._asked[turn])) == self._load.records
        self._call("POST", "/_bulk_docs", self._bodies[turn])
        self._write_mark("push")

    def pull(self) -> int:
        came = 0
        while results := self._changes():
            wanted = [one["id"] for one in results if not one["id"].startswith(self._machine)]
            if wanted:
                path = "/_all_docs?conflicts=true&include_docs=true"
                came += len(self._call("POST", path, _json({"keys": wanted}))["rows"])
            self._write_mark("pull")
        return came

    def _changes(self) -> list[dict[str, Any]]:
        told = self._call("GET", f"/_changes?style=all_docs&since={self._since}&limit=100")
        self._since = told["last_seq"]
        results: list[dict[str, Any]] = told["results"]
        return results

    def _read_mark(self, direction: str) -> str:
        try:
            told = self._call("GET", f"/_local/{self._machine}{direction}")
        except AssertionError:
            return ""
        revision: str = told["_rev"]
        return revision

    def _write_mark(self, direction: str) -> None:
        """Remember how far one got; it is read again before it is written."""
        self._mark += 1
        mark: dict[str, Any] = {"_id": f"_local/{self._machine}{direction}", "at": self._mark}
        revision = self._read_mark(direction)
        if revision:
            mark["_rev"] = revision
        self._call("PUT", f"/_local/{self._machine}{direction}", _json(mark))


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A server: its address and, of a relay, the seed of the authority that it serves."""

    url: str
    authority_seed: bytes = b""
    run: str = "1"


def drive(target: Target, load: Load) -> Measured:
    """Let the machines work at once, in processes of their own, and put together what they saw."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(load.processes), context.Queue()
    workers = [
        context.Process(target=_work, args=(target, load, number, barrier, results))
        for number in range(load.processes)
    ]
    for worker in workers:
        worker.start()
    told = [results.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join()
    whole = Measured(took_s=max(one["ended"] for one in told) - min(one["began"] for one in told))
    for one in told:
        whole.begin_s += one["begin_s"]
        whole.push_s += one["push_s"]
        whole.pull_s += one["pull_s"]
        whole.pushed += one["pushed"]
        whole.pulled += one["pulled"]
        whole.came += one["came"]
    return whole


def _work(target: Target, load: Load, number: int, barrier: Any, results: Any) -> None:
    peers = _peers(target, load, number)
    for peer in peers:
        peer.prepare()
    told: dict[str, Any] = {"begin_s": [], "push_s": [], "pull_s": [], "pushed": 0, "pulled": 0}
    barrier.wait(_START_S)
    told["began"] = time.time()
    threads = [threading.Thread(target=_rounds, args=(peer, load, told)) for peer in peers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told["ended"] = time.time()
    barrier.wait(_START_S)
    # Not measured: what the others pushed last.
    told["came"] = told["pulled"] + sum(peer.pull() for peer in peers)
    results.put(told)


def _rounds(peer: Peer, load: Load, told: dict[str, Any]) -> None:
    for turn in range(load.rounds):
        if load.is_whole:
            told["begin_s"].append(_timed(lambda turn=turn: peer.begin(turn)))
        told["push_s"].append(_timed(lambda turn=turn: peer.push(turn)))
        told["pushed"] += load.records
        came: list[int] = []
        told["pull_s"].append(_timed(lambda: came.append(peer.pull())))  # noqa: B023
        told["pulled"] += came[0]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peers(target: Target, load: Load, number: int) -> Sequence[Peer]:
    structures = load.machines // MACHINES_PER_STRUCTURE
    peers: list[Peer] = []
    region = (
        Region(authority=AuthorityKey(target.authority_seed)) if target.authority_seed else None
    )
    for place in range(number, structures, load.processes):
        structure = region.structure() if region else None
        name = f"{target.run}-{number}-{place}"
        if not structure:
            Line(target.url).call("PUT", f"/s{name}", None, {})
        for one in range(MACHINES_PER_STRUCTURE):
            line = Line(target.url)
            if structure:
                peers.append(RelayPeer(line, structure.machine(), load))
            else:
                kind = ReplicatingPouchPeer if load.is_whole else PouchPeer
                peers.append(kind(line, name, f"m{one}", load))
    return peers
