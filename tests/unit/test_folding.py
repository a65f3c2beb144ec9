"""Folding forgives what people do not type, and folding twice changes nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.folding import fold, fold_tokens

WESTERN = st.text(
    st.characters(
        max_codepoint=0x17F,
        categories=["L", "N", "P", "Z", "S"],
        exclude_characters="µ",  # A Greek letter that lives among Latin ones.
    )
    | st.sampled_from("œŒæÆ’‘-–\u202f\u00a0")
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Châteauroux", "chateauroux"),
        ("SAINT-AIGNAN", "saint aignan"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Sœur  Ælis\u202f!", "soeur aelis"),
        ("D'ANGELY", "d angely"),
        ("  ", ""),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("C\u02bchoat", "c hoat"),
        ("36 300", "36 300"),
    ],
)
def test_text_loses_case_accents_and_punctuation(text, folded):
    assert fold(text) == folded


def test_tokens_keep_the_order_they_were_written_in():
    assert fold_tokens("De La Roche, Anne-Sophie") == ("de", "la", "roche", "anne", "sophie")


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(WESTERN)
def test_western_text_becomes_plain_ascii(text):
    assert fold(text).isascii()


@given(st.text())
def test_written_composed_or_decomposed_it_is_the_same_word(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_words_are_separated_by_single_spaces_only(text):
    assert " ".join(fold_tokens(text)) == fold(text)
    assert all(token.isalnum() for token in fold_tokens(text))
