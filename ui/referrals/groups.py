"""The groups of referrals by what they ask of somebody: those that the day counts. No Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from app.domain.follow_up import OVERDUE_ANSWER, OVERDUE_CLOSING
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

    Without `statuses` nor `overdue` it holds them all.
    """

    key: str
    label: str
    empty: str
    statuses: frozenset[str] = frozenset()
    overdue: str = ""

    def holds(self, line: ReferralLine) -> bool:
        """Does a referral belong to the group?"""
        if self.overdue:
            return line.overdue == self.overdue
        return not self.statuses or line.status in self.statuses


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
