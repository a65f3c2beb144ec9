"""The technical log: what went wrong in our own code, with positions and types, never a value.

An exception's message and the local variables of its stack can hold a name or a telephone number:
neither is written. What remains is enough to find the line.
"""

import contextlib
import datetime as dt
import platform
import traceback
from collections.abc import Iterator
from pathlib import Path, PurePath

APPLICATION = "deux-portes"
LOG_FILE = "deux-portes.log"
LARGEST_LOG_BYTES = 256 * 1024
_PARTS_OF_A_PLACE = 3


def log_folder() -> Path:
    """Return the folder of logs that this platform names for this user."""
    from platformdirs import user_log_path

    return user_log_path(APPLICATION, appauthor=False)


def record_fault(error: BaseException, *, folder: Path | None = None) -> Path | None:
    """Append an unexpected exception to the technical log.

    A log grown too large is put aside once, under the name `.old`, and begun again.

    Returns:
        The file written, or None when no file could be: a full disk must not hide the first fault.
    """
    file = (folder or log_folder()) / LOG_FILE
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if file.exists() and file.stat().st_size > LARGEST_LOG_BYTES:
            file.replace(file.with_suffix(".log.old"))
        with file.open("a", encoding="utf-8") as log:
            log.write(describe_fault(error))
        return file
    return None


def describe_fault(error: BaseException) -> str:
    """Return what the log says of an exception: moment, version, then types and positions alone."""
    moment = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    where = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    lines = [f"{moment} Deux Portes {_version()} ({where})"]
    for fault in _chain(error):
        lines.append(f"  {type(fault).__module__}.{type(fault).__qualname__}")
        lines += [
            f"    {_place(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(fault.__traceback__)
        ]
    return "\n".join(lines) + "\n"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, then what it came from, each once."""
    known: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        fault = waiting.pop(0)
        if fault is None or id(fault) in known:
            continue
        known.add(id(fault))
        yield fault
        if isinstance(fault, BaseExceptionGroup):
            waiting += fault.exceptions
        waiting.append(fault.__cause__ or fault.__context__)


def _place(filename: str) -> str:
    """Return the end of a path: its beginning names the person whose session it is."""
    return "/".join(PurePath(filename).parts[-_PARTS_OF_A_PLACE:])


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(APPLICATION)
    except PackageNotFoundError:
        return "?"
