"""The marker of a life, outside the workspace file: a copy of the file does not bring it along.

One small file a life, named by its incarnation. It holds the numbers drawn at the last opening and
the greatest counter sealed; the workspace file holds the same. It says nothing of anybody.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.identifiers import Incarnation
from app.store.durable_file import disk_refusal, write_durably

STATE_VARIABLE = "DEUX_PORTES_STATE"
NONCE_BYTES = 16

_MOST_BYTES = 200
_DIGITS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What is written outside: while a number gives place to the next, both are accepted."""

    nonces: tuple[bytes, ...]
    sealed: int


def default_markers() -> Path:
    """Return the folder of the markers of this user on this machine."""
    from platformdirs import user_state_path

    named = os.environ.get(STATE_VARIABLE)
    return (Path(named) if named else user_state_path("deux-portes", appauthor=False)) / "lives"


class Markers:
    """The folder of markers of a machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, life: Incarnation) -> Marker | None:
        """Return the marker of a life; None when there is none that can be read."""
        with suppress(OSError, ValueError), self._file(life).open("rb") as file:
            return _marker(file.read(_MOST_BYTES).decode("ascii"))
        return None

    def write(self, life: Incarnation, marker: Marker) -> None:
        """Write the marker of a life; it is on the disk when this returns.

        Raises:
            DiskFullError, DiskRefusedError: the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise disk_refusal(error) from error
        words = [str(marker.sealed), *(nonce.hex() for nonce in marker.nonces)]
        write_durably(self._file(life), " ".join(words).encode())

    def _file(self, life: Incarnation) -> Path:
        return self._folder / life.hex()


def _marker(text: str) -> Marker:
    sealed, *nonces = text.split()
    marker = Marker(nonces=tuple(map(bytes.fromhex, nonces)), sealed=int(sealed))
    is_sound = sealed.isdecimal() and len(sealed) <= _DIGITS
    if not is_sound or any(len(nonce) != NONCE_BYTES for nonce in marker.nonces):
        raise ValueError
    return marker
