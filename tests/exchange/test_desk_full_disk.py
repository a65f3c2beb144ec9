"""A desk whose disk fills up during an exchange: it says so, loses nothing, and goes on with room.

The disk is a real small one; it fills just before one step after the other.
"""

import shutil
from pathlib import Path

import pytest

from app.domain.errors import DiskFullError
from tests.exchange.checkpointing import settle_down, shown, survivors
from tests.exchange.desks import Door, World, opened_copy
from tests.exchange.links import JustBefore, OtherOrder
from tests.small_disks import fill, small_disk_at
from ui.exchange_words import status_notices
from ui.texts import exchange_line

STEPS = {
    "opening": ("lively_template", "blanc", "keep_memo"),
    "sealing": ("lively_template", "blanc", "keep_sealed"),
    "sending": ("lively_template", "blanc", "mark_sent"),
    "receipts": ("lively_template", "blanc", "keep_receipts"),
    "pulling": ("lively_template", "blanc", "settle"),
    "keys": ("waiting_template", "chateauroux", "keep_secrets"),
    "statements": ("waiting_template", "chateauroux", "keep_statements"),
    "setting aside": ("waiting_template", "chateauroux", "keep_aside"),
    "proposing": ("proposes", "blanc", "keep_pieces"),
    "confirming": ("confirms", "second", "keep_statements"),
    "loading pieces": ("loads", "third", "keep_pieces"),
    "loading survivors": ("loads", "third", "apply_survivors"),
    "deciding": ("adopts", "blanc", "adopt"),
    "letting go": ("adopts", "blanc", "finish_adoption"),
    "turning keys": ("adopts", "blanc", "turn_keys"),
}


@pytest.fixture(scope="session")
def waiting_template(tmp_path_factory, introduced_template):
    """Four referrals wait for Châteauroux at the relay, each in a bundle, under a new key."""
    made = introduced_template.copy(tmp_path_factory.mktemp("waiting") / "world")
    for _ in range(4):
        made["blanc"].receive(made["chateauroux"])
        made["blanc"].exchange()
    made.close()
    return made


def template_of(request: pytest.FixtureRequest, name: str) -> World:
    if name.endswith("_template"):
        return request.getfixturevalue(name)
    return request.getfixturevalue("about_to")[name][0]


def moved(world: World, name: str, disk: Path) -> Door:
    """Have the workspace of a desk lie on another disk; its markers stay where they were."""
    world[name].desk.workspace.close()
    shutil.move(world.folder / name, disk / name)
    (world.folder / name).symlink_to(disk / name)
    return world.open(name)


def summary(world: World) -> object:
    """Let all go on, and say what is there."""
    settle_down(world, 4)
    for door in world.doors.values():
        assert door.reasons() == []
        assert (door.counts().pending, door.counts().sent) == (0, 0)
        assert door.counts().last_failure is None
    own = [door for name, door in world.doors.items() if name != "chateauroux"]
    assert len({tuple(survivors(door).items()) for door in own}) == 1
    people = [
        sorted(str(row[2:]) for row in shown(door)["persons"]) for door in world.doors.values()
    ]
    acknowledged = sum(door.counts().acknowledged for door in world.doors.values())
    return people, [door.statuses("in") for door in world.doors.values()], acknowledged


_CLEAN: dict[Path, object] = {}


def undisturbed(template: World, folder: Path) -> object:
    """What is there in the end when no disk fills up; found once for each template."""
    if template.folder not in _CLEAN:
        with opened_copy(template, folder) as world:
            _CLEAN[template.folder] = summary(world)
    return _CLEAN[template.folder]


def link_of(door: Door, step: str):
    """A link as it is; for something to be set aside, one that leaves a hole."""
    if step == "setting aside":
        return OtherOrder(door.transport(), lambda all_: all_[::2])
    return door.transport()


@pytest.mark.parametrize("step", STEPS)
def test_full_disk_during_an_exchange_loses_nothing_and_goes_on(request, tmp_path, step):
    from_template, name, call = STEPS[step]
    template = template_of(request, from_template)
    clean = undisturbed(template, tmp_path / "clean")
    with (
        small_disk_at(tmp_path / "disque", "8m") as disk,
        opened_copy(template, tmp_path / "world") as world,
    ):
        door = moved(world, name, disk)
        port = JustBefore(door.port, call, lambda: fill(disk))
        with pytest.raises(DiskFullError):
            door.exchange(link_of(door, step), port=port)
        says_why(door)
        refuses_as_long_as_it_lasts(door, step)
        says_why(door)
        (disk / "ballast").unlink()
        assert summary(world) == clean


def test_disk_that_was_full_while_survivors_were_applied_is_no_disagreement(request, tmp_path):
    """There may be room again for the next line: it must not say that the checkpoint differs."""
    template = template_of(request, "loads")
    clean = undisturbed(template, tmp_path / "clean")

    def refuse() -> None:
        raise DiskFullError

    with opened_copy(template, tmp_path / "world") as world:
        door = world["third"]
        with pytest.raises(DiskFullError):
            door.exchange(port=JustBefore(door.port, "apply_survivors", refuse))
        assert summary(world) == clean


def refuses_as_long_as_it_lasts(door: Door, step: str) -> None:
    """Try again without room; a page of the journal may still be free for a try or two."""
    for _ in range(5):
        try:
            door.exchange(link_of(door, step))
        except DiskFullError:
            return
    pytest.fail("the disk is not full")


def says_why(door: Door) -> None:
    """The cause is there for both faces, in words."""
    status = door.counts()
    assert status.last_failure is not None
    assert status.last_failure.code == "disk_full"
    assert exchange_line(status, door.desk.now()).startswith("Disque plein")
    assert status_notices(status) == []


@pytest.mark.parametrize("leaving", [1, 3, 8, 20, 50, 90])
def test_disk_with_little_room_left_ends_well(request, tmp_path, leaving):
    """However much is left, an exchange goes through or says that there was not enough."""
    template = request.getfixturevalue("lively_template")
    clean = undisturbed(template, tmp_path / "clean")
    with (
        small_disk_at(tmp_path / "disque", "8m") as disk,
        opened_copy(template, tmp_path / "world") as world,
    ):
        door = moved(world, "blanc", disk)
        fill(disk, leaving=leaving)
        for _ in range(2):
            try:
                door.exchange()
                assert door.counts().last_failure is None
            except DiskFullError:
                says_why(door)
        (disk / "ballast").unlink()
        assert summary(world) == clean
