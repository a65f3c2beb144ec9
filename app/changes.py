"""What a committed write touched, so that open screens reload only what they show."""

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """The kinds of things a screen can show."""

    PERSONS = "persons"
    RECEPTIONS = "receptions"
    REFERRALS = "referrals"
    EXCHANGE = "exchange"
    DRAFTS = "drafts"
    AGENTS = "agents"
    DIRECTORY = "directory"
    PACKS = "packs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The topics that one committed transaction, or several together, touched."""

    topics: frozenset[Topic] = frozenset()

    def __or__(self, other: "Changes") -> "Changes":
        """Join the changes of two writes."""
        return Changes(topics=self.topics | other.topics)
