"""Two files of one person are proposed with their reasons; homonyms and families are not."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.duplicates import Reason, reasons_for
from app.domain.reception import PersonDetails

ZOE = PersonDetails(
    family_name="Exemple-Martin",
    given_name="Zoé",
    birth_on="1991-03-01",
    telephone="06 39 98 00 01",
    email="zoe@exemple.example",
    commune="36018",
)


def like_zoe(**changes):
    return dataclasses.replace(ZOE, **changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.NAME),
        ({"family_name": "EXEMPLE MARTIN", "given_name": "zoe"}, Reason.NAME),
        ({"family_name": "Zoé", "given_name": "Exemple-Martin"}, Reason.NAME),
        ({"family_name": "Exemple-Matrin"}, Reason.CLOSE_NAME),
        ({"family_name": "Exemple-Martn"}, Reason.CLOSE_NAME),
        ({"birth_on": "1991-01-03"}, Reason.BIRTH_SWAPPED),
        ({"telephone": "+33 6 39 98 00 01", "birth_on": ""}, Reason.TELEPHONE),
        ({"email": "ZOE@exemple.example", "telephone": ""}, Reason.EMAIL),
        ({"family_name": "Essai", "birth_name": "Exemple-Martin"}, Reason.NAME),
    ],
)
def test_files_of_one_person_are_proposed_with_why(changes, reason):
    assert reason in reasons_for(ZOE, like_zoe(**changes))


@pytest.mark.parametrize(
    "other",
    [
        PersonDetails(),
        PersonDetails(family_name="Exemple-Martin", given_name="Zoé"),
        like_zoe(birth_on="1962-07-14", telephone="", email="", commune="36044"),
        like_zoe(given_name="Paul", birth_on="1958-02-02", email=""),
        like_zoe(given_name="Zia", birth_on="1995-04-04", email="", telephone=""),
        PersonDetails(telephone=ZOE.telephone, given_name="Paul", family_name="Exemple-Martin"),
    ],
    ids=["nobody", "a name alone", "a homonym", "a father", "a sister", "a shared telephone"],
)
def test_homonyms_and_families_are_left_alone(other):
    assert reasons_for(ZOE, other) == ()


def test_a_name_in_one_village_without_a_date_is_worth_a_look():
    assert Reason.COMMUNE in reasons_for(ZOE, like_zoe(birth_on="", telephone="", email=""))


texts = st.text(max_size=12)
anybody = st.builds(
    PersonDetails,
    family_name=texts,
    given_name=texts,
    birth_on=st.sampled_from(["", "1991-03-01", "1991-01-03"]),
    telephone=texts,
    email=texts,
    commune=st.sampled_from(["", "36018"]),
)


@given(anybody, anybody)
def test_the_order_of_two_files_changes_nothing(one, other):
    assert reasons_for(one, other) == reasons_for(other, one)


@given(anybody)
def test_nobody_is_proposed_for_nothing_known(one):
    assert reasons_for(one, PersonDetails()) == ()
