"""How many professionals somebody met for one demand: two is the aim, and nobody is stopped.

Counted are those who *received* the person for this guidance demand, recorded here or declared by
the person. A question answered in passing counts nobody; nor does a hand-over for a barrier
(mobility, housing), which is another subject.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Known(StrEnum):
    """How an interlocutor is known."""

    RECORDED = "recorded"
    DECLARED = "declared"
    MET = "met"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterlocutorRule:
    """The rule as the Region's data says it.

    Attributes:
        target: how many interlocutors a demand should have at most.
        team_counts_once: several agents of one structure are one interlocutor.
    """

    target: int = 2
    team_counts_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Interlocutor:
    """Somebody whom the person met, or would meet, for one demand.

    `structure` is the name of a structure; `agent` is who it was there, "" when nobody noted it.
    """

    structure: str
    agent: str = ""
    known: Known = Known.RECORDED


@dataclass(frozen=True, slots=True, kw_only=True)
class InterlocutorCount:
    """The interlocutors of a demand, in the order they were met, and what the rule says of them."""

    met: tuple[Interlocutor, ...]
    target: int

    @property
    def figure(self) -> int:
        """How many they are."""
        return len(self.met)

    @property
    def is_beyond(self) -> bool:
        """Are there more than the aim? A reason is then asked; nothing is blocked."""
        return self.figure > self.target


def count_interlocutors(
    everyone: Iterable[Interlocutor], rule: InterlocutorRule
) -> InterlocutorCount:
    """Count interlocutors, each once.

    Somebody known by their structure alone is nobody else than the agent already counted there.
    """
    kept: list[Interlocutor] = []
    for one in everyone:
        if not _is_among(one, kept, rule):
            kept = [other for other in kept if not _is_vaguer(other, one)]
            kept.append(one)
    return InterlocutorCount(met=tuple(kept), target=rule.target)


def _is_among(one: Interlocutor, kept: Sequence[Interlocutor], rule: InterlocutorRule) -> bool:
    there = [other for other in kept if _same(other.structure, one.structure)]
    if rule.team_counts_once or not one.agent:
        return bool(there)
    return any(_same(other.agent, one.agent) for other in there)


def _is_vaguer(kept: Interlocutor, one: Interlocutor) -> bool:
    """Was this structure declared without saying who, and is it now known who it was?"""
    return not kept.agent and bool(one.agent) and _same(kept.structure, one.structure)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
