"""What an import has to say of one record: refused, or taken with something left aside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Counted(StrEnum):
    """How a record is found again in its file."""

    LINE = "line"
    """A line of text, or a row of a sheet, as the person sees it."""
    RECORD = "record"
    """The rank among the records of a list, where lines say nothing (JSON)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record is, counted from one; `table` is a sheet or a list, « » for the only one."""

    number: int
    counted: Counted
    table: str = ""


class Kind(StrEnum):
    """What a record describes."""

    STRUCTURE = "structure"
    SERVICE = "service"
    COVERAGE = "coverage"
    """A commune that a structure is in charge of."""
    COMMUNE = "commune"


class RejectReason(StrEnum):
    """Why a record is not taken."""

    NULL_RECORD = "rejected_null_record"
    NOT_A_RECORD = "rejected_not_a_record"
    SHIFTED_LINE = "rejected_shifted_line"
    TORN_LINE = "rejected_torn_line"
    MISSING_FIELD = "rejected_missing_field"
    SCIENTIFIC_IDENTIFIER = "rejected_scientific_identifier"
    DUPLICATE_IDENTIFIER = "rejected_duplicate_identifier"
    NAME_LENGTH = "rejected_name_length"
    DESCRIPTION_LENGTH = "rejected_description_length"
    UNREADABLE_DATE = "rejected_unreadable_date"
    DATE_OUT_OF_REACH = "rejected_date_out_of_reach"
    UNKNOWN_STRUCTURE = "rejected_unknown_structure"


class NoteReason(StrEnum):
    """What was left aside of a record that is taken."""

    UNKNOWN_CODE = "noted_unknown_code"
    HOURS_DROPPED = "noted_hours_dropped"
    COORDINATES_DROPPED = "noted_coordinates_dropped"
    TELEPHONE_AS_PUBLISHED = "noted_telephone_as_published"
    VALUE_DROPPED = "noted_value_dropped"
    DESCRIPTION_DROPPED = "noted_description_dropped"
    CONFLICTING_FACT = "noted_conflicting_fact"
    UNKNOWN_COMMUNE = "noted_unknown_commune"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that is not taken; `facts` fill the sentence of its reason.

    Facts are `field` (a name of the schema), `value` (what was there) and `identifier`, each only
    when it helps; they come from a published file and name no person received.
    """

    place: Place
    kind: Kind
    reason: RejectReason
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something left aside of a record that is taken otherwise; `facts` as for `Rejected`."""

    place: Place
    kind: Kind
    reason: NoteReason
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
