"""The text for an SMS: short, in the letters of telephones, honest about what it weighs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.printing.sms import GSM, UCS2, Appointment, appointment_sms, counted, gsm_letters
from tests.builders import ON_PAPER, a_referral, handed_over, referral_of
from ui.papers.making import sms_for

WHOLE = Appointment(
    who="Mission locale d’exemple",
    street="2 rue de l’Exemple",
    town="36300 Le Blanc",
    hours="du lundi au vendredi\u202f: 9\u00a0h à 12\u00a0h et 14\u00a0h à 17\u00a0h",
    before="18/12/2026",
    telephone="02\u00a061\u00a091\u00a000\u00a002",
    code="K7M4P2",
)


def test_the_message_says_where_when_and_the_code():
    sms = appointment_sms(WHOLE)
    assert sms.text == (
        "Mission locale d'exemple, 2 rue de l'Exemple, 36300 Le Blanc. Avant le 18/12/2026."
        " Tél. 02 61 91 00 02. Votre code : K7M4P2."
    )
    assert (sms.alphabet, sms.parts) == (GSM, 1)
    assert sms.units == len(sms.text) <= 160


def test_hours_are_said_when_there_is_room():
    sms = appointment_sms(Appointment(who="CIO", town="Le Blanc", hours="mardi\u202f: 9\u00a0h"))
    assert sms.text == "CIO, Le Blanc. mardi : 9 h."


def test_the_street_goes_when_it_is_too_long():
    sms = appointment_sms(
        Appointment(who="S" * 80, street="R" * 60, town="Le Blanc", code="K7M4P2")
    )
    assert "R" not in sms.text.replace("SSR", "")
    assert sms.parts == 1


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("a" * 160, GSM, 160, 1),
        ("a" * 161, GSM, 161, 2),
        ("a" * 306, GSM, 306, 2),
        ("a" * 307, GSM, 307, 3),
        ("€" * 80, GSM, 160, 1),
        ("€" * 81, GSM, 162, 2),
        ("a" * 152 + "€" + "a" * 152, GSM, 306, 3),
        ("ж" * 70, UCS2, 70, 1),
        ("ж" * 71, UCS2, 71, 2),
        ("😀" * 35, UCS2, 70, 1),
        ("😀" * 36, UCS2, 72, 2),
        ("😀" * 67, UCS2, 134, 3),
        ("", GSM, 0, 1),
    ],
)
def test_parts_are_those_that_are_sent_and_paid(text, alphabet, units, parts):
    sms = counted(text)
    assert (sms.alphabet, sms.units, sms.parts) == (alphabet, units, parts)


def test_french_letters_without_a_place_in_the_alphabet_stay_readable():
    said = gsm_letters("Châtelus, forêt, naïf, cœur, Ça, garçon «\u00a0là\u00a0» – 10\u202fh")
    assert said == 'Chatelus, foret, naif, coeur, Ça, garcon " là " - 10 h'
    assert counted(said).alphabet == GSM


def test_another_alphabet_is_counted_as_what_it_is():
    sms = appointment_sms(Appointment(who="Центр", town="Le Blanc"))
    assert sms.alphabet == UCS2


@given(st.text(max_size=400))
def test_any_text_is_counted(text):
    sms = counted(gsm_letters(text))
    assert sms.parts >= 1
    assert sms.units >= len(sms.text)


def test_neither_the_person_nor_the_demand_is_in_the_message(desk):
    made = handed_over(desk, referral=a_referral(to=ON_PAPER, message="Un mot d’exemple."))
    text = sms_for(desk, referral_of(made)).text
    for said in ("Aubrun", "Maëlys", "formation", "mot d'exemple", "06 39"):
        assert said not in text
    assert "CIO" in text
