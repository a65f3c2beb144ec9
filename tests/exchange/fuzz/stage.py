"""The desks, the relay and the sticks of one run, and what the fuzzer remembers of them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sync.columns import decode_events
from sync.envelope import open_bundle
from sync.keyring import ROOT
from sync.relay_port import Transport
from sync.wire import parse_bundle
from tests.exchange.desks import Door, World
from tests.exchange.fuzz.marks import Marks
from tests.exchange.fuzz.screens import marks_at, marks_of
from tests.exchange.fuzz.truth import Truth
from tests.fakes.clock import TickingClock

ERASE = "erase"


class BrokenPromiseError(AssertionError):
    """The exchange did what it says it never does."""


def must(holds: object, promise: str, *told: object) -> None:
    """Say which promise is broken, and by what."""
    if not holds:
        raise BrokenPromiseError(": ".join([promise, *(repr(one) for one in told)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A bundle as its readers open it: what it says of people, what it erases."""

    incarnation: bytes
    place: tuple[bytes, bytes, int]
    marks: frozenset[str]
    erased: frozenset[bytes]
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDesk:
    """A copy of a desk's folder, and of the markers that its machine keeps outside of it."""

    door: str
    folder: Path
    markers: Path


@dataclass
class Stage:
    """One run: a world of open desks, and the truth about what people did at them.

    Attributes:
        spare: desks that belong to nobody yet, by name.
        removed: desks whose machine was removed.
    """

    world: World
    truth: Truth = field(default_factory=Truth)
    marks: Marks = field(default_factory=Marks)
    clocks: dict[str, TickingClock] = field(default_factory=dict)
    spare: list[str] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    saved: list[SavedDesk] = field(default_factory=list)
    relays: list[Any] = field(default_factory=list)
    sticks: list[Path] = field(default_factory=list)
    _opened: dict[bytes, Opened] = field(default_factory=dict)

    @property
    def relay(self) -> Any:
        return self.world.relay

    @property
    def doors(self) -> dict[str, Door]:
        """The desks at which people work, by name in a fixed order."""
        return {name: self.world[name] for name in sorted(self.truth.structure_of)}

    @property
    def active(self) -> dict[str, Door]:
        """Those whose machine nobody removed."""
        return {name: door for name, door in self.doors.items() if name not in self.removed}

    def structures(self) -> list[str]:
        return sorted(set(self.truth.structure_of.values()))

    def doors_of(self, structure: str) -> list[str]:
        of = self.truth.structure_of
        return [name for name in sorted(of) if of[name] == structure and name not in self.removed]

    def roots(self) -> list[str]:
        """The desks whose machine holds the root of its structure."""
        return [name for name, door in self.active.items() if ROOT in door.port.secrets()]

    def take(self, name: str, structure: str) -> None:
        """Let people work at a desk, by a clock of its own."""
        self.truth.structure_of[name] = structure
        self.clocks.setdefault(name, TickingClock())
        self._set_clock(name)

    def reference(self, structure: str) -> str:
        """How the directory names a structure."""
        return self.world[self.doors_of(structure)[0]].reference

    def link(self, name: str) -> Transport:
        """A link to the relay that works."""
        return self.world[name].transport()

    def reopen(
        self, name: str, while_closed: Callable[[], object] = lambda: None, **options: Any
    ) -> Door:
        """Close a desk, let something happen to its folder, open it again."""
        self.world[name].desk.workspace.close()
        while_closed()
        return self.open(name, **options)

    def open(self, name: str, **options: Any) -> Door:
        door = self.world.open(name, **options)
        self._set_clock(name)
        return door

    def save(self, name: str) -> SavedDesk:
        """Copy the folder of a desk, closed for that time."""
        number = len(self.saved)
        folder = self.world.folder.parent / f"saved-{number}"
        saved = SavedDesk(door=name, folder=folder, markers=Path(f"{folder}-lives"))

        def copy() -> None:
            shutil.copytree(self.world.folder / name, saved.folder)
            shutil.copytree(self.world.folder / "lives" / name, saved.markers)

        self.reopen(name, copy)
        self.saved.append(saved)
        return saved

    def put_back(self, saved: SavedDesk, *, with_markers: bool) -> None:
        """Find the folder of a desk as the copy was; with the markers, the whole disk."""

        def copy() -> None:
            _replace(self.world.folder / saved.door, saved.folder)
            if with_markers:
                _replace(self.world.folder / "lives" / saved.door, saved.markers)

        self.reopen(saved.door, copy)

    def machine(self, name: str) -> bytes:
        return self.world[name].keyring.machine.id

    def opened(self) -> dict[bytes, Opened]:
        """All bundles that the relay holds, opened with every key of every desk."""
        keys: dict[tuple[bytes, bytes], bytes] = {}
        held = dict(self.relay.bundles)
        for name, data in held.items():
            if name not in self._opened:
                keys = keys or self._keys()
                if (found := _opened(data, keys)) is not None:
                    self._opened[name] = found
        return {name: self._opened[name] for name in held if name in self._opened}

    def held_elsewhere(self, but: str = "") -> frozenset[str]:
        """The marks that the relay, or a desk that can still exchange, would give back."""
        held = [marks_at(door) for name, door in self.active.items() if name != but]
        return frozenset().union(*held, *(one.marks for one in self.opened().values()))

    def erased_elsewhere(self, but: str = "") -> frozenset[bytes]:
        """The subjects that the relay, or a desk that can still exchange, knows as erased."""
        held = [erased_at(door) for name, door in self.active.items() if name != but]
        return frozenset().union(*held, *(one.erased for one in self.opened().values()))

    def _keys(self) -> dict[tuple[bytes, bytes], bytes]:
        keys: dict[tuple[bytes, bytes], bytes] = {}
        for name in self.doors:
            keys |= self.world[name].keyring.epoch_keys
        return keys

    def _set_clock(self, name: str) -> None:
        door = self.world[name]
        if name in self.clocks:
            door.desk = replace(door.desk, clock=self.clocks[name])


def erased_at(door: Door) -> frozenset[bytes]:
    return frozenset(subject for (subject,) in door.query("SELECT subject FROM erased"))


def _opened(data: bytes, keys: dict[tuple[bytes, bytes], bytes]) -> Opened | None:
    parsed = parse_bundle(data)
    header = parsed.header
    key = keys.get((header.space, header.epoch))
    if key is None:  # the desks that had it were all put back to before
        return None
    plain = open_bundle(parsed, key)
    events = decode_events(header.space, header.incarnation, plain)
    return Opened(
        incarnation=header.incarnation,
        place=(header.space, header.incarnation, header.sequence),
        marks=frozenset().union(*(marks_of(one.kind, repr(one).encode()) for one in events)),
        erased=frozenset(event.subject for event in events if event.kind == ERASE),
        events=len(events),
    )


def _replace(folder: Path, by: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(by, folder)
