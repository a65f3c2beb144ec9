"""The administration's directory as it is published: a packed archive, read without unpacking it.

`all_latest.tar.bz2` holds one file of local services and another of what serves each commune. Only
the former is read, as it comes; nothing is written on the disk.
"""

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from typing import IO, TYPE_CHECKING, Final, TextIO

from app.reference.importing.errors import (
    ArchiveWithoutDirectoryError,
    BrokenFileError,
    SwollenFileError,
)
from app.reference.importing.files import MEBIBYTE, Source
from app.reference.importing.json_records import as_text

if TYPE_CHECKING:
    from typing_extensions import Buffer

_PACKED: Final = b"BZh"
_WANTED: Final = "*data.gouv_local.json"
_MOST_MEMBERS: Final = 1_000


def is_archive(source: Source) -> bool:
    """Tell by its first bytes whether a source is packed by bzip2."""
    return source.head(len(_PACKED)) == _PACKED


@contextmanager
def opened_directory(source: Source) -> Iterator[tuple[TextIO, str]]:
    """Open the file of local services within the archive; gives it with its own name.

    Raises:
        ArchiveWithoutDirectoryError: it is not among the members.
        SwollenFileError: it is larger than the limit once unpacked.
        BrokenFileError: the archive is damaged or cut short.
    """
    try:
        with (
            source.opened() as stream,
            tarfile.open(fileobj=stream, mode="r|bz2") as archive,
        ):
            member, content = _wanted(archive, source)
            yield as_text(io.BufferedReader(_Forward(content))), member.name.rsplit("/", 1)[-1]
    except (tarfile.TarError, EOFError) as error:
        raise BrokenFileError(source.name) from error


class _Forward(io.RawIOBase):
    """A member of an archive that is read as it comes, as a stream that says it cannot go back.

    Until Python 3.12, `tarfile` gives one that cannot even be asked.
    """

    def __init__(self, content: IO[bytes]) -> None:
        super().__init__()
        self._content = content

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        """Fill a buffer with what comes next; returns how many bytes, 0 at the end."""
        view = memoryview(buffer)
        chunk = self._content.read(len(view))
        view[: len(chunk)] = chunk
        return len(chunk)


def _wanted(archive: tarfile.TarFile, source: Source) -> tuple[tarfile.TarInfo, IO[bytes]]:
    for rank, member in enumerate(archive):
        if rank >= _MOST_MEMBERS:
            break
        if member.isfile() and fnmatch(member.name, _WANTED):
            if member.size > source.limits.unfolded_bytes:
                limit_mb = source.limits.unfolded_bytes // MEBIBYTE
                raise SwollenFileError(source.name, limit_mb=limit_mb)
            content = archive.extractfile(member)
            if content is not None:
                return member, content
    raise ArchiveWithoutDirectoryError(source.name)
