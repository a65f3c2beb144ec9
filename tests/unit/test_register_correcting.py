"""Correcting a plan: columns that change their field, words that change their meaning."""

import datetime as dt

import pytest

from app.usecases.register.correcting import CHOSEN, with_field, with_meaning, words_to_map
from app.usecases.register.previewing import guess_plan
from tests.builders import REFERENCE
from tests.registers import MISSION_LOCALE, TICKS, a_book

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def book():
    return a_book(MISSION_LOCALE)


@pytest.fixture
def plan(book):
    return guess_plan(REFERENCE, TODAY, book)


def field_of(plan, title):
    return next(one.field for one in plan.columns if one.title == title)


def test_a_field_of_one_column_leaves_the_one_that_had_it(book, plan):
    assert field_of(plan, "Date de contact") == "date"
    changed = with_field(REFERENCE, book, plan, title="DDN", field="date")
    assert field_of(changed, "DDN") == "date"
    assert field_of(changed, "Date de contact") == ""


def test_a_field_that_several_columns_may_hold_is_shared(book, plan):
    first = with_field(REFERENCE, book, plan, title="Conseiller", field="notes")
    both = with_field(REFERENCE, book, first, title="Prescripteur", field="notes")
    assert len(both.columns_of("notes")) == 2
    assert {one.reason for one in both.columns_of("notes")} == {CHOSEN}


def test_the_words_of_a_column_of_words_join_those_to_map(book, plan):
    left = with_field(REFERENCE, book, plan, title="Situation", field="")
    assert "status" not in words_to_map(left)
    again = with_field(REFERENCE, book, left, title="Conseiller", field="status")
    assert words_to_map(again)["status"]["AB"] == ()


def test_a_word_means_what_somebody_says(book, plan):
    said = with_meaning(plan, field="status", text="Scolaire", codes=("salarie",))
    assert said.meanings()["status"]["scolaire"] == ("salarie",)
    assert plan.values["status"]["Scolaire"] != ("salarie",)


def test_a_cross_keeps_its_meaning_while_its_field_stays():
    book = a_book(TICKS)
    plan = guess_plan(REFERENCE, TODAY, book)
    crossed = next(one for one in plan.columns if one.code)
    same = with_field(REFERENCE, book, plan, title=crossed.title, field=crossed.field)
    other = with_field(REFERENCE, book, plan, title=crossed.title, field="notes")
    assert next(one for one in same.columns if one.title == crossed.title).code == crossed.code
    assert next(one for one in other.columns if one.title == crossed.title).code == ""
