"""What writing and reading a stick can have done, as the exchange says it."""

from dataclasses import replace
from typing import Any

from sync.stick.findings import StickProblem
from sync.stick.peers import StickWriter
from sync.stick.reading import StickRead
from sync.stick.writing import StickWritten

_WRITTEN = StickWritten(
    records=3,
    bundles=1,
    left_out=0,
    receipts=0,
    statements=4,
    files_written=3,
    files_kept=0,
    bytes_written=9_000,
    cancelled=False,
    took_ms=12.0,
)
_READ = StickRead(
    records=2,
    bundles=1,
    known=0,
    set_aside=0,
    missing=0,
    receipts=0,
    statements=0,
    structures=(),
    writers=(),
    damaged=0,
    problems=(),
    is_for_us=True,
    cancelled=False,
    took_ms=12.0,
)


def written(**fields: Any) -> StickWritten:
    """A writing that carried three records in one bundle."""
    return replace(_WRITTEN, **fields)


def taken(**fields: Any) -> StickRead:
    """A reading that brought two records in one bundle."""
    return replace(_READ, **fields)


def a_writer(name: str, *, is_older: bool = False) -> StickWriter:
    """A machine that wrote on the stick on the third of March 2027."""
    return StickWriter(
        machine=b"m",
        structure=b"s",
        structure_name=name,
        written_at_s=1_804_000_000,
        is_older=is_older,
    )


def a_problem(code: str) -> StickProblem:
    """A folder that was passed over."""
    return StickProblem(code=code, folder="0123")
