"""The lines in which packs are told: read back as they were written, and nothing else is read."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.pack_marks import (
    KINDS_MAX,
    MAX_MOMENT_S,
    MAX_PACK_BYTES,
    PackMark,
    held_line,
    kept_line,
    read_held,
    read_kept,
)

KINDS = st.builds(
    str.__add__,
    st.sampled_from(string.ascii_lowercase),
    st.text(string.ascii_lowercase + "-", max_size=39),
)
MOMENTS = st.integers(0, MAX_MOMENT_S)
MARKS = st.builds(
    PackMark,
    kind=KINDS,
    made_s=MOMENTS,
    name=st.binary(min_size=32, max_size=32),
    size=st.integers(1, MAX_PACK_BYTES),
)
NEAR = st.text("directory 0123456789abf,-\t\u0660\n", max_size=120)


@given(st.dictionaries(KINDS, MOMENTS, max_size=KINDS_MAX))
def test_what_is_held_is_read_back(held):
    assert read_held(held_line(held)) == held


@given(st.lists(MARKS, max_size=KINDS_MAX, unique_by=lambda mark: mark.kind))
def test_what_is_kept_is_read_back(kept):
    assert read_kept(kept_line(kept)) == tuple(kept)


@given(st.text(max_size=200) | NEAR)
@example("directory 1, directory 2")
@example("directory 01")
@example("directory 1 ")
def test_any_other_line_says_nothing_or_what_it_would_be_written_as(line):
    assert held_line(read_held(line)) in {line, ""} or sorted(line.split(", ")) == sorted(
        held_line(read_held(line)).split(", ")
    )
    assert kept_line(read_kept(line)) in {line, ""}


@given(MARKS, st.data())
def test_line_of_a_mark_that_was_changed_is_never_read_as_it(mark, data):
    line = kept_line([mark])
    place = data.draw(st.integers(0, len(line) - 1))
    sign = data.draw(st.sampled_from("0aZ ,-\u0660").filter(lambda one: one != line[place]))
    assert read_kept(line[:place] + sign + line[place + 1 :]) != (mark,)


@pytest.mark.parametrize(
    "line",
    [
        f"directory 1 {'0' * 64} 0",
        f"directory 1 {'0' * 64} {MAX_PACK_BYTES + 1}",
        f"directory {MAX_MOMENT_S + 1} {'0' * 64} 1",
        f"directory 1 {'0' * 63} 1",
        f"directory 1 {'A' * 64} 1",
        f"directory 1 {'0' * 64} 1, directory 2 {'0' * 64} 1",
        ", ".join(f"{kind} 1 {'0' * 64} 1" for kind in string.ascii_lowercase),
    ],
)
def test_line_that_says_too_much_says_nothing(line):
    assert read_kept(line) == ()
