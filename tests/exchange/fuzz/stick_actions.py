"""What happens to sticks: written, torn, read by anybody, damaged, put back as they were."""

import random
import shutil
from pathlib import Path

from app.store.stick_port import StoreStickPort
from sync.errors import (
    NotAStickError,
    StickForgedError,
    StickFromTheFutureError,
    StickHoldsMoreError,
    StickNotForUsError,
    StickOfAnotherRegionError,
    StickReaderRemovedError,
    StickReaderUnknownError,
    StickTornError,
    StickWriterUnknownError,
    SyncError,
)
from sync.stick.folder import StickFolder
from sync.stick.packs import bundles_of
from sync.stick.reading import StickRead, StickReading
from sync.stick.watch import Watch
from sync.stick.writing import StickWriting
from tests.exchange.fuzz.actions import Action, dying, pick
from tests.exchange.fuzz.holding import heard_of_removal, held_elsewhere, is_on_desks
from tests.exchange.fuzz.promises import check_alive, check_everywhere
from tests.exchange.fuzz.screens import left_marks, unsealed_marks
from tests.exchange.fuzz.stage import Stage, must
from tests.exchange.links import PowerCutError

STICKS = 2
ROUNDS = 7
"""More than it takes when a desk that was silent long hears of a checkpoint, and begins anew."""

_HELD = "SELECT count(*), count(bundle) FROM events UNION ALL SELECT count(*), 0 FROM bundles"
_WAITS = "SELECT 1 FROM events WHERE bundle IS NULL AND confined = 0 AND body NOT NULL LIMIT 1"


def write_stick(
    stage: Stage, name: str, stick: Path, watch: Watch | None = None, dies_at: int | None = None
) -> None:
    """Write a stick; what the desk has lost of what it wrote there is read first."""
    stick.mkdir(exist_ok=True)
    try:
        try:
            _write(stage, name, stick, watch, dies_at)
        except StickHoldsMoreError:
            read_stick(stage, name, stick)
            _write(stage, name, stick, watch, dies_at)
    except PowerCutError:
        stage.reopen(name)
    _note_carried(stage, stick)
    check_alive(stage, name)


def _write(stage: Stage, name: str, stick: Path, watch: Watch | None, dies_at: int | None) -> None:
    door = stage.world[name]
    port = dying(door.port, dies_at, after=False)
    sticks, authority = StoreStickPort(door.desk.workspace), stage.world.authority.public
    StickWriting(port, sticks, authority, door.desk.clock).run(StickFolder(stick), watch or Watch())


def read_stick(
    stage: Stage, name: str, stick: Path, watch: Watch | None = None, dies_at: int | None = None
) -> StickRead | None:
    """Read a stick; None when nothing could be taken, for a reason that holds."""
    report, left = None, left_marks(stage.world[name])
    with heard_of_removal(stage, name, by_relay=False):
        try:
            report = _read(stage, name, stick, watch, dies_at)
        except PowerCutError:
            stage.reopen(name)
        except SyncError as error:
            _check_refusal(stage, name, stick, error)
    check_alive(stage, name)
    # What a former life left is named anew when no stick tells that it was sealed: others may know.
    renamed = left - left_marks(stage.world[name])
    stage.truth.doubt(renamed & unsealed_marks(stage.world[name]) & held_elsewhere(stage, name))
    if report is not None and stick not in stage.spoilt:
        must(report.damaged == 0, "a stick that nobody spoilt is whole", name)
        strange = {one.code for one in report.problems} - {StickWriterUnknownError.code}
        must(not strange, "a stick that nobody spoilt is good", name, strange)
    return report


def _read(
    stage: Stage, name: str, stick: Path, watch: Watch | None, dies_at: int | None
) -> StickRead:
    door = stage.world[name]
    port = dying(door.port, dies_at, after=False)
    sticks, authority = StoreStickPort(door.desk.workspace), stage.world.authority.public
    reading = StickReading(port, sticks, authority, door.desk.clock, door.arrivals)
    return reading.run(StickFolder(stick), watch or Watch())


def _check_refusal(stage: Stage, name: str, stick: Path, error: SyncError) -> None:
    told = (name, stick.name, error)
    match error:
        case StickReaderRemovedError():
            must(name in stage.removed, "only who was removed is refused", *told)
        case StickReaderUnknownError():
            is_known = stage.world[name].registry.structures_of(stage.machine(name))
            must(not is_known, "only who was not admitted waits", *told)
        case (
            StickForgedError()
            | StickTornError()
            | StickOfAnotherRegionError()
            | StickFromTheFutureError()
        ):
            must(stick in stage.spoilt, "a stick that nobody spoilt is good", *told)
        case NotAStickError() | StickNotForUsError() | StickWriterUnknownError():
            pass
        case _:
            must(False, "a stick can be read", *told)


def _note_carried(stage: Stage, stick: Path) -> None:
    files = stick.rglob("bundles-*.dpb")
    found = {name: data for path in files for name, data in bundles_of(path.read_bytes())}
    stage.carried |= found
    stage.opened_of(found)  # later some keys may be gone


def _dying(chance: random.Random) -> Watch:
    """Somebody makes it stop, or the process is killed, between two files or two bundles."""
    left, dies = chance.randint(1, 12), chance.random() < 0.5

    def stops() -> bool:
        nonlocal left
        left -= 1
        if left == 0 and dies:
            raise PowerCutError
        return left <= 0

    return Watch(cancelled=stops)


class WriteStick:
    """A desk writes a stick."""

    weight = 12

    def possible(self, stage: Stage) -> bool:
        return bool(stage.doors.keys() - stage.whole)

    def run(self, stage: Stage, chance: random.Random) -> None:
        # A disk put back whole, markers too, can only be told by the relay: it is asked first.
        name = pick(chance, stage.doors.keys() - stage.whole)
        write_stick(stage, name, _drawn(stage, chance))


class WriteStickTorn:
    """Writing stops half way: somebody pulls the stick out, or the process is killed."""

    weight = 6

    def possible(self, stage: Stage) -> bool:
        return bool(stage.doors.keys() - stage.whole)

    def run(self, stage: Stage, chance: random.Random) -> None:
        name, stick = pick(chance, stage.doors.keys() - stage.whole), _drawn(stage, chance)
        if chance.random() < 0.5:
            write_stick(stage, name, stick, _dying(chance))
        else:
            write_stick(stage, name, stick, dies_at=chance.randint(1, 10))


class ReadStick:
    """A desk reads a stick: it may be of other structures, or have read it already."""

    weight = 18

    def possible(self, stage: Stage) -> bool:
        return bool(stage.sticks)

    def run(self, stage: Stage, chance: random.Random) -> None:
        read_stick(stage, pick(chance, stage.doors), chance.choice(stage.sticks))


class ReadStickTorn:
    """Reading stops half way."""

    weight = 6

    def possible(self, stage: Stage) -> bool:
        return bool(stage.sticks)

    def run(self, stage: Stage, chance: random.Random) -> None:
        name, stick = pick(chance, stage.doors), chance.choice(stage.sticks)
        if chance.random() < 0.5:
            read_stick(stage, name, stick, _dying(chance))
        else:
            read_stick(stage, name, stick, dies_at=chance.randint(1, 20))


class SpoilStick:
    """A file of a stick is damaged, cut short, or gone."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return any(_files(stick) for stick in stage.sticks)

    def run(self, stage: Stage, chance: random.Random) -> None:
        stick = chance.choice([one for one in stage.sticks if _files(one)])
        path = chance.choice(_files(stick))
        chance.choice([_flip, _cut, _remove])(chance, path)
        stage.spoilt.add(stick)


class CopyStick:
    """Somebody copies a stick."""

    weight = 2

    def possible(self, stage: Stage) -> bool:
        return bool(stage.sticks) and len(stage.stick_copies) < 4

    def run(self, stage: Stage, chance: random.Random) -> None:
        stick = chance.choice(stage.sticks)
        copy = stick.with_name(f"copy-{len(stage.stick_copies)}")
        shutil.copytree(stick, copy)
        stage.stick_copies.append(copy)
        if stick in stage.spoilt:
            stage.spoilt.add(copy)


class PutStickBack:
    """An older copy of a stick goes round in its place."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return bool(stage.stick_copies)

    def run(self, stage: Stage, chance: random.Random) -> None:
        copy, stick = chance.choice(stage.stick_copies), chance.choice(stage.sticks)
        shutil.rmtree(stick)
        shutil.copytree(copy, stick)
        stage.spoilt.discard(stick)
        if copy in stage.spoilt:
            stage.spoilt.add(stick)


class PassStickAround:
    """A new stick goes round until every desk has heard everything; the relay is not asked."""

    weight = 5

    def possible(self, stage: Stage) -> bool:
        return not (stage.whole or stage.joining)

    def run(self, stage: Stage, chance: random.Random) -> None:
        # Two copies of one machine have one folder on a stick, and write over each other's.
        machines = [stage.machine(name) for name in stage.active]
        if len(machines) > len(set(machines)) or not is_on_desks(stage):
            return
        stick = stage.world.folder.parent / f"round-{stage.marks.drawn}"
        quiet = 0
        for _ in range(ROUNDS):
            before = [door.query(_HELD) for door in stage.active.values()]
            for name in stage.active:
                write_stick(stage, name, stick)
                for other in stage.active:
                    read_stick(stage, other, stick)
            waits = any(door.query(_WAITS) for door in stage.active.values())
            moves = before != [door.query(_HELD) for door in stage.active.values()]
            quiet = 0 if waits or moves else quiet + 1
            if quiet == 2:  # who lost what it had said that it holds says so in the first of them
                break
        shutil.rmtree(stick)
        check_everywhere(stage)


def _drawn(stage: Stage, chance: random.Random) -> Path:
    number = chance.randrange(STICKS)
    stick = stage.world.folder.parent / f"stick-{number}"
    if stick not in stage.sticks:
        stick.mkdir()
        stage.sticks = sorted([*stage.sticks, stick])
    return stick


def _files(stick: Path) -> list[Path]:
    return sorted(path for path in stick.rglob("*.dp?") if path.is_file())


def _flip(chance: random.Random, path: Path) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _cut(chance: random.Random, path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: chance.randint(0, len(data))])


def _remove(_chance: random.Random, path: Path) -> None:
    path.unlink()


STICK_ACTIONS: dict[str, Action] = {
    "write_stick": WriteStick(),
    "write_stick_torn": WriteStickTorn(),
    "read_stick": ReadStick(),
    "read_stick_torn": ReadStickTorn(),
    "spoil_stick": SpoilStick(),
    "copy_stick": CopyStick(),
    "put_stick_back": PutStickBack(),
    "pass_stick_around": PassStickAround(),
}
