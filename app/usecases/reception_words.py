"""The words of a reception: known to the vocabularies, real days, short enough to travel."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from typing import TypeAlias

from app.domain.errors import (
    BirthOutOfReachError,
    MomentOutOfReachError,
    UnreadableInputError,
)
from app.domain.outside import OutsideStructure
from app.domain.reception import TEXT_MAX, PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import LONG_FIELDS, LONG_TEXT, ONE_LINE, VOCABULARY_OF
from app.usecases.desk import Desk

INVISIBLE_SIGN = "le texte contient un signe invisible (retour à la ligne, signe de commande)"
FIRST_BIRTH_YEAR = 1900
FIRST_RECEPTION_YEAR = 2000

_DATES = ("birth_on", "deadline_on", "next_on")
_IN_ADVANCE = dt.timedelta(days=1)
_MISSPELT = {
    "telephone": "ce numéro ne joint personne",
    "email": "ce n’est pas une adresse de courriel",
}

_Part: TypeAlias = Reception | PersonDetails | WantedReferral | OutsideStructure


def dated(desk: Desk, reception: Reception) -> Reception:
    """Return the reception with its moment written in full: now by default, local without offset.

    Raises:
        UnreadableInputError: the moment is not ISO 8601.
        MomentOutOfReachError: it is before 2000, or after tomorrow by the clock of this desk.
    """
    if not reception.received_at:
        moment = desk.now().astimezone()
    else:
        try:
            moment = dt.datetime.fromisoformat(reception.received_at)
        except ValueError as error:
            problem = "ce n’est pas une date et une heure (ISO 8601)"
            raise UnreadableInputError(where="received_at", problem=problem) from error
    try:
        local = moment if moment.tzinfo is not None else moment.astimezone()
        last = (desk.now().astimezone(local.tzinfo) + _IN_ADVANCE).date()
    except (ValueError, OverflowError) as error:  # the first and the last day of all calendars
        raise MomentOutOfReachError(reception.received_at) from error
    if local.year < FIRST_RECEPTION_YEAR or local.date() > last:
        raise MomentOutOfReachError(reception.received_at)
    return dataclasses.replace(reception, received_at=local.isoformat(timespec="seconds"))


def check_words(desk: Desk, reception: Reception) -> None:
    """Refuse what could not be understood later, or would be too long to travel.

    Raises:
        UnknownVocabularyCodeError, UnknownCommuneError: a word nobody knows.
        UnreadableInputError: a text too long or that cannot be written, a day that does not exist.
        BirthOutOfReachError: a birth before 1900, or still to come by the clock of this desk.
    """
    for where, text in _texts(reception):
        check_text(where, text)
    if reception.person is not None and reception.person.birth_on:
        check_birth(desk, reception.person.birth_on)
    if reception.referral is not None and reception.referral.outside is not None:
        _check_outside(reception.referral.to, reception.referral.outside)
    for vocabulary, code in _codes(reception):
        if code:
            desk.reference.vocabularies.check(vocabulary, code)
    for commune in (reception.commune, reception.person.commune if reception.person else ""):
        if commune:
            desk.reference.communes.by_code(commune)


def _has_visible_signs(where: str, text: str) -> bool:
    """Is the text of that field free of control signs? Long texts may hold lines and tabs."""
    is_long = where.rpartition(".")[2] in LONG_FIELDS
    return re.fullmatch(LONG_TEXT if is_long else ONE_LINE, text) is not None


def _texts(part: _Part) -> Iterator[tuple[str, str]]:
    """Give every text said in a reception with its place: `person.birth_on`, `motives`."""
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if not value:
            continue
        if isinstance(value, str):
            yield field.name, value
        elif isinstance(value, tuple):
            yield from ((field.name, text) for text in value)
        elif isinstance(value, PersonDetails | WantedReferral | OutsideStructure):
            yield from ((f"{field.name}.{where}", text) for where, text in _texts(value))


def check_text(where: str, text: str) -> None:
    """Refuse a text that cannot be kept, or a day that does not exist; `where` names its field.

    Raises:
        UnreadableInputError: it is too long, cannot be written, or is no day.
    """
    problem = ""
    if len(text) > TEXT_MAX:
        problem = f"le texte dépasse {TEXT_MAX:,} signes".replace(",", "\u202f")
    elif not _has_visible_signs(where, text):
        problem = INVISIBLE_SIGN
    elif not _is_writable(text):
        problem = "le texte contient un signe illisible"
    elif text and where.rpartition(".")[2] in _DATES and not _is_day(text):
        problem = f"«\u00a0{text}\u00a0» n’est pas un jour (AAAA-MM-JJ)"
    if problem:
        raise UnreadableInputError(where=where, problem=problem)


def check_birth(desk: Desk, text: str) -> None:
    """Refuse a day on which nobody who comes here can be born.

    Raises:
        BirthOutOfReachError: it is before 1900, or still to come by the clock of this desk.
    """
    born = dt.date.fromisoformat(text)
    if born.year < FIRST_BIRTH_YEAR or born > desk.now().astimezone().date():
        raise BirthOutOfReachError(text)


def _check_outside(name: str, outside: OutsideStructure) -> None:
    if not name.strip():
        raise UnreadableInputError(where="referral.to", problem="il manque le nom de la structure")
    for field in outside.misspelt():
        raise UnreadableInputError(where=f"referral.outside.{field}", problem=_MISSPELT[field])


def _is_writable(text: str) -> bool:
    """Can the text be written in UTF-8? Half a surrogate pair, from a bad copy, cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _codes(reception: Reception) -> Iterator[tuple[str, str]]:
    for field, vocabulary in VOCABULARY_OF.items():
        value = getattr(reception, field)
        yield from ((vocabulary, code) for code in ((value,) if isinstance(value, str) else value))
    if reception.referral is not None:
        yield "handover_mode", reception.referral.handover
        yield "deadline_reason", reception.referral.deadline_reason
        yield "barrier", reception.referral.for_barrier
        yield "other_choice_reason", reception.referral.other_choice
