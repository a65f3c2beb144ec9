"""The day in words: counts, receptions and tasks as the first screen shows them. No Qt."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.identifiers import SubjectId
from app.usecases.referrals import ReferralLine
from app.usecases.today import Day, ReceptionLine
from ui.moments import time_of_day
from ui.texts import day, exchange_line, since

Label = Callable[[str, str], str]

COUNTERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "to_answer": ("à répondre", "à répondre", "inbox"),
    "answered": ("réponse reçue", "réponses reçues", "circle-check"),
    "to_send": ("à transmettre", "à transmettre", "upload"),
    "awaiting_answer": ("en attente de réponse", "en attente de réponse", "hourglass"),
    "overdue": ("sans réponse, à relancer", "sans réponse, à relancer", "clock"),
    "to_close": ("envoyée, à clore", "envoyées, à clore", "check"),
    "to_close_here": ("reçue, à clore", "reçues, à clore", "check"),
    "in_progress": ("en cours ici", "en cours ici", "handshake"),
}
"""Each count of the day, by the name of its list in `Day`: words for one, for several, its icon."""

SHOWN_WHEN_SOME: Final = frozenset({"overdue", "to_close", "to_close_here"})
"""Counts that are not worth a place while they are nothing."""

_TASKS: Final = {
    "to_answer": "Répondre",
    "answered": "Lire la réponse",
    "to_send": "Transmettre",
    "overdue": "Relancer",
    "to_close_here": "Clore, ou suivre",
    "to_close": "Clore, ou suivre",
}
_WEEKDAYS: Final = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A count that opens exactly its list; `key` names the list in `Day`."""

    key: str
    number: int
    words: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionRow:
    """A reception of the day. `name` is empty without a name, and `person` is None."""

    encounter: SubjectId
    person: SubjectId | None
    at: str
    name: str
    expressed: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A referral that wants something of somebody here; `at_s` sorts, the oldest first."""

    referral: SubjectId
    task: str
    name: str
    since: str
    at_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """Everything the first screen shows, in words."""

    date: str
    exchange: str
    has_draft: bool
    counters: tuple[Counter, ...]
    receptions: tuple[ReceptionRow, ...]
    tasks: tuple[TaskRow, ...]


def day_shown(lines: Day, *, label: Label, now: dt.datetime) -> DayShown:
    """Say the day in words."""
    here = now.astimezone()
    return DayShown(
        date=f"{_WEEKDAYS[here.weekday()]} {day(here.date())}",
        exchange=exchange_line(lines.exchange, now),
        has_draft=lines.has_draft,
        counters=tuple(_counter(key, len(getattr(lines, key))) for key in COUNTERS),
        receptions=tuple(_reception(line, label) for line in lines.receptions),
        tasks=tuple(
            _task(key, line, now)
            for key in _TASKS
            for line in sorted(getattr(lines, key), key=lambda line: line.created_at_s)
        ),
    )


def _counter(key: str, number: int) -> Counter:
    one, several, icon = COUNTERS[key]
    return Counter(key=key, number=number, words=several if number > 1 else one, icon=icon)


def _reception(line: ReceptionLine, label: Label) -> ReceptionRow:
    outcome = label("outcome", line.outcome) if line.outcome else ""
    stays = "reste sur ce poste" if line.stays_here else ""
    return ReceptionRow(
        encounter=line.encounter,
        person=line.person,
        at=time_of_day(dt.datetime.fromisoformat(line.received_at).astimezone()),
        name=line.display_name,
        expressed=" ".join(line.expressed.split()),
        outcome=" · ".join(filter(None, (outcome, stays))),
    )


def _task(key: str, line: ReferralLine, now: dt.datetime) -> TaskRow:
    return TaskRow(
        referral=line.referral,
        task=_TASKS[key],
        name=line.display_name,
        since=since(line.created_at_s, now),
        at_s=line.created_at_s,
    )
