"""Desks whose folder is put back as it was, or is used twice, for tests."""

import shutil

from tests.exchange.desks import Door, World
from tests.exchange.test_lives import copied, put_back, shut


def saved(world: World, name: str) -> Door:
    """Copy the folder of a desk, to be restored later."""
    shut(world, name)
    copied(world, name, f"{name}-copy")
    return world.open(name)


def restored(world: World, name: str) -> Door:
    return put_back(world, name, world.folder / f"{name}-copy")


def used_twice(world: World, name: str) -> tuple[Door, Door]:
    """Open a copy of a desk beside it."""
    shut(world, name)
    shutil.copytree(world.folder / name, world.folder / "copy")
    world.keys["copy"] = world.keys[name]
    return world.open(name), world.open("copy")
