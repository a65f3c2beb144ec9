"""Somebody received at two offices: two files that both show, never merged in silence."""

from app.domain.identifiers import SubjectId
from app.usecases.persons import find_persons, open_person
from tests.exchange.checkpointing import erase, rename, settle_down
from tests.exchange.desks import Door, joined


def files_found(door: Door) -> set[SubjectId]:
    """Whom somebody finds who types the name."""
    return {found.person for found in find_persons(door.desk, "nadia exemplier").persons}


def test_same_person_received_at_two_offices_is_two_files_that_both_show(world):
    blanc, second = world["blanc"], joined(world, "blanc")
    settle_down(world)
    first = blanc.receive(expressed="Reçue au Blanc (exemple)").person
    other = second.receive(expressed="Reçue à la permanence (exemple)").person
    settle_down(world)
    for door in (blanc, second):
        assert files_found(door) == {first, other}
        told = {
            one: [line.expressed for line in open_person(door.desk, one).encounters]
            for one in (first, other)
        }
        assert told == {
            first: ["Reçue au Blanc (exemple)"],
            other: ["Reçue à la permanence (exemple)"],
        }
        assert door.reasons() == []
    rename(second, other, "Nadia-Maria")
    settle_down(world)
    assert open_person(blanc.desk, first).person.display_name == "Nadia Exemplier"
    assert open_person(blanc.desk, other).person.display_name == "Nadia-Maria Exemplier"
    erase(second, other)
    settle_down(world)
    assert files_found(blanc) == files_found(second) == {first}
    for door in (blanc, second):
        (line,) = open_person(door.desk, first).encounters
        assert line.expressed == "Reçue au Blanc (exemple)"


def test_same_person_received_by_two_structures_is_linked_by_nobody_and_erased_apart(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    here = blanc.receive(chateauroux).person
    there = chateauroux.receive(expressed="Venue d’elle-même (exemple)").person
    settle_down(world)
    assert (files_found(blanc), files_found(chateauroux)) == ({here}, {there})
    (line,) = chateauroux.referrals("in")
    assert (line.display_name, line.person) == ("Nadia Exemplier", None)
    assert open_person(chateauroux.desk, there).referrals == ()
    erase(blanc, here)
    settle_down(world)
    assert files_found(blanc) == set()
    assert chateauroux.referrals("in") == []
    assert files_found(chateauroux) == {there}
    (met,) = open_person(chateauroux.desk, there).encounters
    assert met.expressed == "Venue d’elle-même (exemple)"
    assert blanc.reasons() == chateauroux.reasons() == []
