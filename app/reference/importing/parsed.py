"""What was read of a published file, as values that merging and storing take."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from app.reference.communes import CommunePlace
from app.reference.directory import Row
from app.reference.importing.files import DEFAULT_LIMITS, Limits
from app.reference.importing.findings import Kind, Noted, Rejected, RejectReason


class Format(StrEnum):
    """The formats that are recognised, by who publishes them."""

    DATA_INCLUSION = "data_inclusion"
    ADMINISTRATION = "administration"
    FRANCE_TRAVAIL = "france_travail"
    MISSIONS_LOCALES = "missions_locales"
    COMMUNES = "communes"
    """No structures: where communes are."""


class DatedBy(StrEnum):
    """What says of which day a file is."""

    GIVEN = "given"
    CONTENT = "content"
    NAME = "name"
    LATEST_ENTRY = "latest_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What somebody asks beside the file.

    Attributes:
        name: how messages call the file; without it, its own name. A date in it is read.
        departments: codes (« 36 ») outside which nothing is taken; empty takes everything.
        known_structures: identifiers of structures held already, so that a file of services alone
            finds theirs.
        more_pivots: kinds of local services to take beside the usual ones (« mairie »).
        published_on: the day of the file, when neither its entries nor its name say it.
        limits: sizes beyond which the file is refused.
    """

    name: str = ""
    departments: frozenset[str] = frozenset()
    known_structures: frozenset[str] = frozenset()
    more_pivots: frozenset[str] = frozenset()
    published_on: date | None = None
    limits: Limits = DEFAULT_LIMITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a file comes from, to be said on each of its entries.

    `sources` are the codes that its entries bear. `dated_on` is None for a file without entries.
    """

    publisher: str
    licence: str
    sources: tuple[str, ...]
    dated_on: date | None
    dated_by: DatedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A published file that was read, in the shape of data·inclusion v1.

    Attributes:
        format: what was recognised.
        provenance: who publishes it, under which licence, of which day.
        structures, services: rows with the keys of the schema; what is unknown has no key.
        spro: facts of ours by identifier of structure or service: `network`, `network_known_by`,
            `cep_operator`, `accessibility`, and those of a directory of the Region.
        places: where communes of the region are, by INSEE code.
        holds: which kinds of entries the file gives at all; others are not touched by merging.
        departments: as asked; empty for everything.
        read: how many records the file has.
        left_out: how many are outside the departments, or of no use to guidance.
        rejected: records not taken, in the order of the file.
        noted: what was left aside of records taken.
    """

    format: Format
    provenance: Provenance
    structures: tuple[Row, ...]
    services: tuple[Row, ...]
    spro: Mapping[str, Row]
    holds: frozenset[Kind]
    departments: frozenset[str]
    read: int
    left_out: int
    rejected: tuple[Rejected, ...] = field(default=())
    noted: tuple[Noted, ...] = field(default=())
    places: Mapping[str, CommunePlace] = field(default_factory=lambda: MappingProxyType({}))

    def reject_counts(self) -> Mapping[RejectReason, int]:
        """Count the records not taken, by reason, the most frequent first."""
        counts = Counter(each.reason for each in self.rejected)
        return dict(counts.most_common())
