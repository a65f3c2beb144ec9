"""A Region in real processes that several journeys share: each brings people of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.world import (
    RegionInProcesses,
    acquainted_region,
    copy_of,
    told_everything,
)


@pytest.fixture(scope="session")
def acquainted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegionInProcesses]:
    """Le Blanc and Châteauroux, which know each other, and a relay behind its proxy."""
    world = acquainted_region(tmp_path_factory.mktemp("acquainted"))
    yield world
    world.close()


@pytest.fixture
def two_offices(acquainted: RegionInProcesses) -> RegionInProcesses:
    """That Region, in which nothing is left to send."""
    told_everything(acquainted)
    return acquainted


@pytest.fixture(scope="session")
def kept_region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegionInProcesses]:
    """Such a Region that rests on the disk, to be copied: making one takes many processes."""
    world = acquainted_region(tmp_path_factory.mktemp("kept") / "region")
    assert world.relay.stop() == 0
    yield world
    world.close()


@pytest.fixture
def region(kept_region: RegionInProcesses, tmp_path: Path) -> Iterator[RegionInProcesses]:
    """Such a Region of one's own, to be harmed."""
    world = copy_of(kept_region, tmp_path / "region")
    yield world
    world.relay.kill()
