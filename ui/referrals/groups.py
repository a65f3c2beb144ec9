"""The groups of referrals by what they ask of somebody: those that the day counts. No Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from app.domain.folding import fold_tokens
from app.domain.follow_up import OVERDUE_ANSWER, OVERDUE_CLOSING
from app.domain.identifiers import SubjectId, read_spoken_code
from app.domain.referral import (
    ACCEPTED,
    CONSIDERED,
    DRAFT,
    MET,
    RECEIVED,
    REFUSED,
    SENT,
    TO_SEND,
    UNANSWERED,
)
from app.usecases.referrals import IN, OUT, ReferralLine

ALL = "all"

Held: TypeAlias = Mapping[tuple[str, str], Sequence[ReferralLine]]
"""Referrals by direction and key of a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Referrals of one direction that stand alike, or have waited for the same thing too long.

    Without `statuses`, `overdue` nor `reorients` it holds them all.
    """

    key: str
    label: str
    empty: str
    statuses: frozenset[str] = frozenset()
    overdue: str = ""
    reorients: bool = False

    def holds(self, line: ReferralLine) -> bool:
        """Does a referral belong to the group?"""
        if self.overdue:
            return line.overdue == self.overdue
        if self.reorients:
            return line.is_to_reorient
        return not self.statuses or (line.status in self.statuses and not line.is_to_reorient)


GROUPS: Mapping[str, tuple[Group, ...]] = MappingProxyType(
    {
        IN: (
            Group(
                key="to_answer",
                label="À répondre",
                empty="Aucune mise en relation n’attend votre réponse.",
                statuses=frozenset({SENT, RECEIVED}),
            ),
            Group(
                key="in_progress",
                label="En cours",
                empty="Aucune mise en relation reçue n’est en cours.",
                statuses=frozenset({CONSIDERED, ACCEPTED, MET}),
            ),
            Group(
                key="to_close",
                label="À clore",
                empty="Aucune mise en relation reçue n’est restée sans suite.",
                overdue=OVERDUE_CLOSING,
            ),
            Group(key=ALL, label="Toutes", empty="Aucune mise en relation reçue pour l’instant."),
        ),
        OUT: (
            Group(
                key="to_send",
                label="À envoyer",
                empty="Rien n’attend d’être envoyé.",
                statuses=frozenset({TO_SEND, DRAFT}),
            ),
            Group(
                key="awaiting",
                label="En attente de réponse",
                empty="Aucune réponse n’est attendue.",
                statuses=frozenset({SENT, RECEIVED, UNANSWERED}),
            ),
            Group(
                key="overdue",
                label="À relancer",
                empty="Aucun partenaire n’est à relancer.",
                overdue=OVERDUE_ANSWER,
            ),
            Group(
                key="to_reorient",
                label="À réorienter",
                empty="Aucun refus n’attend d’autre structure.",
                reorients=True,
            ),
            Group(
                key="answered",
                label="Répondues",
                empty="Aucune réponse à suivre.",
                statuses=frozenset({CONSIDERED, ACCEPTED, REFUSED, MET}),
            ),
            Group(
                key="to_close",
                label="À clore",
                empty="Aucune mise en relation envoyée n’est restée sans suite.",
                overdue=OVERDUE_CLOSING,
            ),
            Group(key=ALL, label="Toutes", empty="Aucune mise en relation envoyée pour l’instant."),
        ),
    }
)
"""By direction, the groups in the order of what presses most; the last holds everything."""


def group_of(direction: str, key: str) -> Group:
    """Return a group of a direction; one it does not have gives the group of all."""
    groups = GROUPS[direction]
    return next((group for group in groups if group.key == key), groups[-1])


def grouped(lines: Iterable[ReferralLine]) -> Held:
    """Return the referrals by direction and group: the oldest first when they wait for something.

    Thousands may be held: it is done once a reading, on no thread of the screen.
    """
    held: dict[tuple[str, str], list[ReferralLine]] = {
        (direction, group.key): [] for direction in GROUPS for group in GROUPS[direction]
    }
    for line in lines:
        for group in GROUPS[line.direction]:
            if group.holds(line):
                held[line.direction, group.key].append(line)
    return {
        (direction, key): kept if key == ALL else kept[::-1]
        for (direction, key), kept in held.items()
    }


def found_among(lines: Sequence[ReferralLine], text: str) -> list[ReferralLine]:
    """Return the referrals of a code, typed as it was heard, with their story; else of a name."""
    code = read_spoken_code(text)
    story = {line.referral for line in lines if code and code in line.codes}
    if story:
        while more := {one for line in lines for one in _story(line) & story and _story(line)}:
            if more <= story:
                break
            story |= more
        return [line for line in lines if line.referral in story]
    asked = fold_tokens(text)
    return [line for line in lines if asked and _answers_to(line, asked)]


def _story(line: ReferralLine) -> set[SubjectId]:
    linked = (line.follows, line.resends, *line.continued_by)
    return {line.referral, *(one for one in linked if one is not None)}


def _answers_to(line: ReferralLine, asked: Sequence[str]) -> bool:
    words = fold_tokens(f"{line.display_name} {line.from_name} {line.to_name}")
    return all(any(word.startswith(one) for word in words) for one in asked)


BEHIND_FIGURES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "to_send": ("to_send", OUT),
        "awaiting_answer": ("awaiting", OUT),
        "answered": ("answered", OUT),
        "to_reorient": ("to_reorient", OUT),
        "to_answer": ("to_answer", IN),
        "in_progress": ("in_progress", IN),
        "overdue": ("overdue", OUT),
        "to_close": ("to_close", OUT),
        "to_close_here": ("to_close", IN),
    }
)
"""The list behind each figure of the first screen: its group, its direction."""
