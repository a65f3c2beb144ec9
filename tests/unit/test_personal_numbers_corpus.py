"""Line by line: which numbers are masked, and which pass."""

import re
from pathlib import Path

import pytest

from app.domain.personal_numbers import MASK, masked, personal_numbers
from app.domain.social_numbers import has_luhn_key

CORPUS = Path(__file__).with_name("personal_numbers.txt")
KEY = re.compile(r"\?\?")
LETTER = re.compile(r"\u00a7")


def by_the_rule(number: str) -> str:
    """The key of a NIR, worked out digit by digit: nothing of the program is used."""
    left = 0
    for figure in number.upper().replace("2A", "19").replace("2B", "18"):
        left = (left * 10 + int(figure)) % 97
    return f"{97 - left:02d}"


def with_keys(line: str) -> str:
    """Write the keys that the corpus leaves out, from the signs before them in their brackets."""
    line = re.sub(r"\\u([0-9a-f]{4})", lambda sign: chr(int(sign[1], 16)), line)
    line = line.replace("\\n", "\n")
    while match := KEY.search(line):
        inside = line[line.rindex("[[", 0, match.start()) : match.start()]
        plain = inside.replace("\uff21", "A")
        signs = re.sub(r"cl.*$", "", plain)  # « clé » holds no sign of the number
        kept = (sign for sign in signs if sign.isdecimal() or sign in "ABab")
        number = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in kept)
        assert len(number) == 13, line
        line = line[: match.start()] + by_the_rule(number) + line[match.end() :]
    while match := LETTER.search(line):
        digits = [sign for sign in line[: match.start()] if sign.isdecimal()][-10:]
        letter = "ABCDEFGHJKLMNPRSTUVWXYZ"[int("".join(digits)) % 23]
        line = line[: match.start()] + letter + line[match.end() :]
    return line


def lines() -> list[str]:
    written = CORPUS.read_text("utf-8").splitlines()
    return [with_keys(line) for line in written if line.strip() and not line.startswith("#")]


LINES = lines()
MASKED = [line for line in LINES if "[[" in line]
PASSING = [line for line in LINES if "[[" not in line]


def bare(line: str) -> str:
    return line.replace("[[", "").replace("]]", "")


@pytest.mark.parametrize("line", MASKED)
def test_a_number_is_masked_and_the_text_around_it_is_kept(line):
    assert masked(bare(line)) == re.sub(r"\[\[.*?\]\]", MASK, line)


@pytest.mark.parametrize("line", PASSING)
def test_what_is_no_such_number_passes_to_the_last_sign(line):
    assert masked(line) == line


@pytest.mark.parametrize("line", MASKED)
def test_no_figure_of_a_masked_number_is_left(line):
    hidden = re.findall(r"\[\[(.*?)\]\]", line)
    rest = masked(bare(line))
    assert rest.count(MASK) == len(hidden)
    assert not any(number in rest for number in hidden)


def test_the_corpus_is_large_and_holds_more_that_passes_than_not():
    assert len(LINES) >= 250
    assert len(PASSING) > len(MASKED) > 80


def test_the_siret_of_the_corpus_have_their_key():
    found = {
        "".join(match.group().split())
        for line in PASSING
        if "SIRET" in line
        for match in re.finditer(r"(?<!\d)(?:\d{3} ?){3}\d{3} ?\d\d(?!\d)", line)
    }
    assert len(found) >= 4
    assert all(has_luhn_key(siret) for siret in found)


@pytest.mark.parametrize("line", ["15305039500018 5", "17702274300013 9", "17303085300019 2"])
def test_the_awkward_siret_would_be_masked_without_their_own_key(line):
    glued = line.replace(" ", "")
    assert by_the_rule(glued[:13]) == glued[13:]
    assert personal_numbers(glued)
    assert not personal_numbers(line)
    assert personal_numbers(f"{glued[0]} {glued[1:]}")
