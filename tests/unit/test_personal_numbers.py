"""Numbers that identify somebody, whatever they are mixed with: rules that hold for every text."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.personal_numbers import (
    MASK,
    masked,
    masked_file_name,
    masked_while_typing,
    personal_numbers,
)
from app.domain.social_numbers import has_luhn_key, key_of

PLACES = ("36018", "2A004", "2B033", "97209", "99350", "75111", "01004")
MONTHS = (*range(1, 13), 20, *range(30, 43), *range(50, 100))
GAPS = ("", "", " ", "\u202f", "\u00a0", "\u2009", ".", "-", "\u2011", "\u2013", "\u200b", "  ")
OUTSIDE = st.text(alphabet="abcdé XYZ’,;!«»\n\u202f😀", max_size=30)
ANYTHING = st.text(
    alphabet="0123456789 \u202f.-/_\n()[]ABabGKMNIRinesécu:+\u200b\uff11\u0661😀", max_size=120
)
HOSTILE = 100_000
SLOWEST_S = 8  # on a machine that does much else; one that grew as the square would take hours

numbers = st.builds(
    lambda sex, year, month, place, order: f"{sex}{year:02d}{month:02d}{place}{order:03d}",
    st.sampled_from("123478"),
    st.integers(0, 99),
    st.sampled_from(MONTHS),
    st.sampled_from(PLACES),
    st.integers(1, 999),
).map(lambda number: f"{number}{key_of(number):02d}")


def cut(number: str, gaps: list[str]) -> str:
    """A number with gaps between its signs; none is cut inside 2A or 2B."""
    written = number[0]
    for place, sign in enumerate(number[1:], start=1):
        is_corsican = sign in "AB"
        written += ("" if is_corsican else gaps[place - 1]) + sign
    return written


cut_numbers = st.builds(cut, numbers, st.lists(st.sampled_from(GAPS), min_size=14, max_size=14))


@pytest.mark.parametrize(
    ("number", "key"),
    [("2840588321025", 32), ("284052A321025", 52), ("284052B321025", 79), ("0000000000000", 97)],
)
def test_the_key_is_that_of_the_rule(number, key):
    assert key_of(number) == key


def test_luhns_key_tells_a_siret():
    assert has_luhn_key("73282932000074")
    assert not has_luhn_key("73282932000075")


@given(OUTSIDE, numbers, OUTSIDE)
def test_a_number_in_one_piece_is_masked_wherever_it_stands(before, number, after):
    assert masked(before + number + after) == before + MASK + after


@given(OUTSIDE, cut_numbers, OUTSIDE)
def test_a_number_that_stands_alone_is_masked_however_it_is_cut(before, number, after):
    # Cut after five figures, then a 0: a postal code (« 36 300 » too) and a telephone, which pass.
    assume(not re.match(r"\d\d\D*\d{3}\D+0", number))
    figures = "".join(sign for sign in number if sign.isdecimal())
    assert not any(figure in masked(f"{before}#{number}#{after}") for figure in figures)


def test_five_figures_cut_as_no_postal_code_are_masked():
    assert masked("1000 1 0100400112") == MASK


def test_a_postal_code_and_a_telephone_pass():
    assert masked("10000 0100400112") == "10000 0100400112"
    assert masked("10 000 0100400112") == "10 000 0100400112"


@given(
    numbers,
    st.sampled_from(GAPS[2:]),
    st.text(alphabet="0123456789 ", max_size=12).map(lambda text: text + " " if text else ""),
    st.text(alphabet="0123456789 ", max_size=12).map(lambda text: " " + text if text else ""),
)
def test_a_number_cut_as_its_parts_are_is_masked_amid_other_figures(number, gap, before, after):
    parts = (0, 1, 3, 5, 7, 10, 13, 15)
    written = gap.join(number[a:b] for a, b in pairwise(parts))
    left = masked(before + written + after)
    assert MASK in left
    assert written not in left


@given(ANYTHING)
@settings(max_examples=400)
def test_masking_twice_changes_nothing(text):
    assert masked(masked(text)) == masked(text)


@given(
    st.lists(
        st.one_of(
            cut_numbers,
            st.sampled_from(
                [
                    "153046837GK",
                    "0494004062M",
                    "INE ",
                    "sécu ",
                    " ",
                    "1 8503 ",
                    "3012 45",
                    "2A",
                    "\n",
                    "+",
                ]
            ),
        ),
        max_size=12,
    ).map("".join)
)
@settings(max_examples=400)
def test_numbers_on_top_of_each_other_are_masked_once_for_all(text):
    once = masked(text)
    assert masked(once) == once


@given(ANYTHING)
def test_only_figures_and_what_stands_between_them_are_taken(text):
    spans = personal_numbers(text)
    assert list(spans) == sorted(spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    for span in spans:
        assert sum(sign.isdecimal() for sign in text[span.start : span.end]) >= 5
        assert "\n\n" not in text[span.start : span.end]


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"])))
def test_a_text_without_figures_is_left_as_it_is(text):
    assert masked(text) == text


@given(st.text(alphabet=st.sampled_from("0123456789"), min_size=16, max_size=60))
def test_a_longer_row_of_figures_holds_no_number(figures):
    assert masked(figures) == figures


@given(st.integers(10**13, 10**14 - 1))
def test_a_siret_passes_alone(siret):
    assert masked(f"SIRET {siret}.") == f"SIRET {siret}."


@given(st.lists(st.integers(0, 99), min_size=4, max_size=4), st.sampled_from(["", " ", ".", "-"]))
def test_a_telephone_passes(pairs, gap):
    for first in ("06", "02", "+336", "+33 6", "0033 6"):
        telephone = gap.join([first, *(f"{pair:02d}" for pair in pairs)])
        assert masked(f"tél. {telephone}") == f"tél. {telephone}"


@given(
    st.sampled_from(["17230", "37130", "36800", "41370"]),
    st.lists(st.integers(0, 99), min_size=4, max_size=4),
)
def test_a_postal_code_and_a_telephone_pass_together(code, pairs):
    telephone = " ".join(["06", *(f"{pair:02d}" for pair in pairs)])
    assert masked(f"{code} {telephone}") == f"{code} {telephone}"
    assert masked(f"{code} {telephone.replace(' ', '')}").startswith(code)


@given(st.integers(0, 10**9 - 1))
def test_nine_figures_and_a_word_are_no_pupil(figures):
    for text in (
        f"{figures:09d} et",
        f"{figures:09d}km",
        f"RR{figures:09d}FR",
        f"{figures:09d}EUR",
    ):
        assert masked(text) == text


def test_a_letter_after_ten_figures_is_a_pupils_once_in_23():
    found = sum(MASK in masked(f"{10**9 + each * 7919}K") for each in range(2300))
    assert 80 <= found <= 120


@pytest.mark.parametrize(
    "text",
    [
        "1" * HOSTILE,
        "1 " * (HOSTILE // 2),
        "1.1-1/" * (HOSTILE // 6),
        "\u200b1" * (HOSTILE // 2),
        "2A " * (HOSTILE // 3),
        "2 84 05 88 321 025 3" * (HOSTILE // 20),
        "2840588321025 " * (HOSTILE // 14),
        "sécu 2840588321025 " * (HOSTILE // 19),
        "153046837GK" * (HOSTILE // 11),
        "153046837GK1 8503 1803 3012 45 " * (HOSTILE // 31),
        "INE 1 " * (HOSTILE // 6),
        "INE" + " " * HOSTILE + "1",
        "n° numéro " * (HOSTILE // 10),
        "INE est le " * (HOSTILE // 11),
    ],
    ids=lambda text: text[:12],
)
def test_a_hundred_thousand_signs_take_a_time_that_grows_as_they_do(text):
    started = time.perf_counter()
    once = masked(text)
    assert time.perf_counter() - started < SLOWEST_S
    assert masked(once) == once


def typed(text: str) -> list[str]:
    """What stands in a field after each sign of a text typed at its end."""
    shown = [""]
    for sign in text:
        shown.append(masked_while_typing(shown[-1] + sign, len(shown[-1]) + 1).text)
    return shown


def test_a_number_being_typed_is_masked_at_its_last_figure():
    shown = typed("NIR 284058832102532, merci")
    assert shown[18] == "NIR 28405883210253"
    assert shown[19] == f"NIR {MASK}"
    assert shown[-1] == f"NIR {MASK}, merci"


def test_what_may_go_on_is_left_to_be_typed():
    assert typed("120000000EUR")[-1] == "120000000EUR"
    assert typed("sécu 284058832102532")[-1] == f"sécu {MASK}"
    assert typed("INE 153046837GK.")[-2:] == ["INE 153046837GK", f"INE {MASK}."]


@given(OUTSIDE, numbers, OUTSIDE, st.integers(0, 80))
def test_a_cursor_stays_beside_what_it_stood_beside(before, number, after, place):
    text = before + number + after
    cursor = min(place, len(text))
    done = masked_while_typing(text, cursor)
    if cursor <= len(before):
        assert done.cursor == cursor
    elif cursor >= len(before) + len(number):
        assert done.text[done.cursor :] == text[cursor:]
    else:
        assert done.cursor == len(before) + len(MASK)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("attestation 284058832102532.pdf", f"attestation {MASK}.pdf"),
        ("2.84.05.88.321.025.32.pdf", f"{MASK}.pdf"),
        ("2_84_05_88_321_025_32.7z", f"{MASK}.7z"),
        ("1850_3180_3301_266.7z", "1850_3180_3301_266.7z"),
        ("NIR_2840588321025.png", f"NIR_{MASK}.png"),
        ("284058832102532", MASK),
        ("INE-153046837GK.jpg", f"INE-{MASK}.jpg"),
        ("invitation 12345678200010.json", "invitation 12345678200010.json"),
        (".gitignore", ".gitignore"),
        ("", ""),
    ],
)
def test_the_name_of_a_file_is_shown_without_its_numbers(name, shown):
    assert masked_file_name(name) == shown
