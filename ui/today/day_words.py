"""The day in words: counts, receptions and tasks as the first screen shows them. No Qt."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.identifiers import SubjectId
from app.domain.rights import RequestClock
from app.usecases.follow_ups import FollowUp
from app.usecases.referrals import ReferralLine
from app.usecases.rights import RequestLine
from app.usecases.today import Day, ReceptionLine
from ui.moments import time_of_day
from ui.texts import count, day, exchange_line, since

Label = Callable[[str, str], str]

COUNTERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "to_answer": ("à répondre", "à répondre", "inbox"),
    "answered": ("réponse reçue", "réponses reçues", "circle-check"),
    "to_reorient": ("à réorienter", "à réorienter", "route"),
    "to_send": ("à transmettre", "à transmettre", "upload"),
    "awaiting_answer": ("en attente de réponse", "en attente de réponse", "hourglass"),
    "overdue": ("sans réponse, à relancer", "sans réponse, à relancer", "clock"),
    "to_close": ("envoyée, à clore", "envoyées, à clore", "check"),
    "to_close_here": ("reçue, à clore", "reçues, à clore", "check"),
    "in_progress": ("en cours ici", "en cours ici", "handshake"),
}
"""Each count of the day, by the name of its list in `Day`: words for one, for several, its icon."""

SHOWN_WHEN_SOME: Final = frozenset({"to_reorient", "overdue", "to_close", "to_close_here"})
"""Counts that are not worth a place while they are nothing."""

_TASKS: Final = {
    "to_answer": "Répondre",
    "to_reorient": "Demander à une autre structure",
    "answered": "Lire la réponse",
    "to_send": "Transmettre",
    "overdue": "Relancer",
    "to_close_here": "Clore, ou suivre",
    "to_close": "Clore, ou suivre",
}
MOST_TASKS: Final = 200
"""Nobody does more in a day; drawing thousands would hold the window. The counts open them all."""

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
    """What wants something of somebody here; `at_s` sorts, the oldest first.

    `about` names the referral, the meeting or the request; one of `referral` and `person` is where
    the row leads. `is_ticked_off`: Space says that it is done.
    """

    about: SubjectId
    task: str
    name: str
    since: str
    at_s: int
    referral: SubjectId | None = None
    person: SubjectId | None = None
    is_ticked_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """Everything the first screen shows, in words; `tasks_left` are beyond those that it shows."""

    date: str
    exchange: str
    has_draft: bool
    counters: tuple[Counter, ...]
    receptions: tuple[ReceptionRow, ...]
    tasks: tuple[TaskRow, ...]
    tasks_left: int


def day_shown(lines: Day, *, label: Label, now: dt.datetime) -> DayShown:
    """Say the day in words."""
    here = now.astimezone()
    tasks = tuple(_tasks(lines, label, now))
    return DayShown(
        date=f"{_WEEKDAYS[here.weekday()]} {day(here.date())}",
        exchange=exchange_line(lines.exchange, now),
        has_draft=lines.has_draft,
        counters=tuple(_counter(key, len(getattr(lines, key))) for key in COUNTERS),
        receptions=tuple(_reception(line, label) for line in lines.receptions),
        tasks=tasks[:MOST_TASKS],
        tasks_left=max(0, len(tasks) - MOST_TASKS),
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


def _tasks(lines: Day, label: Label, now: dt.datetime) -> Iterator[TaskRow]:
    """Give what has a day first, requests before all: the law counts theirs."""
    today = now.astimezone().date()
    yield from (_request(line, label) for line in lines.requests)
    yield from (_follow_up(one, label, today) for one in lines.appointments + lines.follow_ups)
    for key in _TASKS:
        for line in sorted(getattr(lines, key), key=lambda line: line.created_at_s):
            yield _task(key, line, now)


def _request(line: RequestLine, label: Label) -> TaskRow:
    kind = label("request_kind", line.kind)
    due = "" if line.clock is None else _until(line.clock)
    return TaskRow(
        about=line.request,
        person=line.person if line.display_name else None,
        task=f"Répondre\u202f: {kind[:1].lower()}{kind[1:]}",
        name=line.display_name or "Dossier effacé",
        since=due,
        at_s=_noon_s(line.asked_on),
    )


def _until(clock: RequestClock) -> str:
    if clock.is_late:
        return f"en retard depuis le {day(clock.due_on)}"
    return f"avant le {day(clock.due_on)} ({count(clock.days_left, 'jour')})"


def _follow_up(one: FollowUp, label: Label, today: dt.date) -> TaskRow:
    received_on = dt.datetime.fromisoformat(one.received_at).date()
    when = "sans date" if one.next_on is None else _on(one.next_on, today)
    return TaskRow(
        about=one.encounter,
        person=one.person,
        task=label("next_step", one.step),
        name=one.display_name or " ".join(one.expressed.split()) or "Sans nom",
        since=when,
        at_s=_noon_s(one.next_on or received_on),
        is_ticked_off=True,
    )


def _on(on: dt.date, today: dt.date) -> str:
    if on == today:
        return "aujourd’hui"
    return f"{'prévu' if on < today else 'pour'} le {day(on)}"


def _noon_s(on: dt.date) -> int:
    return int(dt.datetime.combine(on, dt.time(12)).astimezone().timestamp())


def _task(key: str, line: ReferralLine, now: dt.datetime) -> TaskRow:
    return TaskRow(
        about=line.referral,
        referral=line.referral,
        task=_TASKS[key],
        name=line.display_name,
        since=since(line.created_at_s, now),
        at_s=line.created_at_s,
    )
