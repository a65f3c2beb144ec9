"""The desks, the relay and the sticks of one run, and what the fuzzer remembers of them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.ports import PlaceAside
from sync.keyring import ROOT
from sync.relay_port import Transport
from tests.exchange.desks import Door, World
from tests.exchange.fuzz.marks import Marks
from tests.exchange.fuzz.opening import Opened, Opening
from tests.exchange.fuzz.truth import Truth
from tests.fakes.clock import TickingClock


class BrokenPromiseError(AssertionError):
    """The exchange did what it says it never does."""


def must(holds: object, promise: str, *told: object) -> None:
    """Say which promise is broken, and by what."""
    if not holds:
        raise BrokenPromiseError(": ".join([promise, *(repr(one) for one in told)]))


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
        may_clone: whether desks are copied and used twice; then nobody makes a checkpoint, which
            one copy of a machine makes without the other.
        spare: desks that belong to nobody yet, by name.
        asked: desks that ever asked to join a structure, and the code that is read aloud.
        joining: those of them that nobody has admitted.
        removed: desks whose machine was removed.
        accepted: late bundles that a person accepted: their machine, place and marks, by name.
        waiting: marks that a removed machine wrote and no other desk had settled by then.
        whole: desks whose disk was put back, markers too, and that have not exchanged since.
        sticks: folders that go from hand to hand; `spoilt` are those that something happened to.
        carried: bundles that ever were on a stick, by name.
        days: how many have passed.
    """

    world: World
    truth: Truth = field(default_factory=Truth)
    marks: Marks = field(default_factory=Marks)
    clocks: dict[str, TickingClock] = field(default_factory=dict)
    may_clone: bool = False
    spare: list[str] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    joining: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    accepted: dict[bytes, tuple[bytes, PlaceAside, frozenset[str]]] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    whole: set[str] = field(default_factory=set)
    saved: list[SavedDesk] = field(default_factory=list)
    relays: list[Any] = field(default_factory=list)
    sticks: list[Path] = field(default_factory=list)
    stick_copies: list[Path] = field(default_factory=list)
    spoilt: set[Path] = field(default_factory=set)
    carried: dict[bytes, bytes] = field(default_factory=dict)
    days: int = 0
    was_relay_put_back: bool = False
    opening: Opening = field(default_factory=Opening)

    @property
    def relay(self) -> Any:
        return self.world.relay

    @property
    def doors(self) -> dict[str, Door]:
        """All desks of structures, by name in a fixed order."""
        return {name: self.world[name] for name in sorted(self.truth.structure_of)}

    @property
    def working(self) -> dict[str, Door]:
        """Those at which people work on: nobody removed their machine."""
        return {name: door for name, door in self.doors.items() if name not in self.removed}

    @property
    def active(self) -> dict[str, Door]:
        """Those whose machine was admitted, and not removed."""
        return {name: door for name, door in self.working.items() if name not in self.joining}

    def structures(self) -> list[str]:
        return sorted(set(self.truth.structure_of.values()))

    def doors_of(self, structure: str) -> list[str]:
        return [name for name in self.active if self.truth.structure_of[name] == structure]

    def roots(self) -> list[str]:
        """The desks whose machine holds the root of its structure."""
        return [name for name, door in self.active.items() if ROOT in door.port.secrets()]

    def take(self, name: str, structure: str) -> None:
        """Let people work at a desk, by a clock of its own."""
        self.truth.structure_of[name] = structure
        self.clocks.setdefault(name, TickingClock())
        self._set_clock(name)

    def pass_days(self, days: int) -> None:
        """Let time pass, by every clock and the relay's."""
        for clock in self.clocks.values():
            clock.tick(days=days)
        self.relay.now_s += days * 86_400
        self.days += days

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
        if with_markers:
            self.whole.add(saved.door)

    def machine(self, name: str) -> bytes:
        return self.world[name].keyring.machine.id

    def opened(self) -> dict[bytes, Opened]:
        """All bundles and pieces that the relay holds, opened with every key of every desk."""
        return self.opened_of(self.relay.bundles | self.relay.pieces)

    def opened_of(self, held: dict[bytes, bytes]) -> dict[bytes, Opened]:
        """Open sealed bytes with every key that a desk has now, or had when they were seen."""
        if self.opening.lacks(held):
            keys: dict[tuple[bytes, bytes], bytes] = {}
            for name in self.doors:
                keys |= self.world[name].keyring.epoch_keys
            self.opening.open(held, keys)
        return self.opening.of(held)

    def _set_clock(self, name: str) -> None:
        door = self.world[name]
        if name in self.clocks:
            door.desk = replace(door.desk, clock=self.clocks[name])


def erased_at(door: Door) -> frozenset[bytes]:
    return frozenset(subject for (subject,) in door.query("SELECT subject FROM erased"))


def _replace(folder: Path, by: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(by, folder)
