"""Who asks to be erased is erased: everywhere, for ever, whatever arrives late."""

import pytest

from app.domain.errors import UnknownRecordError
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails
from app.usecases.erasure import erase_meeting
from app.usecases.persons import erase_person, find_persons, open_person
from app.usecases.rebuild import rebuild_rows
from app.usecases.receptions import record_reception
from app.usecases.referrals import Answer, acknowledge_arrivals, answer_referral, list_referrals
from app.usecases.today import receptions_of
from tests.builders import (
    ON_PAPER,
    a_person,
    a_reception,
    a_referral,
    dump,
    handed_over,
    person_of,
    received,
)
from tests.fakes.clock import A_MORNING
from tests.fakes.courier import acknowledged, carry, deliver, sealed_by

WORDS = ("Zyglodon", "zyglodon", "Quibersac", "vannerie", "0639981234", "639981234")
EVERY_TABLE = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name
"""


def words_left(desk) -> list[tuple[str, str]]:
    """Where a word of the person can still be read, whatever the table."""
    with desk.workspace.read() as connection:
        tables = [name for (name,) in connection.execute(EVERY_TABLE).fetchall()]
    rows = dump(desk, *tables)
    return [
        (table, word)
        for table, lines in rows.items()
        for word in WORDS
        if any(
            word in str(value) or (isinstance(value, bytes) and word.encode() in value)
            for line in lines
            for value in line
        )
    ]


def everything_about_somebody(desk) -> SubjectId:
    person = a_person(family_name="Zyglodon", given_name="Quibersac", telephone="0639981234")
    first = record_reception(desk, a_reception(expressed="Parler de vannerie"))
    second = handed_over(
        desk,
        person=person,
        demand=first.demand,
        analysed="vannerie",
        referral=a_referral(message="vannerie"),
    )
    known = PersonDetails(known=person_of(second))
    received(desk, person=known, expressed="vannerie encore")
    record_reception(
        desk,
        a_reception(demand=first.demand, expressed="vannerie", referral=a_referral(to=ON_PAPER)),
    )
    return person_of(second)


def test_no_word_of_the_person_is_left_in_any_table(desk):
    other = person_of(received(desk))
    person = everything_about_somebody(desk)
    assert words_left(desk) != []
    erase_person(desk, person)
    assert words_left(desk) == []
    assert open_person(desk, other).person.display_name == "Maëlys Aubrun"
    rebuild_rows(desk)
    assert words_left(desk) == []
    rows = dump(desk)
    assert [len(rows[table]) for table in ("persons", "encounters", "referrals")] == [1, 1, 0]


def test_an_erased_person_is_found_no_more(desk):
    person = everything_about_somebody(desk)
    erase_person(desk, person)
    assert find_persons(desk, "zyglodon").persons == ()
    assert list_referrals(desk) == []
    assert receptions_of(desk, A_MORNING.date()) == []
    for refused in (open_person, erase_person):
        with pytest.raises(UnknownRecordError):
            refused(desk, person)


def test_what_never_left_is_erased_without_a_word_to_anybody(desk):
    erase_person(desk, everything_about_somebody(desk))
    assert sealed_by(desk) == []


def test_the_erasure_reaches_the_other_machines_and_the_shared_copy(desk, colleague, second):
    person = everything_about_somebody(desk)
    carry(desk, colleague, second)
    assert words_left(colleague) != []
    assert len(list_referrals(second)) == 1
    erase_person(desk, person)
    carry(desk, colleague, second)
    for machine in (desk, colleague, second):
        assert words_left(machine) == []
        rebuild_rows(machine)
        assert words_left(machine) == []


def test_what_was_said_before_the_erasure_arrives_after_it_in_vain(desk, colleague, second):
    person = everything_about_somebody(desk)
    before = sealed_by(desk)
    acknowledged(desk, before)
    erase_person(desk, person)
    deliver(sealed_by(desk), colleague, second)
    deliver(before, colleague, second)
    assert words_left(colleague) == words_left(second) == []


def test_what_a_colleague_wrote_meanwhile_is_erased_as_it_arrives(desk, colleague):
    person = everything_about_somebody(desk)
    carry(desk, colleague)
    late = PersonDetails(known=person, telephone="0639981234")
    handed_over(colleague, person=late, expressed="vannerie toujours")
    erase_person(desk, person)
    carry(colleague, desk)
    acknowledge_arrivals(desk)
    assert words_left(desk) == []
    events = len(dump(desk, "events")["events"])
    acknowledge_arrivals(desk)
    assert len(dump(desk, "events")["events"]) == events
    carry(desk, colleague)
    assert words_left(colleague) == []
    assert dump(desk) == dump(colleague)


def test_an_answer_that_crosses_the_erasure_brings_nothing_back(desk, second):
    person = everything_about_somebody(desk)
    carry(desk, second)
    acknowledge_arrivals(second)
    (line,) = list_referrals(second)
    answer_referral(second, line.referral, Answer(status="acceptee", message="vannerie, oui"))
    erase_person(desk, person)
    carry(second, desk)
    carry(desk, second)
    assert words_left(desk) == words_left(second) == []


def test_a_refused_reception_is_erased_with_the_person(desk):
    refused = handed_over(
        desk,
        person=a_person(family_name="Zyglodon"),
        expressed="vannerie",
        referral=a_referral(agreement=False),
    )
    erase_person(desk, person_of(refused))
    assert words_left(desk) == []
    assert sealed_by(desk) == []


def test_a_meeting_written_by_mistake_goes_with_its_demand(desk):
    recorded = record_reception(desk, a_reception(expressed="Parler de vannerie"))
    erase_meeting(desk, recorded.encounter)
    assert words_left(desk) == []
    assert [len(dump(desk)[table]) for table in ("encounters", "demands")] == [0, 0]
    with pytest.raises(UnknownRecordError):
        erase_meeting(desk, recorded.encounter)


def test_a_demand_that_goes_on_stays_when_one_of_its_meetings_goes(desk):
    first = record_reception(desk, a_reception())
    second = received(desk, demand=first.demand)
    erase_meeting(desk, second.encounter)
    rows = dump(desk)
    assert [row[0] for row in rows["encounters"]] == [first.encounter]
    assert [row[0] for row in rows["demands"]] == [first.demand]
    assert len(rows["persons"]) == 1
