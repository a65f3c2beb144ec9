"""Opening hours as people read them."""

import pytest

from tests.builders import REFERENCE
from ui.opening_words import hours_words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (
            "Mo-Fr 09:00-12:30,13:30-17:00; PH off",
            "du lundi au vendredi : 9 h à 12 h 30 et 13 h 30 à 17 h\nfermé les jours fériés",
        ),
        ("Mo,Tu,Th,Fr 08:30-12:30", "lundi, mardi, jeudi et vendredi : 8 h 30 à 12 h 30"),
        ("Tu[1,3] 09:00-12:30", "1er et 3e mardis du mois : 9 h à 12 h 30"),
        ("Tu[1] 09:00-12:30", "1er mardi du mois : 9 h à 12 h 30"),
        (
            "Mo-Th 08:30-12:30; Fr 08:30-12:00",
            "du lundi au jeudi : 8 h 30 à 12 h 30\nvendredi : 8 h 30 à 12 h",
        ),
        ("sur rendez-vous", "sur rendez-vous"),
        ("24/7", "24/7"),
        ("PH off", "PH off"),
        ("", ""),
    ],
)
def test_hours_in_words(hours, words):
    assert hours_words(hours).replace("\u00a0", " ").replace("\u202f", " ") == words


def test_every_hour_of_the_practice_directory_is_understood():
    raw = {entry.hours for entry in REFERENCE.directory.all() if entry.hours}
    assert [hours for hours in raw if hours_words(hours) == hours] == []
