"""Reads a reception, and what it still lacks, from what is on the page. No Qt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from app.domain.errors import AppError, ReferralNeedsAgreementError
from app.domain.identifiers import parse_subject
from app.domain.outside import CONTACT_FIELDS, OutsideStructure
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import problems_of
from ui.reception.page_body import NO, OUTSIDE, YES, has_identity
from ui.widgets.date_text import DateSpan, DateTextError, read_date

LONGEST_MEASURED_MIN: Final = 180
"""Beyond, the page was left open: nobody vouches for the duration, so none is written."""

_LONGEST_MIN: Final = 1440
_OLDEST_PAPER: Final = timedelta(days=2 * 366)
_NOON: Final = time(12)
_ANSWERS: Final = {YES: True, NO: False}
_SAME = (
    "visitor",
    "mode",
    "place",
    "expressed",
    "analysed",
    "level_reached",
    "diploma_obtained",
    "age_band",
    "can_travel",
    "mode_wished",
    "go_day",
    "go_half",
    "sex",
    "how_they_came",
    "purpose",
    "outcome",
    "next_step",
    "next_reason",
    "beyond_reason",
    "agreed_by",
    "mixite_addressed",
    "notice_given",
    "reception_note",
    "counselling_note",
    "private_note",
)
_MISSPELT: Final = {
    "telephone": "Corriger le téléphone de la structure",
    "email": "Corriger le courriel de la structure",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something to do before going on: the part of the page to go to, and what to do in words."""

    field: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a page is read: the day, when the reception began, and its minutes as measured."""

    today: date
    started_at: datetime | None = None
    measured_min: int | None = None


_OF_CODE: Mapping[str, Lack] = {
    "missing_expressed_demand": Lack(field="expressed", words="Écrire ce que la personne demande"),
    "agreement_to_record_missing": Lack(
        field="agreement_to_record", words="Noter l’accord pour garder le nom"
    ),
    "person_name_missing": Lack(field="family_name", words="Écrire un nom ou un prénom"),
    "referral_needs_notice": Lack(field="notice_given", words="Remettre la note d’information"),
    "referral_needs_person": Lack(field="person_search", words="Dire qui est la personne"),
    "referral_needs_contact": Lack(field="telephone", words="Écrire un moyen de la joindre"),
    "referral_needs_agreement": Lack(field="agreement", words="Noter sa réponse sur cet envoi"),
    "minor_agreement_missing": Lack(
        field="agreed_by", words="Noter qui a donné l’accord, la personne étant mineure"
    ),
    "sensitive_needs_agreement": Lack(
        field="sensitive_agreed", words="Noter que la personne le demande et l’accepte"
    ),
    "referral_to_oneself": Lack(field="to", words="Choisir une autre structure"),
    "unknown_structure": Lack(field="to", words="Choisir la structure dans la liste"),
    "unknown_service": Lack(field="to", words="Choisir de nouveau la structure"),
    "recipient_outside_exchange": Lack(field="to", words="Choisir la structure dans la liste"),
    "unknown_commune": Lack(field="commune", words="Choisir la commune dans la liste"),
}


def lack_of(error: AppError) -> Lack | None:
    """Return where a refusal is to be settled on the page, None when it is nowhere on it."""
    return _OF_CODE.get(error.code)


def lacks_of(body: Mapping[str, Any], moment: Moment) -> tuple[Lack, ...]:
    """Return what is to be settled before the page can be saved, in the order of the page.

    Words typed and not chosen, or dates not understood, come first: saving would lose them.
    """
    reception = reception_of(body, moment)
    of_rules = (lack_of(problem) for problem in problems_of(reception))
    lacks = [*(lack for lack in of_rules if lack), *_unfinished(body, moment)]
    return tuple(dict.fromkeys(sorted(lacks, key=lambda lack: _PLACES.index(lack.field))))


def lacks_to_send(errors: tuple[AppError, ...]) -> tuple[Lack, ...]:
    """Return what is missing before a record may leave, as parts of the page to go to."""
    return tuple(dict.fromkeys(lack for error in errors if (lack := lack_of(error))))


def is_agreement(error: AppError) -> bool:
    """Say whether a refusal is only about the answer of the person for this recipient."""
    return isinstance(error, ReferralNeedsAgreementError)


def reception_of(body: Mapping[str, Any], moment: Moment) -> Reception:
    """Return the reception that the page says, leaving out what is not chosen or not understood."""
    sensitive = _sensitive(body)
    next_day = _day(body["next_on"], DateSpan.around(moment.today))
    return Reception(
        **{name: body[name] for name in _SAME},
        received_at=_received_at(body, moment),
        status=sensitive.get("status", body["status"]["code"]),
        executive=_ANSWERS.get(body["executive"]),
        languages=tuple(body["languages"]),
        commune=body["commune"]["code"],
        already_met=tuple(reference or name for reference, name in body["already_met"]["items"]),
        motives=tuple(body["motives"]["codes"]),
        needs=(*body["needs"]["codes"], *filter(None, [sensitive.get("need", "")])),
        barriers=(*body["barriers"], *filter(None, [sensitive.get("barrier", "")])),
        information_given=tuple(body["information_given"]),
        duration_min=minutes_of(body["duration"], moment if not body["received_on"] else None),
        agreement_to_record=_ANSWERS.get(body["agreement_to_record"]),
        person=_person(body, moment),
        referral=_referral(body, moment),
        sensitive_agreed=tuple(sensitive.values()),
        next_on=next_day.isoformat() if next_day else "",
        demand=parse_subject(body["demand"]) if body["demand"] and body["known"]["id"] else None,
    )


def minutes_of(text: str, moment: Moment | None) -> int | None:
    """Return the minutes written, or those measured when nothing is written, if any were."""
    typed = text.strip().removesuffix("min").strip()
    if not typed:
        return moment.measured_min if moment is not None else None
    return int(typed) if typed.isdecimal() and int(typed) <= _LONGEST_MIN else None


_PLACES: Final = (
    "received_on",
    "duration",
    "expressed",
    "commune",
    "already_met",
    "sensitive_agreed",
    "next_on",
    "to",
    "outside_telephone",
    "outside_email",
    "agreement",
    "deadline",
    "notice_given",
    "agreement_to_record",
    "agreed_by",
    "person_search",
    "family_name",
    "birth",
    "telephone",
)


def _unfinished(body: Mapping[str, Any], moment: Moment) -> Iterator[Lack]:
    around = DateSpan.around(moment.today)
    for field, span, day in (
        ("received_on", _past(moment), "le jour de l’accueil"),
        ("next_on", around, "la date de la suite"),
    ):
        if body[field].strip() and not _day(body[field], span):
            yield Lack(field=field, words=f"Corriger {day}")
    if body["duration"].strip() and minutes_of(body["duration"], moment) is None:
        yield Lack(field="duration", words="Écrire la durée en minutes")
    yield from _not_chosen(body)
    if body["open_handover"]:
        yield from _unfinished_handover(body, moment)
    if body["open_person"]:
        yield from _unfinished_person(body, moment)


def _not_chosen(body: Mapping[str, Any]) -> Iterator[Lack]:
    for field, thing in (("commune", "la commune"), ("to", "la structure")):
        is_open = field != "to" or body["open_handover"]
        if is_open and body[field]["text"].strip() and not body[field]["code"]:
            yield Lack(field=field, words=f"Choisir {thing} dans la liste")
    if body["already_met"]["text"].strip():
        yield Lack(field="already_met", words="Ajouter la structure rencontrée")


def _unfinished_handover(body: Mapping[str, Any], moment: Moment) -> Iterator[Lack]:
    is_begun = any(body[name] for name in ("agreement", "message", "handover", "deadline"))
    if is_begun and not body["to"]["text"].strip() and not body["to"]["code"]:
        yield Lack(field="to", words="Choisir à qui passer le relais")
    if (outside := _outside(body)) is not None:
        for field in outside.misspelt():
            yield Lack(field=f"outside_{field}", words=_MISSPELT[field])
    if body["deadline"].strip() and not _day(body["deadline"], DateSpan.around(moment.today)):
        yield Lack(field="deadline", words="Corriger la date d’échéance")


def _outside(body: Mapping[str, Any]) -> OutsideStructure | None:
    """Return how a structure that no directory lists is reached, None when one is chosen there."""
    if body["to"]["reach"] != OUTSIDE:
        return None
    said = {name: " ".join(body[f"outside_{name}"].split()) for name in CONTACT_FIELDS}
    return OutsideStructure(**said)


def _unfinished_person(body: Mapping[str, Any], moment: Moment) -> Iterator[Lack]:
    if body["agreement_to_record"] == NO:
        return
    if body["person_search"].strip() and not has_identity(body):
        yield Lack(field="person_search", words="Choisir ou créer la fiche (Entrée)")
    if body["birth"].strip() and not _day(body["birth"], DateSpan.of_births(moment.today)):
        yield Lack(field="birth", words="Corriger la date de naissance")


def _sensitive(body: Mapping[str, Any]) -> dict[str, str]:
    """Return what the person asked to be written, by vocabulary; nothing without their word."""
    if not body["sensitive_agreed"]:
        return {}
    return dict(code.split(":", 1) for code in body["sensitive"] if ":" in code)


def _person(body: Mapping[str, Any], moment: Moment) -> PersonDetails | None:
    is_wanted = body["open_person"] and body["agreement_to_record"] != NO
    if not is_wanted or not has_identity(body):
        return None
    born = _day(body["birth"], DateSpan.of_births(moment.today))
    texts = ("family_name", "given_name", "telephone", "email", "address")
    return PersonDetails(
        known=parse_subject(body["known"]["id"]) if body["known"]["id"] else None,
        **{name: " ".join(body[name].split()) for name in texts},
        birth_on=born.isoformat() if born else "",
    )


def _referral(body: Mapping[str, Any], moment: Moment) -> WantedReferral | None:
    # A refusal counts even when the part of the page was closed again.
    is_wanted = body["open_handover"] or body["agreement"] == NO
    if not is_wanted or not body["to"]["code"]:
        return None
    deadline = _day(body["deadline"], DateSpan.around(moment.today))
    return WantedReferral(
        to=body["to"]["text"] if body["to"]["reach"] == OUTSIDE else body["to"]["code"],
        agreement=_ANSWERS.get(body["agreement"]),
        handover=body["handover"],
        deadline_on=deadline.isoformat() if deadline else "",
        deadline_reason=body["deadline_reason"],
        message=body["message"],
        for_barrier=body["for_barrier"],
        other_choice=body["other_choice"],
        instead_of=body["instead_of"] if body["other_choice"] else "",
        outside=_outside(body),
        service="" if body["to"]["reach"] == OUTSIDE else body["to"]["service"],
    )


def _received_at(body: Mapping[str, Any], moment: Moment) -> str:
    """Return when somebody was received: on paper, at noon of the day that was written."""
    on = _day(body["received_on"], _past(moment))
    if on is None:
        return _local_text(moment.started_at)
    return _local_text(datetime.combine(on, _NOON))


def _past(moment: Moment) -> DateSpan:
    return DateSpan(earliest=moment.today - _OLDEST_PAPER, latest=moment.today)


def _day(text: str, span: DateSpan) -> date | None:
    try:
        return read_date(text, span).day
    except DateTextError:
        return None


def _local_text(moment: datetime | None) -> str:
    return moment.astimezone().replace(microsecond=0).isoformat() if moment else ""
