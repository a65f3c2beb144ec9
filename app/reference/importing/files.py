"""What somebody gives to import, a file or its bytes, held to sizes that a small machine bears."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from app.reference.importing.errors import EmptyFileError, FileTooLargeError, UnreadableFileError

MEBIBYTE: Final = 1 << 20
CHUNK_BYTES: Final = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is read; the largest file published today, all services, is of 235 MB.

    `unfolded_bytes` bounds what a compressed file becomes, `sheet_cells` the areas of the sheets
    of a workbook, each from its first cell to its last: all of it is held, empty cells included.
    """

    file_bytes: int = 400 * MEBIBYTE
    unfolded_bytes: int = 1_024 * MEBIBYTE
    sheet_cells: int = 10_000_000


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to read; `name` is only ever said, never believed."""

    content: Path | bytes
    name: str
    limits: Limits

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the content from its beginning.

        Raises:
            UnreadableFileError: the disk refuses, or goes away while it is read.
        """
        try:
            with self._open() as stream:
                yield stream
        except OSError as error:
            raise UnreadableFileError(self.name) from error

    def head(self, size: int = CHUNK_BYTES) -> bytes:
        """Return the first bytes."""
        with self.opened() as stream:
            return stream.read(size)

    def chunks(self) -> Iterator[bytes]:
        """Yield the whole content piece by piece."""
        with self.opened() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk

    def _open(self) -> BinaryIO:
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        return self.content.open("rb")


def source_of(content: Path | bytes, name: str = "", limits: Limits = DEFAULT_LIMITS) -> Source:
    """Return what was given as a source, its size checked.

    Args:
        content: a file, or what it holds.
        name: how messages call it; without it, the name of the file.
        limits: sizes beyond which the file is refused.

    Raises:
        UnreadableFileError: there is no such file, or it is a folder.
        EmptyFileError: it holds nothing.
        FileTooLargeError: it is larger than the limit.
    """
    said = name or ("" if isinstance(content, bytes) else content.name)
    size = _size(content, said)
    if not size:
        raise EmptyFileError(said)
    if size > limits.file_bytes:
        raise FileTooLargeError(said, limit_mb=limits.file_bytes // MEBIBYTE)
    return Source(content=content, name=said, limits=limits)


def saved_on(file: Path, today: dt.date) -> dt.date | None:
    """Return the day a file was saved on this machine, None where no disk or clock says it.

    A file that nothing dates was published that day at the latest, unless it was edited since.
    """
    try:
        day = dt.datetime.fromtimestamp(file.stat().st_mtime, tz=dt.UTC).astimezone().date()
    except (OSError, OverflowError, ValueError):
        return None
    return day if dt.date(2000, 1, 1) <= day <= today else None


def _size(content: Path | bytes, name: str) -> int:
    if isinstance(content, bytes):
        return len(content)
    try:
        if not content.is_file():
            raise UnreadableFileError(name)
        return content.stat().st_size
    except OSError as error:
        raise UnreadableFileError(name) from error
