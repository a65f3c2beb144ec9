"""A Region in real processes that several journeys share: each brings people of its own."""

from collections.abc import Iterator

import pytest

from tests.journeys.stick_region import COMMUNES
from tests.journeys.world import RegionInProcesses, new_region, told_everything


@pytest.fixture(scope="session")
def acquainted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegionInProcesses]:
    """Le Blanc and Châteauroux, which know each other, and a relay behind its proxy."""
    world = new_region(tmp_path_factory.mktemp("acquainted"))
    world.start_relay()
    try:
        for name in ("blanc", "chateauroux"):
            world.enrol(name, COMMUNES[name])
        for name in ("blanc", "chateauroux", "blanc", "chateauroux"):
            world.desks[name].exchange()
        yield world
    finally:
        world.close()


@pytest.fixture
def two_offices(acquainted: RegionInProcesses) -> RegionInProcesses:
    """That Region, in which nothing is left to send."""
    told_everything(acquainted)
    return acquainted
