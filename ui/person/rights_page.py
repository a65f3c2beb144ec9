"""The rights of a person as words: what they asked, what they agreed to. No Qt."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.identifiers import SubjectId
from app.domain.referral import BY_FILE, BY_PAPER
from app.domain.rights import ERASURE, NEEDS_WORDS
from app.reference.vocabulary import Entry
from app.usecases.persons import AgreementLine
from app.usecases.rights import RequestLine
from app.usecases.withdrawals import Stopping
from ui.texts import day, moment
from ui.widgets.page_values import Badge, TimelineEntry
from ui.widgets.rights_words import (
    RECORD,
    SENSITIVE,
    TRANSMIT,
    agreed_by_words,
    due_words,
    lower_first,
    sensitive_words,
)

Label = Callable[[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsWords:
    """What turns codes into words, and what may be asked and answered today."""

    label: Label
    structure_name: Callable[[str], str]
    kinds: Callable[[], Sequence[Entry]]
    answers: Callable[[], Sequence[Entry]]
    today: Callable[[], dt.date]


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsRead:
    """What was read of a person. `stopping` says, by agreement, what taking it back stops.

    Of several to the same thing, the last one alone has it: it takes the others back too.
    """

    person: SubjectId
    requests: Sequence[RequestLine]
    agreements: Sequence[AgreementLine]
    stopping: Mapping[SubjectId, Stopping]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that may be chosen; `hint` says what it asks for."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request that awaits its answer, and until when."""

    request: SubjectId
    title: str
    when: str
    quote: str
    due: Badge


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementShown:
    """An agreement; `stops` says what taking it back does, nothing when it cannot be any more."""

    agreement: SubjectId
    entry: TimelineEntry
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsPage:
    """Everything the card shows. `erasure` names an open request to be erased, or is ""."""

    person: SubjectId
    asked: tuple[OpenRequest, ...]
    answered: tuple[TimelineEntry, ...]
    agreements: tuple[AgreementShown, ...]
    erasure: str
    kinds: tuple[Offer, ...]
    answers: tuple[Offer, ...]
    today: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A request as it was typed. `day_problem` says why the day written is none, or nothing."""

    kind: str
    asked_on: dt.date | None
    day_problem: str
    words: str


_ABOUT = {
    RECORD: "pour garder son dossier",
    TRANSMIT: "pour transmettre son dossier",
    SENSITIVE: "pour écrire\u202f: {about}",
}
_NOT_BACK = "Cela ne se rétablit pas\u202f: il faudrait redemander son accord à la personne."


def last_standing(agreements: Sequence[AgreementLine]) -> list[SubjectId]:
    """Return the agreements that can be taken back, of several to the same thing the last one."""
    last: dict[object, SubjectId] = {}
    for line in agreements:
        if line.stands:
            each = line.agreement if line.kind == SENSITIVE else ""
            last[line.kind, line.recipient, each] = line.agreement
    return list(last.values())


def rights_page(read: RightsRead, words: RightsWords) -> RightsPage:
    """Put in words what was read."""
    asked = [line for line in read.requests if line.clock is not None]
    answered = [line for line in read.requests if line.clock is None]
    erasures = [line for line in asked if line.kind == ERASURE]
    return RightsPage(
        person=read.person,
        asked=tuple(_open_request(line, words.label) for line in asked),
        answered=tuple(_answered(line, words.label) for line in reversed(answered)),
        agreements=tuple(
            _agreement(line, read.stopping.get(line.agreement), words)
            for line in reversed(read.agreements)
        ),
        erasure=_erasure_words(erasures[0]) if erasures else "",
        kinds=_offers(words.kinds()),
        answers=_offers(words.answers()),
        today=words.today(),
    )


def lack_of_request(wanted: NewRequest, today: dt.date) -> str:
    """Return why a request cannot be noted as it was typed, or nothing."""
    if not wanted.kind:
        return "Choisissez ce que la personne demande."
    if wanted.day_problem:
        return f"Le jour de la demande n’est pas compris. {wanted.day_problem}."
    if wanted.asked_on is not None and wanted.asked_on > today:
        return "Ce jour est à venir\u202f: le mois court à partir du jour où la demande est reçue."
    return ""


def lack_of_answer(answer: str, words: str) -> str:
    """Return why an answer cannot be noted as it was typed, or nothing."""
    if not answer:
        return "Choisissez ce qui est répondu."
    if answer in NEEDS_WORDS and not words.strip():
        return (
            "Dites pourquoi\u202f: la personne doit le savoir, et savoir qu’elle peut saisir la"
            " CNIL."
        )
    return ""


def _offers(entries: Sequence[Entry]) -> tuple[Offer, ...]:
    return tuple(Offer(code=one.code, label=one.label, hint=one.hint) for one in entries)


def _open_request(line: RequestLine, label: Label) -> OpenRequest:
    assert line.clock is not None  # noqa: S101 -- only those that await an answer come here
    is_late = line.clock.is_late
    return OpenRequest(
        request=line.request,
        title=label("request_kind", line.kind),
        when=_asked(line),
        quote=line.words,
        due=Badge(
            text=due_words(line.clock),
            icon="triangle-alert" if is_late else "clock",
            colour="attention" if is_late else "info",
        ),
    )


def _answered(line: RequestLine, label: Label) -> TimelineEntry:
    answer = label("request_answer", line.answer)
    return TimelineEntry(
        title=f"{label('request_kind', line.kind)}\u202f: {lower_first(answer)}",
        when=f"répondu le {day(line.answered_on)}",
        who=_asked(line),
        icon="check",
        colour="done",
        quote=line.words,
        lines=(line.answer_words,) if line.answer_words else (),
    )


def _asked(line: RequestLine) -> str:
    return f"demandé le {day(line.asked_on)}, noté par {line.author}"


def _erasure_words(line: RequestLine) -> str:
    return f"Noter aussi la réponse à sa demande du {day(line.asked_on)}\u202f: fait"


def _agreement(
    line: AgreementLine, stopping: Stopping | None, words: RightsWords
) -> AgreementShown:
    about = _about(line, words)
    given = "Accord donné" if line.given else "Accord refusé"
    title = _ABOUT.get(line.kind, "").format(about=about)
    by = agreed_by_words(line.agreed_by, words.label)
    return AgreementShown(
        agreement=line.agreement,
        entry=TimelineEntry(
            title=f"{given} {title}".strip(),
            when=moment(line.at_s),
            who=f"par {by}" if by else "",
            lines=(about,) if line.kind == TRANSMIT else (),
            icon=_icon(line),
            colour="done" if line.stands else "attention" if not line.given else "soft",
            badges=_withdrawn(line),
        ),
        stops=_stops(stopping, about) if stopping is not None else (),
    )


def _about(line: AgreementLine, words: RightsWords) -> str:
    if line.kind == SENSITIVE:
        return sensitive_words(line.recipient, words.label)
    return words.structure_name(line.recipient) if line.recipient else ""


def _icon(line: AgreementLine) -> str:
    if not line.given:
        return "x"
    return "undo-2" if line.withdrawn_on else "check"


def _withdrawn(line: AgreementLine) -> tuple[Badge, ...]:
    if not line.withdrawn_on:
        return ()
    return (Badge(text=f"Retiré le {day(line.withdrawn_on)}", icon="undo-2", colour="soft"),)


def _stops(stopping: Stopping, about: str) -> tuple[str, ...]:
    if stopping.kind == SENSITIVE:
        said: tuple[str, ...] = (
            f"«\u00a0{about}\u00a0» sera effacé de ce qui a été écrit à cet accueil.",
        )
    elif stopping.kind == TRANSMIT:
        said = (*_stopped_referrals(stopping), *_no_more(about))
    else:
        said = (
            "Plus rien ne sera écrit à son nom sans un nouvel accord.",
            "Ce qui est déjà écrit reste\u202f: pour l’effacer, notez une demande d’effacement.",
        )
    return (*said, _NOT_BACK)


def _stopped_referrals(stopping: Stopping) -> list[str]:
    said = []
    for line in stopping.referrals:
        told = "elle l’apprendra au prochain échange"
        if line.route == BY_PAPER:
            by_file = any(step.route == BY_FILE for step in line.history)
            how = "par fichier chiffré" if by_file else "sur papier"
            told = f"prévenez-la, elle a reçu la fiche {how}"
        said.append(f"La mise en relation avec {line.to_name} est retirée\u202f; {told}.")
    return said


def _no_more(about: str) -> tuple[str, str]:
    return (
        f"Plus rien ne sera transmis à {about} sans un nouvel accord.",
        "Ce que cette structure a déjà reçu reste chez elle\u202f: la personne peut le lui"
        " demander.",
    )
