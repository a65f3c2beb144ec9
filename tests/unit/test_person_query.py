"""What is typed is read as words, dates, telephones and codes, in the ways people write them."""

import pytest

from app.store.person_query import MOST_WORDS, forgiving, read_query, word_term


def words(text: str) -> list[str]:
    return [term.word for term in read_query(text).terms if term.word]


def readings(text: str) -> list[str]:
    return [reading.joined for reading in read_query(text).readings]


def starts(text: str) -> set[str]:
    return {start for term in read_query(text).terms if not term.word for start in term.starts}


def test_small_words_are_left_out_when_others_tell_more():
    assert words("Anne de la Roche") == ["anne", "roche"]
    assert words("de la") == ["de", "la"]
    assert words("") == []


def test_small_words_may_be_one_with_what_follows_them():
    assert readings("anne de la roche") == ["delaroche", "anneroche"]
    assert readings("le goff jean") == ["legoff", "goffjean"]
    assert readings("roche de la") == ["rochedela"]
    assert readings("de la") == ["dela"]


def test_a_word_typed_twice_is_one_thing_to_look_for():
    assert words("martin Martin") == ["martin"]


def test_no_more_words_are_read_than_people_type():
    assert len(words("un deux trois quatre cinq six sept huit")) == MOST_WORDS


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12/03/1978", {"#12031978"}),
        ("1978-03-12", {"#12031978"}),
        ("12 3 78", {"#12031978", "#12032078"}),
        ("1978", {"#1978", "-8791"}),
        ("06 39 98 02 34", {"+639980234", "-432089936"}),
        ("+33 6 39 98 02 34", {"+639980234", "-432089936"}),
        ("12", set()),
    ],
)
def test_digits_are_read_as_dates_and_telephones(typed, expected):
    assert starts(typed) >= expected


def test_words_beside_digits_are_read_too():
    assert words("lefevre 06 39 98") == ["lefevre"]
    assert starts("lefevre 06 39 98") >= {"+63998", "-899360"}


@pytest.mark.parametrize("typed", ["7T4XUK", "7t4xuk", "7T4 XUK", "7t-4x-uk"])
def test_a_code_is_read_in_pieces(typed):
    assert read_query(typed).code == '"!7t4xuk"'


def test_what_has_not_the_length_of_a_code_is_none():
    assert read_query("7T4XU").code == ""


def test_a_short_word_is_forgiven_nothing():
    assert forgiving(word_term("li")) == '("li")'


def test_a_word_is_forgiven_a_letter_and_its_sound():
    asked = forgiving(word_term("roux"))
    for way in ('"roux"', '"~~rw"', '"~roux"', '"oux"', '"~oux"'):
        assert way in asked
