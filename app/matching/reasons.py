"""Why a structure is proposed, what to check first, why it is set aside: codes with their facts.

`ui/matching_words.py` turns them into French. Facts are codes of vocabularies, numbers, days in ISO
8601 and texts of the directory, never a word about the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

Fact: TypeAlias = str | int | float | bool | tuple[str, ...] | tuple[tuple[int, int], ...]


class ReasonCode(StrEnum):
    """What can be said of a structure, with the facts of each.

    Why it is proposed:
        FOLLOWS: `formerly`, the name of the structure that it took over from, or "".
        LEGAL_DUTY: somebody of 16 or 17 without school, training or work.
        NO_COMPETENT: nobody more competent is within reach. NO_MOTIVE: nobody said what is sought.
        RECEIVES: `publics`, codes of `public_status` or of data·inclusion.
        EVERYBODY; EXECUTIVE; DISABILITY; COUNSELLING: without facts.
        AGES: `first` and `last`, in years.
        MOTIVE: `motives`.
        LEVEL: `first` and `last`, 0 for no bound.
        SPEAKS: `languages`.
        OPEN: `on` (a day), `spans` (pairs of minutes since midnight), `now`, `comments`.
        OPENS: `at` (a local moment), `comments`.
        HELD_AT: `how` (`permanence` or `round`), `commune` (a name, or "").
        SAME_COMMUNE: without facts.
        DISTANCE: `km`, `approximate`, and `limit` when they said how far they can go.
        REMOTE, ON_SITE: `wished`, whether they asked for it; ON_SITE is said only then.
        CHECKED: `on`.

    What to check or to know:
        STALE: `on`, `months`.
        HOURS_NOTE: `comments`. HOURS_UNKNOWN; SCHOOL_HOLIDAYS; CLOSED (`days`). HOURS_UNREADABLE:
            `text`.
        OTHER_PUBLIC, PUBLIC_UNSAID: `publics`. OTHER_AGES: `first`, `last`, of use. AGE_UNSAID: the
            same, strict.
        OTHER_LEVEL: `first`, `last`. LANGUAGE_UNSAID: `languages`. MODE_UNSAID. PLACE_UNKNOWN.
        BEYOND_REACH: `km`, `limit`. PAID. WAITING: `days`. CAPACITY: `words`.
        ACCESSIBLE: `how`. NOT_MEMBER: `since` or "".

    Why it is set aside:
        REFUSED: `on`, the day of its refusal.
        ENDED: `on`, `successor` (a name) or "", `service`, its name when it alone is over.
        AGE_OUTSIDE: `first`, `last`.
        NOT_EXECUTIVE, EXECUTIVE_UNSAID, DISABILITY_UNSAID, PUBLIC_AGENT, NO_COUNSELLING.
        OUT_OF_AREA. OTHER_MODE: `mode`. OUT_OF_REACH: `km`, `limit`, `approximate`.
    """

    FOLLOWS = "follows"
    LEGAL_DUTY = "legal_duty"
    NO_COMPETENT = "no_competent"
    NO_MOTIVE = "no_motive"
    RECEIVES = "receives"
    EVERYBODY = "everybody"
    AGES = "ages"
    EXECUTIVE = "executive"
    DISABILITY = "disability"
    MOTIVE = "motive"
    COUNSELLING = "counselling"
    LEVEL = "level"
    SPEAKS = "speaks"
    OPEN = "open"
    OPENS = "opens"
    HELD_AT = "held_at"
    SAME_COMMUNE = "same_commune"
    DISTANCE = "distance"
    REMOTE = "remote"
    ON_SITE = "on_site"
    CHECKED = "checked"

    STALE = "stale"
    HOURS_NOTE = "hours_note"
    HOURS_UNKNOWN = "hours_unknown"
    HOURS_UNREADABLE = "hours_unreadable"
    SCHOOL_HOLIDAYS = "school_holidays"
    CLOSED = "closed"
    OTHER_PUBLIC = "other_public"
    PUBLIC_UNSAID = "public_unsaid"
    OTHER_AGES = "other_ages"
    AGE_UNSAID = "age_unsaid"
    OTHER_LEVEL = "other_level"
    LANGUAGE_UNSAID = "language_unsaid"
    MODE_UNSAID = "mode_unsaid"
    PLACE_UNKNOWN = "place_unknown"
    BEYOND_REACH = "beyond_reach"
    PAID = "paid"
    WAITING = "waiting"
    CAPACITY = "capacity"
    ACCESSIBLE = "accessible"
    NOT_MEMBER = "not_member"

    REFUSED = "refused"
    ENDED = "ended"
    AGE_OUTSIDE = "age_outside"
    NOT_EXECUTIVE = "not_executive"
    EXECUTIVE_UNSAID = "executive_unsaid"
    DISABILITY_UNSAID = "disability_unsaid"
    PUBLIC_AGENT = "public_agent"
    NO_COUNSELLING = "no_counselling"
    OUT_OF_AREA = "out_of_area"
    OTHER_MODE = "other_mode"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing to say, with its facts."""

    code: ReasonCode
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))


def reason(code: ReasonCode, **facts: Fact) -> Reason:
    """Return a reason with its facts."""
    return Reason(code=code, facts=MappingProxyType(facts))
