"""What lies on a stick: manifests read and checked, and what to say of those that are not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.canonical import Flaw
from sync.errors import (
    StickCrowdedError,
    StickForgedError,
    StickFromTheFutureError,
    StickOfAnotherRegionError,
    StickTornError,
    StickWriterUnknownError,
    SyncError,
)
from sync.registry import Registry
from sync.stick.folder import StickFolder
from sync.stick.manifest import (
    Manifest,
    ManifestError,
    SignedManifest,
    read_manifest,
    verify_manifest,
)

MOST_MANIFESTS_BYTES: Final = 8 * 1_048_576
"""What is read at once of the manifests of a stick, before anybody's signature is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A manifest in its folder, well formed and of our Region; nobody has checked who signed it."""

    folder: Path
    data: bytes
    signed: SignedManifest

    @property
    def manifest(self) -> Manifest:
        """What it says."""
        return self.signed.manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class StickProblem:
    """A folder of a stick that is passed over, wholly or in part; `code` has a sentence."""

    code: str
    folder: str


_REFUSALS: Final[Mapping[str, type[SyncError]]] = {
    refusal.code: refusal
    for refusal in (
        StickCrowdedError,
        StickForgedError,
        StickFromTheFutureError,
        StickOfAnotherRegionError,
        StickTornError,
        StickWriterUnknownError,
    )
}


def look(stick: StickFolder, authority: bytes) -> tuple[list[Found], list[StickProblem]]:
    """Return the manifests of our Region on a stick, and why others are passed over.

    Raises:
        NotAStickError: no machine wrote there.
        StickRemovedError: the stick went away.
    """
    found: list[Found] = []
    problems: list[StickProblem] = []
    room_bytes = MOST_MANIFESTS_BYTES
    for folder in stick.machines():
        one = _first_readable(stick, folder) if room_bytes > 0 else StickCrowdedError.code
        if isinstance(one, Found):
            room_bytes -= len(one.data)
            one = _of_region(one, authority) if room_bytes >= 0 else StickCrowdedError.code
        if isinstance(one, Found):
            found.append(one)
        else:
            problems.append(StickProblem(code=one, folder=folder.name))
    return found, problems


def _of_region(found: Found, authority: bytes) -> Found | str:
    is_ours = found.manifest.authority == authority
    return found if is_ours else StickOfAnotherRegionError.code


def check(found: Found, registry: Registry) -> None:
    """Check that the machine named signed it, and is of the structure named.

    Raises:
        StickWriterUnknownError: nobody here knows that machine yet.
        StickForgedError: it did not, or is not.
    """
    manifest = found.manifest
    certificate = registry.machines.get(manifest.machine)
    if certificate is None:
        raise StickWriterUnknownError
    try:
        verify_manifest(found.signed, certificate.sign)
    except ManifestError as error:
        raise StickForgedError from error
    if manifest.structure not in registry.structures_of(manifest.machine):
        raise StickForgedError


def checked(some: Iterable[Found], registry: Registry) -> tuple[list[Found], list[StickProblem]]:
    """Return the manifests that their machines signed, and why others are passed over."""
    good: list[Found] = []
    problems: list[StickProblem] = []
    for found in some:
        try:
            check(found, registry)
        except (StickWriterUnknownError, StickForgedError) as error:
            problems.append(StickProblem(code=error.code, folder=found.folder.name))
        else:
            good.append(found)
    return good, problems


def refusal(problem: StickProblem) -> SyncError:
    """Return the refusal to raise when nothing else on the stick could be taken."""
    return _REFUSALS[problem.code]()


def _first_readable(stick: StickFolder, folder: Path) -> Found | str:
    """Return a manifest of a folder, or the code of what is wrong with it."""
    code = StickTornError.code
    for data in stick.manifests(folder):
        try:
            return Found(folder=folder, data=data, signed=read_manifest(data))
        except ManifestError as error:
            if error.code == Flaw.UNKNOWN_SUITE:
                code = StickFromTheFutureError.code
    return code
