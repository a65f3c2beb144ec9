"""The day as the desk opens on it: what was done, what waits; every count opens its own list."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.follow_up import OVERDUE_ANSWER, OVERDUE_CLOSING
from app.domain.identifiers import SubjectId
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
from app.store.bodies import unpack_map
from app.usecases.desk import Desk
from app.usecases.drafts import RECEPTION_DRAFT, kept_draft
from app.usecases.exchange_status import ExchangeStatus, exchange_status
from app.usecases.follow_ups import APPOINTMENT, FollowUp, follow_ups
from app.usecases.referrals import IN, OUT, ReferralLine, list_referrals
from app.usecases.rights import RequestLine, requests


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionLine:
    """A reception of the day, named or not."""

    encounter: SubjectId
    received_at: str
    expressed: str
    display_name: str
    person: SubjectId | None
    mode: str
    outcome: str
    author: str
    stays_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the first screen shows. Each tuple is the exact list behind its count."""

    receptions: tuple[ReceptionLine, ...]
    to_send: tuple[ReferralLine, ...]
    awaiting_answer: tuple[ReferralLine, ...]
    answered: tuple[ReferralLine, ...]
    to_reorient: tuple[ReferralLine, ...]
    to_answer: tuple[ReferralLine, ...]
    in_progress: tuple[ReferralLine, ...]
    overdue: tuple[ReferralLine, ...]
    to_close: tuple[ReferralLine, ...]
    to_close_here: tuple[ReferralLine, ...]
    follow_ups: tuple[FollowUp, ...]
    appointments: tuple[FollowUp, ...]
    requests: tuple[RequestLine, ...]
    has_draft: bool
    exchange: ExchangeStatus


def the_day(desk: Desk, *, draft: str = RECEPTION_DRAFT) -> Day:
    """Return today's receptions and the referrals that want something of somebody.

    `draft` names the draft of whoever is here.
    """
    outgoing, incoming = list_referrals(desk, OUT), list_referrals(desk, IN)
    today = desk.now().astimezone().date()
    following = follow_ups(desk)

    def among(
        lines: Sequence[ReferralLine], wanted: Callable[[str], bool]
    ) -> tuple[ReferralLine, ...]:
        return tuple(line for line in lines if wanted(line.status))

    return Day(
        receptions=tuple(receptions_of(desk, today)),
        to_send=among(outgoing, lambda status: status in {TO_SEND, DRAFT}),
        awaiting_answer=among(outgoing, lambda status: status in {SENT, RECEIVED, UNANSWERED}),
        answered=among(
            [line for line in outgoing if not line.is_to_reorient],
            lambda status: status in {CONSIDERED, ACCEPTED, REFUSED, MET},
        ),
        to_reorient=tuple(line for line in outgoing if line.is_to_reorient),
        to_answer=among(incoming, lambda status: status in {SENT, RECEIVED}),
        in_progress=among(incoming, lambda status: status in {CONSIDERED, ACCEPTED, MET}),
        overdue=tuple(line for line in outgoing if line.overdue == OVERDUE_ANSWER),
        to_close=tuple(line for line in outgoing if line.overdue == OVERDUE_CLOSING),
        to_close_here=tuple(line for line in incoming if line.overdue == OVERDUE_CLOSING),
        follow_ups=tuple(one for one in following if one.step != APPOINTMENT and one.is_due(today)),
        appointments=tuple(one for one in following if one.step == APPOINTMENT),
        requests=tuple(requests(desk, only_open=True)),
        has_draft=kept_draft(desk, draft=draft) is not None,
        exchange=exchange_status(desk),
    )


def receptions_of(desk: Desk, day: dt.date) -> list[ReceptionLine]:
    """Return the receptions of one local day, the latest first."""
    with desk.workspace.read() as connection:
        rows = connection.execute(
            "SELECT e.encounter, e.received_at, e.author, e.details, p.person, d.details,"
            " coalesce(p.display_name, ''),"
            " (SELECT max(confined) FROM events v WHERE v.subject = e.encounter)"
            " FROM encounters e LEFT JOIN demands d ON d.demand = e.demand"
            " LEFT JOIN persons p ON p.person = coalesce(e.person, d.person)"
            " WHERE e.received_at >= ? AND e.received_at < ?"
            " ORDER BY e.received_at DESC, e.encounter DESC",
            (day.isoformat(), (day + dt.timedelta(days=1)).isoformat()),
        ).fetchall()
    return [
        ReceptionLine(
            encounter=SubjectId(encounter),
            received_at=received_at,
            expressed=str(unpack_map(demand).get("expressed", "")) if demand else "",
            display_name=name,
            person=SubjectId(person) if person else None,
            mode=str(unpack_map(details).get("mode") or ""),
            outcome=str(unpack_map(details).get("outcome") or ""),
            author=author,
            stays_here=bool(confined),
        )
        for encounter, received_at, author, details, person, demand, name, confined in rows
    ]
