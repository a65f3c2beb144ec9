"""What every paper needs to speak: labels, names of places, whose paper it is."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.folding import fold
from app.printing.document import Line
from app.printing.notice import NoticeText
from app.reference.directory import PERMANENCE, ROUND, ServiceEntry, StructureEntry
from app.reference.service_places import Place
from app.usecases.papers import SlipRead
from ui.matching_words import held_at
from ui.moments import MONTHS, NO_BREAK, WEEKDAYS
from ui.opening_words import hours_words
from ui.sentences import typeset
from ui.widgets.referral_words import Label, telephone_words

Squares = tuple[tuple[bool, ...], ...]

_NAMED: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What turns what was read into words.

    Attributes:
        label: the words of a code of a vocabulary.
        commune_name: of an INSEE code.
        structure_name: of a reference of the directory.
        refusals: the reasons of a refusal that may be ticked.
        structure: the name of the structure whose paper it is.
        entry: what the directory says of it, when it does.
        notice: the text of its information notice.
        squares: draws a short code as a QR code.
        now: the present moment, in the time of this machine.
    """

    label: Label
    commune_name: Callable[[str], str]
    structure_name: Callable[[str], str]
    refusals: Sequence[str]
    structure: str
    entry: StructureEntry | None
    notice: NoticeText
    squares: Callable[[str], Squares]
    now: Callable[[], dt.datetime]

    @property
    def contact(self) -> str:
        """How the structure is reached, in one line."""
        return contact_line(self.structure, self.entry)


def long_day(on: str | dt.date) -> str:
    """Return a day as it is printed: « mardi 24 novembre 2026 »; any other text as it is."""
    if isinstance(on, str):
        try:
            return long_day(dt.date.fromisoformat(on[:10]))
        except ValueError:
            return on
    ordinal = "1er" if on.day == 1 else str(on.day)
    month = MONTHS[on.month - 1]
    return f"{WEEKDAYS[on.weekday()]} {ordinal}{NO_BREAK}{month}{NO_BREAK}{on.year}"


def day_of(at_s: int | None) -> str:
    """Return the day of a moment, in the time of this machine; "" without one."""
    if at_s is None:
        return ""
    try:
        return long_day(dt.datetime.fromtimestamp(at_s, dt.UTC).astimezone().date())
    except (ValueError, OverflowError, OSError):
        return ""


def address_lines(at: StructureEntry | Place | None) -> str:
    """Return an address, one line under the other."""
    if at is None:
        return ""
    town = f"{at.postal_code} {at.commune_name}".strip()
    return "\n".join(filter(None, (at.address, at.address_complement, town)))


def recipient_lines(read: SlipRead) -> tuple[Line, ...]:
    """Return where the recipient of a slip is and when, listed in the directory or not.

    Once a service was chosen, the person is expected there and nowhere else is named.
    """
    if (outside := read.outside) is None:
        elsewhere = _held_elsewhere(read.recipient) if read.recipient and not read.service else []
        return (
            Line(label="Service", value=_service_words(read)),
            *(_place_lines(read.place) if read.place else ()),
            Line(label="Aussi", value="\n".join(map(_elsewhere, elsewhere))),
        )
    return (
        Line(label="Adresse", value=outside.address),
        Line(label="Téléphone", value=telephone_words(outside.telephone)),
        Line(label="Courriel", value=outside.email),
    )


def _service_words(read: SlipRead) -> str:
    """Return the service chosen, and that it is a permanence when its name does not say so."""
    name, place = read.line.to_service_name, read.place
    if not name or place is None or not place.kind:
        return name
    held = held_at(place.kind, place.commune_name)
    is_said = fold(held_at(place.kind, "")) in fold(name)
    return name if is_said else f"{name}\n{held[:1].upper()}{held[1:]}"


def _place_lines(place: Place) -> tuple[Line, ...]:
    return (
        Line(label="Adresse", value=address_lines(place)),
        Line(label="Téléphone", value=telephone_words(place.telephone)),
        Line(label="Courriel", value=place.email),
        Line(label="Horaires", value=hours_words(place.hours)),
    )


def _held_elsewhere(entry: StructureEntry) -> list[ServiceEntry]:
    """Return the permanences and the stops of rounds, which the person may be nearer to."""
    kinds = {PERMANENCE, ROUND}
    return [one for one in entry.services if one.place_kind in kinds and one.ended_on is None]


def _elsewhere(service: ServiceEntry) -> str:
    kind = "permanence" if service.place_kind == PERMANENCE else "tournée"
    where = ", ".join(filter(None, (service.address, service.commune_name)))
    when = hours_words(service.hours or "").replace("\n", " ; ")
    return french(" : ".join(filter(None, (f"{kind} {where}".strip(), when))))


def contact_line(name: str, entry: StructureEntry | None) -> str:
    """Return how a structure is reached, on one line."""
    if entry is None:
        return name
    telephone = telephone_words(entry.telephone or "")
    parts = (name, address_lines(entry).replace("\n", ", "), telephone, entry.email)
    return ", ".join(part for part in parts if part)


def french(text: str, **named: str) -> str:
    """Fill a text of ours and put its no-break spaces; what is filled in is left as it is."""
    return _NAMED.sub(lambda found: named.get(found[1], found[0]), typeset(text))
