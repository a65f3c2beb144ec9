"""A process killed, or a link cut, between any two steps of a checkpoint: the next one goes on."""

from collections.abc import Callable
from typing import Any

import pytest

from app.store.sync_port import StoreSyncPort
from sync.errors import LinkCutError
from tests.exchange.checkpointing import (
    ask,
    own_space,
    settle_down,
    shown,
    survivors,
)
from tests.exchange.desks import Door, World, opened_copy
from tests.exchange.links import FailsAt, PowerCutError, cut_link

CALLS = ("greet", "send_statements", "offsets", "push", "fetch_statements")


class DyingWorkspace:
    """A workspace whose process is killed once its n-th transaction is durable."""

    def __init__(self, workspace: Any, at: int | None) -> None:
        self._workspace = workspace
        self.writer = FailsAt(workspace.writer, ["write"], at, after=True, failure=PowerCutError)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._workspace, name)


STEPS = ("proposes", "confirms", "completes", "adopts", "loads")


def ends_well(world: World) -> None:
    """Let all go on; they end with the same people, nothing aside, one checkpoint adopted."""
    settle_down(world, 4)
    doors = [door for name, door in world.doors.items() if name != "chateauroux"]
    assert len({str(shown(door)) for door in doors}) == 1
    assert len({tuple(survivors(door).items()) for door in doors}) == 1
    assert {tuple(door.reasons()) for door in world.doors.values()} == {()}
    assert {door.port.adopted(own_space(doors[0])) is not None for door in doors} == {True}
    assert {door.counts().pending for door in world.doors.values()} == {0}
    assert "Effacée" not in str(shown(doors[0]))


def tried(about: tuple[World, str], folder, cut: Callable[[Door, int | None], int]) -> None:
    """Cut one desk's exchange at each place, in a fresh world each time."""
    template, name = about
    with opened_copy(template, folder / "whole") as world:
        count = cut(world[name], None)
        ends_well(world)
    for at in range(1, count + 1):
        with opened_copy(template, folder / str(at)) as world:
            cut(world[name], at)
            world[name].desk.workspace.close()
            world.open(name)
            ends_well(world)


@pytest.mark.parametrize("step", STEPS)
def test_killed_after_any_transaction_it_goes_on(about_to, step, tmp_path):
    def killed(door: Door, at: int | None) -> int:
        dying = DyingWorkspace(door.desk.workspace, at)
        try:
            door.exchange(port=StoreSyncPort(dying))
        except PowerCutError:
            assert at is not None
        return dying.writer.done

    tried(about_to[step], tmp_path, killed)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_cut_at_any_call_it_goes_on(about_to, step, after, tmp_path):
    def cut(door: Door, at: int | None) -> int:
        link = cut_link(door.transport(), at, after=after, calls=CALLS)
        try:
            door.exchange(link)
        except LinkCutError:
            assert at is not None
        return link.done

    tried(about_to[step], tmp_path, cut)


@pytest.mark.parametrize("step", ["proposes", "loads"])
def test_pieces_cut_on_their_way_go_on_at_the_byte(about_to, step, tmp_path):
    template, name = about_to[step]
    with opened_copy(template, tmp_path / "whole") as world:
        link = world[name].transport()
        world[name].exchange(link)
        whole = link.bytes_up + link.bytes_down
        pieces = sum(map(len, world.relay.pieces.values()))
        assert whole >= pieces > 0
    moved = 0
    with opened_copy(template, tmp_path / "cut") as world:
        for _ in range(100):
            world.relay.cut_after_bytes = 211
            link = world[name].transport()
            try:
                world[name].exchange(link)
            except LinkCutError:
                moved += link.bytes_up + link.bytes_down
                continue
            moved += link.bytes_up + link.bytes_down
            break
        world.relay.cut_after_bytes = None
        assert moved == whole
        ends_well(world)


def test_asking_for_a_checkpoint_twice_makes_one(about_to, tmp_path):
    template, name = about_to["proposes"]
    with opened_copy(template, tmp_path / "world") as world:
        for _ in range(2):
            ask(world[name])
            world[name].exchange()
        ends_well(world)
        assert world[name].port.adopted(own_space(world[name])).number == 1
