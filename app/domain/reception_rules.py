"""The rules of the trade about receiving and handing over. Nothing leaves without agreement."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from app.domain.errors import (
    AgreementToRecordMissingError,
    MinorAgreementMissingError,
    MissingExpressedDemandError,
    PersonNameMissingError,
    ReceptionError,
    ReferralNeedsAgreementError,
    ReferralNeedsContactError,
    ReferralNeedsNoticeError,
    ReferralNeedsPersonError,
    SensitiveNeedsAgreementError,
)
from app.domain.events import Value
from app.domain.minors import PERSON
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.referral import SERVICE_NAME

SENSITIVE_CODES = frozenset({"sante", "arret_invalidite", "accompagnement_handicap"})
"""Sensitive by law, as the vocabularies mark them: never copied into a referral."""

ONE_LINE = "^[^\\u0000-\\u001F\\u007F\\u0085\\u2028\\u2029]*$"
LONG_TEXT = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F]*$"
"""Texts without control signs, as patterns that both JSON Schema and Python read.

Matched whole: alone, Python's `$` would let a last line feed through.
"""

LONG_FIELDS = frozenset(
    {"expressed", "analysed", "reception_note", "counselling_note", "private_note", "message"}
)
"""The fields that may hold several lines; every other one is a single line."""

VOCABULARY_OF: Mapping[str, str] = MappingProxyType(
    {
        "door": "door",
        "mode": "reception_mode",
        "place": "place_type",
        "visitor": "visitor",
        "how_they_came": "how_they_came",
        "purpose": "purpose",
        "motives": "request_motive",
        "needs": "need",
        "barriers": "barrier",
        "status": "public_status",
        "level_reached": "training_level",
        "diploma_obtained": "training_level",
        "sex": "sex",
        "age_band": "age_band",
        "languages": "language",
        "can_travel": "travel_distance",
        "mode_wished": "mode_wished",
        "go_day": "go_day",
        "go_half": "half_day",
        "information_given": "information_kind",
        "outcome": "outcome",
        "next_step": "next_step",
        "next_reason": "deadline_reason",
        "beyond_reason": "beyond_reason",
        "agreed_by": "agreed_by",
    }
)
"""The vocabulary that the codes of each field of a reception belong to."""


def check_reception(reception: Reception) -> None:
    """Refuse a reception that may not be kept as it stands.

    Raises:
        ReceptionError: the first rule that it breaks.
    """
    for problem in problems_of(reception):
        raise problem


def problems_of(reception: Reception) -> tuple[ReceptionError, ...]:
    """Return everything that keeps a reception from being saved, in the order one talks."""
    problems: list[ReceptionError] = []
    if not reception.expressed.strip() and not reception.is_simple:
        problems.append(MissingExpressedDemandError())
    if (person := reception.person) is not None:
        # A file known here was agreed to already: naming it says nothing new.
        is_only_named = person.known is not None and not person.says_something
        is_agreed = reception.agreement_to_record
        if is_agreed is False or (is_agreed is None and not is_only_named):
            problems.append(AgreementToRecordMissingError())
        if not person.has_name and person.known is None:
            problems.append(PersonNameMissingError())
    if reception.referral is not None and reception.referral.agreement is None:
        problems.append(ReferralNeedsAgreementError())
    if set(sensitive_codes(reception)) - set(reception.sensitive_agreed):
        problems.append(SensitiveNeedsAgreementError())
    return tuple(problems)


def sensitive_codes(reception: Reception) -> tuple[str, ...]:
    """Return what a reception says that the law calls sensitive, each code once."""
    said = (reception.status, *reception.needs, *reception.barriers)
    return tuple(code for code in dict.fromkeys(said) if code in SENSITIVE_CODES)


def missing_to_send(
    reception: Reception,
    person: PersonDetails | None,
    who_may_agree: Collection[str] = (PERSON,),
) -> tuple[ReceptionError, ...]:
    """Return what is missing before this referral may leave through the program.

    `person` is what is known of the person, the existing file completed by the reception, and
    `who_may_agree` whose agreement counts at that age (`app.domain.minors`). The list is shown as
    what remains to do; it never blocks the rest of the page.
    """
    missing: list[ReceptionError] = []
    if not reception.notice_given:
        missing.append(ReferralNeedsNoticeError())
    if person is None or not person.has_name:
        missing.append(ReferralNeedsPersonError())
    if person is None or not person.has_contact:
        missing.append(ReferralNeedsContactError())
    if reception.referral is None or reception.referral.agreement is not True:
        missing.append(ReferralNeedsAgreementError())
    elif (reception.agreed_by or PERSON) not in who_may_agree:
        missing.append(MinorAgreementMissingError())
    return tuple(missing)


def what_leaves(
    reception: Reception, person: PersonDetails, referral: WantedReferral, *, service_name: str = ""
) -> dict[str, Value]:
    """Return exactly what a recipient receives: what its mission needs, and no more.

    The preview shows this value and the referral is made of it, so what is shown is what leaves.
    Sensitive codes, notes and sex stay here, and how far and when the person can go. Of the service
    wanted, its name is enough.
    """
    leaving: dict[str, Value] = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_on": person.birth_on,
        "telephone": person.telephone,
        "email": person.email,
        "address": person.address,
        "commune": person.commune or reception.commune,
        "visitor": reception.visitor,
        "status": "".join(_unless_sensitive((reception.status,))),
        "level_reached": reception.level_reached,
        "executive": reception.executive,
        "age_band": reception.age_band,
        "languages": reception.languages,
        "mode_wished": reception.mode_wished,
        "purpose": reception.purpose,
        "motives": _unless_sensitive(reception.motives),
        "expressed": reception.expressed,
        "analysed": reception.analysed,
        "needs": _unless_sensitive(reception.needs),
        "barriers": _unless_sensitive(reception.barriers),
        SERVICE_NAME: service_name,
        "handover": referral.handover,
        "deadline_on": referral.deadline_on,
        "deadline_reason": referral.deadline_reason,
        "message": referral.message,
        "received_at": reception.received_at,
    }
    return {name: value for name, value in leaving.items() if value not in {"", (), None}}


def _unless_sensitive(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code not in SENSITIVE_CODES)
