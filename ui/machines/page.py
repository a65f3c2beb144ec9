"""The machines of a structure as words: their state, who asks to join, what one may do. No Qt."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ui.texts import count, day, short_date, utc_text

Squares = tuple[tuple[bool, ...], ...]
"""The rows of a QR code: True where it is dark."""

_SOON_S = 90 * 86_400


class Place(StrEnum):
    """Where this desk stands: known to no Region, asking to join, inside, or removed since."""

    ALONE = "alone"
    WAITING = "waiting"
    INSIDE = "inside"
    OUT = "out"


class Tone(StrEnum):
    """How what is said is meant; the names are those of the notices."""

    INFO = "info"
    DONE = "done"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine of the structure. `late` counts what it sent after its removal and that waits.

    `last_s` is when it last wrote something that came here, None before; `holds_root` None when
    this desk cannot tell.
    """

    key: str
    code: str
    until_s: int
    last_s: int | None = None
    is_this_one: bool = False
    holds_root: bool | None = None
    is_on_paper: bool = False
    is_removed: bool = False
    is_leaving: bool = False
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A machine that asks to join: its code, and whether its invitation served already."""

    machine: str
    spoken: str
    is_repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The request of this machine: its code, the text of its file, its QR code."""

    spoken: str
    text: str
    squares: Squares


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation just made: the text of its file, its QR code, until when it serves."""

    text: str
    squares: Squares
    until_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarrel:
    """Two who claim the same place; `reference` and `key` name what a person may accept.

    `code` says what kind of place; `name` is what people call it. `can_be_accepted` is False for
    what only the Region or the program's makers can settle. `is_decided`: somebody at this desk
    said that what is kept is right, and may still change their mind.
    """

    code: str
    reference: str
    name: str
    key: str
    kept: str
    other: str
    can_be_accepted: bool
    is_decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What is true of the machines of this desk's structure.

    `keeper` is the code of the machine that holds the root, "" when it is this one or unknown;
    `can_ask_region` says whether this one may ask the Region to certify the structure.
    """

    place: Place
    holds_root: bool = False
    keeper: str = ""
    machines: tuple[Machine, ...] = ()
    requests: tuple[Request, ...] = ()
    quarrels: tuple[Quarrel, ...] = ()
    waiting: Waiting | None = None
    certificate_until_s: int | None = None
    can_ask_region: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRow:
    """A machine as a row, in words; `last_s` and `until_s` sort it.

    `refusal` says why it cannot be removed from here, "" when it can; `late` says what waits for a
    decision, "" when nothing does.
    """

    key: str
    code: str
    who: str
    state: str
    last: str
    last_s: int
    until_s: int
    refusal: str
    late: str
    can_accept_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request in words; `warning` is "" when there is nothing to beware of."""

    machine: str
    spoken: str
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StructurePage:
    """Everything the screen shows.

    `elsewhere` names the machine that decides, to end a sentence with, "" when it is this one.
    """

    place: Place
    about: str
    elsewhere: str
    rows: tuple[MachineRow, ...]
    requests: tuple[RequestRow, ...]
    quarrels: tuple[Quarrel, ...]
    waiting: Waiting | None
    kit: str
    has_paper: bool
    region: str
    can_ask_region: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of something that was just done or refused."""

    tone: Tone
    text: str


def structure_page(structure: Structure, now: dt.datetime) -> StructurePage:
    """Put what is true of the machines in words."""
    elsewhere = _elsewhere(structure)
    papers = [one for one in structure.machines if one.is_on_paper and not one.is_removed]
    return StructurePage(
        place=structure.place,
        about=_about(structure),
        elsewhere=elsewhere,
        rows=tuple(_row(one, elsewhere, now) for one in _ordered(structure.machines)),
        requests=tuple(_request(one) for one in structure.requests),
        quarrels=structure.quarrels,
        waiting=structure.waiting,
        kit=_kit(has_paper=bool(papers)),
        has_paper=bool(papers),
        region=_region(structure),
        can_ask_region=structure.can_ask_region,
    )


def invitation_words(until_s: int) -> str:
    """Say until when an invitation serves."""
    return f"Elle sert une fois, jusqu’au {day(utc_text(until_s))}."


def grouped(code: str) -> tuple[str, ...]:
    """Cut a code in its groups."""
    return tuple(code.split("-"))


def _about(structure: Structure) -> str:
    if structure.place is Place.ALONE:
        return (
            "La Région n’a pas encore reconnu cette structure\u202f: d’autres postes pourront la"
            " rejoindre dès que son certificat sera ouvert ici, par «\u00a0Ouvrir un fichier"
            " reçu\u00a0»."
        )
    if structure.place is Place.WAITING:
        return (
            "Ce poste a demandé à rejoindre la structure. On peut déjà y accueillir\u202f: tout"
            " sera partagé une fois le poste admis."
        )
    if structure.place is Place.OUT:
        return (
            "Ce poste a été retiré de la structure\u202f: il n’envoie ni ne reçoit plus rien. Ses"
            " fiches restent lisibles ici\u202f; pour revenir, il devra être invité de nouveau."
        )
    active = [one for one in structure.machines if not (one.is_on_paper or one.is_removed)]
    return f"{count(len(active), 'poste actif', 'postes actifs')}. Chacun a les mêmes fiches."


def _region(structure: Structure) -> str:
    if structure.certificate_until_s is None:
        return (
            "Pour que les échanges s’ouvrent, enregistrez la demande de la structure et envoyez-la"
            " à la Région. Elle rend un certificat, à ouvrir ici."
        )
    until = day(utc_text(structure.certificate_until_s))
    return (
        f"La Région a reconnu la structure jusqu’au {until}. Pour la renouveler, envoyez-lui une"
        " nouvelle demande\u202f; elle rend un certificat, à ouvrir ici."
    )


def _elsewhere(structure: Structure) -> str:
    if structure.holds_root:
        return ""
    if structure.keeper:
        return f"le poste {structure.keeper}, qui garde la clé principale de la structure"
    return "le premier poste de la structure, qui garde sa clé principale"


def _ordered(machines: Sequence[Machine]) -> list[Machine]:
    """Put this machine first, then those that act, then paper and those removed."""
    return sorted(machines, key=lambda one: (not one.is_this_one, one.is_removed, one.is_on_paper))


def _row(machine: Machine, elsewhere: str, now: dt.datetime) -> MachineRow:
    return MachineRow(
        key=machine.key,
        code=machine.code,
        who=_who(machine),
        state=_state(machine, int(now.timestamp())),
        last=_last(machine),
        last_s=machine.last_s or 0,
        until_s=machine.until_s,
        refusal=_refusal(machine, elsewhere),
        late=_late(machine),
        can_accept_late=bool(machine.late) and not elsewhere,
    )


def _who(machine: Machine) -> str:
    if machine.is_on_paper:
        return "Code de reprise"
    said = "Ce poste" if machine.is_this_one else "Autre poste"
    return f"{said}, clé principale" if machine.holds_root else said


def _state(machine: Machine, now_s: int) -> str:
    until = short_date(machine.until_s)
    if machine.is_removed:
        return "Retiré" if not machine.is_on_paper else "Remplacé"
    if machine.is_leaving:
        return "À retirer au prochain échange"
    if machine.is_on_paper:
        return "Sur papier"
    if machine.until_s <= now_s:
        return f"Terminé depuis le {until}"
    if machine.until_s - now_s < _SOON_S:
        return f"Actif, se termine le {until}"
    return f"Actif jusqu’au {until}"


def _last(machine: Machine) -> str:
    if machine.is_on_paper:
        return "n’écrit pas"
    if machine.last_s:
        return short_date(machine.last_s)
    return "rien encore" if machine.is_this_one else "rien reçu"


def _refusal(machine: Machine, elsewhere: str) -> str:
    if machine.is_removed:
        return "Ce code ne sert plus." if machine.is_on_paper else "Ce poste est déjà retiré."
    if machine.is_leaving:
        return "Il sera retiré à la fin du prochain échange."
    if machine.is_on_paper:
        return "Un nouveau code de reprise remplace celui-ci\u202f: il n’y a rien à retirer."
    if machine.is_this_one:
        return (
            "Un poste ne se retire pas lui-même\u202f: reprenez d’abord la structure sur un autre,"
            " avec le code de reprise."
            if machine.holds_root
            else f"Ce poste-ci peut être retiré depuis {elsewhere}."
        )
    return f"Retirer un poste se fait sur {elsewhere}." if elsewhere else ""


def _late(machine: Machine) -> str:
    if not machine.late:
        return ""
    sent = count(machine.late, "envoi attend", "envois attendent")
    return f"{sent} une décision\u202f: écrit après le retrait de ce poste."


def _request(request: Request) -> RequestRow:
    warning = ""
    if request.is_repeated:
        warning = (
            "Cette invitation a déjà servi à un autre poste. N’admettez celui-ci que si vous savez"
            " pourquoi."
        )
    return RequestRow(machine=request.machine, spoken=request.spoken, warning=warning)


def _kit(*, has_paper: bool) -> str:
    if has_paper:
        return (
            "La structure a un code de reprise sur papier. S’il est perdu ou a été vu, faites-en un"
            " nouveau\u202f: l’ancien ne servira plus."
        )
    return (
        "Si tous les postes brûlent ou sont volés, ce code seul rend la structure et ses fiches."
        " Il n’y en a pas encore."
    )
