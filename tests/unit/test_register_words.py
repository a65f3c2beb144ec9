"""Both faces have French words for everything that is said of an old register."""

import json

import pytest

from app.reference.register.rows import Aside
from app.reference.register.values import WITH_VALUES
from app.reference.register.words import register_words
from app.usecases.register.reading import RejectedRow, Why
from resources import resource_path
from tests import registers
from tests.registers import a_book
from tests.unit.test_register_guessing import EXPECTED, guesser  # noqa: F401  (a fixture)
from ui.moments import moment, recent_moment
from ui.register_words import ASIDE, REASONS, place_words, reason_words, rejection_words

COLUMNS = json.loads(resource_path("register", "columns.json").read_text(encoding="utf-8"))


def test_every_reason_to_leave_a_column_out_has_words():
    assert {one["reason"] for one in COLUMNS["left_out"]} <= set(REASONS)


@pytest.mark.parametrize("register", EXPECTED)
def test_every_reason_of_a_guess_has_words(guesser, register):  # noqa: F811
    for column in guesser.plan(a_book(getattr(registers, register))).columns:
        assert column.reason in REASONS


def test_words_that_somebody_wrote_in_a_plan_are_left():
    assert reason_words("Parce que c’est notre colonne.") == "Parce que c’est notre colonne."


def test_every_line_set_aside_has_words():
    assert set(ASIDE) == {why.value for why in Aside}


@pytest.mark.parametrize("why", [why for why in Why if why is not Why.REFUSED])
def test_every_refused_line_has_words_without_a_number_for_life(why):
    said = "le 1 85 05 78 006 084 91, une date qui n’en finit pas de ne pas finir"
    words = rejection_words(RejectedRow(sheet="mars", line=12, why=why, said=said))
    assert words
    assert "084 91" not in words
    assert len(words) < 100


def test_a_line_is_found_by_its_sheet_and_number():
    assert place_words("", 12) == "Ligne 12"
    assert place_words("mars", 12) == "Ligne 12 de «\u00a0mars\u00a0»"


def test_every_field_that_a_column_may_hold_is_named():
    assert set(WITH_VALUES) <= set(register_words().fields)
    assert register_words().shared <= set(register_words().fields)
    assert all(label[0].isupper() for label in register_words().fields.values())


def test_no_title_means_two_things():
    from app.domain.folding import fold

    seen: dict[str, str] = {}
    for field, about in COLUMNS["fields"].items():
        for title in about["titles"]:
            assert seen.setdefault(fold(title), field) == field, title
    for one in COLUMNS["left_out"]:
        for title in one["titles"]:
            assert seen.setdefault(fold(title), one["reason"]) == one["reason"], title


def test_a_day_without_an_hour_says_none():
    assert moment("2024-03-12T00:00:00") == "mar. 12\u00a0mars\u00a02024"
    assert moment("2024-03-12T00:30:00").endswith("à 0\u202fh\u202f30")
    assert "à" not in recent_moment("2024-03-12T00:00:00")
