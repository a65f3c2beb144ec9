"""One line of typing becomes a name, a birth date, a telephone and an e-mail."""

import datetime as dt

import pytest

from ui.reception.identity_text import read_identity
from ui.widgets.date_text import DateSpan

SPAN = DateSpan.of_births(dt.date(2026, 11, 24))


@pytest.mark.parametrize(
    ("typed", "family", "given"),
    [
        ("Dupont Marie", "Dupont", "Marie"),
        ("Marie DUPONT", "DUPONT", "Marie"),
        ("de La Tour Jean-Marc", "de La Tour", "Jean-Marc"),
        ("Dupont", "Dupont", ""),
        ("DUPONT", "DUPONT", ""),
        ("12/3/78", "", ""),
    ],
)
def test_names_are_told_apart(typed, family, given):
    fields = read_identity(typed, SPAN)
    assert (fields["family_name"], fields["given_name"]) == (family, given)


def test_birth_telephone_and_mail_are_taken_out_of_the_names():
    fields = read_identity("Dupont Marie 12/3/78 06 39 98 00 12 marie@exemple.example", SPAN)
    assert fields == {
        "family_name": "Dupont",
        "given_name": "Marie",
        "birth": "12 mars 1978",
        "telephone": "06 39 98 00 12",
        "email": "marie@exemple.example",
    }


def test_a_date_that_is_none_is_left_to_be_corrected():
    assert read_identity("Dupont 45/13/1978", SPAN)["birth"] == "45/13/1978"
