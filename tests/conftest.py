"""What every test may ask for; loaded before any Qt module."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A hang is a failure; a core shared with another file's processes is not.
settings.register_profile("shared cores", deadline=5_000)
settings.load_profile("shared cores")

# A shell has what it runs in the background ignore Ctrl+C, and the programs that this starts too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Journeys start hundreds of processes: told to keep nothing compiled, each would compile it all.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

STATE_VARIABLE = "DEUX_PORTES_STATE"

pytest_plugins = [
    "tests.desks",
    "tests.postgres_server",
    "tests.relay_process",
    "tests.limited_relay",
    "tests.small_disks",
]

BENCHES = Path(__file__).parent / "bench"


def pytest_collection_modifyitems(items):
    """Marks what lies in `bench/`, so that only `make bench` runs it."""
    for item in items:
        if item.path.is_relative_to(BENCHES):
            item.add_marker(pytest.mark.bench)


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory):
    """Keeps what the program notes outside its workspaces away from the user's own folders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE_VARIABLE, str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real open data, too large for the repository.

    Returns:
        The folder named by the environment variable DEUX_PORTES_REAL_DATA.
    """
    named = os.environ.get("DEUX_PORTES_REAL_DATA")
    if not named:
        pytest.skip("DEUX_PORTES_REAL_DATA names no folder of real open data")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"DEUX_PORTES_REAL_DATA names {named}, which is no folder")
    return folder
