"""Who is the most competent to receive somebody next: the reception as typed, asked of the matcher.

What the page does not say is not supposed. How the person was received here says nothing of how
they wish to be received there: only the mode wished counts.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from app.domain.errors import UnknownStructureError
from app.domain.minors import age_on
from app.domain.reception import Reception
from app.domain.referral import ACCEPTED, CONSIDERED, MET, NOT_STANDING, SENT
from app.matching.matcher import Matcher, prepare
from app.matching.situation import Match, Situation
from app.reference.directory import Directory
from app.store.log import read_state
from app.store.merged import members_of
from app.usecases.continuing import refused_by
from app.usecases.desk import Desk, OwnStructure
from app.usecases.directory.commune_places import desk_communes
from app.usecases.directory.shelf import desk_directory
from app.usecases.wishes import limit_km, mode_asked, moment_asked

if TYPE_CHECKING:
    from app.store.workspace import Workspace

_UNSAID: Final = frozenset({"", "non_communique"})
_DISABILITY: Final = "accompagnement_handicap"
"""The sensitive need by which somebody says that they are disabled, and agrees that it counts."""

_FOLLOWING: Final = frozenset({CONSIDERED, ACCEPTED, MET})
_NOT_STANDING: Final = json.dumps((*NOT_STANDING, SENT))
_HANDED_OVER: Final = """
    SELECT r.to_reference, r.to_name, (
      SELECT a.status FROM referral_answers a
      WHERE a.subject = coalesce(r.shared, r.referral)
      AND a.status NOT IN (SELECT value FROM json_each(?2))
      ORDER BY a.lamport DESC, a.event DESC, a.position DESC LIMIT 1)
    FROM referrals r WHERE r.{field} = ?1 ORDER BY r.created_at_s DESC, r.referral
"""

_kept: "WeakKeyDictionary[Workspace, tuple[Directory, Matcher]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Partners:
    """Who is proposed, when that was asked (local, naive), and whom the program reaches.

    `reached` holds the references of those that a sealed referral can reach.
    `is_from_here` says that nobody said where the person lives: distances are from this structure.
    `followed_outside` names those that follow the person and that the directory does not list.
    """

    match: Match
    at: dt.datetime
    is_from_here: bool
    reached: frozenset[str]
    followed_outside: tuple[str, ...] = ()


def partners(desk: Desk, reception: Reception) -> Partners | None:
    """Return who to propose for what a page says; None when not even a commune is known.

    The directory is made ready once: asking again takes a few milliseconds. Any thread.
    """
    directory, own = desk_directory(desk), desk.own_structure()
    said, here = _said_commune(desk, reception), _own_commune(directory, own)
    if not (said or here):
        return None
    now = desk.now().astimezone().replace(tzinfo=None)
    at, until = moment_asked(reception, now, desk.reference.vocabularies)
    followers = dict(_followers(desk, reception, directory))
    situation = Situation(
        commune=said or here,
        at=at,
        until=until,
        motives=reception.motives,
        purpose=reception.purpose,
        status=reception.status,
        age=_age(desk, reception, now.date()),
        age_band=reception.age_band,
        level=_level(reception),
        executive=reception.executive,
        languages=reception.languages,
        can_travel_km=limit_km(reception, desk.reference.vocabularies),
        mode=mode_asked(reception, desk.reference.vocabularies),
        disability_stated=_DISABILITY in reception.sensitive_agreed,
        followed_by=tuple(followers),
        refused_by=refused_by(desk, reception.demand),
        own_reference=own.reference,
    )
    match = _matcher(desk, directory).match(situation)
    return Partners(
        match=match,
        at=now,
        is_from_here=not said,
        reached=_reached(desk),
        followed_outside=tuple(_outside(directory, followers)),
    )


def _matcher(desk: Desk, directory: Directory) -> Matcher:
    """Return the matcher of a directory, made ready again when an import or a correction came."""
    kept = _kept.get(desk.workspace)
    if kept is not None and kept[0] is directory:
        return kept[1]
    reference = desk.reference
    made = prepare(
        directory=directory,
        communes=desk_communes(desk),
        vocabularies=reference.vocabularies,
        networks=reference.networks,
        rules=reference.rules.matching,
        minors=reference.rules.minors,
    )
    _kept[desk.workspace] = directory, made
    return made


def _reached(desk: Desk) -> frozenset[str]:
    with desk.workspace.read() as connection:
        rows = connection.execute("SELECT directory FROM structures WHERE directory <> ''")
        return frozenset(reference for (reference,) in rows)


def _said_commune(desk: Desk, reception: Reception) -> str:
    return (
        reception.commune
        or (reception.person.commune if reception.person else "")
        or _on_file(desk, reception, "commune")
    )


def _own_commune(directory: Directory, own: OwnStructure) -> str:
    try:
        return directory.by_reference(own.reference).commune_code or ""
    except UnknownStructureError:
        return ""


def _age(desk: Desk, reception: Reception, today: dt.date) -> int | None:
    person = reception.person
    born = (person.birth_on if person else "") or _on_file(desk, reception, "birth_on")
    try:
        return age_on(dt.date.fromisoformat(born), today) if born else None
    except ValueError:
        return None


def _on_file(desk: Desk, reception: Reception, field: str) -> str:
    """Return what the file that the page uses says, "" without a file or a word."""
    known = reception.person.known if reception.person else None
    if known is None:
        return ""
    with desk.workspace.read() as connection:
        value = read_state(connection, desk.own_structure().space.id, known).value(field)
    return value if isinstance(value, str) else ""


def _level(reception: Reception) -> str:
    """Return the diploma, which is what a network asks for; the level reached stands in for it."""
    diploma = reception.diploma_obtained
    return reception.level_reached if diploma in _UNSAID else diploma


def _outside(directory: Directory, followers: Mapping[str, str]) -> Iterator[str]:
    return (name for one, name in followers.items() if not _lists(directory, one))


def _lists(directory: Directory, reference: str) -> bool:
    try:
        directory.by_reference(reference)
    except UnknownStructureError:
        return False
    return True


def _followers(desk: Desk, reception: Reception, directory: Directory) -> Iterator[tuple[str, str]]:
    """Give the structures that follow the person: as they answered, then as the person says.

    Each is given by its reference, with its name.

    A first door that the person met analysed the demand; it does not follow them.
    """
    known = reception.person.known if reception.person else None
    with desk.workspace.read() as connection:
        asked = [("person", one) for one in members_of(connection, known)] if known else []
        asked += [("demand", reception.demand)] if reception.demand else []
        rows = [
            row
            for field, subject in asked
            for row in connection.execute(
                _HANDED_OVER.format(field=field), (subject, _NOT_STANDING)
            )
        ]
    yield from ((reference, name) for reference, name, status in rows if status in _FOLLOWING)
    today = desk.now().astimezone().date()
    for reference in reception.already_met:
        try:
            met = directory.by_reference(reference)
        except UnknownStructureError:
            continue
        if not desk.reference.networks.on(met.network, today).is_first_door:
            yield reference, met.display_name
