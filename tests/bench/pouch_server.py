"""A PouchDB server for comparisons, installed by npm into a folder that is kept between runs.

Where there is no npm, or it installs nothing, the comparison is left out and the measure says so.
"""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "pouchdb-server@4.2.0"
_FOLDER = Path(tempfile.gettempdir()) / "deux-portes-pouchdb"
_INSTALL_S = 300
_READY_S = 60


class PouchAbsentError(Exception):
    """There is no PouchDB server to compare with; `reason` says why."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def pouch_server(folder: Path) -> Iterator[str]:
    """Serve databases out of a folder; give the URL.

    Raises:
        PouchAbsentError: it cannot be installed or does not start.
    """
    program, port = _program(), _free_port()
    command = [program, "--port", str(port), "--host", "127.0.0.1", "--dir", str(folder)]
    log = (folder / "pouch.log").open("w", encoding="utf-8")
    with log:
        server = subprocess.Popen(
            [*command, "--no-stdout-logs", "--no-color"],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(port)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def _program() -> str:
    found = shutil.which("pouchdb-server")
    if found:
        return found
    program = _FOLDER / "node_modules" / ".bin" / "pouchdb-server"
    if not program.exists():
        _install()
    if not program.exists():
        raise PouchAbsentError(reason=f"npm installed no {PACKAGE}")
    return str(program)


def _install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise PouchAbsentError(reason="npm is not installed")
    _FOLDER.mkdir(exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", PACKAGE]
    try:
        subprocess.run(command, cwd=_FOLDER, check=True, capture_output=True, timeout=_INSTALL_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise PouchAbsentError(reason=f"npm could not install {PACKAGE}") from error


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _READY_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError as error:
            if time.monotonic() > deadline:
                raise PouchAbsentError(reason="the server does not answer") from error
        else:
            return


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
