"""What is said of somebody for whom a partner is sought, and what comes back."""

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

from app.matching.reasons import Reason
from app.reference.directory import ServiceEntry, StructureEntry
from app.reference.distance import Distance


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the person said, as a reception holds it; what is not known stays empty.

    Attributes:
        commune: INSEE code of where the person starts from.
        at: the moment asked for, local and naive; `until`, when they could go from then on until
            that other one, which is left out.
        motives: codes of `request_motive`, the main one first.
        purpose: a code of `purpose`.
        status: a code of `public_status`.
        age: in years; `age_band` (a code of `age_band`) stands in when it is None.
        level: a code of `training_level`.
        executive: is the person an executive (« cadre »)? None when nobody said.
        disability_stated: did the person say that they are disabled, and wish it to count?
        languages: codes of `language` in which they wish to be received.
        can_travel_km: how far they can go, None when nothing was said.
        mode: a code of `reception_mode`, or a data·inclusion mode.
        followed_by: references or identifiers of the structures that already follow the person.
        refused_by: references of those that refused this demand, each with the day it did.
        own_reference: the structure that asks, which is not proposed to itself.
    """

    commune: str
    at: dt.datetime
    until: dt.datetime | None = None
    motives: tuple[str, ...] = ()
    purpose: str = ""
    status: str = ""
    age: int | None = None
    age_band: str = ""
    level: str = ""
    executive: bool | None = None
    disability_stated: bool = False
    languages: tuple[str, ...] = ()
    can_travel_km: float | None = None
    mode: str = ""
    followed_by: tuple[str, ...] = ()
    refused_by: tuple[tuple[str, dt.date], ...] = ()
    own_reference: str = ""


class Standing(IntEnum):
    """What makes a structure a candidate; a greater one always comes before.

    RECEIVES: it receives that public, without naming the motive. FAR: it is competent, farther than
    people usually go. FIRST_DOOR: it receives everybody. COMPETENT: it answers the motive.
    LEGAL_DUTY: the law wants it asked first. FOLLOWS: it already follows the person.
    """

    RECEIVES = 1
    FAR = 2
    FIRST_DOOR = 3
    COMPETENT = 4
    LEGAL_DUTY = 5
    FOLLOWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A structure proposed, and why.

    `service` is None when the directory knows none of it; `distance` is None when its place is
    unknown. Reasons come in the order in which they are to be said.
    """

    structure: StructureEntry
    service: ServiceEntry | None
    distance: Distance | None
    standing: Standing
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A structure that could have been expected and is not proposed, and the rule that says so."""

    structure: StructureEntry
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The answer: `first` is None only when nobody at all receives that public within reach."""

    first: Candidate | None
    fallbacks: tuple[Candidate, ...]
    set_aside: tuple[SetAside, ...]
