"""A person is found however their name, date, telephone or code was typed."""

import pytest

from app.domain.identifiers import SubjectId, spoken_code
from app.store.person_index import index_persons
from app.store.person_tokens import national_digits, tokens_of
from app.store.rows import fold_subjects
from app.usecases.persons import find_persons
from tests.builders import FIRST_DOOR, a_desk, a_person, person_of, received

OTHERS = (
    {"family_name": "Aubry", "given_name": "Maël"},
    {"family_name": "Dubrun", "given_name": "Maëlle", "birth_on": "1990-01-01"},
    {"family_name": "Martin", "given_name": "Paul", "birth_on": "1951-12-24"},
    {"family_name": "Martineau", "given_name": "Paule", "birth_on": "1951-12-25"},
)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A desk with a few persons, that no test changes."""
    desk = a_desk(tmp_path_factory.mktemp("office"), reference=FIRST_DOOR)
    wanted = a_person(
        family_name="Lefèvre de la Roche",
        given_name="Anne-Sophie",
        birth_name="Œuvrard",
        usual_name="Nanou",
        birth_on="1978-03-12",
        telephone="+33 6 39 98 02 34",
    )
    person = person_of(received(desk, person=wanted))
    for number, fields in enumerate(OTHERS):
        received(desk, person=a_person(telephone=f"02 61 91 00 0{number}", **fields))
    yield desk, person
    desk.workspace.close()


@pytest.mark.parametrize(
    "typed",
    [
        "lefevre",
        "LEFÈVRE",
        "Lefe",
        "anne sophie",
        "Sophie Lefèvre",
        "lefevre anne-sophie",
        "oeuvrard",
        "œuvrard",
        "nanou",
        "delaroche",
        "de la roche",
        "annesophie",
        "lefevvre",
        "lefvre",
        "lefebre",
        "lefevre soph",
        "anne lefeure",
        "12/03/1978",
        "12.3.1978",
        "12 3 78",
        "03/12/1978",
        "1978-03-12",
        "12031978",
        "1978",
        "lefevre 1978",
        "06 39 98 02 34",
        "0639980234",
        "+33639980234",
        "0033 6 39 98 02 34",
        "06 39 98",
        "02 34",
        "98 02 34",
        "lefevre 06 39",
    ],
)
def test_a_person_is_found_first_as_people_type(office, typed):
    desk, person = office
    found = find_persons(desk, typed).persons
    assert found[0].person == person
    assert found[0].display_name == "Anne-Sophie Lefèvre de la Roche"


def test_a_person_is_found_by_the_code_said_aloud(office):
    desk, person = office
    code = spoken_code(person)
    for typed in (code, code.lower(), f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
        assert find_persons(desk, typed).persons[0].person == person


@pytest.mark.parametrize(
    "typed", ["", "   ", "?!", "zz", "zygomatique", "1234567890123", "99/99/9999", "1", "é", "'"]
)
def test_what_means_nobody_finds_nobody(office, typed):
    assert find_persons(office[0], typed).persons == ()


def test_the_closest_name_comes_first(office):
    names = [one.display_name for one in find_persons(office[0], "paul martin").persons]
    assert names == ["Paul Martin", "Paule Martineau"]


def test_no_more_are_given_than_asked_and_it_says_how_long_it_took(office):
    result = find_persons(office[0], "paul", limit=1)
    assert len(result.persons) == 1
    assert result.took_ms >= 0


def test_a_person_is_found_among_hundreds_who_share_either_name(desk):
    people = [("Jean", "Petit"), ("Marie", "Grand")] * 250
    people.insert(260, ("Marie", "Petit"))
    record_persons(desk, people)
    for typed in ("marie petit", "petit marie", "mari peti", "petit marie 1978"):
        found = find_persons(desk, typed).persons
        assert found[0].display_name == "Marie Petit", typed


def record_persons(desk, people) -> None:
    space = desk.own_structure().space

    def work(tx) -> None:
        pen = desk.pen(tx)
        for given, family in people:
            pen.create(space, "person", {"given_name": given, "family_name": family})
        fold_subjects(tx, pen.touched)

    desk.workspace.writer.write(work)


def test_a_common_name_and_a_rare_one_find_who_bears_both(desk):
    people = [("Marie", "Grand")] * 250
    record_persons(desk, [*people, ("Marie", "Zyglodon"), ("Paul", "Zyglodon")])
    names = [one.display_name for one in find_persons(desk, "zyglodon marie").persons]
    assert names[0] == "Marie Zyglodon"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("06 39 98 12 34", "639981234"),
        ("+33 6 39 98 12 34", "639981234"),
        ("0033639981234", "639981234"),
        ("06 39", "639"),
        ("12 34", "1234"),
        ("", ""),
    ],
)
def test_a_telephone_is_its_national_digits(typed, digits):
    assert national_digits(typed) == digits


def test_a_date_that_is_not_whole_gives_no_token():
    assert tokens_of({"birth_on": "1978"}) == set()
    assert tokens_of({"birth_on": "1978-03-12"}) == {"#12031978", "#03121978", "#1978"}


def test_a_token_whose_person_was_just_erased_finds_nobody(desk):
    desk.workspace.writer.write(lambda tx: index_persons(tx, {SubjectId(bytes(16)): "zyglodon"}))
    assert find_persons(desk, "zyglodon").persons == ()
