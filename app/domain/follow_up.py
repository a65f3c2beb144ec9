"""Which referrals have waited long enough to be looked at again, fairly to those offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.referral import (
    ACCEPTED,
    BY_RELAY,
    CONSIDERED,
    MET,
    RECEIVED,
    SENT,
    UNANSWERED,
    Step,
    status_of,
)

OVERDUE_ANSWER: Final = "answer"
OVERDUE_CLOSING: Final = "closing"

_DAY_S: Final = 86_400
_AWAITING: Final = frozenset({SENT, RECEIVED, UNANSWERED})
_UNDER_WAY: Final = frozenset({CONSIDERED, ACCEPTED, MET})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRule:
    """After how many days a referral is looked at again.

    Attributes:
        answer_expected_days: without an answer.
        to_close_days: under way, without a word since.
    """

    answer_expected_days: int = 10
    to_close_days: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Until when this desk knows what others answered.

    Attributes:
        now_s: the present moment.
        contact_s: the last exchange; None when there never was one.
    """

    now_s: int
    contact_s: int | None


def overdue(history: Sequence[Step], route: str, rule: FollowUpRule, known: Known) -> str:
    """Return `answer`, `closing`, or "" for what is not to be looked at again yet.

    An answer that went by the program may lie at the relay while this desk is offline: the days
    since its last exchange do not count. On paper or by telephone every day counts.
    """
    status = status_of(history)
    if status not in _AWAITING | _UNDER_WAY:
        return ""
    until_s = known.now_s if route != BY_RELAY else min(known.now_s, known.contact_s or 0)
    waited_days = (until_s - history[-1].at_s) // _DAY_S
    if status in _AWAITING:
        sent = [step.at_s for step in history if step.status == SENT]
        since_s = sent[-1] if sent else history[0].at_s
        waited_days = (until_s - since_s) // _DAY_S
        return OVERDUE_ANSWER if waited_days >= rule.answer_expected_days else ""
    return OVERDUE_CLOSING if waited_days >= rule.to_close_days else ""
