"""Invented people enter only a workspace for practice, as real ones would, the same by one seed."""

import datetime as dt
import re

import pytest

from app.domain.errors import NotForPracticeError
from app.reference.invented_people import FICTION_RANGES, InventedPeople
from app.store.rows import rebuild
from app.usecases.inventing import AT_ONCE, Invented, Wanted, invent
from app.usecases.persons import find_persons
from app.usecases.practising import check_for_practice, mark_for_practice
from resources import resource_path
from tests.builders import REFERENCE, a_desk, dump, received

FICTION = re.compile(rf"({'|'.join(FICTION_RANGES)})( \d\d){{2}}")
A_DAY = dt.date(2026, 11, 24)


def people(seed: int = 1) -> InventedPeople:
    names = resource_path("invented", "names.json")
    return InventedPeople(names, REFERENCE.communes, seed=seed, on=A_DAY)


@pytest.fixture
def practice(desk):
    mark_for_practice(desk)
    return desk


def counts(desk) -> dict[str, int]:
    return {table: len(rows) for table, rows in dump(desk).items()}


def test_a_workspace_that_was_not_made_for_practice_is_refused(desk):
    with pytest.raises(NotForPracticeError):
        invent(desk, people(), Wanted(persons=10, receptions=10, seed=1))
    assert set(counts(desk).values()) == {0}


def test_a_workspace_where_somebody_wrote_is_never_marked(desk):
    received(desk)
    with pytest.raises(NotForPracticeError):
        mark_for_practice(desk)
    with pytest.raises(NotForPracticeError):
        check_for_practice(desk)


def test_as_many_persons_and_receptions_as_wanted_are_made(practice):
    done = invent(practice, people(), Wanted(persons=300, receptions=200, seed=1))
    made = counts(practice)
    assert (done.persons, done.receptions) == (made["persons"], made["encounters"]) == (300, 200)
    assert made["referrals"] > 0
    assert made["agreements"] >= 300


def test_more_receptions_than_persons_are_of_those_who_came_before(practice):
    done = invent(practice, people(), Wanted(persons=20, receptions=AT_ONCE + 300, seed=1))
    assert (done.persons, done.receptions) == (20, AT_ONCE + 300)
    named = [row for row in dump(practice, "encounters")["encounters"] if row[2] is not None]
    assert len(named) > 200


def test_receptions_without_anybody_are_made_too(practice):
    invent(practice, people(), Wanted(persons=0, receptions=50, seed=1))
    assert counts(practice)["encounters"] == 50
    assert counts(practice)["persons"] == 0


def test_the_same_seed_makes_the_same_life(practice, second):
    mark_for_practice(second)
    for desk in (practice, second):
        invent(desk, people(7), Wanted(persons=100, receptions=100, seed=7))
    one, other = (
        sorted(row[1:7] for row in dump(desk, "persons")["persons"]) for desk in (practice, second)
    )
    assert one == other
    met, met_there = (
        sorted(row[3] for row in dump(desk, "encounters")["encounters"])
        for desk in (practice, second)
    )
    assert met == met_there


def test_another_seed_makes_other_people():
    one, other = people(1), people(2)
    assert [one.person() for _ in range(20)] != [other.person() for _ in range(20)]


def test_rows_are_those_that_the_log_gives_again(practice):
    invent(practice, people(), Wanted(persons=150, receptions=200, seed=3))
    before = dump(practice)
    practice.workspace.writer.write(rebuild)
    assert dump(practice) == before


def test_identifiers_go_on_where_the_batch_ended(practice):
    invent(practice, people(), Wanted(persons=50, receptions=50, seed=1))
    received(practice)
    identifiers = [row[0] for row in dump(practice, "events")["events"]]
    assert len(identifiers) == len(set(identifiers))
    assert counts(practice)["persons"] == 51


def test_nobody_can_be_reached_by_mistake():
    drawn = [people_ for source in (people(),) for people_ in (source.person() for _ in range(500))]
    telephones = [one.details.telephone for one in drawn if one.details.telephone]
    assert len(telephones) > 400
    assert all(FICTION.fullmatch(telephone) for telephone in telephones)
    for one in drawn:
        assert REFERENCE.communes.by_code(one.details.commune)
        assert not one.details.birth_on or one.details.birth_on < A_DAY.isoformat()


def test_some_people_share_their_names_and_most_do_not():
    source = people()
    names = [
        (one.details.given_name, one.details.family_name)
        for one in (source.person() for _ in range(20_000))
    ]
    assert len(set(names)) < len(names)
    assert len(set(names)) > 0.9 * len(names)


def test_who_stops_between_two_batches_leaves_a_sound_file(tmp_path):
    desk = a_desk(tmp_path / "stopped")
    mark_for_practice(desk)
    told: list[Invented] = []

    def stop(done: Invented) -> None:
        told.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        invent(desk, people(), Wanted(persons=3 * AT_ONCE, receptions=0, seed=1), stop)
    assert told[0].persons == counts(desk)["persons"] == AT_ONCE
    before = dump(desk)
    desk.workspace.writer.write(rebuild)
    assert dump(desk) == before
    [person] = dump(desk, "persons")["persons"][:1]
    assert person[0] in [one.person for one in find_persons(desk, person[7]).persons]
    desk.workspace.close()
