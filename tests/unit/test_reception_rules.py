"""What the trade refuses, what is missing before anything leaves, and what leaves."""

import pytest

from app.domain.errors import (
    AgreementToRecordMissingError,
    MissingExpressedDemandError,
    PersonNameMissingError,
    ReferralNeedsAgreementError,
    ReferralNeedsContactError,
    ReferralNeedsNoticeError,
    ReferralNeedsPersonError,
)
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails
from app.domain.reception_rules import (
    SENSITIVE_CODES,
    VOCABULARY_OF,
    check_reception,
    missing_to_send,
    problems_of,
    what_leaves,
)
from app.reference.vocabulary import Vocabularies
from resources import resource_path
from tests.builders import (
    a_handed_over_reception,
    a_named_reception,
    a_person,
    a_reception,
    a_referral,
)

KNOWN = SubjectId(bytes(15) + b"\x01")


@pytest.mark.parametrize(
    ("reception", "refusal"),
    [
        (a_reception(expressed="  \n"), MissingExpressedDemandError),
        (a_named_reception(agreement_to_record=None), AgreementToRecordMissingError),
        (a_named_reception(agreement_to_record=False), AgreementToRecordMissingError),
        (
            a_named_reception(person=PersonDetails(telephone="06 39 98 00 01")),
            PersonNameMissingError,
        ),
        (
            a_reception(person=PersonDetails(known=KNOWN), agreement_to_record=False),
            AgreementToRecordMissingError,
        ),
        (
            a_reception(person=PersonDetails(known=KNOWN, telephone="06 39 98 00 01")),
            AgreementToRecordMissingError,
        ),
        (a_reception(referral=a_referral(agreement=None)), ReferralNeedsAgreementError),
    ],
)
def test_a_reception_that_breaks_a_rule_is_refused_by_its_name(reception, refusal):
    assert [type(problem) for problem in problems_of(reception)] == [refusal]
    with pytest.raises(refusal):
        check_reception(reception)


@pytest.mark.parametrize(
    "reception",
    [
        a_reception(),
        a_named_reception(),
        a_named_reception(person=PersonDetails(known=KNOWN)),
        a_reception(person=PersonDetails(known=KNOWN)),
        a_named_reception(person=PersonDetails(given_name="Maëlys")),
        a_handed_over_reception(),
        a_reception(referral=a_referral(agreement=False)),
        a_reception(agreement_to_record=False),
    ],
)
def test_a_reception_that_breaks_no_rule_passes(reception):
    check_reception(reception)


def test_everything_missing_is_told_at_once():
    reception = a_reception(
        expressed="", person=PersonDetails(), referral=a_referral(agreement=None)
    )
    assert [problem.code for problem in problems_of(reception)] == [
        "missing_expressed_demand",
        "agreement_to_record_missing",
        "person_name_missing",
        "referral_needs_agreement",
    ]


def test_nothing_is_missing_from_a_whole_referral():
    reception = a_handed_over_reception()
    assert missing_to_send(reception, reception.person) == ()


@pytest.mark.parametrize(
    ("changed", "person", "refusal"),
    [
        ({"notice_given": False}, a_person(), ReferralNeedsNoticeError),
        ({}, a_person(family_name=" ", given_name=""), ReferralNeedsPersonError),
        ({}, a_person(telephone=" "), ReferralNeedsContactError),
        ({"referral": a_referral(agreement=False)}, a_person(), ReferralNeedsAgreementError),
        ({"referral": None}, a_person(), ReferralNeedsAgreementError),
    ],
)
def test_what_is_missing_to_send_is_told(changed, person, refusal):
    missing = missing_to_send(a_handed_over_reception(**changed), person)
    assert [type(problem) for problem in missing] == [refusal]


def test_without_anybody_named_both_name_and_contact_are_missing():
    codes = [problem.code for problem in missing_to_send(a_handed_over_reception(), None)]
    assert codes == ["referral_needs_person", "referral_needs_contact"]


REACHABLE = [
    {"telephone": "06 39 98 00 01"},
    {"telephone": "+33 639980001"},
    {"telephone": "399800"},
    {"email": "exemple@exemple.example"},
    {"address": "chez sa tante"},
    {"telephone": "abc", "email": "exemple@exemple.example"},
]
OUT_OF_REACH = [
    {"telephone": "abc"},
    {"telephone": "06 39"},
    {"email": "exemple"},
    {"email": "@"},
    {"email": " exemple@ "},
    {"address": "  "},
]


@pytest.mark.parametrize("details", REACHABLE)
def test_any_way_to_reach_the_person_will_do(details):
    person = PersonDetails(family_name="Aubrun", **details)
    assert missing_to_send(a_handed_over_reception(), person) == ()


@pytest.mark.parametrize("details", OUT_OF_REACH)
def test_what_reaches_nobody_is_no_contact(details):
    person = PersonDetails(family_name="Aubrun", **details)
    (missing,) = missing_to_send(a_handed_over_reception(), person)
    assert isinstance(missing, ReferralNeedsContactError)


def test_what_leaves_holds_what_the_mission_needs():
    reception = a_handed_over_reception(
        analysed="Reformulée.", status="lyceen_pro", needs=("verifier_projet",)
    )
    leaving = what_leaves(reception, a_person(), a_referral(message="Bonjour."))
    assert leaving == {
        "given_name": "Maëlys",
        "family_name": "Aubrun",
        "birth_on": "2008-02-14",
        "telephone": "06 39 98 00 01",
        "commune": "36018",
        "expressed": "Je cherche une formation.",
        "analysed": "Reformulée.",
        "status": "lyceen_pro",
        "needs": ("verifier_projet",),
        "message": "Bonjour.",
    }


def test_notes_sex_and_sensitive_codes_never_leave():
    reception = a_handed_over_reception(
        reception_note="note-une",
        counselling_note="note-deux",
        private_note="note-trois",
        sex="femme",
        status="arret_invalidite",
        motives=("sante", "decouvrir_metiers"),
        needs=("accompagnement_handicap",),
        barriers=("sante", "mobilite"),
    )
    leaving = what_leaves(reception, a_person(), a_referral())
    assert leaving["barriers"] == ("mobilite",)
    assert leaving["motives"] == ("decouvrir_metiers",)
    told = repr(leaving)
    for kept in ("note-", "femme", *SENSITIVE_CODES):
        assert kept not in told


def test_every_word_that_a_vocabulary_marks_as_sensitive_stays():
    vocabularies = Vocabularies(resource_path("vocabulary"))
    marked = {
        entry.code
        for name in vocabularies.names()
        for entry in vocabularies.get(name).entries
        if entry.is_sensitive
    }
    assert marked == SENSITIVE_CODES


def test_the_commune_of_the_reception_serves_when_the_person_gave_none():
    reception = a_handed_over_reception(commune="36063")
    assert what_leaves(reception, a_person(commune=""), a_referral())["commune"] == "36063"


def test_every_field_with_a_vocabulary_is_a_field_of_a_reception():
    assert all(hasattr(a_reception(), field) for field in VOCABULARY_OF)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, False),
        ({"agreement_to_record": False}, True),
        ({"referral": a_referral(agreement=False)}, True),
        ({"referral": a_referral(agreement=True)}, False),
        ({"referral": a_referral(agreement=None)}, False),
    ],
)
def test_a_refusal_of_either_kind_is_a_refusal(fields, refused):
    assert a_reception(**fields).was_refused is refused


def test_a_private_note_is_never_printed_by_mistake():
    assert "secret" not in repr(a_reception(private_note="secret"))
