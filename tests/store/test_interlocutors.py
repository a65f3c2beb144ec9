"""Whom somebody met for a demand, counted on real files of two structures."""

import dataclasses
import json

import pytest

from app.domain.errors import SensitiveNeedsAgreementError
from app.domain.interlocutors import Known
from app.reference.rules import Rules
from app.usecases.interlocutors import interlocutors_of, interlocutors_with
from app.usecases.receptions import record_reception
from app.usecases.referrals import Answer, answer_referral
from resources import resource_path
from tests.builders import (
    ON_PAPER,
    SECOND_DOOR,
    a_handed_over_reception,
    a_reception,
    a_referral,
    dump,
    handed_over,
    person_of,
    received,
    referral_of,
)


def known(count) -> list[Known]:
    return [one.known for one in count.met]


def test_the_first_door_and_the_one_it_hands_over_to_are_two(desk):
    count = interlocutors_with(desk, a_handed_over_reception())
    assert known(count) == [Known.NOW, Known.NEXT]
    assert not count.is_beyond


def test_a_third_is_seen_before_it_is_saved_and_its_reason_is_kept(desk):
    reception = a_handed_over_reception(already_met=("La mairie (exemple)",))
    count = interlocutors_with(desk, reception)
    assert (count.figure, count.is_beyond) == (3, True)
    recorded = record_reception(
        desk, dataclasses.replace(reception, beyond_reason="choix_personne")
    )
    assert dump(desk)["encounters"]
    assert recorded.referral is not None


def test_nothing_is_blocked_without_a_reason(desk):
    met = ("La mairie (exemple)", "Le lycée (exemple)", "Une voisine (exemple)")
    assert record_reception(desk, a_handed_over_reception(already_met=met)).referral is not None


def test_a_partner_seen_for_a_barrier_is_no_interlocutor(desk):
    reception = a_handed_over_reception(referral=a_referral(to=ON_PAPER, for_barrier="mobilite"))
    assert known(interlocutors_with(desk, reception)) == [Known.NOW]
    recorded = record_reception(desk, reception)
    answer_referral(desk, referral_of(recorded), Answer(status="contact_effectif", route="paper"))
    assert known(interlocutors_of(desk, recorded.demand)) == [Known.RECORDED]


def test_a_referral_counts_once_the_person_was_met_there(desk):
    recorded = handed_over(desk, referral=a_referral(to=ON_PAPER))
    assert known(interlocutors_of(desk, recorded.demand)) == [Known.RECORDED]
    answer = Answer(status="contact_effectif", route="telephone")
    answer_referral(desk, referral_of(recorded), answer)
    assert known(interlocutors_of(desk, recorded.demand)) == [Known.RECORDED, Known.MET]


def test_coming_back_to_the_same_agent_adds_nobody(desk):
    first = received(desk)
    person = dataclasses.replace(
        a_handed_over_reception().person, known=person_of(first), family_name="", given_name=""
    )
    again = a_handed_over_reception(person=person, demand=first.demand)
    assert interlocutors_with(desk, again).figure == 2
    record_reception(desk, again)
    assert interlocutors_of(desk, first.demand).figure == 1


def test_whom_the_person_declared_is_found_by_the_directory_and_counted_once(desk):
    reception = a_handed_over_reception(already_met=(SECOND_DOOR, ON_PAPER))
    count = interlocutors_with(desk, reception)
    assert known(count) == [Known.DECLARED, Known.DECLARED, Known.NOW]
    assert all("/" not in one.structure for one in count.met)


def test_a_question_answered_in_passing_counts_nobody_and_needs_no_words(desk):
    simple = a_reception(expressed="", is_simple=True, motives=("trouver_formation",))
    recorded = record_reception(desk, simple)
    assert interlocutors_with(desk, simple).figure == 0
    assert interlocutors_of(desk, recorded.demand).figure == 0


def test_the_region_says_how_many_and_how_by_data(desk, tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    rule = json.loads(resource_path("rules", "interlocutors.json").read_text(encoding="utf-8"))
    (folder / "interlocutors.json").write_text(json.dumps(rule | {"target": 1}), encoding="utf-8")
    reference = dataclasses.replace(desk.reference, rules=Rules(folder))
    other = dataclasses.replace(desk, reference=reference)
    assert interlocutors_with(other, a_handed_over_reception()).is_beyond


def test_what_is_sensitive_is_kept_only_with_its_own_agreement(desk):
    said = {"barriers": ("sante", "mobilite"), "status": "arret_invalidite"}
    with pytest.raises(SensitiveNeedsAgreementError):
        record_reception(desk, a_reception(**said, sensitive_agreed=("sante",)))
    assert dump(desk)["encounters"] == []
    record_reception(desk, a_reception(**said, sensitive_agreed=("sante", "arret_invalidite")))
    kinds = [(row[3], row[4]) for row in dump(desk)["agreements"]]
    assert sorted(kinds) == [("sensitive", "arret_invalidite"), ("sensitive", "sante")]
