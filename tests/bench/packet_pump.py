"""Carries packets between two network namespaces as a bad rural link would.

Two TUN devices, one in each namespace, with real kernel TCP at both ends: this process alone stands
between them and adds delay, a limited rate with a short queue, random loss and cuts. A cut either
swallows what passes (`hole`) or also kills the connections that were open (`dead`), as a box that
restarts does.

Run by `tests/bench/emulated_link.py` as `packet_pump.py NEAR FAR STATS.json PROFILE.json`. Signals:
SIGUSR1 zeroes the counters and starts the clock of cuts, SIGUSR2 writes the counters, SIGTERM ends.
"""

import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

NEAR_ADDRESS, FAR_ADDRESS = "10.88.0.1", "10.88.0.2"
UP, DOWN = 0, 1

_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x1001
_CLONE_NEWNET = 0x40000000
_TCP, _IPV4 = 6, 4
_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_READ_BYTES = 65_536
_WAIT_S = 0.25
_EARLY_S = 0.0005
_BYTES_S_PER_KBIT = 125


def device(namespace: str, name: str, address: str, peer: str) -> int:
    """Make a TUN device inside a namespace and return its file descriptor."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    inside = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(inside, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"namespace {namespace}")
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN_NO_PI))
        for command in (
            f"ip address add {address} peer {peer} dev {name}",
            f"ip link set {name} up mtu 1400",
            "ip link set lo up",
        ):
            subprocess.run(command.split(), check=True)
    finally:
        libc.setns(home, _CLONE_NEWNET)
        os.close(inside)
        os.close(home)
    return tun


class Packet:
    """An IPv4 packet, with what is needed of TCP when it carries some."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.is_tcp = len(data) >= 40 and data[0] >> 4 == _IPV4 and data[9] == _TCP
        if self.is_tcp:
            self._start = (data[0] & 15) * 4
            self.flags = data[self._start + 13]
            self.payload = len(data) - self._start - (data[self._start + 12] >> 4) * 4

    def flow(self, way: int) -> bytes:
        """Name the connection, the same for both ways."""
        ports = self.data[self._start : self._start + 4]
        return ports if way == UP else ports[2:] + ports[:2]

    def reset(self) -> bytes:
        """Return the RST that tells the sender of this packet that its connection is dead."""
        start = self._start
        source_port, target_port, sequence, acknowledged = struct.unpack(
            "!HHII", self.data[start : start + 12]
        )
        after = (sequence + self.payload + bool(self.flags & _SYN) + bool(self.flags & _FIN)) & (
            2**32 - 1
        )
        number, of, flags = (
            (acknowledged, 0, _RST) if self.flags & _ACK else (0, after, _RST | _ACK)
        )
        fields = [target_port, source_port, number, of, (5 << 12) | flags, 0, 0, 0]
        source, target = self.data[12:16], self.data[16:20]
        pseudo = target + source + struct.pack("!BBH", 0, _TCP, 20)
        fields[6] = _checksum(pseudo + struct.pack("!HHIIHHHH", *fields))
        head = bytearray(
            struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 0, 0, 64, _TCP, 0, target, source)
        )
        head[10:12] = struct.pack("!H", _checksum(bytes(head)))
        return bytes(head) + struct.pack("!HHIIHHHH", *fields)


class Pump:
    """The link: reads both devices, holds packets for as long as they travel, writes them."""

    def __init__(self, tuns: tuple[int, int], profile: dict[str, Any], stats: Path) -> None:
        self._tuns = tuns
        self._stats = stats
        self._random = random.Random(profile["seed"])
        self._delay_s = profile["delay_ms"] / 1_000
        self._rates = [profile[way] * _BYTES_S_PER_KBIT for way in ("up_kbit", "down_kbit")]
        self._loss = profile["loss"]
        self._queue_bytes = profile["queue_bytes"]
        self._alive_s, self._cut_s = profile["alive_s"], profile["cut_s"]
        self._kills = profile["kills"]
        self._free_at = [0.0, 0.0]
        self._travelling: list[tuple[float, int, int, bytes]] = []
        self._turn = 0
        self._open: set[bytes] = set()
        self._dead: set[bytes] = set()
        self._started: float | None = None
        self._was_cut = False
        self.is_over = False
        self._zero()

    def start(self, *_: object) -> None:
        """Zero the counters; the link lives for its first `alive_s` from now."""
        self._zero()
        self._started = time.monotonic()

    def end(self, *_: object) -> None:
        """Stop after this turn."""
        self.is_over = True

    def write_stats(self, *_: object) -> None:
        """Write the counters, in one go."""
        draft = self._stats.with_suffix(".new")
        draft.write_text(json.dumps(self._counts), encoding="utf-8")
        draft.replace(self._stats)

    def run(self) -> None:
        """Carry packets until told to end."""
        self.write_stats()
        while not self.is_over:
            now = time.monotonic()
            wait = max(0.0, self._travelling[0][0] - now) if self._travelling else _WAIT_S
            ready, _, _ = select.select(self._tuns, [], [], min(wait, _WAIT_S))
            self._notice_cut(time.monotonic())
            for tun in ready:
                self._read(self._tuns.index(tun))
            self._deliver(time.monotonic())

    def _notice_cut(self, now: float) -> None:
        cut = False
        if self._cut_s and self._started is not None:
            cut = (now - self._started) % (self._alive_s + self._cut_s) >= self._alive_s
        if cut and not self._was_cut:
            self._counts["cuts"] += 1
            if self._kills:
                self._dead |= self._open
                self._open.clear()
                self._travelling.clear()
        self._was_cut = cut

    def _read(self, way: int) -> None:
        try:
            while data := os.read(self._tuns[way], _READ_BYTES):
                self._take(Packet(data), way, time.monotonic())
        except BlockingIOError:
            return

    def _take(self, packet: Packet, way: int, now: float) -> None:
        self._counts["packets"][way] += 1
        self._counts["bytes"][way] += len(packet.data)
        if packet.is_tcp:
            self._counts["payload"][way] += packet.payload
            flow = packet.flow(way)
            if way == UP and packet.flags & (_SYN | _ACK) == _SYN:
                self._counts["connections"] += 1
                self._dead.discard(flow)
            if not self._was_cut:
                if flow in self._dead:
                    if not packet.flags & _RST:
                        self._hold(now + self._delay_s / 2, way, packet.reset())
                    return
                self._open.add(flow)
        if self._was_cut or (self._loss and self._random.random() < self._loss):
            self._counts["lost"][way] += 1
            return
        self._send_on(packet.data, way, now)

    def _send_on(self, data: bytes, way: int, now: float) -> None:
        rate = self._rates[way]
        at = now
        if rate:
            begins = max(now, self._free_at[way])
            if (begins - now) * rate + len(data) > self._queue_bytes:
                self._counts["lost"][way] += 1
                return
            at = self._free_at[way] = begins + len(data) / rate
        self._hold(at + self._delay_s, 1 - way, data)

    def _hold(self, until: float, towards: int, data: bytes) -> None:
        self._turn += 1
        heapq.heappush(self._travelling, (until, self._turn, towards, data))

    def _deliver(self, now: float) -> None:
        while self._travelling and self._travelling[0][0] <= now + _EARLY_S:
            _, _, towards, data = heapq.heappop(self._travelling)
            try:
                os.write(self._tuns[towards], data)
            except OSError:
                self._counts["lost"][1 - towards] += 1

    def _zero(self) -> None:
        pairs = ("packets", "bytes", "payload", "lost")
        self._counts: dict[str, Any] = {name: [0, 0] for name in pairs}
        self._counts |= {"connections": 0, "cuts": 0}


def _checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def main() -> None:
    """Make both devices and carry packets until SIGTERM."""
    near, far, stats, profile = sys.argv[1:]
    tuns = (
        device(near, "near", NEAR_ADDRESS, FAR_ADDRESS),
        device(far, "far", FAR_ADDRESS, NEAR_ADDRESS),
    )
    pump = Pump(tuns, json.loads(Path(profile).read_text("utf-8")), Path(stats))
    signal.signal(signal.SIGUSR1, pump.start)
    signal.signal(signal.SIGUSR2, pump.write_stats)
    signal.signal(signal.SIGTERM, pump.end)
    pump.run()


if __name__ == "__main__":
    main()
