"""Recognising what a copy of this file wrote again, and sent, in a life that this file never led.

A file put back twice leads two other lives, one after the other, and in each it would send again
what waited in the copy. An event written again keeps its Lamport counter, its time, its author and
its words: the one that came, which says the same under another name, is the one that waits here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from app.domain.errors import CompartmentClosedError
from app.domain.events import ERASE, Event, SealedValue, Value
from app.domain.identifiers import Incarnation
from app.store.bodies import pack_body
from app.store.compartments import Compartments
from app.store.log import digest_of, event_from_row
from app.store.renaming import Names, can_move, has_sealed, renamed

_HELD = """
    SELECT event, space, subject, kind, version, lamport, at_s, doubtful, author, body, digest
    FROM events WHERE bundle IS NOT NULL AND event > ? AND event < ?
    AND lamport IN (SELECT value FROM json_each(?))
"""
_BODY, _DIGEST = 9, 10

_Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """An event that came; of one erased since, only the digest of its content is left."""

    event: Event
    digest: bytes | None
    has_content: bool


def recognised(
    connection: Any,
    waiting: Sequence[Event],
    copies: Iterable[Incarnation],
    compartments: Compartments,
) -> Names:
    """Return, of events that wait here, those that came under the names of other lives.

    Args:
        connection: to the log.
        waiting: the events that were never sealed here, with their content, by identifier.
        copies: lives of this machine that this file never led.
        compartments: what the agent who is here may read.
    """
    held = _held_of(connection, copies, [event.lamport for event in waiting])
    closed = {event.subject for event in waiting if not can_move(event, compartments)}
    left = [event for event in waiting if _key(event) in held and event.subject not in closed]
    names, moves = Names({}), True
    while moves:  # what speaks of one is recognised after it
        before = len(names)
        for event in left:
            _recognise(event, held[_key(event)], names, compartments)
        left = [event for event in left if bytes(event.id) not in names]
        moves = len(names) > before
    return names


def _recognise(event: Event, held: list[_Held], names: Names, compartments: Compartments) -> None:
    for one in held:
        if _says_the_same(event, one, names, compartments):
            names[bytes(event.id)] = one.event.id
            held.remove(one)  # each is one event
            break


def _held_of(
    connection: Any, copies: Iterable[Incarnation], lamports: Sequence[int]
) -> Mapping[_Key, list[_Held]]:
    held: dict[_Key, list[_Held]] = {}
    for life in copies:
        among = (life + bytes(8), life + b"\xff" * 8, json.dumps(lamports))
        for row in connection.execute(_HELD, among).fetchall():
            event = event_from_row(row)
            one = _Held(event, row[_DIGEST], row[_BODY] is not None)
            held.setdefault(_key(event), []).append(one)
    return held


def _key(event: Event) -> _Key:
    return event.space, event.kind, event.version, event.lamport


def _says_the_same(event: Event, held: _Held, names: Names, compartments: Compartments) -> bool:
    if event.kind == ERASE:  # it comes to the same, and what was erased keeps its name
        return False
    names = Names({**names, bytes(event.id): held.event.id})
    again = renamed(event, names, compartments)
    if not held.has_content:
        return digest_of(again) == held.digest
    try:
        return _content(again, compartments) == _content(held.event, compartments)
    except CompartmentClosedError:
        return False


def _content(event: Event, compartments: Compartments) -> tuple[Any, ...]:
    told = _opened(event, compartments) if has_sealed(event) else event
    return event.subject, event.at_s, event.author, event.clock_doubtful, pack_body(told)


def _opened(event: Event, compartments: Compartments) -> Event:
    """Return an event with its restricted texts in clear, to be compared and thrown away."""

    def opened(value: Value, field: str) -> Value:
        if isinstance(value, SealedValue):
            text = compartments.open(value, subject=event.subject, field=field)
            return value.compartment, text
        if isinstance(value, tuple):
            return tuple(opened(item, field) for item in value)
        if isinstance(value, Mapping):
            return {key: opened(item, field) for key, item in value.items()}
        return value

    return replace(
        event,
        writes=tuple(one._replace(value=opened(one.value, one.field)) for one in event.writes),
        appends=tuple(
            one._replace(value=opened(one.value, one.list_name)) for one in event.appends
        ),
    )
