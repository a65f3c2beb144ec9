"""Whatever is typed, a search answers; and anybody is found by what is known of them exactly."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.identifiers import spoken_code
from app.store.person_query import read_query
from app.store.rows import fold_subjects
from app.usecases.persons import find_persons
from tests.builders import a_desk

LETTERS = st.text("abcdefghijklmnopqrstuvwxyzàâäéèêëîïôöùûüçœæÿABCDEÉ", min_size=1, max_size=14)
NAMES = st.builds(
    lambda words, sign: sign.join(words),
    st.lists(LETTERS, min_size=1, max_size=4),
    st.sampled_from((" ", "-", "’", " de la ")),
)
BIRTHS = st.dates().map(lambda day: day.isoformat())
TELEPHONES = st.integers(0, 9_999).map(lambda n: f"06 39 98 {n // 100:02d} {n % 100:02d}")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A desk to which each example adds persons."""
    desk = a_desk(tmp_path_factory.mktemp("properties"))
    yield desk
    desk.workspace.close()


def filed(desk, fields):
    """Write a person as an import would, and return who it is."""
    space = desk.own_structure().space

    def work(tx):
        pen = desk.pen(tx)
        person = pen.create(space, "person", fields)
        fold_subjects(tx, pen.touched)
        return person

    return desk.workspace.writer.write(work)


@given(st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_search(office, text):
    read_query(text)
    find_persons(office, text)


@given(st.text("\"'*()^~#+-!:{}AND OR NOT NEAR\\%_;0123456789/. \0\ud800", max_size=40))
def test_no_sign_of_the_index_is_obeyed(office, text):
    find_persons(office, text)


@given(family=NAMES, given_name=NAMES, birth_on=BIRTHS, telephone=TELEPHONES)
@settings(max_examples=60)
def test_a_person_is_found_by_what_is_known_exactly(
    office, family, given_name, birth_on, telephone
):
    person = filed(
        office,
        {
            "family_name": family,
            "given_name": given_name,
            "birth_on": birth_on,
            "telephone": telephone,
        },
    )
    year, month, day = birth_on.split("-")
    for typed in (
        f"{given_name} {family} {day}/{month}/{year}",
        f"{family} {given_name} {telephone}",
        spoken_code(person),
    ):
        found = [one.person for one in find_persons(office, typed, limit=200).persons]
        assert person in found, typed
