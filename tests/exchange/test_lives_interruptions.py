"""A restored desk, or a restored relay, whose first exchanges are cut or killed at every step."""

import shutil
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from app.domain.reception import PersonDetails
from app.store.sync_port import StoreSyncPort
from sync.settlement import Settlement
from sync.wire import parse_bundle
from tests.exchange.desks import Door, World, opened_copy
from tests.exchange.forging import Forger, pair_of
from tests.exchange.interruptions import Interrupted, cut, ends_alike, killed
from tests.exchange.links import FailsAt, PowerCutError


def receive(door: Door, name: str, to: Door | None = None) -> None:
    person = PersonDetails(family_name=name, given_name="Lou", telephone="+33639980021")
    door.receive(to, person=person)


def set_back(world: World, name: str, copy: Path) -> None:
    shutil.rmtree(world.folder / name)
    shutil.copytree(copy / name, world.folder / name)


def lived(made: World) -> Path:
    """Live a day at Le Blanc; return the copy that was made in the middle of it."""
    blanc, chateauroux = made["blanc"], made["chateauroux"]
    receive(blanc, "Ardenne (exemple)")
    blanc.exchange()
    receive(blanc, "Beauce (exemple)")
    blanc.desk.workspace.close()
    copy = made.folder.parent / "copy"
    shutil.copytree(made.folder, copy)
    blanc = made.open("blanc")
    receive(blanc, "Caux (exemple)", chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    made.close()
    return copy


@pytest.fixture(scope="session")
def file_template(tmp_path_factory, introduced_template):
    made = introduced_template.copy(tmp_path_factory.mktemp("file") / "world")
    set_back(made, "blanc", lived(made))
    return made


@pytest.fixture(scope="session")
def disk_template(tmp_path_factory, introduced_template):
    made = introduced_template.copy(tmp_path_factory.mktemp("disk") / "world")
    copy = lived(made)
    set_back(made, "blanc", copy)
    set_back(made, "lives/blanc", copy)
    return made


@pytest.fixture(scope="session")
def relay_template(tmp_path_factory, introduced_template):
    made = introduced_template.copy(tmp_path_factory.mktemp("relay") / "world")
    lived(made)
    made.relay.bundles = dict(list(made.relay.bundles.items())[:1])
    return made


TEMPLATES = ("file_template", "disk_template", "relay_template")


def told(template: World, folder: Path, name: str, interrupted: Interrupted) -> object:
    """Interrupt an exchange of Le Blanc, then exchange until all is quiet; say what is there."""
    with opened_copy(template, folder / name) as world:
        receive(world["blanc"], "Drome (exemple)")
        if not interrupted(world["blanc"]):
            return None
        for _ in range(4):
            for door in world.doors.values():
                assert door.exchange().refused == ()
        return _summary(world)


def _summary(world: World) -> object:
    for door in world.doors.values():
        counts = door.counts()
        assert door.reasons() == []
        assert (counts.pending, counts.sent, counts.waiting_for_agent) == (0, 0, 0)
    headers = [parse_bundle(data).header for data in world.relay.bundles.values()]
    places = {(one.space, one.incarnation, one.sequence) for one in headers}
    assert len(places) == len(headers)
    blanc = world["blanc"]
    sql = "SELECT p.family_name FROM demands d JOIN persons p ON p.person = d.person ORDER BY 1"
    return (
        blanc.query(sql),
        blanc.statuses("out"),
        world["chateauroux"].statuses("in"),
        sum(door.counts().acknowledged for door in world.doors.values()),
    )


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_killed_at_any_write_a_restored_world_ends_as_if_nothing_had_happened(
    request, tmp_path, name, after
):
    template = request.getfixturevalue(name)
    assert ends_alike(partial(told, template, tmp_path), partial(killed, after=after)) >= 10


@pytest.mark.parametrize("after", [False, True], ids=["unheard", "unanswered"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_cut_at_any_call_a_restored_world_ends_as_if_nothing_had_happened(
    request, tmp_path, name, after
):
    template = request.getfixturevalue(name)
    assert ends_alike(partial(told, template, tmp_path), partial(cut, after=after)) >= 3


class Dying:
    """A workspace whose process is killed at the n-th transaction of its writer."""

    def __init__(self, workspace, at, *, after):
        self._workspace = workspace
        self.writer = FailsAt(workspace.writer, ["write"], at, after=after, failure=PowerCutError)

    def __getattr__(self, name):
        return getattr(self._workspace, name)


@contextmanager
def screen_that_writes(desk):
    """Somebody at the screen who saves again and again: slices are short while they wait."""
    left = threading.Event()

    def save():
        while not left.is_set():
            desk.workspace.writer.write(lambda _tx: None)

    screen = threading.Thread(target=save)
    screen.start()
    try:
        yield
    finally:
        left.set()
        screen.join()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_between_two_slices_a_bundle_is_settled_again_without_a_double(world, after):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    receive(blanc, "Ardenne (exemple)", chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    forger = Forger(blanc, pair_of(blanc, chateauroux).id)
    name, data = forger.bundle(*forger.events(3_900))
    before = events_of(chateauroux)
    cut_short = []
    for at in range(1, 100):
        port = StoreSyncPort(Dying(chateauroux.desk.workspace, at, after=after))
        settlement = Settlement(port, chateauroux.registry, chateauroux.keyring.epoch_keys)
        try:
            with screen_that_writes(chateauroux.desk):
                assert settlement.settle(name, data).reason == ""
        except PowerCutError:
            # The coverage comes last: what is said to be held is held.
            came = events_of(chateauroux) - before
            assert came == 3_900 or not covered(chateauroux, name)
            cut_short.append(0 < came < 3_900)
        else:
            break
    # How many slices there are depends on how fast the machine is: one at least was cut short.
    assert any(cut_short)
    assert covered(chateauroux, name)
    assert events_of(chateauroux) == before + 3_900
    assert len(chateauroux.referrals("in")) == 1


def events_of(door: Door) -> int:
    return door.query("SELECT count(*) FROM events")[0][0]


def covered(door: Door, name: bytes) -> bool:
    return bool(door.query("SELECT 1 FROM bundles WHERE name = ?", name))
