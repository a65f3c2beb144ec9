"""Reading and writing the files of the ceremonies, so that a crash leaves the old or the new."""

import os
from collections.abc import Callable
from pathlib import Path

from sync.authority.refusals import (
    DiskRefusedError,
    FileMissingError,
    UnreadableFileError,
)
from sync.carried_json import CarriedFileError, read_carried_file


def read_text(path: Path) -> str:
    """Read a file that somebody brings, or one of the ceremonies'.

    Raises:
        FileMissingError: it is not there.
        UnreadableFileError: it is not text, or is longer than any of them.
        DiskRefusedError: the disk refuses.
    """
    return _read(path, read_carried_file)


def read_journal(path: Path) -> str:
    """Read the journal, which is as long as the Region's history: see `read_text`."""
    return _read(path, lambda file: file.read_text("utf-8"))


def read_bytes(path: Path, most: int) -> bytes:
    """Read a file of at most so many bytes.

    Raises:
        FileMissingError, DiskRefusedError: see `read_text`.
        UnreadableFileError: it is longer.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError as error:
        raise FileMissingError(path=str(path)) from error
    except OSError as error:
        raise DiskRefusedError(path=str(path)) from error
    if len(data) > most:
        raise UnreadableFileError(path=str(path))
    return data


def _read(path: Path, read: Callable[[Path], str]) -> str:
    try:
        return read(path)
    except FileNotFoundError as error:
        raise FileMissingError(path=str(path)) from error
    except (UnicodeDecodeError, CarriedFileError) as error:
        raise UnreadableFileError(path=str(path)) from error
    except OSError as error:
        raise DiskRefusedError(path=str(path)) from error


def write_text(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a whole text: see `write_bytes`."""
    write_bytes(path, text.encode(), mode=mode)


def write_bytes(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a whole file in place of the old one, on the disk before this returns.

    Raises:
        DiskRefusedError: the disk refuses.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(partial, flags, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise DiskRefusedError(path=str(path)) from error
