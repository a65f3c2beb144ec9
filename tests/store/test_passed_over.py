"""What upkeep of the directory learns from the choice of another structure than the first."""

import pytest

from app.usecases.directory.corrections import correct, unchecked, vouch
from app.usecases.directory.passed_over import passed_over
from tests.builders import ON_PAPER, REFERENCE, SECOND_DOOR, SOURCE, a_referral, handed_over

ELSEWHERE = f"{SOURCE}/{SOURCE}--france-travail-le-blanc"


def chosen_instead(desk, reason, *, of=SECOND_DOOR):
    handed_over(desk, referral=a_referral(to=ON_PAPER, other_choice=reason, instead_of=of))


def test_nothing_is_learnt_from_whoever_gave_no_reason(desk):
    handed_over(desk, referral=a_referral(to=ON_PAPER))
    assert passed_over(desk) == {}


def test_reasons_are_counted_by_structure_the_most_frequent_first(desk):
    for reason in ("delai", "fiche_fausse", "delai"):
        chosen_instead(desk, reason)
    chosen_instead(desk, "souhait_personne", of=ELSEWHERE)
    found = passed_over(desk)
    assert list(found[SECOND_DOOR].reasons.items()) == [("delai", 2), ("fiche_fausse", 1)]
    assert (found[SECOND_DOOR].times, found[SECOND_DOOR].doubted) == (3, 1)
    assert (found[ELSEWHERE].times, found[ELSEWHERE].doubted) == (1, 0)


def test_a_structure_that_the_directory_does_not_know_is_left_out(desk):
    chosen_instead(desk, "fiche_fausse", of="ailleurs/inconnue")
    assert passed_over(desk) == {}


def test_an_entry_said_to_be_wrong_is_to_check_again_before_the_oldest(desk):
    before = {one.structure.reference for one in unchecked(desk, months=6)}
    assert SECOND_DOOR not in before
    chosen_instead(desk, "delai")
    assert {one.structure.reference for one in unchecked(desk, months=6)} == before
    chosen_instead(desk, "fiche_fausse")
    first, *others = unchecked(desk, months=6)
    assert (first.structure.reference, first.doubted) == (SECOND_DOOR, 1)
    assert {one.structure.reference for one in others} == before
    assert all(one.doubted == 0 for one in others)


@pytest.mark.parametrize("fields", [{}, {"telephone": "+33261910098"}])
def test_what_was_said_before_the_entry_was_checked_is_settled(desk, fields):
    chosen_instead(desk, "fiche_fausse")
    correct(desk, SECOND_DOOR, fields)
    assert passed_over(desk) == {}


def test_what_is_said_on_a_later_day_counts_again(desk, clock):
    vouch(desk, SECOND_DOOR)
    clock.tick(days=1)
    chosen_instead(desk, "fiche_fausse")
    assert passed_over(desk)[SECOND_DOOR].doubted == 1


def test_the_reason_that_leads_to_a_correction_is_the_one_that_doubts_the_entry():
    entries = REFERENCE.vocabularies.get("other_choice_reason").entries
    assert [one.code for one in entries if one.attributes.get("doubts_entry")] == ["fiche_fausse"]
