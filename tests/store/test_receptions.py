"""Receiving somebody: what is kept, what is refused, what leaves and what stays."""

import pytest

from app.changes import Topic
from app.domain.errors import (
    AgreementToRecordMissingError,
    MissingExpressedDemandError,
    PersonNameMissingError,
    ReferralNeedsAgreementError,
    ReferralNeedsContactError,
    ReferralNeedsNoticeError,
    ReferralNeedsPersonError,
    ReferralToOneselfError,
    UnknownCommuneError,
    UnknownRecordError,
    UnknownStructureError,
    UnknownVocabularyCodeError,
    UnreadableInputError,
)
from app.domain.identifiers import SubjectId
from app.domain.reception import TEXT_MAX, PersonDetails
from app.domain.spaces import SpaceKind
from app.store.bodies import unpack_map
from app.usecases.drafts import RECEPTION_DRAFT, keep_draft, kept_draft
from app.usecases.persons import disputes_of_person, find_persons, open_person
from app.usecases.receptions import preview, record_reception
from app.usecases.referrals import open_referral
from tests.builders import (
    FIRST_DOOR,
    LE_BLANC,
    ON_PAPER,
    SECOND_DOOR,
    a_handed_over_reception,
    a_named_reception,
    a_person,
    a_reception,
    a_referral,
    dump,
    handed_over,
    person_of,
    received,
    referral_of,
)
from tests.fakes.courier import carry, sealed_by

NOBODY = SubjectId(bytes(15) + b"\x01")


def written(desk) -> int:
    return len(dump(desk, "events")["events"])


def test_a_few_words_are_enough(desk):
    recorded = record_reception(desk, a_reception())
    assert (recorded.person, recorded.referral, recorded.route) == (None, None, "")
    assert not recorded.stays_here
    assert recorded.changes.topics == {Topic.RECEPTIONS, Topic.PERSONS}
    rows = dump(desk)
    assert [len(rows[table]) for table in ("encounters", "demands", "persons")] == [1, 1, 0]


def test_everything_said_is_kept(desk):
    recorded = received(
        desk,
        received_at="2026-11-23T17:05:30+01:00",
        mode="sans_rdv",
        motives=("decouvrir_metiers", "trouver_formation"),
        already_met=("La mairie (exemple)",),
        duration_min=0,
        mixite_addressed=True,
        commune=LE_BLANC,
        sex="femme",
    )
    (line,) = open_person(desk, person_of(recorded)).encounters
    assert line.received_at == "2026-11-23T17:05:30+01:00"
    assert line.expressed == "Je cherche une formation."
    kept = {"demand", "person", "expressed", "received_at", "door", "mode", "motives", "sex"}
    kept |= {"already_met", "duration_min", "mixite_addressed", "notice_given", "commune"}
    kept |= {"notice_version"}
    assert {name for name, value in line.details.items() if value is not None} == kept
    assert line.details["duration_min"] == 0
    assert line.details["motives"] == ("decouvrir_metiers", "trouver_formation")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-11-23T17:05:30.987+01:00", "2026-11-23T17:05:30+01:00"),
        ("2026-11-23T17:05:30Z", "2026-11-23T17:05:30+00:00"),
    ],
)
def test_moments_are_kept_in_one_way(desk, given, kept):
    recorded = received(desk, received_at=given)
    assert open_person(desk, person_of(recorded)).encounters[0].received_at == kept


def test_a_moment_without_offset_is_local(desk):
    recorded = received(desk, received_at="2026-11-23T17:05")
    at = open_person(desk, person_of(recorded)).encounters[0].received_at
    assert at.startswith(("2026-11-23T17:05:00+", "2026-11-23T17:05:00-"))


REFUSALS = [
    (a_reception(expressed=" "), MissingExpressedDemandError),
    (a_named_reception(agreement_to_record=False), AgreementToRecordMissingError),
    (a_named_reception(agreement_to_record=None), AgreementToRecordMissingError),
    (a_named_reception(person=PersonDetails()), PersonNameMissingError),
    (a_handed_over_reception(referral=a_referral(agreement=None)), ReferralNeedsAgreementError),
    (a_handed_over_reception(notice_given=False), ReferralNeedsNoticeError),
    (
        a_handed_over_reception(person=None, agreement_to_record=None),
        ReferralNeedsPersonError,
    ),
    (a_handed_over_reception(person=a_person(telephone="")), ReferralNeedsContactError),
    (a_handed_over_reception(referral=a_referral(to=FIRST_DOOR)), ReferralToOneselfError),
    (a_handed_over_reception(referral=a_referral(to="nulle part")), UnknownStructureError),
    (a_handed_over_reception(referral=a_referral(to="")), UnknownStructureError),
    (a_handed_over_reception(referral=a_referral(handover="pigeon")), UnknownVocabularyCodeError),
    (
        a_handed_over_reception(referral=a_referral(deadline_reason="jamais")),
        UnknownVocabularyCodeError,
    ),
    (a_reception(door="troisieme"), UnknownVocabularyCodeError),
    (a_reception(motives=("decouvrir_metiers", "rien")), UnknownVocabularyCodeError),
    (a_reception(commune="99999"), UnknownCommuneError),
    (a_named_reception(person=a_person(commune="99999")), UnknownCommuneError),
    (a_named_reception(person=a_person(birth_on="14/02/2008")), UnreadableInputError),
    (a_named_reception(person=a_person(birth_on="2008-02-30")), UnreadableInputError),
    (a_named_reception(person=a_person(birth_on="20080214")), UnreadableInputError),
    (
        a_handed_over_reception(referral=a_referral(deadline_on="bientôt")),
        UnreadableInputError,
    ),
    (a_reception(received_at="hier"), UnreadableInputError),
    (a_reception(expressed="x" * (TEXT_MAX + 1)), UnreadableInputError),
    (a_reception(already_met=("demi \ud83d signe",)), UnreadableInputError),
    (a_named_reception(person=PersonDetails(known=NOBODY)), UnknownRecordError),
    (a_reception(demand=NOBODY), UnknownRecordError),
]


@pytest.mark.parametrize(("reception", "refusal"), REFUSALS)
def test_a_refused_reception_writes_nothing(desk, reception, refusal):
    with pytest.raises(refusal):
        record_reception(desk, reception)
    assert written(desk) == 0


def test_what_cannot_be_read_is_told_with_its_place(desk):
    with pytest.raises(UnreadableInputError) as refusal:
        record_reception(desk, a_named_reception(person=a_person(birth_on="hier")))
    assert refusal.value.facts["where"] == "person.birth_on"


def test_an_unknown_word_is_told_with_its_vocabulary_and_what_comes_close(desk):
    with pytest.raises(UnknownVocabularyCodeError) as refusal:
        record_reception(desk, a_reception(motives=("decouvrir_metier",)))
    assert refusal.value.facts["vocabulary"] == "request_motive"
    assert "decouvrir_metiers" in str(refusal.value.facts["suggestions"])


def test_a_referral_to_a_structure_that_takes_part_leaves_by_the_relay(desk):
    recorded = handed_over(desk)
    assert recorded.route == "relay"
    kinds = {bundle.space.kind: len(bundle.events) for bundle in sealed_by(desk)}
    assert kinds == {SpaceKind.STRUCTURE: 6, SpaceKind.PAIR: 1}


def test_a_referral_to_a_structure_that_does_not_goes_on_paper_without_conditions(desk):
    recorded = record_reception(
        desk, a_reception(referral=a_referral(to=ON_PAPER), notice_given=False)
    )
    assert recorded.route == "paper"
    assert dump(desk)["shared_referrals"] == []


def test_what_the_preview_shows_is_what_leaves(desk):
    reception = a_handed_over_reception(
        analysed="Reformulée.",
        sex="femme",
        status="arret_invalidite",
        barriers=("sante", "mobilite"),
        sensitive_agreed=("arret_invalidite", "sante"),
        reception_note="note",
        counselling_note="note",
        private_note="note",
        referral=a_referral(message="Bonjour.", deadline_on="2026-12-24"),
    )
    shown = preview(desk, reception)
    assert shown is not None
    assert shown.may_leave
    record_reception(desk, reception)
    (row,) = dump(desk)["shared_referrals"]
    leaving = dict(unpack_map(row[-1]))
    envelope = {name: leaving.pop(name) for name in sorted(leaving) if name[:3] in {"fro", "to_"}}
    assert leaving == shown.content
    assert envelope["from_structure"] == desk.own_structure().id
    assert set(leaving) & {"sex", "status", "private_note", "reception_note"} == set()


def test_the_preview_tells_what_is_missing_and_shows_what_would_leave(desk):
    reception = a_handed_over_reception(
        notice_given=False, person=a_person(telephone=""), referral=a_referral(agreement=None)
    )
    shown = preview(desk, reception)
    assert shown is not None
    assert not shown.may_leave
    assert [problem.code for problem in shown.missing] == [
        "referral_needs_notice",
        "referral_needs_contact",
        "referral_needs_agreement",
    ]
    assert shown.content["family_name"] == "Aubrun"


def test_the_preview_is_empty_when_nothing_leaves(desk):
    assert preview(desk, a_reception()) is None
    refused = preview(desk, a_handed_over_reception(referral=a_referral(agreement=False)))
    nobody = preview(desk, a_reception(referral=a_referral()))
    paper = preview(desk, a_handed_over_reception(referral=a_referral(to=ON_PAPER)))
    assert refused is not None
    assert nobody is not None
    assert paper is not None
    assert (refused.content, nobody.content) == ({}, {})
    assert (paper.may_leave, paper.recipient.takes_part) == (False, False)
    assert written(desk) == 0


def test_the_preview_knows_what_the_file_of_the_person_says(desk):
    person = person_of(received(desk))
    details = PersonDetails(known=person, email="maelys@exemple.example")
    shown = preview(desk, a_handed_over_reception(person=details))
    assert shown is not None
    assert shown.may_leave
    assert shown.content["telephone"] == "06 39 98 00 01"
    assert shown.content["email"] == "maelys@exemple.example"


def test_a_known_person_is_completed_and_not_doubled(desk):
    person = person_of(received(desk))
    details = PersonDetails(known=person, telephone="06 39 98 00 02", email="m@exemple.example")
    received(desk, person=details)
    (found,) = find_persons(desk, "aubrun").persons
    file = open_person(desk, person)
    assert found.telephone == "06 39 98 00 02"
    assert file.details["email"] == "m@exemple.example"
    assert file.details["birth_on"] == "2008-02-14"
    assert len(file.encounters) == 2
    assert file.disputed == ()


def test_saying_again_what_is_known_writes_nothing_of_the_person(desk):
    person = person_of(received(desk))
    before = written(desk)
    received(desk, person=a_person(known=person))
    assert written(desk) - before == 3  # demand, meeting, agreement


def test_a_reception_goes_on_with_a_demand(desk):
    first = record_reception(desk, a_reception())
    second = received(desk, demand=first.demand, expressed="Et pour mon fils ?")
    assert second.demand == first.demand
    file = open_person(desk, person_of(second))
    assert [line.encounter for line in file.encounters] == [second.encounter, first.encounter]
    assert {line.expressed for line in file.encounters} == {"Et pour mon fils ?"}


def test_nobody_goes_on_with_the_demand_of_somebody_else(desk):
    first, other = received(desk), received(desk)
    for details in (PersonDetails(known=person_of(other)), a_person()):
        with pytest.raises(UnknownRecordError):
            received(desk, demand=first.demand, person=details)


def test_the_draft_goes_in_the_transaction_that_saves(desk):
    keep_draft(desk, {"expressed": "à moitié"})
    record_reception(desk, a_reception())
    assert kept_draft(desk) is not None
    recorded = record_reception(desk, a_reception(), draft=RECEPTION_DRAFT)
    assert kept_draft(desk) is None
    assert Topic.DRAFTS in recorded.changes.topics


def test_two_machines_that_correct_the_same_name_disagree_until_somebody_settles_it(
    desk, colleague
):
    person = person_of(received(desk))
    carry(desk, colleague)
    received(desk, person=PersonDetails(known=person, family_name="Aubrin"))
    received(colleague, person=PersonDetails(known=person, family_name="Aubrain"))
    carry(colleague, desk)
    disputes = disputes_of_person(desk, person)
    assert {value.value for value in disputes["family_name"]} == {"Aubrin", "Aubrain"}
    assert open_person(desk, person).disputed == ("family_name",)
    received(desk, person=PersonDetails(known=person, family_name="Aubrun"))
    assert disputes_of_person(desk, person) == {}


REFUSED = {
    "to record": a_reception(agreement_to_record=False),
    "to transmit": a_handed_over_reception(referral=a_referral(agreement=False)),
    "to transmit on paper": a_reception(referral=a_referral(to=ON_PAPER, agreement=False)),
}


@pytest.mark.parametrize("reception", REFUSED.values(), ids=REFUSED)
def test_after_a_refusal_nothing_is_ever_sealed(desk, reception):
    recorded = record_reception(desk, reception)
    assert recorded.stays_here
    assert written(desk) > 0
    assert sealed_by(desk) == []
    assert dump(desk)["shared_referrals"] == []


def test_what_is_written_later_about_what_stays_here_stays_too(desk):
    first = record_reception(desk, a_reception(agreement_to_record=False))
    later = record_reception(desk, a_reception(demand=first.demand))
    assert later.stays_here
    assert sealed_by(desk) == []


def test_a_later_agreement_frees_the_person_and_what_is_said_then(desk, colleague):
    refused = handed_over(desk, referral=a_referral(agreement=False))
    person = person_of(refused)
    agreed = received(
        desk, person=PersonDetails(known=person), demand=refused.demand, expressed="Finalement oui."
    )
    assert not agreed.stays_here
    carry(desk, colleague)
    file = open_person(colleague, person)
    assert file.person.display_name == "Maëlys Aubrun"
    assert [line.encounter for line in file.encounters] == [agreed.encounter]
    assert [line.stays_here for line in open_person(desk, person).encounters] == [False, True]


def test_a_refused_referral_waits_for_nothing(desk):
    recorded = handed_over(desk, referral=a_referral(agreement=False))
    assert open_referral(desk, referral_of(recorded)).status == "retiree_par_la_personne"


def test_the_agreement_names_the_recipient_however_it_was_typed(desk):
    typed = a_referral(to=SECOND_DOOR.rpartition("/")[2])
    recorded = handed_over(desk, referral=typed)
    lines = open_person(desk, person_of(recorded)).agreements
    assert [(line.kind, line.recipient, line.given) for line in lines] == [
        ("record", "", True),
        ("transmit", SECOND_DOOR, True),
    ]
