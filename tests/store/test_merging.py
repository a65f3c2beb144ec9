"""Two files of one person: proposed with reasons, merged, taken back, and nothing is ever lost."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.duplicates import Reason
from app.domain.errors import NothingToMergeError, UnknownRecordError
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails
from app.store.merged import members_of, stands_for
from app.usecases.merging import (
    alike,
    look_for_duplicates,
    merge_persons,
    proposals,
    separate_person,
    set_apart,
)
from app.usecases.persons import erase_person, find_persons, open_person
from app.usecases.rebuild import rebuild_rows
from app.usecases.receptions import record_reception
from tests.builders import a_named_reception, a_person, dump, handed_over, person_of, received
from tests.fakes.courier import carry

NOBODY = SubjectId(bytes(15) + b"\x01")
AGAIN = {"family_name": "Aubrin", "telephone": "+33 6 39 98 00 01"}


def twice(desk, **changes) -> tuple[SubjectId, SubjectId]:
    first = person_of(received(desk, expressed="La première (exemple)"))
    again = a_person(**(AGAIN | changes))
    return first, person_of(received(desk, person=again, expressed="La seconde (exemple)"))


def said(desk, person) -> set[str]:
    return {line.expressed for line in open_person(desk, person).encounters}


def test_merging_shows_everything_of_both_under_either_name(desk):
    first, second = twice(desk)
    merge_persons(desk, first, second)
    for name in (first, second):
        file = open_person(desk, name)
        assert file.person.person == first
        assert said(desk, name) == {"La première (exemple)", "La seconde (exemple)"}
        assert [one.details["family_name"] for one in file.merged] == ["Aubrin"]
        assert len(file.agreements) == 2


def test_merged_files_are_found_once_by_the_words_of_either(desk):
    first, second = twice(desk)
    merge_persons(desk, first, second)
    for text in ("Aubrun", "Aubrin", "0639980001"):
        assert [one.person for one in find_persons(desk, text).persons] == [first]


def test_separating_gives_back_two_files_as_they_were(desk):
    first, second = twice(desk)
    before = [open_person(desk, name) for name in (first, second)]
    merge_persons(desk, first, second)
    separate_person(desk, second)
    assert [open_person(desk, name) for name in (first, second)] == [
        before[0],
        dataclasses.replace(before[1], details={**before[1].details, "merged_into": None}),
    ]
    assert len(find_persons(desk, "0639980001").persons) == 2


def test_a_third_file_joins_those_merged_and_leaves_alone(desk):
    first, second = twice(desk)
    third = person_of(received(desk, expressed="La troisième (exemple)"))
    merge_persons(desk, first, second)
    merge_persons(desk, third, second)
    assert open_person(desk, first).person.person == third
    assert len(said(desk, second)) == 3
    separate_person(desk, first)
    assert said(desk, third) == {"La troisième (exemple)"}
    assert len(said(desk, first)) == 2


def test_two_machines_that_merge_each_into_the_other_agree(desk, colleague):
    first, second = twice(desk)
    carry(desk, colleague)
    merge_persons(desk, first, second)
    merge_persons(colleague, second, first)
    carry(desk, colleague)
    carry(colleague, desk)
    shown = {
        open_person(one, name).person.person
        for one in (desk, colleague)
        for name in (first, second)
    }
    assert len(shown) == 1
    assert len(said(desk, first)) == 2


def test_a_demand_of_a_merged_file_goes_on_under_the_one_that_stands(desk):
    first, _ = twice(desk)
    other = received(desk, person=a_person(**AGAIN))
    merge_persons(desk, first, person_of(other))
    again = a_named_reception(person=PersonDetails(known=first), demand=other.demand)
    assert record_reception(desk, again).demand == other.demand


def test_erasing_somebody_erases_every_file_of_theirs(desk):
    first, second = twice(desk)
    merge_persons(desk, first, second)
    erase_person(desk, second)
    rows = dump(desk)
    assert [len(rows[table]) for table in ("persons", "encounters", "demands", "agreements")] == [
        *[0] * 4
    ]


def test_a_file_merged_into_one_erased_elsewhere_stands_for_itself(desk, colleague):
    first, second = twice(desk)
    carry(desk, colleague)
    erase_person(colleague, first)
    merge_persons(desk, first, second)
    carry(colleague, desk)
    assert open_person(desk, second).person.person == second


def test_referrals_of_both_are_listed_together(desk):
    first, _ = twice(desk)
    second = person_of(handed_over(desk, person=a_person(**AGAIN)))
    merge_persons(desk, first, second)
    assert len(open_person(desk, first).referrals) == 1


def test_one_person_created_offline_on_two_machines_is_proposed_after_the_exchange(desk, colleague):
    received(desk)
    received(colleague, person=a_person(family_name="AUBRUN", given_name="maelys"))
    assert look_for_duplicates(desk) == 0
    carry(colleague, desk)
    assert look_for_duplicates(desk) == 1
    (pair,) = proposals(desk)
    assert {Reason.NAME, Reason.BIRTH, Reason.TELEPHONE} <= set(pair.reasons)
    assert look_for_duplicates(desk) == 0


def test_what_was_merged_or_set_apart_is_proposed_no_more_anywhere(desk, colleague):
    first, second = twice(desk)
    look_for_duplicates(desk)
    carry(desk, colleague)
    look_for_duplicates(colleague)
    (pair,) = proposals(colleague)
    set_apart(colleague, pair.one.person, pair.other.person)
    carry(colleague, desk)
    assert proposals(desk) == proposals(colleague) == []
    merge_persons(desk, first, second)
    assert proposals(desk) == []


def test_homonyms_are_not_proposed(desk):
    received(desk)
    received(desk, person=a_person(birth_on="1961-05-05", telephone="", commune="36044"))
    look_for_duplicates(desk)
    assert proposals(desk) == []


def test_a_file_alike_is_told_while_somebody_is_typed(desk):
    first = person_of(received(desk))
    typed = PersonDetails(family_name="Aubrun", given_name="Maelys", birth_on="2008-02-14")
    (found,) = alike(desk, typed)
    assert found.one.person == first
    assert set(found.reasons) == {Reason.NAME, Reason.BIRTH}
    assert alike(desk, typed, but=first) == []
    assert alike(desk, PersonDetails(given_name="Maëlys")) == []


def test_what_cannot_be_merged_is_refused(desk):
    first, second = twice(desk)
    with pytest.raises(UnknownRecordError):
        merge_persons(desk, first, NOBODY)
    with pytest.raises(NothingToMergeError):
        merge_persons(desk, first, first)
    with pytest.raises(NothingToMergeError):
        separate_person(desk, second)
    merge_persons(desk, first, second)
    with pytest.raises(NothingToMergeError):
        merge_persons(desk, second, first)
    with pytest.raises(UnknownRecordError):
        set_apart(desk, first, NOBODY)


PEOPLE = 5


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["merge", "separate"]), *[st.integers(0, PEOPLE - 1)] * 2),
        max_size=12,
    )
)
def test_whatever_is_merged_and_taken_back_everybody_is_in_one_group_and_nothing_is_lost(
    desk, steps
):
    people = [person_of(received(desk)) for _ in range(PEOPLE)]
    for what, one, other in steps:
        try:
            if what == "merge":
                merge_persons(desk, people[one], people[other])
            else:
                separate_person(desk, people[one])
        except NothingToMergeError:
            pass
    with desk.workspace.read() as connection:
        groups = {stands_for(connection, name): members_of(connection, name) for name in people}
        for name in people:
            assert name in groups[stands_for(connection, name)]
    assert sorted(name for group in groups.values() for name in group) == sorted(people)
    total = sum(len(open_person(desk, name).encounters) for name in groups)
    assert total == PEOPLE
    before = dump(desk, "persons")
    rebuild_rows(desk)
    assert dump(desk, "persons") == before
    for name in people:
        erase_person(desk, name) if name in groups else None
