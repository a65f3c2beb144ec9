"""Who is proposed to receive the person next, and who is set aside, in words. No Qt."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.matching.reasons import Reason, ReasonCode
from app.reference.service_places import place_of
from ui.reception.actions import Chosen
from ui.reception.page_body import BY_PAPER, BY_PROGRAM
from ui.texts import typeset
from ui.widgets.expected_words import expected_words

if TYPE_CHECKING:
    from app.matching.situation import Candidate, SetAside
    from app.usecases.partners import Partners
    from ui.matching_words import MatchingWords

_BETWEEN: Final = "\u00a0· "
_WHERE: Final = frozenset(
    {
        ReasonCode.SAME_COMMUNE,
        ReasonCode.DISTANCE,
        ReasonCode.PLACE_UNKNOWN,
        ReasonCode.REMOTE,
        ReasonCode.ON_SITE,
    }
)
_TO_CHECK: Final = frozenset(
    {
        ReasonCode.STALE,
        ReasonCode.HOURS_UNKNOWN,
        ReasonCode.HOURS_UNREADABLE,
        ReasonCode.SCHOOL_HOLIDAYS,
        ReasonCode.CLOSED,
        ReasonCode.OTHER_PUBLIC,
        ReasonCode.PUBLIC_UNSAID,
        ReasonCode.OTHER_AGES,
        ReasonCode.AGE_UNSAID,
        ReasonCode.OTHER_LEVEL,
        ReasonCode.LANGUAGE_UNSAID,
        ReasonCode.MODE_UNSAID,
        ReasonCode.BEYOND_REACH,
        ReasonCode.PAID,
        ReasonCode.NOT_MEMBER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerShown:
    """A structure proposed: what taking it puts in the field, where and why, what to check.

    `entry` is what correcting it corrects: the service, where what is said of it is its own.
    """

    chosen: Chosen
    why: str
    entry: str
    to_check: str = ""

    @property
    def said(self) -> str:
        """All of it, as it is read aloud."""
        return " ".join(filter(None, (self.why, self.to_check)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersShown:
    """The first choice, then its fallbacks; `aside` says who is not proposed, and why.

    `note` says what the proposals rest on, or that there is none; "" when all goes without saying.
    """

    rows: tuple[PartnerShown, ...] = ()
    aside: tuple[str, ...] = ()
    note: str = ""


def partners_shown(
    found: "Partners", words_at: Callable[[dt.datetime], "MatchingWords"]
) -> PartnersShown:
    """Put proposals into words, as they are said at the moment when they were asked for."""
    match, words = found.match, words_at(found.at)
    candidates = [one for one in (match.first, *match.fallbacks) if one is not None]
    note = ""
    if not candidates:
        note = "Aucune structure ne reçoit ce public de cette manière, à cette distance."
    elif found.is_from_here:
        note = "La commune de la personne n’est pas dite : les distances sont comptées d’ici."
    if found.followed_outside:
        already = f"Déjà suivie par {', '.join(found.followed_outside)}, hors annuaire."
        note = f"{already} {note}".strip()
    return PartnersShown(
        rows=tuple(_row(one, words, found.reached) for one in candidates),
        aside=tuple(_aside(one, words) for one in match.set_aside),
        note=typeset(note),
    )


def _row(one: "Candidate", words: "MatchingWords", reached: frozenset[str]) -> PartnerShown:
    structure, service = one.structure, one.service
    expected = expected_words(service.name, place_of(structure, service)) if service else ""
    where = [reason for reason in one.reasons if reason.code in _WHERE]
    to_check = [reason for reason in one.reasons if reason.code in _TO_CHECK]
    why = [reason for reason in one.reasons if reason.code not in _WHERE | _TO_CHECK]
    return PartnerShown(
        chosen=Chosen(
            code=structure.reference,
            text=structure.display_name,
            reach=BY_PROGRAM if structure.reference in reached else BY_PAPER,
            service=service.reference if service else "",
            expected=expected,
        ),
        why=_line([*where, *why], words),
        entry=_entry(one),
        to_check=typeset(f"À savoir : {_small(_line(to_check, words))}") if to_check else "",
    )


def _entry(one: "Candidate") -> str:
    service = one.service
    is_own = service is not None and (service.hours or service.telephone or service.place_kind)
    return service.reference if service is not None and is_own else one.structure.reference


def _aside(one: "SetAside", words: "MatchingWords") -> str:
    return typeset(f"{one.structure.display_name} : {words.set_aside(one)}.")


def _line(reasons: Iterable[Reason], words: "MatchingWords") -> str:
    line = _BETWEEN.join(words.reason(one) for one in reasons)
    return f"{line[:1].upper()}{line[1:]}"


def _small(line: str) -> str:
    return f"{line[:1].lower()}{line[1:]}"
